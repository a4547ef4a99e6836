import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { launchChromium } from './browser.js';
import { installedEngines, type EnginePage, type InstalledEngine } from './engines.js';
import { assertCourse, ROWS } from './long-life-courses.js';
import { Heap, type Held } from './long-life-heap.js';
import type {} from './long-life-days.js';
import type {} from './long-life-page.js';
import { bundledPage, startLongLifeSite, type LongLifeSite } from './long-life-site.js';

// Where the clocks are put forward in the night that passes; browsers that are started take it over.
process.env.TZ = 'Europe/Berlin';

const MEGABYTE = 2 ** 20;
/** Megabytes by which a page may grow in a course: where it has 144 sessions, less than 4 kB for each. */
const COURSE_GROWTH = 0.5;
const LIVES = 2000;
/** In engines that do not tell what they hold on to. */
const FEWER_LIVES = 200;
const CROWD = 500;
const FEWER_IN_CROWD = 100;
/** Of one resolver's sessions, so many are kept for after a reload. */
const FOUND_AGAIN = 20;

/** WebKit takes whatever on the stack looks like an object's address for one that is in use. */
const UNCOLLECTED = 0.05;

/** What is let go of in the next task, or when an answer is there, is left no longer. */
const LATE_MS = 30_000;

interface Opened {
  readonly page: Pick<EnginePage, 'goto' | 'evaluate'>;
  /** In Chromium alone: others do not tell. */
  readonly heap: Heap | null;
  readonly close: () => Promise<void>;
}

async function openPage({ name, launch }: InstalledEngine): Promise<Opened> {
  if (name !== 'Chromium') {
    const engine = await launch();
    return { page: await engine.newPage(), heap: null, close: () => engine.close() };
  }
  const browser = await launchChromium();
  const page = await browser.newPage();
  const { goto, evaluate } = page;
  return {
    page: {
      goto: async (url) => {
        await goto.call(page, url);
      },
      evaluate: evaluate.bind(page) as EnginePage['evaluate'],
    },
    heap: await Heap.of(page),
    close: () => browser.close(),
  };
}

/** That a page holds no more than before: of the heap so many megabytes, of everything else nothing. */
function assertHeld(t: TestContext, held: Held, before: Held, most = 1): void {
  const { heap, ...others } = held;
  const { heap: heapBefore, ...othersBefore } = before;
  const grown = (heap - heapBefore) / MEGABYTE;
  t.diagnostic(`heap ${(heapBefore / MEGABYTE).toFixed(2)} MB, then ${grown.toFixed(2)} MB more`);
  for (const [what, count] of Object.entries(others)) {
    const most = othersBefore[what as keyof typeof others];
    assert.ok(count <= most, `${what}: ${count}, before ${most}`);
  }
  assert.ok(grown <= most, `${grown} MB more`);
}

describe('long lives', { concurrency: 3 }, () => {
  for (const installed of installedEngines()) {
    describe(installed.name, { timeout: 400_000, concurrency: 1 }, () => {
      let opened: Opened;
      let coming: LongLifeSite;
      let passing: LongLifeSite;

      before(async () => {
        coming = await startLongLifeSite(await bundledPage('test/e2e/long-life-page.ts'));
        passing = await startLongLifeSite(await bundledPage('test/e2e/long-life-days.ts'));
        opened = await openPage(installed);
      });

      after(async () => {
        await opened?.close();
        await coming?.close();
        await passing?.close();
      });

      /** Every element is collected, in engines that do not count their objects as far as they can. */
      async function assertCollected(mounted: number): Promise<void> {
        const { page, heap } = opened;
        if (heap) assert.equal(await heap.instances(`customElements.get('didit-verify')`), 0);
        const wanted = heap ? 0 : Math.floor(mounted * (1 - UNCOLLECTED));
        const { collected } = await page.evaluate((least) => lives.collect(least), wanted);
        assert.ok(collected >= wanted, `${collected} of ${mounted} are collected`);
      }

      it('elements that come and go: nothing is held on to', async (t) => {
        const { page, heap } = opened;
        await page.goto(coming.origin);
        // The first of each kind: code is compiled, words are loaded, buffers find their size.
        await page.evaluate(() => lives.liveAll(1));
        const begun = await heap?.held();
        const already = coming.counts().created;
        const wanted = heap ? LIVES : FEWER_LIVES;
        const { mounted } = await page.evaluate((least) => lives.liveAll(least), wanted);
        const sessions = coming.counts().created - already;
        t.diagnostic(`${mounted} elements, ${sessions} sessions`);
        if (heap) assertHeld(t, await heap.held(), begun!);
        await assertCollected(mounted);
        assert.deepEqual(await heap?.detached(), heap ? [] : undefined);
        await coming.quiet();
        const { open, streams } = coming.counts();
        assert.deepEqual([open, streams], [0, 0]);
        assert.ok((await page.evaluate(() => lives.stored())) <= FOUND_AGAIN);
      });

      it('elements that come and go: nothing is under way', async () => {
        const { page } = opened;
        await page.goto(coming.origin);
        // From now on it is counted; a driver has a timer in the page for each of its calls.
        await page.evaluate(() => lives.underWay());
        const idle = await page.evaluate(() => lives.underWay());
        await page.evaluate(() => lives.liveAll(100));
        const tired = performance.now() + LATE_MS;
        let left = await page.evaluate(() => lives.underWay());
        while (!isDeepStrictEqual(left, idle) && performance.now() < tired) {
          await pause(20);
          left = await page.evaluate(() => lives.underWay());
        }
        assert.deepEqual(left, idle);
      });

      it('many on one page: a session each, and what is shared is shared', async (t) => {
        const { page, heap } = opened;
        const count = heap ? CROWD : FEWER_IN_CROWD;
        await page.goto(coming.origin);
        await page.evaluate(() => sessionStorage.clear());
        await page.evaluate(() => lives.gather(10));
        await page.evaluate(() => lives.disperse());
        await page.evaluate(() => sessionStorage.clear());
        const begun = await heap?.held();
        const few = await page.evaluate((least) => lives.gather(least), count / 4);
        await page.evaluate(() => lives.disperse());
        await page.evaluate(() => sessionStorage.clear());
        const crowd = await page.evaluate((most) => lives.gather(most), count);
        const { sessions, resumed, sheets, regions, said, nodes } = crowd;
        assert.deepEqual([sessions, resumed, sheets, regions], [count, 0, 1, [1]]);
        const held = await heap?.held();
        await page.evaluate(() => lives.disperse());
        if (heap) assertHeld(t, await heap.held(), begun!);

        // Loaded anew, those that were kept are found again, each by one.
        await page.goto(coming.origin);
        assert.equal(await page.evaluate(() => lives.stored()), FOUND_AGAIN);
        const again = await page.evaluate((some) => lives.gather(some), 2 * FOUND_AGAIN);
        assert.deepEqual([again.sessions, again.resumed], [2 * FOUND_AGAIN, FOUND_AGAIN]);
        await page.evaluate(() => lives.disperse());

        t.diagnostic(`a quarter in ${few.milliseconds} ms, all in ${crowd.milliseconds} ms`);
        t.diagnostic(`elements in each shadow tree: ${nodes.join()}; each says: ${said.join()}`);
        t.diagnostic(`at most ${coming.counts().mostOpen} requests at a time`);
        if (!held) return;
        t.diagnostic(`${(held.heap - begun!.heap) / count / 1024} kB of heap for each`);
        t.diagnostic(`${(held.nodes - begun!.nodes) / count} nodes for each`);
      });

      describe('in a time of its own', () => {
        before(async () => {
          await opened.page.goto(`${passing.origin}/framed`);
        });

        it('one of the nights is an hour short', async () => {
          assert.equal(await opened.page.evaluate(() => days.losesAnHour()), true);
        });

        for (const { course, amount, brief, expected } of ROWS) {
          it(course, async (t) => {
            const { page, heap } = opened;
            const live = (given: { course: typeof course; amount: number }) =>
              page.evaluate((row) => days.live(row.course, row.amount), given);
            if (!heap) return assertCourse(await live({ course, amount: brief }), expected(brief));
            await live({ course, amount: brief });
            const begun = await heap.held();
            assertCourse(await live({ course, amount }), expected(amount));
            assertHeld(t, await heap.held(), begun, COURSE_GROWTH);
          });
        }
      });
    });
  }
});
