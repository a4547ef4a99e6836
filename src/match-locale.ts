import { localeLoaders } from './locale-loaders.js';

/** Other tags for the same words. */
const ALIASES = new Map(
  Object.entries({
    nb: 'no',
    nn: 'no',
    iw: 'he',
    in: 'id',
    'zh-hant': 'zh-tw',
    'zh-hk': 'zh-tw',
    'zh-mo': 'zh-tw',
  }),
);

/** The languages that there are words for, in all their names. */
export function languages(): readonly string[] {
  const tags = [...Object.keys(localeLoaders), ...ALIASES.keys()];
  return tags.filter((tag) => !tag.includes('-'));
}

/**
 * The key of the words for a language: those of the longest beginning of its tag that there are
 * words for (RFC 4647, 3.4). Undefined where there are none.
 */
export function matchLocale(lang: string): string | undefined {
  const subtags = lang.toLowerCase().split(/[-_]/);
  for (; subtags.length; subtags.pop()) {
    const tag = subtags.join('-');
    const key = ALIASES.get(tag) ?? tag;
    if (key === 'en' || Object.hasOwn(localeLoaders, key)) return key;
  }
  return undefined;
}
