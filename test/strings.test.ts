import { expect } from '@open-wc/testing';
import { english, withReplaced } from '../src/strings.js';

describe('withReplaced', () => {
  it('replaces single words and keeps the rest', () => {
    const strings = withReplaced({ heading: 'Prove your age' });
    expect(strings.heading).to.equal('Prove your age');
    expect(strings.retry).to.equal(english.retry);
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
