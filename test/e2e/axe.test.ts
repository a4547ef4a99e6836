import assert from 'node:assert/strict';
import axe, { type RunOptions } from 'axe-core';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './browser.js';
import { faintTexts } from './contrast.js';
import { focused, hasRing } from './focus-ring.js';
import {
  keysFor,
  restyle,
  show,
  startGallery,
  type Look,
  type Pointer,
  type Presentation,
  type StateKey,
} from './gallery.js';
import type { OwnPage } from './own-page.js';
import { pairwise, product } from './pairwise.js';
import { THEMES } from './qr-page.js';

const FORCED = 'forced colours';
const COLORS = [...(Object.keys(THEMES) as (keyof typeof THEMES)[]), FORCED] as const;
const LANGUAGES = { ltr: 'en', rtl: 'ar' } as const;
const PRESENTATIONS: readonly Presentation[] = ['inline', 'dialog', 'opener'];
const POINTERS = ['mouse', 'finger'] as const;

const ALL_RULES: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  // Off by default, until more sites are held to WCAG 2.2.
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations', 'incomplete'],
  // There is neither sound nor video, nor a style sheet of another origin.
  preload: false,
};
/** Themes differ in nothing that any other rule looks at. */
const COLOR_OPTIONS: RunOptions = {
  ...ALL_RULES,
  runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
  rules: {},
};
const OPTIONS: Partial<Record<(typeof COLORS)[number], RunOptions>> = {
  'auto on light': ALL_RULES,
  // axe goes by the colours that the page's style sheet names, not by those that are forced.
  [FORCED]: { ...ALL_RULES, rules: { ...ALL_RULES.rules, 'color-contrast': { enabled: false } } },
};

/** The least side of what can be pressed, in CSS pixels. */
const TARGETS = { mouse: 24, finger: 44 };

/** Whatever can have the focus, and where. */
const STOPS: readonly [Presentation, StateKey, ...parts: string[]][] = [
  ['inline', 'idle', 'start-button'],
  ['inline', 'ready', 'link', 'copy-button'],
  ['inline', 'ready, to be copied by hand', 'link', 'url'],
  ['inline', 'in-progress', 'show-code-button'],
  ['inline', 'resolver-failed', 'retry-button'],
  ['dialog', 'ready', 'link', 'copy-button', 'close-button'],
  ['dialog', 'approved', 'close-button', 'close-button'],
  ['opener', 'idle', 'start-button'],
];

/** The button that opens the dialog differs in these alone. */
const OPENERS: readonly StateKey[] = [
  ...(['idle', 'ready', 'ready, disabled', 'approved', 'in-review'] as const),
];

/** What must not be taken for each other. */
const TOLD_APART: readonly StateKey[] = [
  ...(['in-progress', 'approved', 'declined', 'in-review', 'cancelled', 'expired'] as const),
  'resolver-failed',
];

/** What everything is looked at in. */
interface Row {
  readonly key: StateKey;
  readonly colors: (typeof COLORS)[number];
  readonly dir: keyof typeof LANGUAGES;
}

type Style = Omit<Row, 'key'>;

function rowsFor(pointer: Pointer, presentation: Presentation): Row[] {
  const key = presentation === 'opener' ? OPENERS : keysFor(pointer, presentation);
  const rows = product<Row>({ key, colors: COLORS, dir: ['ltr', 'rtl'] });
  // Little differs with a finger: any two that meet still meet.
  if (pointer === 'mouse') return rows;
  return pairwise(rows).toSorted((one, other) => key.indexOf(one.key) - key.indexOf(other.key));
}

/** Forced colours have no theme: `auto` follows the palette. */
function lookOf({ colors, dir }: Style): Partial<Look> {
  return { theme: colors === FORCED ? 'auto on dark' : colors, dir, lang: LANGUAGES[dir] };
}

async function forceColors(page: Page, { colors }: Pick<Style, 'colors'>): Promise<void> {
  const isForced = colors === FORCED;
  await page.emulateMedia({
    forcedColors: isForced ? 'active' : 'none',
    colorScheme: isForced ? 'dark' : 'light',
  });
}

/** Contrast is computed here once more: axe looks at neither forced colours nor Arabic letters. */
async function problems(page: Page, { colors }: Row): Promise<string[]> {
  const found = await page.evaluate(complaints, OPTIONS[colors] ?? COLOR_OPTIONS);
  return [...found, ...(await faintTexts(page))];
}

/** In the page: what axe objects to, or cannot say. */
async function complaints(options: RunOptions): Promise<string[]> {
  const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
  const { violations, incomplete } = await inPage.run(document, options);
  return [...violations, ...incomplete].flatMap(({ id, nodes }) =>
    nodes.map(({ target, any, all, none }) => {
      const reasons = [...any, ...all, ...none].map(({ message }) => message);
      return `${id}: ${target.flat().join(' ')}: ${reasons.join('; ')}`;
    }),
  );
}

/** What can be pressed, and is smaller than that. */
function smallTargets(page: Page, least: number): Promise<string[]> {
  return page.evaluate((side) => {
    const root = document.querySelector('didit-verify')!.shadowRoot!;
    const targets = Array.from(root.querySelectorAll('a, button, input'));
    return targets
      .filter((target) => target.checkVisibility())
      .map((target) => ({ target, box: target.getBoundingClientRect() }))
      .filter(({ box }) => Math.min(box.width, box.height) < side)
      .map(({ target, box }) => `${target.className} ${box.width} x ${box.height}`);
  }, least);
}

/** In the page: the status icon's lines, and the message. */
function drawingAndWords() {
  const root = document.querySelector('didit-verify')!.shadowRoot!;
  const lines = root.querySelectorAll('[part=status-icon] path');
  return {
    drawing: Array.from(lines, (line) => line.getAttribute('d')).join(),
    words: root.querySelector('[part=message]')!.textContent,
  };
}

describe('the element', { concurrency: 2 }, () => {
  let browser: Browser;
  let site: OwnPage;

  before(async () => {
    [browser, site] = await Promise.all([launchChromium(), startGallery()]);
  });

  after(async () => {
    await browser?.close();
    await site?.close();
  });

  async function open(pointer: Pointer): Promise<Page> {
    const isPhone = pointer === 'finger';
    const page = await browser.newPage({
      viewport: { width: 390, height: 844 },
      ...(isPhone && { hasTouch: true, isMobile: true }),
    });
    await page.goto(site.origin);
    return page;
  }

  for (const [pointer, presentation] of product({ 0: POINTERS, 1: PRESENTATIONS }).map(
    (pair) => [pair[0], pair[1]] as const,
  )) {
    it(`gives axe nothing to object to: ${presentation}, with a ${pointer}`, async () => {
      const page = await open(pointer);
      await page.evaluate(axe.source);
      const found: Record<string, string[]> = {};
      let shown = '';
      for (const row of rowsFor(pointer, presentation)) {
        if (row.key !== shown) await show(page, row.key, { presentation });
        shown = row.key;
        await forceColors(page, row);
        await restyle(page, lookOf(row));
        const wrong = await problems(page, row);
        if (wrong.length) found[Object.values(row).join(', ')] = wrong;
      }
      await page.close();
      assert.deepEqual(found, {});
    });
  }

  it('is looked into by axe, which sees what is wrong there', async () => {
    const page = await open('mouse');
    await page.evaluate(axe.source);
    await show(page, 'ready');
    await page.evaluate(() => {
      const tag = document.querySelector('didit-verify')!;
      tag.style.setProperty('--didit-color', '#bbb');
      const copy = tag.shadowRoot!.querySelector<HTMLElement>('[part=copy-button]')!;
      copy.removeAttribute('aria-label');
      copy.removeAttribute('title');
      copy.style.minInlineSize = copy.style.inlineSize = '20px';
      copy.style.minBlockSize = '20px';
    });
    const found = new Set(
      (await page.evaluate(complaints, ALL_RULES)).map((each) => each.split(':')[0]),
    );
    assert.deepEqual([...found].sort(), ['button-name', 'color-contrast']);
    assert.notDeepEqual(await page.evaluate(complaints, COLOR_OPTIONS), []);
    await page.close();
  });

  it('is told apart by drawings and words, not by colours alone', async () => {
    const page = await open('mouse');
    const seen: Record<string, string[]> = { drawing: [], words: [] };
    for (const key of TOLD_APART) {
      await show(page, key);
      const { drawing, words } = await page.evaluate(drawingAndWords);
      seen.drawing!.push(drawing);
      seen.words!.push(words);
    }
    await page.close();
    for (const each of Object.values(seen)) assert.equal(new Set(each).size, TOLD_APART.length);
  });

  for (const pointer of POINTERS) {
    it(`has no target smaller than ${TARGETS[pointer]} px for a ${pointer}`, async () => {
      const page = await open(pointer);
      const found: Record<string, string[]> = {};
      for (const presentation of PRESENTATIONS) {
        for (const key of keysFor(pointer, presentation)) {
          for (const width of [undefined, 200]) {
            await show(page, key, { presentation, width });
            const small = await smallTargets(page, TARGETS[pointer]);
            if (small.length) found[`${key}, ${presentation}, ${width}`] = small;
          }
        }
      }
      await page.close();
      assert.deepEqual(found, {});
    });
  }

  for (const colors of COLORS) {
    it(`shows where the focus is: ${colors}`, async () => {
      const page = await open('mouse');
      await forceColors(page, { colors });
      const bare: string[] = [];
      for (const [presentation, key, ...parts] of STOPS) {
        await show(page, key, { ...lookOf({ colors, dir: 'ltr' }), presentation });
        if (presentation !== 'dialog') await page.focus('#before');
        for (const part of parts) {
          await page.keyboard.press('Tab');
          // The window's own frame is a stop between the dialog's last and its first.
          if (!(await focused(page))) await page.keyboard.press('Tab');
          const at = await focused(page);
          assert.equal(at?.name, part);
          if (!(await hasRing(page, at))) bare.push(`${presentation}, ${key}: ${part}`);
        }
      }
      await page.close();
      assert.deepEqual(bare, []);
    });

    it(`shows it as well where the button that was pressed is gone: ${colors}`, async () => {
      const page = await open('mouse');
      await forceColors(page, { colors });
      const bare: string[] = [];
      for (const presentation of ['inline', 'dialog'] as const) {
        await show(page, 'resolver-failed', { ...lookOf({ colors, dir: 'ltr' }), presentation });
        if (presentation === 'inline') await page.focus('#before');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        // It fails again at once.
        await page.locator('didit-verify [part=base]:focus').waitFor();
        await page.locator('didit-verify [part=retry-button]').waitFor();
        if (!(await hasRing(page, (await focused(page))!))) bare.push(presentation);
      }
      await page.close();
      assert.deepEqual(bare, []);
    });
  }
});
