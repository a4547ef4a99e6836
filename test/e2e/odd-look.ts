import { contrast } from './contrast.js';
import type { EnginePage } from './engines.js';
import type { OddStyle } from './odd-styles.js';
import { prepare } from './overflow.js';
import { builtScript, html, LISTENING, startPage, type OwnPage } from './own-page.js';
import { pictureOf, pngOf, type Box } from './picture.js';
import { readQr } from './read-qr.js';

/** The page is large enough for the element at twice its size. */
export const WINDOW = { width: 900, height: 900 };

const SCRIPT = 'didit-verify.min.js';
const URL_SHOWN = 'https://app.didit.me/authorize/eyJhbGciOiJIUzI1NiJ9.odd-styles.0123456789abcdef';
/** What can be read at all; more is up to the page that sets its own colours. */
const LEAST_CONTRAST = 3;

const PAGE = `${LISTENING}
  <title>A page with styles</title>
  <style id="row"></style>
  <main><didit-verify resolver-url="/none" manual no-resume></didit-verify></main>
  <script src="/${SCRIPT}"></script>`;

/** What there is to be said of the element in a page. */
interface Look {
  readonly problems: readonly string[];
  /** Around the code, where there is one in the window. */
  readonly code: Box | null;
  readonly inks: readonly { readonly text: string; readonly color: readonly number[] }[];
  readonly ground: readonly number[];
}

export function startStyledPage(): Promise<OwnPage> {
  return startPage((path) => {
    if (path === '/') return html(PAGE);
    return builtScript(path.replace(/^\/(dist\/)?/, ''));
  });
}

/** Opens it with a code on show. */
export async function openStyled(page: EnginePage, origin: string): Promise<void> {
  await page.goto(origin);
  await prepare(page);
  const functions = [dress, unreachable, colors, surroundings].map(String);
  await page.evaluate(
    async ({ url, source }) => {
      const script = document.createElement('script');
      script.textContent = source;
      document.head.append(script);
      const tag = document.querySelector('didit-verify')!;
      tag.resolver = () => ({ session_id: '1', url });
      await tag.start();
      // Rules for all elements show what is in them.
      for (const element of document.querySelectorAll('script, title')) element.remove();
    },
    { url: URL_SHOWN, source: functions.join('\n') },
  );
}

/** What is wrong with the page in these styles; nothing is well. */
export async function problemsIn(page: EnginePage, row: OddStyle): Promise<string[]> {
  const { css = '', around = '', tag = '', theme = 'auto', isPassive = false } = row;
  const look = await page.evaluate(lookAt, { css, around, tag, theme, isPassive });
  const allows = row.isZoomed ? /./ : row.allows;
  const code = row.isZoomed ? { x: 0, y: 0, ...WINDOW } : look.code;
  return [
    ...look.problems.filter((problem) => !allows?.test(problem)),
    ...(await unread(page, row, code)),
    ...(row.sees ? [] : faint(look)),
  ];
}

/** Decoders that do not read the code; where it is not to be seen, those that do. */
async function unread(page: EnginePage, { sees }: OddStyle, code: Box | null): Promise<string[]> {
  const shot = code && (await page.screenshot(code));
  const read = shot && (await readQr(sees === 'the reverse' ? inverted(shot) : shot));
  const expected = sees === 'nothing' ? null : URL_SHOWN;
  return Object.entries(read ?? { zxing: null, jsQR: null })
    .filter(([, text]) => text !== expected)
    .map(([decoder, text]) => `${decoder}: ${text}`);
}

function inverted(png: Buffer): Buffer {
  const picture = pictureOf(png);
  const data = picture.data.map((value, index) => (index % 4 === 3 ? value : 255 - value));
  return pngOf({ ...picture, data });
}

function faint({ inks, ground }: Look): string[] {
  return inks
    .filter(({ color }) => contrast(color, ground) < LEAST_CONTRAST)
    .map(({ text, color }) => `${text}: ${color.join()} on ${ground.join()}`);
}

// What follows is called in pages.

declare global {
  /** Of `overflow.ts`. */
  function overflows(): string[];
}

interface Dress {
  readonly css: string;
  readonly around: string;
  readonly tag: string;
  readonly theme: 'auto' | 'light' | 'dark';
}

async function lookAt({ isPassive, ...row }: Dress & { isPassive: boolean }): Promise<Look> {
  await dress(row);
  const problems = [...overflows(), ...(isPassive ? [] : unreachable()), ...said.splice(0)];
  return { problems, code: surroundings(), ...colors() };
}

async function dress({ css, around, tag, theme }: Dress): Promise<void> {
  const element = document.querySelector('didit-verify')!;
  document.querySelector('#row')!.textContent = css;
  element.parentElement!.style.cssText = around;
  element.style.cssText = tag.replaceAll(/;|$/g, ' !important;');
  element.theme = theme;
  await element.updateComplete;
  // It hears of its new size in the first frame, and is drawn anew in the second.
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  for (const animation of document.getAnimations()) animation.finish();
}

/** What can be pressed, but not where it is seen. */
function unreachable(): string[] {
  const root = document.querySelector('didit-verify')!.shadowRoot!;
  return Array.from(root.querySelectorAll('a, button')).flatMap((button) => {
    button.scrollIntoView({ block: 'center', inline: 'center' });
    const { left, top, width, height } = button.getBoundingClientRect();
    const found = root.elementFromPoint(left + width / 2, top + height / 2);
    const part = button.getAttribute('part');
    const isLarge = width >= 24 && height >= 24;
    if (!isLarge) return [`${part} is small: ${width}×${height}`];
    return button.contains(found) ? [] : [`${part} is below ${found?.outerHTML.slice(0, 60)}`];
  });
}

/** Of texts that stand on the ground of the box. */
function colors(): Pick<Look, 'inks' | 'ground'> {
  const pen = new OffscreenCanvas(1, 1).getContext('2d')!;
  const painted = (...layers: string[]) => {
    for (const layer of layers) {
      pen.fillStyle = layer;
      pen.fillRect(0, 0, 1, 1);
    }
    return Array.from(pen.getImageData(0, 0, 1, 1).data.slice(0, 3));
  };
  const root = document.querySelector('didit-verify')!.shadowRoot!;
  const { backgroundColor } = getComputedStyle(root.querySelector('.base')!);
  const inks = ['.heading', '.description', 'a.button'].map((text) => {
    const { webkitTextFillColor } = getComputedStyle(root.querySelector(text)!);
    return { text, color: painted(backgroundColor, webkitTextFillColor) };
  });
  return { inks, ground: painted(backgroundColor) };
}

/** Where the code is, and a little around it. */
function surroundings(): Box | null {
  const element = document.querySelector('didit-verify')!.shadowRoot!.querySelector('.code')!;
  element.scrollIntoView({ block: 'center', inline: 'center' });
  const box = element.getBoundingClientRect();
  const [x, y] = [Math.max(0, Math.floor(box.left) - 9), Math.max(0, Math.floor(box.top) - 9)];
  const width = Math.min(Math.ceil(box.right) + 9, innerWidth) - x;
  const height = Math.min(Math.ceil(box.bottom) + 9, innerHeight) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}
