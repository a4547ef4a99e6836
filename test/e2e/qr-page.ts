import type { EnginePage } from './engines.js';
import { builtScript, html, startPage, type OwnPage } from './own-page.js';
import { pictureOf, pngOf, type Box, type Picture } from './picture.js';

/** `theme`, and what the page around it is. */
export const THEMES = {
  'auto on light': { theme: 'auto', scheme: 'light', isDark: false },
  'auto on dark': { theme: 'auto', scheme: 'dark', isDark: true },
  'light on dark': { theme: 'light', scheme: 'dark', isDark: false },
  'dark on light': { theme: 'dark', scheme: 'light', isDark: true },
} as const;

/**
 * What is in the slot: nothing; a picture that has no light pixel; one that looks like a corner of a
 * QR code; or the first one, and an element, that the page wants to be large and above everything.
 */
export const LOGOS = ['no logo', 'dark logo', 'corner as logo', 'logo gone wild'] as const;

/** How a code is shown. */
export interface Look {
  readonly theme: keyof typeof THEMES;
  readonly logo: (typeof LOGOS)[number];
  /** `--didit-qr-size`, in CSS pixels. */
  readonly size: number;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
  readonly colors: 'own colours' | 'forced colours';
}

export interface Shot {
  /** The code, and a little of what is around it. */
  readonly picture: Picture;
  /** Where the code is in it, quiet zone included. */
  readonly code: Box;
}

/** Red, green and blue of every logo: dark, and unlike everything else in the page. */
const INK = [90, 0, 130] as const;

/** In CSS pixels: the ground around the code, which may be dark, has a part in how it is read. */
const AROUND = 10;

/** The largest code, with all of the element around it, fits. */
const WINDOW = { width: 500, height: 760 };

const SCRIPT = 'didit-verify.min.js';

/** Without the slot's limits, it would cover code and page. */
const WILD = `
  position: fixed !important;
  inset: -600px !important;
  inline-size: 3000px !important;
  block-size: 3000px !important;
  max-inline-size: none !important;
  max-block-size: none !important;
  z-index: 2147483647 !important;
  forced-color-adjust: none !important;
  background: rgb(${INK.join()});
  outline: 500px solid rgb(${INK.join()});
  box-shadow: 0 0 0 500px rgb(${INK.join()});
  transform: scale(3) rotate(20deg) !important;
  mix-blend-mode: multiply !important;`;

const PAGE = `
  <style>
    html { background: Canvas }
    body { margin: 16px }
    .wild { ${WILD} }
  </style>
  <didit-verify manual></didit-verify>
  <script src="/${SCRIPT}"></script>`;

const PICTURES = {
  'no logo': null,
  'dark logo': drawn(() => true),
  'corner as logo': drawn((x, y) => {
    const ring = Math.max(Math.abs(x - 3), Math.abs(y - 3));
    return ring !== 2;
  }),
  'logo gone wild': drawn(() => true),
};

/** A site of one page. */
export function startQrPage(): Promise<OwnPage> {
  return startPage((path) => (path === `/${SCRIPT}` ? builtScript(SCRIPT) : html(PAGE)));
}

/** How a window has to be opened for such a look. */
export function windowFor({ ratio, colors }: Pick<Look, 'ratio' | 'colors'>) {
  return { ...WINDOW, deviceScaleFactor: ratio, forcedColors: colors === 'forced colours' };
}

/** The code of a URL in a page that has the look's ratio and colours; the rest is changed in it. */
export async function shoot(page: EnginePage, url: string, look: Look): Promise<Shot> {
  const { theme, scheme } = THEMES[look.theme];
  const { left, top, side } = await page.evaluate(draw, {
    url,
    theme,
    scheme,
    size: look.size,
    logo: PICTURES[look.logo],
    isWild: look.logo === 'logo gone wild',
  });
  const [x, y] = [Math.floor(left) - AROUND, Math.floor(top) - AROUND];
  const around = Math.ceil(side) + 2 * AROUND;
  const picture = pictureOf(await page.screenshot({ x, y, width: around, height: around }));
  const pixels = (length: number) => Math.round(length * look.ratio);
  const width = pixels(side);
  return { picture, code: { x: pixels(left - x), y: pixels(top - y), width, height: width } };
}

/** Whether a pixel is a logo's, given where it starts; one between a logo and white is as well. */
export function isInk({ data }: Picture, start: number): boolean {
  const [red, green, blue] = [data[start]!, data[start + 1]!, data[start + 2]!];
  return Math.min(red - green, blue - red, (blue - green) / 2) > 18;
}

interface Drawing {
  url: string;
  theme: 'auto' | 'light' | 'dark';
  scheme: string;
  size: number;
  logo: string | null;
  isWild: boolean;
}

/** In the page. Resolves to where the code is, once it is painted there. */
async function draw({ url, theme, scheme, size, logo, isWild }: Drawing) {
  const tag = document.querySelector('didit-verify')!;
  document.documentElement.style.colorScheme = scheme;
  tag.theme = theme;
  tag.style.setProperty('--didit-qr-size', `${size}px`);
  const image = new Image();
  if (logo !== null) {
    image.src = logo;
    await image.decode();
  }
  const filled = [
    ...(logo === null ? [] : [image]),
    ...(isWild ? [document.createElement('b')] : []),
  ];
  for (const element of filled) {
    element.slot = 'logo';
    element.classList.toggle('wild', isWild);
  }
  tag.replaceChildren(...filled);
  if (tag.session?.url !== url) {
    tag.resolver = () => ({ session_id: '1', url });
    await tag.restart();
  }
  // It hears of its new size in the first frame, and is drawn anew in the second.
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  const { left, top, width } = tag.shadowRoot!.querySelector('.code')!.getBoundingClientRect();
  return { left, top, side: width };
}

/** A picture of seven by seven squares, as data URL. */
function drawn(isInked: (x: number, y: number) => boolean): string {
  const square = 40;
  const side = 7 * square;
  const data = new Uint8Array(side * side * 4);
  for (let i = 0; i < side ** 2; i++) {
    const [x, y] = [Math.floor((i % side) / square), Math.floor(i / side / square)];
    data.set([...(isInked(x, y) ? INK : [255, 255, 255]), 255], i * 4);
  }
  return `data:image/png;base64,${pngOf({ data, width: side, height: side }).toString('base64')}`;
}
