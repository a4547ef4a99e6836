import { expect } from '@open-wc/testing';
import { matchLocale } from '../src/match-locale.js';

describe('matchLocale', () => {
  const rows: [lang: string, key: string | undefined][] = [
    ['en', 'en'],
    ['en-GB', 'en'],
    ['de', 'de'],
    ['DE-at', 'de'],
    ['de_CH', 'de'],
    ['de-Latn-DE-1996', 'de'],
    ['pt', 'pt'],
    ['pt-PT', 'pt'],
    ['pt-BR', 'pt-br'],
    ['zh', 'zh'],
    ['zh-CN', 'zh-cn'],
    ['zh-Hans-SG', 'zh'],
    ['zh-TW', 'zh-tw'],
    ['zh-Hant', 'zh-tw'],
    ['zh-Hant-HK', 'zh-tw'],
    ['zh-HK', 'zh-tw'],
    ['zh-MO', 'zh-tw'],
    ['nb-NO', 'no'],
    ['nn', 'no'],
    ['no', 'no'],
    ['iw', 'he'],
    ['in-ID', 'id'],
    ['sr-Latn', 'sr'],
    ['cy', undefined],
    ['', undefined],
    ['-', undefined],
    ['../../evil', undefined],
    ['constructor', undefined],
    ['__proto__', undefined],
  ];
  for (const [lang, key] of rows) {
    it(`${JSON.stringify(lang)}: ${key ?? 'none'}`, () => {
      expect(matchLocale(lang)).to.equal(key);
    });
  }
});
