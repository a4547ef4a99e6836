import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { seenByCamera } from './camera.js';
import { installedEngines, type Engine, type EnginePage } from './engines.js';
import type { OwnPage } from './own-page.js';
import { pairwise, product } from './pairwise.js';
import { boxAround, brightness, cropped, groundOf, type Box } from './picture.js';
import {
  isInk,
  LOGOS,
  shoot,
  startQrPage,
  THEMES,
  windowFor,
  type Look,
  type Shot,
} from './qr-page.js';
import { readJsQR, readZXing } from './read-qr.js';

/** A text's length in bytes, and what a code of it is, by the tables of ISO/IEC 18004. */
interface Text {
  readonly length: number;
  readonly level: 'L' | 'M';
  readonly version: number;
  /** At level H. */
  readonly versionWithLogo: number;
}

/** `https://app.didit.me/authorize/` and 26 characters. */
const TYPICAL: Text = { length: 57, level: 'M', version: 4, versionWithLogo: 6 };
const TEXTS: readonly Text[] = [
  { length: 40, level: 'M', version: 3, versionWithLogo: 5 },
  { length: 63, level: 'M', version: 5, versionWithLogo: 7 },
  { length: 100, level: 'M', version: 6, versionWithLogo: 10 },
  { length: 150, level: 'M', version: 8, versionWithLogo: 12 },
  { length: 200, level: 'M', version: 10, versionWithLogo: 15 },
  { length: 201, level: 'L', version: 9, versionWithLogo: 15 },
  { length: 300, level: 'L', version: 11, versionWithLogo: 18 },
  { length: 400, level: 'L', version: 13, versionWithLogo: 21 },
  { length: 500, level: 'L', version: 15, versionWithLogo: 24 },
  { length: 600, level: 'L', version: 17, versionWithLogo: 27 },
];

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_';
const QUIET_ZONE = 4;
const NOTHING: Box = { x: 0, y: 0, width: 0, height: 0 };
/** Of the side without the quiet zone. */
const MAX_SHARE = 0.22;

const PLAIN: Look = {
  ratio: 1,
  colors: 'own colours',
  theme: 'auto on light',
  size: 240,
  logo: 'no logo',
};
/** Light, on what is dark, or without contrast, or no colours at all. */
const WRONG_COLORS = [
  ['white', 'black'],
  ['yellow', 'yellow'],
  ['transparent', 'transparent'],
  ['nonsense', '12px'],
] as const;

const LOOKS = product<Look>({
  ratio: [1, 2, 3],
  colors: ['own colours', 'forced colours'],
  theme: Object.keys(THEMES) as Look['theme'][],
  size: [128, 160, 200, 240, 320, 400],
  logo: LOGOS,
});
const UNFORCED = LOOKS.filter(({ colors }) => colors === 'own colours');

/** A URL of that many characters, each time the same. */
function urlOf({ length }: Text): string {
  let url = 'https://app.didit.me/authorize/';
  for (let state = length; url.length < length; state = (state * 48_271) % 2_147_483_647) {
    url += ALPHABET[state % ALPHABET.length]!;
  }
  return url;
}

/** What is seen of a code: in a shot, or, as it should be, by the rules. */
interface Seen {
  readonly zxing: string | null;
  readonly jsQR: string | null;
  /** By zxing. */
  readonly throughCamera: string | null;
  readonly level: string | null;
  readonly version: number | null;
  /** On each side of a module: whole, or the code is not drawn evenly. */
  readonly devicePixels: number;
  /** In modules: the narrowest side. */
  readonly quietZone: number;
  readonly logo: 'none' | 'in the middle' | 'too large' | 'elsewhere';
  readonly ground: 'light' | 'dark';
  /** Of the errors that the level corrects, more than half are still to be had. */
  readonly isSpare: boolean;
}

/** Whether a logo has its place: not where modules would be under 3 CSS pixels. */
function hasRoom({ versionWithLogo }: Text, { size, ratio }: Look): boolean {
  return pixelsOf(versionWithLogo, size * ratio) >= 3 * ratio;
}

/** What one of the modules of a version gets of so many device pixels, at least two. */
function pixelsOf(version: number, side: number): number {
  return Math.max(2, Math.floor(side / (modulesOf(version) + 2 * QUIET_ZONE)));
}

function modulesOf(version: number): number {
  return 17 + 4 * version;
}

function rightly(text: Text, look: Look): Seen {
  const hasLogo = look.logo !== 'no logo' && hasRoom(text, look);
  const version = hasLogo ? text.versionWithLogo : text.version;
  const isDark = look.colors === 'forced colours' || THEMES[look.theme].isDark;
  return {
    zxing: urlOf(text),
    jsQR: urlOf(text),
    throughCamera: urlOf(text),
    level: hasLogo ? 'H' : text.level,
    version,
    devicePixels: pixelsOf(version, look.size * look.ratio),
    quietZone: QUIET_ZONE,
    logo: hasLogo ? 'in the middle' : 'none',
    ground: isDark ? 'dark' : 'light',
    isSpare: true,
  };
}

async function seenIn(shot: Shot, { ratio }: Look, version: number): Promise<Seen> {
  const { picture } = shot;
  const symbol = symbolIn(shot, ratio);
  const devicePixels = symbol.width / modulesOf(version);
  const read = await readZXing(picture);
  const throughCamera = await readZXing(seenByCamera(picture, devicePixels));
  return {
    zxing: read?.text ?? null,
    jsQR: readJsQR(picture),
    throughCamera: throughCamera?.text ?? null,
    level: read?.level ?? null,
    version: read?.version ?? null,
    devicePixels,
    quietZone: quietZoneOf(shot, symbol, devicePixels),
    logo: logoIn(shot, symbol, devicePixels),
    ground: groundOf(picture) < 128 ? 'dark' : 'light',
    isSpare: (read?.spare ?? 0) > 0.5,
  };
}

/** Where the modules are. At its rounded corners, the code lets the dark ground through. */
function symbolIn({ picture, code }: Shot, ratio: number): Box {
  const corner = 3 * ratio;
  const [x, y] = [code.x + corner, code.y + corner];
  const [width, height] = [code.width - 2 * corner, code.height - 2 * corner];
  const inner = cropped(picture, { x, y, width, height });
  const dark = boxAround(inner, (start) => brightness(inner, start) < 128) ?? NOTHING;
  return { ...dark, x: dark.x + x, y: dark.y + y };
}

function quietZoneOf({ code }: Shot, { x, y, width, height }: Box, devicePixels: number): number {
  const right = code.x + code.width - x - width;
  const below = code.y + code.height - y - height;
  return Math.round(Math.min(x - code.x, y - code.y, right, below) / devicePixels);
}

/** Where a logo is; what is between two pixels touches both of them. */
function logoIn({ picture }: Shot, symbol: Box, devicePixels: number): Seen['logo'] {
  const logo = boxAround(picture, (start) => isInk(picture, start));
  if (!logo) return 'none';
  if (Math.max(logo.width, logo.height) > MAX_SHARE * symbol.width + 1) return 'too large';
  return offMiddle(logo, symbol) > devicePixels / 2 ? 'elsewhere' : 'in the middle';
}

/** How far apart the middles of two boxes are, across or down. */
function offMiddle(one: Box, other: Box): number {
  const across = one.x + one.width / 2 - (other.x + other.width / 2);
  const down = one.y + one.height / 2 - (other.y + other.height / 2);
  return Math.max(Math.abs(across), Math.abs(down));
}

/** What is not as it should be, a line each. */
function faults(seen: Seen, right: Seen): string[] {
  return (Object.keys(right) as (keyof Seen)[])
    .filter((key) => seen[key] !== right[key])
    .map((key) => `${key}: ${short(seen[key])}, not ${short(right[key])}`);
}

function short(value: unknown): string {
  return String(value).slice(0, 60);
}

async function faultsOf(page: EnginePage, text: Text, look: Look): Promise<string[]> {
  const right = rightly(text, look);
  const shot = await shoot(page, urlOf(text), look);
  const found = faults(await seenIn(shot, look, right.version!), right);
  if (look.logo !== 'no logo' && right.logo === 'none') {
    const plain = await shoot(page, urlOf(text), { ...look, logo: 'no logo' });
    const isSame = Buffer.compare(plain.picture.data, shot.picture.data) === 0;
    if (!isSame) found.push('not the code that is had without the logo');
  }
  const name = [text.length, ...Object.values(look)].join(', ');
  return found.map((fault) => `${name}: ${fault}`);
}

describe('the looks of a code that are chosen', () => {
  it('have any two values together', () => {
    const names = Object.keys(PLAIN) as (keyof Look)[];
    const pairs = names.flatMap((a) => names.map((b) => [a, b] as const));
    for (const all of [LOOKS, UNFORCED]) {
      const chosen = pairwise(all);
      assert.ok(chosen.length < all.length / 8);
      for (const [one, [a, b]] of all.flatMap((one) => pairs.map((pair) => [one, pair] as const))) {
        const isMet = chosen.some((look) => look[a] === one[a] && look[b] === one[b]);
        assert.ok(isMet, `${one[a]} with ${one[b]}`);
      }
    }
  });
});

for (const { name, canForceColors, launch } of installedEngines()) {
  describe(`the code in screenshots of ${name}`, () => {
    let site: OwnPage;
    let engine: Engine;

    before(async () => {
      engine = await launch();
      site = await startQrPage();
    });

    after(async () => {
      await engine?.close();
      await site?.close();
    });

    /** In a page of its own. */
    function inPage(title: string, kind: Kind, test: (page: EnginePage) => Promise<void>) {
      it(title, async () => {
        const page = await engine.newPage(windowFor(kind));
        await page.goto(site.origin);
        await test(page);
        await page.close();
      });
    }

    // Where colours cannot be forced, engines.test.ts proves it.
    const all = canForceColors ? LOOKS : UNFORCED;
    const chosen = name === 'Chromium' ? all : pairwise(all);
    for (const [kind, looks] of byKind(chosen)) {
      const { ratio, colors } = looks[0]!;
      inPage(`${kind}: read by two decoders, one as a camera`, { ratio, colors }, async (page) => {
        assert.deepEqual(await allFaults(page, [TYPICAL], looks), []);
      });
    }

    for (const ratio of name === 'Chromium' ? [1, 2] : [1]) {
      inPage(`ratio ${ratio}: read whatever the length`, { ...PLAIN, ratio }, async (page) => {
        const looks = product<Look>({
          ratio: [ratio],
          colors: [PLAIN.colors],
          theme: [ratio === 1 ? 'auto on light' : 'auto on dark'],
          size: name === 'Chromium' ? [160, 240, 320] : [240],
          logo: ['no logo', 'dark logo'],
        });
        assert.deepEqual(await allFaults(page, TEXTS, looks), []);
      });
    }

    inPage('covered by a logo in its middle, and no further', PLAIN, async (page) => {
      for (const logo of LOGOS.filter((each) => each !== 'no logo')) {
        const look = { ...PLAIN, logo };
        const shot = await shoot(page, urlOf(TYPICAL), look);
        await page.evaluate(setLogoHidden, true);
        const bare = await shoot(page, urlOf(TYPICAL), look);
        await page.evaluate(setLogoHidden, false);
        const { width, ...symbol } = symbolIn(shot, look.ratio);
        const covered = boxAround(shot.picture, (start) => isOther(shot, bare, start))!;
        const side = Math.max(covered.width, covered.height);
        assert.ok(side <= MAX_SHARE * width && side > (MAX_SHARE / 2) * width, `${logo}: ${side}`);
        assert.ok(offMiddle(covered, { width, ...symbol }) <= 1, logo);
      }
    });

    inPage('dark on light, whatever the colours of the site', PLAIN, async (page) => {
      const found: string[] = [];
      for (const [dark, light] of WRONG_COLORS) {
        await page.evaluate(setColors, { dark, light });
        const looks = LOGOS.map((logo) => ({ ...PLAIN, logo }));
        const faults = await allFaults(page, [TYPICAL], looks);
        found.push(...faults.map((fault) => `${dark} on ${light}: ${fault}`));
      }
      assert.deepEqual(found, []);
    });
  });
}

type Kind = Pick<Look, 'ratio' | 'colors'>;

/** Those that are had in one page, by its name. */
function byKind(looks: readonly Look[]): Map<string, Look[]> {
  const kinds = new Map<string, Look[]>();
  for (const look of looks) {
    const kind = `ratio ${look.ratio}, ${look.colors}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), look]);
  }
  return kinds;
}

async function allFaults(
  page: EnginePage,
  texts: readonly Text[],
  looks: readonly Look[],
): Promise<string[]> {
  const found: string[] = [];
  for (const text of texts) {
    for (const look of looks) found.push(...(await faultsOf(page, text, look)));
  }
  return found;
}

function setLogoHidden(isHidden: boolean): void {
  const logo = document.querySelector('didit-verify')!.shadowRoot!.querySelector('.logo');
  (logo as HTMLElement).style.visibility = isHidden ? 'hidden' : '';
}

function setColors({ dark, light }: { dark: string; light: string }): void {
  const { style } = document.querySelector('didit-verify')!;
  style.setProperty('--didit-qr-color', dark);
  style.setProperty('--didit-qr-background', light);
}

function isOther(one: Shot, other: Shot, start: number): boolean {
  const [a, b] = [one, other].map(({ picture }) => picture.data.subarray(start, start + 3));
  return Buffer.compare(a!, b!) !== 0;
}
