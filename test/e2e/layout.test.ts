import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './browser.js';
import { contrast } from './contrast.js';
import { installedEngines, type Engine, type EnginePage } from './engines.js';
import {
  keysFor,
  restyle,
  show,
  startGallery,
  type GalleryPage,
  type Pointer,
  type Presentation,
  type StateKey,
} from './gallery.js';
import { LANGUAGES, measure, prepare, type Places } from './overflow.js';
import type { OwnPage } from './own-page.js';
import { cropped, pictureOf, type Box } from './picture.js';
import { THEMES } from './qr-page.js';

const NARROW = 240;

/** From the narrowest column to wide ones, with both sides of each limit. */
const WIDTHS: readonly number[] = [200, 240, 279, 280, 320, 360, 400, 440, 480, 511, 512, 560, 600];

const POINTERS: Record<Pointer, object> = {
  mouse: {},
  finger: { hasTouch: true, isMobile: true },
};

/** Those that differ most: in the length of their words, and in what there is to press. */
const FULL: StateKey[] = ['idle', 'ready', 'in-progress', 'approved', 'unsafe-url', 'qr-failed'];

/** One of each figure, and of each button. */
const FIGURES: StateKey[] = [
  ...['idle', 'loading', 'ready', 'ready, to be copied by hand', 'in-progress', 'approved'],
  ...['declined', 'in-review', 'cancelled', 'expired', 'resolver-failed'],
] as StateKey[];

/** Every combination of pointer and presentation, and the states to see in it. */
const LOOKS: [pointer: Pointer, presentation: Presentation, keys: StateKey[]][] = [
  ['mouse', 'inline', keysFor('mouse')],
  ['mouse', 'dialog', keysFor('mouse', 'dialog')],
  ['mouse', 'opener', ['ready', ...FULL]],
  ['finger', 'inline', keysFor('finger')],
  // The words are those of the mouse's, but where there is something else to do.
  ['finger', 'dialog', keysFor('finger', 'dialog').filter((key) => /^(idle|ready|in-p)/.test(key))],
];

/** What a page has around the element, in a box that is as wide as the room. */
const PARENTS: Record<string, string> = {
  'a block': 'display: block',
  'a row': 'display: flex',
  'a row, in the middle': 'display: flex; justify-content: center; align-items: center',
  'a column': 'display: flex; flex-direction: column',
  'a column, in the middle': 'display: flex; flex-direction: column; align-items: center',
  'an inline row': 'display: inline-flex',
  'a grid': 'display: grid',
  'a grid, in the middle': 'display: grid; place-items: center',
  'an inline grid': 'display: inline-grid',
  'a table': 'display: table; table-layout: fixed; inline-size: 100%',
  'a table cell': 'display: table-cell',
  'what fits its content': 'inline-size: fit-content',
  'an inline block': 'display: inline-block',
  'a float': 'float: inline-start',
  'what is placed absolutely': 'position: absolute',
};

const SIZES = ['', 'auto', '100%', 'fit-content'] as const;

/** Rooms, in CSS pixels: the element is `DEFAULT_WIDTH` wide where there is as much. */
const ROOMS = [800, 320, 240] as const;
const DEFAULT_WIDTH = 320;

/** What has to be told from the ground by more than a colour, where colours are forced. */
const OUTLINED = '.disc, .spinner, .button, .url, .qr:not(:has(.code)), .base';

describe('the layout in Chromium', { timeout: 300_000 }, () => {
  let gallery: OwnPage;
  let browser: Browser;

  before(async () => {
    browser = await launchChromium();
    gallery = await startGallery();
  });

  after(async () => {
    await browser?.close();
    await gallery?.close();
  });

  async function newPage(pointer: Pointer, width: number): Promise<Page> {
    const page = await browser.newPage({
      viewport: { width, height: 900 },
      reducedMotion: 'reduce',
      ...POINTERS[pointer],
    });
    await page.goto(gallery.origin);
    await prepare(page);
    return page;
  }

  for (const [pointer, presentation, keys] of LOOKS) {
    it(`has room for every language at ${NARROW} px: ${presentation}, ${pointer}`, async () => {
      const isDialog = presentation === 'dialog';
      const page = await newPage(pointer, isDialog ? NARROW : 2 * NARROW);
      const look = { presentation, width: isDialog ? undefined : NARROW };
      assert.deepEqual(await problems(page, keys, look, { langs: LANGUAGES }), []);
      await page.close();
    });

    it(`has room for text of twice the size: ${presentation}, ${pointer}`, async () => {
      const page = await newPage(pointer, 320);
      await page.addStyleTag({ content: 'html { font-size: 200% } body { margin: 0 }' });
      const every = await problems(page, FULL, { presentation }, { langs: LANGUAGES });
      const others = await problems(page, keys, { presentation }, {});
      assert.deepEqual([...every, ...others], []);
      await page.close();
    });
  }

  it(`fits columns of 200 to 600 px, with a finger`, async () => {
    const page = await newPage('finger', 700);
    assert.deepEqual(await problems(page, keysFor('finger'), {}, { widths: WIDTHS }), []);
    await page.close();
  });

  it('is printed in ink, without anything to press, whatever its theme', async () => {
    const page = await newPage('mouse', 400);
    await page.emulateMedia({ media: 'print', reducedMotion: 'reduce' });
    const faint: string[] = [];
    for (const key of keysFor('mouse')) {
      await show(page, key);
      for (const theme of Object.keys(THEMES) as (keyof typeof THEMES)[]) {
        await restyle(page, { theme });
        const { pressable, inks } = await page.evaluate(printed);
        assert.deepEqual(pressable, [], key);
        assert.ok(inks.length >= 2, key);
        for (const { what, color, paper } of inks) {
          if (contrast(color, paper) < 4.5)
            faint.push(`${key}, ${theme}: ${what} in ${color.join()}`);
        }
      }
    }
    assert.deepEqual(faint, []);
    await page.close();
  });

  it('moves nothing but a slow spinner where motion is unwelcome', async () => {
    const page = await newPage('mouse', 400);
    for (const presentation of ['inline', 'dialog'] as const) {
      for (const key of FIGURES) {
        await show(page, key, { presentation, moves: true });
        const moving = await page.evaluate(movements);
        const allowed = moving.filter(({ name, seconds }) => name === 'turn' && seconds >= 2);
        assert.deepEqual(moving, allowed, key);
      }
    }
    // Else there would be nothing to see.
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await show(page, 'in-progress', { moves: true });
    assert.notDeepEqual(await page.evaluate(movements), []);
    await page.close();
  });
});

for (const { name, canForceColors, launch } of installedEngines()) {
  describe(`the layout in ${name}`, { timeout: 300_000 }, () => {
    let gallery: OwnPage;
    let engine: Engine;
    let page: EnginePage;

    before(async () => {
      engine = await launch();
      gallery = await startGallery();
      page = await engine.newPage({ width: 1000, height: 800 });
      await page.goto(gallery.origin);
      await prepare(page);
    });

    after(async () => {
      await engine?.close();
      await gallery?.close();
    });

    it(`fits columns of 200 to 600 px`, async () => {
      assert.deepEqual(await problems(page, keysFor('mouse'), {}, { widths: WIDTHS }), []);
    });

    it(`has room for every language at ${NARROW} px`, async () => {
      const places = { langs: LANGUAGES };
      assert.deepEqual(await problems(page, FULL, { width: NARROW }, places), []);
    });

    for (const [parent, css] of Object.entries(PARENTS)) {
      it(`has a sensible width in ${parent}`, async () => {
        await show(page, 'ready');
        const seen = await page.evaluate(widthsIn, { css, sizes: SIZES, rooms: ROOMS });
        for (const { size, room, width, parentWidth, isIn } of seen) {
          const where = `‘${size}’ in ${room} px: ${width} in ${parentWidth}`;
          assert.ok(isIn, where);
          if (size === '') assert.equal(width, Math.min(room, DEFAULT_WIDTH), where);
          // Never less than what it needs, where it is there.
          else assert.ok(width >= Math.min(room, DEFAULT_WIDTH), where);
        }
      });

      it(`has a button of a sensible width in ${parent}`, async () => {
        await show(page, 'ready', { presentation: 'opener' });
        const seen = await page.evaluate(widthsIn, { css, sizes: [''], rooms: ROOMS });
        for (const { room, width, parentWidth, isIn, textWidth } of seen) {
          const where = `in ${room} px: ${width} in ${parentWidth}`;
          assert.ok(isIn, where);
          assert.ok(width >= textWidth && textWidth > 0, where);
        }
      });
    }

    it('can be told from its ground where colours are forced', async (t) => {
      if (!canForceColors) return t.skip(`${name} has no forced colours`);
      const forced = await engine.newPage({ width: 500, height: 900, forcedColors: true });
      await forced.goto(gallery.origin);
      for (const key of FIGURES) {
        await show(forced, key, { theme: 'auto on dark' });
        assert.deepEqual(await withoutEdge(forced), [], key);
      }
      await show(forced, 'ready', { theme: 'auto on dark', presentation: 'dialog' });
      assert.deepEqual(await withoutEdge(forced), [], 'dialog');
      await forced.close();
    });
  });
}

/** What is wrong with the layout of each state. */
async function problems(
  page: GalleryPage,
  keys: readonly StateKey[],
  look: { presentation?: Presentation; width?: number },
  places: Places,
): Promise<string[]> {
  const found: string[] = [];
  for (const key of keys) {
    await show(page, key, look);
    found.push(...(await measure(page, places)).map((problem) => `${key}, ${problem}`));
  }
  return found;
}

/** What has no edge that can be told from the page, by what is painted. */
async function withoutEdge(page: EnginePage): Promise<string[]> {
  const boxes = await page.evaluate(boxesOf, OUTLINED);
  const picture = pictureOf(await page.screenshot());
  return boxes
    .filter(({ box }) => {
      const { data } = cropped(picture, box);
      const pixels = Array.from({ length: data.length / 4 }, (_, i) => data.subarray(4 * i));
      return pixels.every((pixel) => contrast(pixel, [0, 0, 0]) < 3);
    })
    .map(({ name }) => name);
}

// What follows is called in pages.

/** Of each, the left end of the line through its middle. */
function boxesOf(selector: string): { name: string; box: Box }[] {
  const { shadowRoot } = document.querySelector('didit-verify')!;
  const dialog = shadowRoot!.querySelector('dialog[open]');
  return Array.from((dialog ?? shadowRoot!).querySelectorAll(selector), (element) => {
    const { left, top, height } = element.getBoundingClientRect();
    const box = { x: Math.floor(left), y: Math.round(top + height / 2), width: 3, height: 1 };
    return { name: element.getAttribute('class')!, box };
  });
}

/** What can be pressed, and the colour of everything that has one, on white paper. */
function printed() {
  const pen = new OffscreenCanvas(1, 1).getContext('2d')!;
  const painted = (...colors: string[]) => {
    for (const color of ['#fff', ...colors]) {
      pen.fillStyle = color;
      pen.fillRect(0, 0, 1, 1);
    }
    return Array.from(pen.getImageData(0, 0, 1, 1).data).slice(0, 3);
  };
  const root = document.querySelector('didit-verify')!.shadowRoot!;
  const seen = Array.from(root.querySelectorAll('*')).filter(
    (element) =>
      element.getClientRects().length > 0 ||
      (element instanceof HTMLSlotElement && element.textContent.trim()),
  );
  const pressable = seen.filter((element) => element.matches('button, a, input'));
  const inked = seen.filter((element) => {
    const { visibility } = getComputedStyle(element);
    return (
      visibility !== 'hidden' &&
      element.matches('.icon, .heading, .description, .message, .countdown')
    );
  });
  return {
    pressable: pressable.map(({ className }) => className),
    inks: inked.map((element) => {
      const { color, backgroundColor, printColorAdjust } = getComputedStyle(element);
      // The browser leaves out what is behind, unless it is told.
      const paper = printColorAdjust === 'exact' ? painted(backgroundColor) : painted();
      return { what: element.getAttribute('class'), color: painted(color), paper };
    }),
  };
}

/** Animations that run, and how long each takes. */
function movements(): { name: string; seconds: number }[] {
  const { shadowRoot } = document.querySelector('didit-verify')!;
  return (shadowRoot!.getAnimations() as CSSAnimation[]).map(({ animationName, effect }) => ({
    name: animationName,
    seconds: Number(effect!.getComputedTiming().duration) / 1000,
  }));
}

interface Widths {
  readonly css: string;
  readonly sizes: readonly string[];
  readonly rooms: readonly number[];
}

/** Puts the element into such a parent, with such sizes, where there is so much room. */
function widthsIn({ css, sizes, rooms }: Widths) {
  const tag = document.querySelector('didit-verify')!;
  const around = document.querySelector<HTMLElement>('#place')!;
  const parent = document.createElement('div');
  around.style.position = 'relative';
  around.replaceChildren(parent);
  parent.style.cssText = css;
  parent.append(tag);
  const result = [];
  for (const room of rooms) {
    for (const size of sizes) {
      around.style.inlineSize = `${room}px`;
      tag.style.inlineSize = size;
      const [box, inner, outer] = [tag, parent, around].map((each) => each.getBoundingClientRect());
      const base = tag.shadowRoot!.querySelector('.base, .button')!;
      result.push({
        ...{ size, room, width: box!.width, parentWidth: inner!.width },
        textWidth: base.getBoundingClientRect().width,
        isIn: [inner!, outer!].every(
          ({ left, right }) => box!.left > left - 1 && box!.right < right + 1,
        ),
      });
    }
  }
  return result;
}
