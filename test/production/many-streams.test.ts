import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { assertSpread, retryOf, statusMessage } from './event-messages.js';
import { openPages, playDidit, type Page } from './pages.js';
import { startProcess } from './questions.js';

/** Far more than it takes. */
const LIMIT = { timeout: 180_000 };

const WORDS = ['In Progress', 'Awaiting User', 'Resubmitted'];

/** Ten words that decide nothing, each unlike the one before. */
const CHANGES = Array.from({ length: 10 }, (_, index) => WORDS[index % WORDS.length]!);

/** How often each message was heard. */
type Heard = Record<string, number>;

/** The open streams of a process; what they hear is told once all of them have heard it. */
interface Streams {
  readonly open: (count: number) => Promise<Heard>;
  /** Of so many of them. */
  readonly change: (status: string, count: number) => Promise<Heard>;
  /** Shuts the server part down: the last messages. */
  readonly close: () => Promise<Heard>;
  /** What comes after those. */
  readonly end: () => Promise<Heard>;
  readonly site: ReturnType<typeof startProcess>;
}

function asFunctions(test: TestContext): Streams {
  const site = startProcess(test, 'function-streams.ts');
  return {
    open: (count) => site.ask('open', count),
    change: (status, count) => site.ask('change', { status, count }),
    close: () => site.ask('close'),
    end: () => site.ask('end'),
    site,
  };
}

/** What each page hears next. */
async function heard(pages: readonly Page[]): Promise<Heard> {
  const messages: Heard = {};
  for (const message of await Promise.all(pages.map(({ next }) => next()))) {
    const text = message ?? 'the end';
    messages[text] = (messages[text] ?? 0) + 1;
  }
  return messages;
}

async function onSockets(test: TestContext): Promise<Streams> {
  const { url, state } = await playDidit(test);
  const site = startProcess(test, 'site-process.ts', [url]);
  const port = await site.ask<number>('port');
  const pages: Page[] = [];
  return {
    async open(count) {
      const opened = await openPages(port, count);
      pages.push(...opened);
      return heard(opened);
    },
    async change(status, count) {
      // It may ask, too.
      state.word = status;
      await site.ask('change', { status, count });
      return heard(pages.slice(0, count));
    },
    async close() {
      await site.ask('close');
      return heard(pages);
    },
    end: () => heard(pages),
    site,
  };
}

/** Bytes for each stream that were measured. */
interface Measured {
  /** By the first half of the streams, and by the second. */
  readonly first: number;
  readonly second: number;
  /** By ten changes. */
  readonly grown: number;
  /** When all is over. */
  readonly left: number;
}

/** Goes through the life of so many streams, some of which change; all of them hear everything. */
async function live(streams: Streams, count: number, changing: number): Promise<Measured> {
  const { open, change, close, end, site } = streams;
  const bytes = () => site.ask<number>('bytes');
  const more = async (added: number) => {
    assert.deepEqual(await open(added), { [statusMessage('Not Started')]: added });
    return bytes();
  };
  // With a few of them there is what is needed once.
  const few = count / 50;
  const start = await more(few);
  const half = await more(count / 2 - few);
  const all = await more(count / 2);
  for (const status of CHANGES) {
    assert.deepEqual(await change(status, changing), { [statusMessage(status)]: changing });
  }
  const changed = await bytes();
  const retries = Object.entries(await close()).flatMap(([message, times]) =>
    Array<number>(times).fill(retryOf(message)),
  );
  assert.equal(retries.length, count);
  assertSpread(retries);
  assert.deepEqual(await end(), { 'the end': count });
  assert.deepEqual(await site.ask('counts'), { 'events.opened': count, 'events.closed': count });
  return {
    first: (half - start) / (count / 2 - few),
    second: (all - half) / (count / 2),
    grown: (changed - all) / count,
    left: ((await bytes()) - start) / count,
  };
}

/** Whether memory stays flat; `most`: bytes for each stream that are generous. */
function assertFlat(test: TestContext, measured: Measured, most: Omit<Measured, 'first'>): void {
  const { first, second, grown, left } = measured;
  const told = `bytes for each stream: ${JSON.stringify(measured)}`;
  test.diagnostic(told);
  assert.ok(second < 1.5 * first, told);
  assert.ok(second < most.second, told);
  assert.ok(grown < most.grown, told);
  assert.ok(left < most.left, told);
}

/** Nothing is left that would keep the process alive. */
async function assertEnds({ letGo, ended }: Streams['site']): Promise<void> {
  letGo();
  assert.deepEqual(await ended, [0, null]);
}

describe('many streams', LIMIT, () => {
  it('are 10,000, without a network', async (test) => {
    const streams = asFunctions(test);
    const measured = await live(streams, 10_000, 1000);
    assertFlat(test, measured, { second: 25_000, grown: 2000, left: 1500 });
    await assertEnds(streams.site);
  });

  it('are 1,000, on real sockets', async (test) => {
    const streams = await onSockets(test);
    const measured = await live(streams, 1000, 1000);
    // What there is once is more for each of fewer.
    assertFlat(test, measured, { second: 50_000, grown: 2000, left: 6000 });
    streams.site.kill('SIGTERM');
    await assertEnds(streams.site);
  });
});
