import { expect } from '@open-wc/testing';
import { countdownText, english, waitText, withReplaced, type Strings } from '../src/strings.js';

describe('english', () => {
  it('has a sentence or a word for everything', () => {
    for (const [key, text] of Object.entries({ ...english, countdown: english.countdown })) {
      const forms = typeof text === 'string' ? [text] : Object.values(text as object);
      for (const form of forms as string[]) expect(form.trim(), key).to.not.equal('');
    }
  });

  it('has placeholders where they are filled, and nowhere else', () => {
    const filled = Object.entries(english).flatMap(([key, text]) =>
      (JSON.stringify(text).match(/\{[a-z]+\}/g) ?? []).map((name) => [key, name]),
    );
    expect(filled).to.deep.equal([
      ['countdown', '{seconds}'],
      ['countdown', '{seconds}'],
      ['rate-limited-until', '{time}'],
    ]);
  });
});

describe('withReplaced', () => {
  const other: Strings = { ...english, heading: 'Bestätigen' };

  it('replaces single words and keeps the rest', () => {
    const strings = withReplaced(other, { link: 'Öffnen' });
    expect(strings).to.deep.equal({ ...other, link: 'Öffnen' });
  });

  it('leaves the words as they are', () => {
    const before = { ...english };
    withReplaced(english, { heading: 'Prove your age' });
    expect(english).to.deep.equal(before);
  });

  it('takes an empty text as one', () => {
    expect(withReplaced(english, { description: '' }).description).to.equal('');
  });

  it('passes over a countdown of which a form is no text', () => {
    const forms = { one: 5, other: 'x' };
    expect(withReplaced(english, { countdown: forms }).countdown).to.equal(english.countdown);
    expect(withReplaced(english, { countdown: null }).countdown).to.equal(english.countdown);
  });

  it('takes a countdown in forms, or in one', () => {
    const forms = { one: 'one', other: 'other' };
    expect(withReplaced(english, { countdown: forms }).countdown).to.deep.equal(forms);
    expect(withReplaced(english, { countdown: 'one' }).countdown).to.equal('one');
  });

  for (const nonsense of [undefined, null, 'text', 7, [], () => undefined]) {
    it(`passes over ${String(nonsense) || 'an empty list'}`, () => {
      expect(withReplaced(english, nonsense)).to.deep.equal(english);
    });
  }

  it('passes over values that are no text and keys it does not know', () => {
    const given = JSON.parse(
      `{"heading":7,"retry":null,"link":{"other":"x"},"countdown":{"one":"x"},
        "done":["x"],"unknown":"x","__proto__":{"link":"y"}}`,
    );
    expect(withReplaced(english, given)).to.deep.equal(english);
  });
});

describe('countdownText', () => {
  const russian: Strings = {
    ...english,
    countdown: { one: '{seconds} секунда', few: '{seconds} секунды', other: '{seconds} секунд' },
  };
  const rows: [strings: Strings, seconds: number, locales: string[], text: string][] = [
    [english, 1, ['en'], 'This code expires in 1 second.'],
    [english, 60, ['en'], 'This code expires in 60 seconds.'],
    [russian, 1, ['ru'], '1 секунда'],
    [russian, 22, ['ru'], '22 секунды'],
    // This form is not given, so the one for everything else.
    [russian, 25, ['ru'], '25 секунд'],
    [{ ...english, countdown: '{seconds}!' }, 25, ['fa'], '۲۵!'],
    [{ ...english, countdown: '{seconds}!' }, 25, ['ar-EG', 'ar'], '٢٥!'],
    [{ ...english, countdown: 'soon' }, 25, ['en'], 'soon'],
  ];
  for (const [strings, seconds, locales, text] of rows) {
    it(`${seconds} in ${locales.join()}: ${text}`, () => {
      expect(countdownText(strings, seconds, locales)).to.equal(text);
    });
  }
});

describe('waitText', () => {
  it('says the time of day, of the next full minute', () => {
    const text = (seconds: number) =>
      waitText(english, new Date(2026, 0, 1, 14, 5, seconds), ['de']);
    expect(text(0)).to.equal('Too many tries. You can try again at 14:05.');
    expect(text(1)).to.equal('Too many tries. You can try again at 14:06.');
  });

  it('as the language writes it', () => {
    const text = waitText(english, new Date(2026, 0, 1, 14, 5), ['en-US']);
    expect(text).to.match(/2:05\sPM/);
  });
});
