import { expect } from '@open-wc/testing';
import { english, withReplaced } from '../src/strings.js';

describe('english', () => {
  it('has a text for every word, and none that begins or ends with a space', () => {
    for (const [key, text] of Object.entries(english)) {
      expect(text, key).to.match(/^\S(.*\S)?$/);
    }
  });

  it('has no placeholder but {seconds}, where the countdown fills it', () => {
    const filled = Object.entries(english).flatMap(([key, text]) =>
      (text.match(/\{[^}]*\}/g) ?? []).map((name) => [key, name]),
    );
    expect(filled).to.deep.equal([['countdown', '{seconds}']]);
  });
});

describe('withReplaced', () => {
  it('replaces single words and keeps the rest', () => {
    const strings = withReplaced({ heading: 'Prove your age' });
    expect(strings).to.deep.equal({ ...english, heading: 'Prove your age' });
  });

  it('leaves the built-in words as they are', () => {
    const before = { ...english };
    withReplaced({ heading: 'Prove your age' });
    expect(english).to.deep.equal(before);
  });

  it('takes an empty text as one', () => {
    expect(withReplaced({ description: '' }).description).to.equal('');
  });

  for (const nonsense of [undefined, null, 'text', 7, [], () => undefined]) {
    it(`passes over ${String(nonsense) || 'an empty list'}`, () => {
      expect(withReplaced(nonsense)).to.deep.equal(english);
    });
  }

  it('passes over values that are no text and keys it does not know', () => {
    const given = JSON.parse('{"heading":7,"retry":null,"unknown":"x","__proto__":{"link":"y"}}');
    expect(withReplaced(given)).to.deep.equal(english);
  });
});
