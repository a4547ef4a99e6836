/**
 * Loads the words of a language of Didit's own flow, English apart, which is built in; each module
 * registers what it has. They are written out, so bundlers see them, and no path is made of what
 * markup says.
 */
export const localeLoaders: Readonly<Record<string, () => Promise<unknown>>> = {
  ar: () => import('./locales/ar.js'),
  bg: () => import('./locales/bg.js'),
  bn: () => import('./locales/bn.js'),
  ca: () => import('./locales/ca.js'),
  cnr: () => import('./locales/cnr.js'),
  cs: () => import('./locales/cs.js'),
  da: () => import('./locales/da.js'),
  de: () => import('./locales/de.js'),
  el: () => import('./locales/el.js'),
  es: () => import('./locales/es.js'),
  et: () => import('./locales/et.js'),
  fa: () => import('./locales/fa.js'),
  fi: () => import('./locales/fi.js'),
  fr: () => import('./locales/fr.js'),
  he: () => import('./locales/he.js'),
  hi: () => import('./locales/hi.js'),
  hr: () => import('./locales/hr.js'),
  hu: () => import('./locales/hu.js'),
  hy: () => import('./locales/hy.js'),
  id: () => import('./locales/id.js'),
  it: () => import('./locales/it.js'),
  ja: () => import('./locales/ja.js'),
  ka: () => import('./locales/ka.js'),
  ko: () => import('./locales/ko.js'),
  lt: () => import('./locales/lt.js'),
  lv: () => import('./locales/lv.js'),
  mk: () => import('./locales/mk.js'),
  ms: () => import('./locales/ms.js'),
  nl: () => import('./locales/nl.js'),
  no: () => import('./locales/no.js'),
  pl: () => import('./locales/pl.js'),
  pt: () => import('./locales/pt.js'),
  'pt-br': () => import('./locales/pt-BR.js'),
  ro: () => import('./locales/ro.js'),
  ru: () => import('./locales/ru.js'),
  sk: () => import('./locales/sk.js'),
  sl: () => import('./locales/sl.js'),
  so: () => import('./locales/so.js'),
  sr: () => import('./locales/sr.js'),
  sv: () => import('./locales/sv.js'),
  th: () => import('./locales/th.js'),
  tr: () => import('./locales/tr.js'),
  uk: () => import('./locales/uk.js'),
  uz: () => import('./locales/uz.js'),
  vi: () => import('./locales/vi.js'),
  zh: () => import('./locales/zh.js'),
  'zh-cn': () => import('./locales/zh-CN.js'),
  'zh-tw': () => import('./locales/zh-TW.js'),
};

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
