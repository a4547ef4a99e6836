import { readdirSync } from 'node:fs';
import type { GalleryPage } from './gallery.js';

/** Every language that there are words for. */
export const LANGUAGES = [
  'en',
  ...readdirSync('dist/locales')
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -3)),
];

/** Situations to measure in, of the element that the page shows. */
export interface Places {
  readonly langs?: readonly string[];
  /** Of what is around it, in CSS pixels. */
  readonly widths?: readonly number[];
}

/** Makes a page of the gallery ready to be measured: every language's words are there. */
export async function prepare(page: GalleryPage): Promise<void> {
  const functions = [overflows, tightBoxes, strayTexts, overlaps, boxOf, isIn, isApart, textsOf];
  await page.evaluate(
    async ({ source, langs }) => {
      const script = document.createElement('script');
      script.textContent = source;
      document.head.append(script);
      const files = langs.filter((lang) => lang !== 'en').map((lang) => `/dist/locales/${lang}.js`);
      await Promise.all(files.map((file) => import(file)));
    },
    { source: functions.join('\n'), langs: LANGUAGES },
  );
}

/** What is cut off, sticks out, or lies on something else; each with where that is so. */
export function measure(page: GalleryPage, places: Places): Promise<string[]> {
  return page.evaluate(measureIn, places);
}

// What follows is called in pages.

async function measureIn({ langs = ['en'], widths = [] }: Places): Promise<string[]> {
  const tag = document.querySelector('didit-verify')!;
  const around = tag.parentElement!;
  const found: string[] = [];
  for (const lang of langs) {
    document.documentElement.lang = lang;
    tag.requestUpdate();
    await tag.updateComplete;
    const { lang: shown } = tag.shadowRoot!.querySelector<HTMLElement>('.base')!;
    if (shown !== lang.toLowerCase()) found.push(`${lang}: the words are of ${shown}`);
    found.push(...overflows().map((problem) => `${lang}: ${problem}`));
  }
  for (const width of widths) {
    around.style.inlineSize = `${width}px`;
    // A code hears of its new size in the first frame, and is drawn anew in the second.
    const frames = tag.shadowRoot!.querySelector('.code') ? 2 : 0;
    for (let i = 0; i < frames; i++) await new Promise(requestAnimationFrame);
    found.push(...overflows().map((problem) => `${width} px: ${problem}`));
  }
  return found;
}

function overflows(): string[] {
  const tag = document.querySelector('didit-verify')!;
  const root = tag.shadowRoot!;
  const found = [...tightBoxes(root), ...strayTexts(root), ...overlaps(root)];
  const code = root.querySelector('.code-frame > .code');
  const dialog = root.querySelector('dialog');
  if (code && !isIn(boxOf(code), boxOf(code.closest('.base')!))) found.push('the code sticks out');
  if (!isIn(boxOf(tag), boxOf(tag.parentElement!))) found.push('the element sticks out');
  if (dialog && dialog.scrollWidth > dialog.clientWidth) found.push('the dialog scrolls sideways');
  return found;
}

/** Boxes with text, and those around them, that have more in them than there is room for. */
function tightBoxes(root: ShadowRoot): string[] {
  const boxes = new Set<Element>();
  for (const { element } of textsOf(root)) {
    for (let box: Element | null = element; box && box.localName !== 'dialog';) {
      boxes.add(box);
      box = box.parentElement;
    }
  }
  // What is in a line has no size of its own.
  const blocks = [...boxes].filter(({ clientWidth }) => clientWidth > 0);
  return blocks.flatMap((box) => {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = box;
    if (scrollWidth <= clientWidth && scrollHeight <= clientHeight) return [];
    const sizes = `${scrollWidth}×${scrollHeight} in ${clientWidth}×${clientHeight}`;
    return [`${box.className}: ${sizes}`];
  });
}

/** Text outside the button or the box that it belongs to. */
function strayTexts(root: ShadowRoot): string[] {
  return textsOf(root).flatMap(({ element, text, rects }) => {
    const box = boxOf(element.closest('.button') ?? element.closest('.base')!);
    return rects.every((rect) => isIn(rect, box)) ? [] : [`sticks out: ${text}`];
  });
}

/** Rows that lie on each other, and text below the cross that closes. */
function overlaps(root: ShadowRoot): string[] {
  const close = root.querySelector('.close svg');
  const hidden = textsOf(root).filter(
    ({ element, rects }) =>
      element.closest('dialog') && !rects.every((rect) => isApart(rect, boxOf(close!))),
  );
  const rows = [...root.querySelectorAll('.heading, .text, .qr, .actions > *')];
  const pairs = rows.flatMap((row, i) => rows.slice(i + 1).map((other) => [row, other] as const));
  return [
    ...hidden.map(({ text }) => `below the cross: ${text}`),
    ...pairs
      .filter(([row, other]) => !isApart(boxOf(row), boxOf(other)))
      .map(([row, other]) => `${row.className} lies on ${other.className}`),
  ];
}

function boxOf(element: Element): DOMRect {
  return element.getBoundingClientRect();
}

/** But for a rounding. */
function isIn(inner: DOMRect, outer: DOMRect): boolean {
  return (
    inner.left > outer.left - 1 &&
    inner.top > outer.top - 1 &&
    inner.right < outer.right + 1 &&
    inner.bottom < outer.bottom + 1
  );
}

function isApart(one: DOMRect, other: DOMRect): boolean {
  const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return across < 1 || down < 1;
}

/** Texts that are seen, and where each of their lines is. */
function textsOf(root: ShadowRoot): { element: Element; text: string; rects: DOMRect[] }[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement!;
    const text = node.textContent!.trim();
    // A slot that shows its fallback has no box, but visibility.
    const isHidden = getComputedStyle(element).visibility === 'hidden';
    if (!text || isHidden || element.closest('.spoken')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()];
    if (rects.length > 0) texts.push({ element, text, rects });
  }
  return texts;
}
