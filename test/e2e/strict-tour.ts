import { localeLoaders } from '../../src/locale-loaders.js';
import type { EnginePage } from './engines.js';
import {
  keysFor,
  show,
  type GalleryPage,
  type Pointer,
  type Presentation,
  type Setting,
  type StateKey,
} from './gallery.js';
import { THEMES } from './qr-page.js';
import { lookThrough } from './strict-look.js';
import { LOGO } from './strict-site.js';

/** One look of the element in one state. */
export interface Stop {
  readonly key: StateKey;
  readonly presentation: Presentation;
  readonly start: Start;
  readonly logo: Logo;
  readonly lang: string;
  readonly theme: Theme;
}

type Start = keyof typeof STARTS;
type Logo = (typeof LOGOS)[number];
type Theme = keyof typeof THEMES;

/** A state that the element is brought into once, and the looks that it then gets there. */
export type Tour = Pick<Stop, 'key' | 'presentation' | 'start' | 'logo'> & {
  readonly stops: readonly Stop[];
};

const STARTS = {
  'by itself': {},
  'by a person': { manual: true },
  'once it is near': { loading: 'lazy' },
} satisfies Record<string, Setting['props']>;

const PRESENTATIONS: readonly Presentation[] = ['inline', 'dialog', 'opener'];
const LOGOS = ['no logo', 'an inline drawing', 'a picture'] as const;
const THEME_NAMES = Object.keys(THEMES) as Theme[];

/** All values that a stop can have. */
export const FACTORS = {
  key: keysFor('mouse'),
  presentation: PRESENTATIONS,
  start: Object.keys(STARTS) as Start[],
  logo: LOGOS,
  lang: ['en', ...Object.keys(localeLoaders)],
  theme: THEME_NAMES,
};

/**
 * Tours through a state: three, so that it meets every presentation, start and logo. Its languages
 * are dealt out to them, with the themes in turn. So whatever two values there are, they meet in some
 * stop, though by far not all three: a policy forbids a way of making something, and each part of the
 * view is made in one way, which depends on one of these, or two.
 */
export function toursOf(key: StateKey): Tour[] {
  const state = FACTORS.key.indexOf(key);
  const presentations = PRESENTATIONS.filter((one) => keysFor('mouse', one).includes(key));
  return [0, 1, 2].map((round) => {
    const fixed: Omit<Tour, 'stops'> = {
      key,
      presentation: nth(presentations, round),
      start: nth(FACTORS.start, state + round),
      logo: nth(LOGOS, 2 * state + round),
    };
    const share = (_: string, i: number) => (i + Math.floor(state / 3) + round) % 3 === 0;
    const langs = FACTORS.lang.filter(share);
    const stops = langs.map((lang, i) => ({
      ...fixed,
      lang,
      theme: nth(THEME_NAMES, i + state + round),
    }));
    return { ...fixed, stops };
  });
}

/** Through what is different with a finger; languages are dealt out to three states each. */
export function fingerTours(): Tour[] {
  const keys = keysFor('finger').filter((key) => /^(idle|ready|in-progress)/.test(key));
  return keys.map((key, state) => {
    const presentations = PRESENTATIONS.filter((one) => keysFor('finger', one).includes(key));
    const fixed: Omit<Tour, 'stops'> = {
      key,
      presentation: nth(presentations, state),
      start: 'by itself',
      logo: 'no logo',
    };
    const langs = FACTORS.lang.filter((_, i) => (i + Math.floor(state / 3)) % 3 === 0);
    const stops = langs.map((lang, i) => ({ ...fixed, lang, theme: nth(THEME_NAMES, i) }));
    return { ...fixed, stops };
  });
}

/** Brings the element into the state, and through the looks; gives what is wrong there. */
export async function take(page: EnginePage, tour: Tour, pointer: Pointer): Promise<string[]> {
  const { key, presentation, start, logo, stops } = tour;
  const hasLogo = logo === 'an inline drawing' || undefined;
  const dressed = settingsWith(page, (setting) => ({
    ...setting,
    hasLogo: setting.hasLogo ?? hasLogo,
    props: { ...setting.props, ...STARTS[start] },
  }));
  await show(dressed, key, { presentation, moves: true });
  return page.evaluate(lookThrough, {
    looks: stops.map(({ lang, theme }) => ({ lang, ...THEMES[theme] })),
    picture: logo === 'a picture' ? LOGO : null,
    hasCode: hasCode(key, pointer),
  });
}

/** The page, in which the gallery's settings are others. */
function settingsWith(page: EnginePage, change: (setting: Setting) => Setting): GalleryPage {
  return {
    goto: (url) => page.goto(url),
    evaluate<A, R>(fn: (arg: A) => R | Promise<R>, arg?: A) {
      const { setting, ...rest } = arg as A & { setting: Setting };
      return page.evaluate(fn, { ...rest, setting: change(setting) } as unknown as A);
    },
  };
}

function hasCode(key: StateKey, pointer: Pointer): boolean {
  if (key.includes('code asked for')) return true;
  const isLate = key.endsWith('disabled') || key.endsWith('passed unseen');
  return pointer === 'mouse' && key.startsWith('ready') && !isLate;
}

function nth<T>(list: readonly T[], index: number): T {
  return list[index % list.length]!;
}
