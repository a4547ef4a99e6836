import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { DiditVerifyElement } from '../../src/index.js';
import { launchChromium } from './browser.js';
import { installedEngines, type Engine, type EnginePage } from './engines.js';
import type { GalleryPage } from './gallery.js';
import { builtScript, html, startPage, type OwnPage } from './own-page.js';
import { RESERVED } from './reserved-space.js';

/** What is around the element: its width in CSS pixels, and its layout. */
const PLACES: readonly Place[] = [
  ...[280, 320, 400, 600].map((width) => [width, 'block'] as const),
  [280, 'grid'],
  [280, 'flex'],
];

const LIFE = ['loading', 'ready', 'in-progress', 'approved'];

const PAGE = `
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <style>
    ${RESERVED}
    body { margin: 16px }
  </style>
  <main><didit-verify></didit-verify></main>
  <p>Something that is read while the code is on its way.</p>
  <script>
    // What tsx puts around functions, to keep their names.
    globalThis.__name = (named) => named;
    ${[frames, until, watchShifts, watchPlaces].join('\n')}
  </script>`;

type Place = readonly [width: number, display: string];

/** What moved. */
interface Seen {
  readonly states: string[];
  /** Of the element, and of what is after it: one for each change. */
  readonly places: string[];
  /** By the browser's own measure; null where it has none. */
  readonly shifts: number[] | null;
}

function startSite(): Promise<OwnPage> {
  return startPage((path) => (path === '/' ? html(PAGE) : builtScript(path.slice(1))));
}

async function assertNothingMoves(page: GalleryPage, origin: string, place: Place): Promise<void> {
  await page.goto(origin);
  const { states, places, shifts } = await page.evaluate(live, place);
  assert.deepEqual(states, LIFE);
  assert.equal(places.length, 1, places.join('\n'));
  assert.deepEqual(shifts ?? [], []);
}

for (const { name, launch } of installedEngines()) {
  describe(`from nothing to approved, in ${name}`, { timeout: 120_000 }, () => {
    let engine: Engine;
    let page: EnginePage;
    let site: OwnPage;

    before(async () => {
      engine = await launch();
      site = await startSite();
      page = await engine.newPage({ width: 700, height: 900 });
    });

    after(async () => {
      await engine?.close();
      await site?.close();
    });

    for (const place of PLACES) {
      it(`nothing moves in a place of ${place.join(' px, ')}`, async () => {
        await assertNothingMoves(page, site.origin, place);
      });
    }
  });
}

describe('from nothing to approved, on a phone', { timeout: 120_000 }, () => {
  let browser: Browser;
  let site: OwnPage;

  before(async () => {
    browser = await launchChromium();
    site = await startSite();
  });

  after(async () => {
    await browser?.close();
    await site?.close();
  });

  for (const place of PLACES) {
    it(`nothing moves in a place of ${place.join(' px, ')}`, async () => {
      const phone = {
        hasTouch: true,
        isMobile: true,
        viewport: { width: place[0] + 32, height: 900 },
      };
      const page = await browser.newPage(phone);
      await assertNothingMoves(page, site.origin, place);
      await page.close();
    });
  }

  it('what moves is seen', async () => {
    const page = await browser.newPage();
    await page.goto(site.origin);
    // Without what README reserves.
    await page.evaluate(() => document.querySelector('style')!.remove());
    const { places, shifts } = await page.evaluate(live, [320, 'block'] as const);
    assert.notEqual(places.length, 1);
    assert.notDeepEqual(shifts, []);
    await page.close();
  });
});

// What follows is called in pages.

/** A whole life, from before the script is there. */
async function live([width, display]: Place): Promise<Seen> {
  const tag = document.querySelector('didit-verify')!;
  Object.assign(tag.parentElement!.style, { inlineSize: `${width}px`, display });
  await frames(2);
  const shifts = watchShifts();
  const { states, places } = watchPlaces(tag, document.querySelector('p')!);
  const session = {
    session_id: '1',
    url: 'https://app.didit.me/authorize/0123456789abcdefghijklm',
  };
  let give: ((answer: object) => void) | undefined;
  let status = 'initialized';
  // They are kept until the element is upgraded.
  Object.assign(tag, {
    ...{ noResume: true, pollInterval: 100, statusResolver: async () => status },
    resolver: () => new Promise((resolve) => (give = resolve)),
  });
  const script = document.createElement('script');
  script.src = '/didit-verify.min.js';
  document.head.append(script);
  await until(() => tag.state === 'loading' && give);
  give!(session);
  await until(() => tag.state === 'ready');
  status = 'retrieved';
  await until(() => tag.state === 'in-progress');
  status = 'confirmed';
  await until(() => tag.state === 'approved');
  return { states, places, shifts: shifts() };
}

async function frames(count: number): Promise<void> {
  for (; count > 0; count--) await new Promise(requestAnimationFrame);
}

/** And then some: a code hears of its frame's size, and animations begin. */
async function until(holds: () => unknown): Promise<void> {
  while (!holds()) await frames(1);
  await frames(4);
}

/** Gives the browser's own measure of each shift from now on; null where it has none. */
function watchShifts(): () => number[] | null {
  if (!PerformanceObserver.supportedEntryTypes.includes('layout-shift')) return () => null;
  const shifts: number[] = [];
  const note = (entries: PerformanceEntry[]) => {
    for (const entry of entries) shifts.push((entry as PerformanceEntry & { value: number }).value);
  };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: 'layout-shift' });
  return () => {
    note(observer.takeRecords());
    return shifts;
  };
}

/** Looks in each frame where the element and what is after it are, and in which state. */
function watchPlaces(tag: DiditVerifyElement, next: Element): Pick<Seen, 'states' | 'places'> {
  const [states, places]: [string[], string[]] = [[], []];
  const look = () => {
    const rects = [tag, next].map((element) => element.getBoundingClientRect());
    const place = JSON.stringify(rects);
    if (place !== places.at(-1)) places.push(place);
    // Before the script is there it has none.
    if (tag.state && tag.state !== states.at(-1)) states.push(tag.state);
    requestAnimationFrame(look);
  };
  look();
  return { states, places };
}
