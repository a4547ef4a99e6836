import { until } from './gallery.js';
import type { Texts } from './strict-texts.js';

/** What the element is to look like, one after another. */
export interface Looks {
  readonly looks: readonly OneLook[];
  /** Of the page's logo, where it has one. */
  readonly picture: string | null;
  readonly hasCode: boolean;
}

interface OneLook {
  readonly lang: string;
  readonly theme: 'auto' | 'light' | 'dark';
  readonly scheme: string;
  readonly isDark: boolean;
}

declare global {
  /** By language. */
  var textsOf: Readonly<Record<string, Texts>>;
}

/** Source of a script that `lookThrough` needs in its page. */
export function lookScript(texts: typeof textsOf): string {
  const functions = [putPicture, dress, wrongIn, isLight, textsShown].map(String);
  return `${functions.join('\n')}\nglobalThis.textsOf = ${JSON.stringify(texts)};`;
}

// What follows is called in pages.

/** What is wrong with the gallery's element in such looks. */
export async function lookThrough({ looks, picture, hasCode }: Looks): Promise<string[]> {
  const tag = document.querySelector('didit-verify')!;
  if (picture) await putPicture(tag, picture);
  const before = { hasCode, state: tag.state };
  const wrong: string[] = [];
  for (const one of looks) {
    await dress(tag, one);
    wrong.push(...wrongIn(tag, one, before).map((what) => `${JSON.stringify(one)}: ${what}`));
  }
  return wrong;
}

async function putPicture(tag: Element, src: string): Promise<void> {
  const picture = Object.assign(document.createElement('img'), { slot: 'logo', src, alt: '' });
  tag.append(picture);
  await picture.decode();
}

type Tag = HTMLElementTagNameMap['didit-verify'];

async function dress(tag: Tag, { lang, theme, scheme }: OneLook): Promise<void> {
  const { documentElement: root } = document;
  root.lang = lang;
  root.style.colorScheme = scheme;
  tag.theme = theme;
  // What is there already needs no frame.
  await tag.updateComplete;
  await until(() => tag.shadowRoot!.querySelector<HTMLElement>('.base')!.lang === lang);
  await tag.updateComplete;
}

function wrongIn(
  tag: Tag,
  { lang, isDark }: OneLook,
  { hasCode, state }: { readonly hasCode: boolean; readonly state: string },
): string[] {
  const root = tag.shadowRoot!;
  const { whole, patterns } = textsOf[lang]!;
  const isTheirs = (text: string) =>
    whole.includes(text) || patterns.some((pattern) => new RegExp(pattern).test(text));
  const { color } = getComputedStyle(root.querySelector('.base')!);
  const drawn = root.querySelector('.code path')?.getAttribute('d') ?? '';
  const texts = textsShown(root);
  return [
    ...(texts.length > 0 ? [] : ['no text']),
    ...texts.filter((text) => !isTheirs(text)),
    ...(isLight(color) === isDark ? [] : [color]),
    ...(Boolean(drawn) === hasCode ? [] : [hasCode ? 'no code' : 'a code']),
    ...(tag.state === state ? [] : [tag.state]),
  ];
}

function isLight(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return red + green + blue > 1.5 * 255;
}

/** To eyes, or to screen readers. */
function textsShown(root: ShadowRoot): string[] {
  const texts: (string | null)[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode.textContent);
  for (const element of root.querySelectorAll('[aria-label], [title]')) {
    texts.push(element.getAttribute('aria-label'), element.getAttribute('title'));
  }
  return texts.map((text) => text?.trim() ?? '').filter(Boolean);
}
