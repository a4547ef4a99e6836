import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { statusStream } from '../../src/server/status-stream.js';
import { clock, deferred, settle } from './helpers.js';

/**
 * A stream on a fake clock; `told` collects what a listener reads of it. `read`: what a look at Didit
 * hears; `change`: somebody else hears it.
 */
function streamed(test: TestContext, read: () => Promise<string>) {
  test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const state = { over: false, closing: false, ended: false, last: 'initialized' };
  const listeners: (() => void)[] = [];
  const source = {
    read: async () => (state.last = await read()),
    last: () => state.last,
    listen: (onChange: () => void) => void listeners.push(onChange),
    isOver: () => state.over,
    catchUp: async () => undefined,
    isClosing: () => state.closing,
    now: () => Date.now(),
  };
  const stop = new AbortController();
  const reader = statusStream(source, stop.signal, () => stop.abort()).getReader();
  const told: string[] = [];
  const listen = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      told.push(new TextDecoder().decode(value));
    }
    state.ended = true;
  };
  void listen();
  const pass = async (seconds: number) => {
    await settle();
    for (let second = 0; second < seconds; second++) {
      test.mock.timers.tick(1000);
      await settle();
    }
  };
  const change = (status: string) => {
    state.last = status;
    for (const onChange of listeners) onChange();
  };
  return { told, state, stop, reader, pass, change };
}

/** Of a session that is not over, on a server that stays. */
const lasting = {
  last: () => 'initialized',
  listen: () => undefined,
  isOver: () => false,
  catchUp: async () => undefined,
  isClosing: () => false,
};

const never = () => new Promise<never>(() => undefined);

const STATUS = /^event: status\ndata: (\{.*\})\n\n$/;

function statusOf(message: string | undefined): unknown {
  return (JSON.parse(STATUS.exec(message ?? '')?.[1] ?? '{}') as { status?: unknown }).status;
}

describe('statusStream', () => {
  it('tells the status at once, and then only when it has changed', async (test) => {
    let status = 'initialized';
    const { told, pass } = streamed(test, async () => status);
    await pass(0);
    assert.deepEqual(told, ['event: status\ndata: {"status":"initialized"}\n\n']);
    await pass(5);
    assert.equal(told.length, 1);
    status = 'retrieved';
    await pass(1);
    assert.equal(statusOf(told[1]), 'retrieved');
  });

  it('cannot be broken out of by a status', async (test) => {
    const { told, pass } = streamed(test, async () => 'a\n\nevent: x\rdata: y');
    await pass(0);
    assert.equal(told.length, 1);
    assert.equal(statusOf(told[0]), 'a\n\nevent: x\rdata: y');
  });

  it('ends with the last status', async (test) => {
    const { told, state, pass } = streamed(test, async () => 'confirmed');
    Object.assign(state, { over: true, last: 'confirmed' });
    await pass(0);
    assert.equal(told.length, 1);
    assert.equal(state.ended, true);
  });

  it('has a heartbeat when there was nothing to tell for 8 seconds', async (test) => {
    let status = 'initialized';
    const { told, pass } = streamed(test, async () => status);
    await pass(7);
    assert.equal(told.length, 1);
    await pass(1);
    assert.deepEqual(told.slice(1), [':\n\n']);
    status = 'retrieved';
    await pass(1);
    await pass(7);
    assert.equal(told.length, 3);
    await pass(1);
    assert.equal(told[3], ':\n\n');
  });

  it('tells what was last heard while a decision takes its time, and its heart beats', async (test) => {
    const decision = deferred<string>();
    const { told, pass } = streamed(test, () => decision.promise);
    await pass(1);
    assert.equal(statusOf(told[0]), 'initialized');
    await pass(17);
    assert.deepEqual(told.slice(1), [':\n\n', ':\n\n']);
    decision.resolve('confirmed');
    await pass(1);
    assert.equal(statusOf(told[3]), 'confirmed');
  });

  it('tells the last status also where the session ended before anybody took the one before', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    let status = 'retrieved';
    const source = {
      read: async () => status,
      ...lasting,
      last: () => status,
      isOver: () => status === 'confirmed',
      now: () => Date.now(),
    };
    const reader = statusStream(source, new AbortController().signal, () => undefined).getReader();
    const next = async () => new TextDecoder().decode((await reader.read()).value);
    assert.equal(statusOf(await next()), 'retrieved');
    status = 'confirmed';
    const last = next();
    await settle();
    test.mock.timers.tick(1000);
    assert.equal(statusOf(await last), 'confirmed');
    assert.equal(await next(), '');
  });

  it('asks once a second', async (test) => {
    let reads = 0;
    const { pass } = streamed(test, async () => `status ${++reads}`);
    await pass(0);
    assert.equal(reads, 1);
    test.mock.timers.tick(999);
    await settle();
    assert.equal(reads, 1);
    test.mock.timers.tick(1);
    await settle();
    assert.equal(reads, 2);
  });

  it('asks once at a time', async (test) => {
    const asked: ReturnType<typeof deferred<string>>[] = [];
    const { pass } = streamed(test, () => {
      asked.push(deferred<string>());
      return asked.at(-1)!.promise;
    });
    await pass(5);
    assert.equal(asked.length, 1);
    asked[0]!.resolve('initialized');
    await pass(1);
    assert.equal(asked.length, 2);
  });

  it('tells what was last heard in place of a failure, and asks again', async (test) => {
    let fails = true;
    const { told, pass } = streamed(test, async () => {
      if (fails) throw new Error('no');
      return 'confirmed';
    });
    await pass(3);
    assert.deepEqual(told.map(statusOf), ['initialized']);
    fails = false;
    await pass(1);
    assert.deepEqual(told.map(statusOf), ['initialized', 'confirmed']);
  });

  it('ends after 10 minutes, and spreads those who come back', async (test) => {
    const { told, state, stop, pass } = streamed(test, async () => 'initialized');
    await pass(599);
    assert.equal(state.ended, false);
    await pass(1);
    assert.equal(state.ended, true);
    assert.equal(stop.signal.aborted, true);
    const [, retry] = /^retry: (\d+)\n\n$/.exec(told.at(-1) ?? '') ?? [];
    assert.ok(Number(retry) >= 1000 && Number(retry) <= 6000, retry);
  });

  it('tells within a second what others heard, also where nobody wakes it', async (test) => {
    const { told, state, pass } = streamed(test, never);
    await pass(1);
    state.last = 'retrieved';
    await pass(0);
    assert.deepEqual(told.map(statusOf), ['initialized']);
    await pass(1);
    assert.deepEqual(told.map(statusOf), ['initialized', 'retrieved']);
  });

  /** What comes next, by how many seconds the site's clock was moved before. */
  const MOVES: [string, [seconds: number, message: RegExp][]][] = [
    ['ends where the clock is put back to before it began', [[-1, /^retry: /]]],
    [
      'has a heartbeat at once where the clock is put back to before the last one',
      [
        [8, /^:\n\n$/],
        [-5, /^:\n\n$/],
      ],
    ],
  ];
  for (const [what, moves] of MOVES) {
    it(what, async (test) => {
      test.mock.timers.enable({ apis: ['setTimeout'] });
      const { now, pass } = clock();
      const source = { read: async () => 'initialized', ...lasting, now };
      const { signal } = new AbortController();
      const reader = statusStream(source, signal, () => undefined).getReader();
      await reader.read();
      for (const [seconds, message] of moves) {
        pass(seconds);
        const next = reader.read();
        await settle();
        test.mock.timers.tick(1000);
        assert.match(new TextDecoder().decode((await next).value), message);
      }
    });
  }

  for (const [random, retry] of [
    [0, 1000],
    [0.25, 2250],
    [1, 6000],
  ] as const) {
    it(`has a page come back after ${retry} ms by a chance of ${random}`, async (test) => {
      test.mock.method(Math, 'random', () => random);
      const { told, state, pass } = streamed(test, async () => 'initialized');
      state.closing = true;
      await pass(1);
      assert.equal(told.at(-1), `retry: ${retry}\n\n`);
    });
  }

  it('ends within a second when the server shuts down, and says when to come back', async (test) => {
    const { told, state, pass } = streamed(test, async () => 'initialized');
    await pass(1);
    state.closing = true;
    await pass(1);
    assert.equal(state.ended, true);
    assert.match(told.at(-1) ?? '', /^retry: \d+\n\n$/);
  });

  it('stops asking when nobody listens any more', async (test) => {
    let reads = 0;
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const stop = new AbortController();
    const read = async () => `status ${++reads}`;
    const source = { read, ...lasting, now: () => Date.now() };
    const reader = statusStream(source, stop.signal, () => stop.abort()).getReader();
    await reader.read();
    assert.equal(reads, 1);
    await reader.cancel();
    assert.equal(stop.signal.aborted, true);
    test.mock.timers.tick(60_000);
    await settle();
    assert.equal(reads, 1);
  });

  it('ends at once where the page is known to be gone', async (test) => {
    const { state, stop, pass } = streamed(test, async () => 'initialized');
    await pass(1);
    stop.abort();
    await pass(0);
    assert.equal(state.ended, true);
  });

  it('does not read ahead of its listener, nor listens before it has one', async () => {
    let calls = 0;
    const count = () => {
      calls++;
    };
    const source = { ...lasting, read: async () => count(), listen: count, now: () => 0 };
    statusStream(source, new AbortController().signal, () => undefined);
    await settle();
    assert.equal(calls, 0);
  });
});

describe('statusStream, a change that somebody else hears', () => {
  it('is told at once, and once', async (test) => {
    const { told, pass, change } = streamed(test, async () => 'retrieved');
    await pass(0);
    for (const status of ['In Progress', 'confirmed']) {
      change(status);
      await pass(0);
    }
    assert.deepEqual(told.map(statusOf), ['retrieved', 'In Progress', 'confirmed']);
  });

  it('is told once where a look hears it, too', async (test) => {
    let status = 'initialized';
    const { told, pass, change } = streamed(test, async () => status);
    await pass(0);
    status = 'retrieved';
    change(status);
    await pass(3);
    assert.deepEqual(told.map(statusOf), ['initialized', 'retrieved']);
  });

  it('has no look come sooner or later, nor twice', async (test) => {
    let reads = 0;
    const { pass, change } = streamed(test, async () => `status ${++reads}`);
    await pass(0);
    const counts: number[] = [];
    for (const ms of [500, 499, 1, 999, 1]) {
      test.mock.timers.tick(ms);
      change(`after ${ms} ms`);
      await settle();
      counts.push(reads);
    }
    assert.deepEqual(counts, [1, 1, 2, 2, 3]);
  });

  it('may be followed by another at once: the last one is told', async (test) => {
    const { told, pass, change } = streamed(test, async () => 'initialized');
    await pass(0);
    change('retrieved');
    change('confirmed');
    await pass(0);
    assert.equal(statusOf(told.at(-1)), 'confirmed');
    assert.equal(told.length, 2);
  });

  it('is told while a look takes its time, at first and later', async (test) => {
    const { told, pass, change } = streamed(test, never);
    await pass(0);
    assert.equal(told.length, 0);
    for (const status of ['retrieved', 'confirmed']) {
      change(status);
      await pass(0);
    }
    assert.deepEqual(told.map(statusOf), ['retrieved', 'confirmed']);
  });

  it('ends the stream at once where it was the last', async (test) => {
    const { told, state, pass, change } = streamed(test, async () => 'initialized');
    await pass(0);
    change('confirmed');
    // As the tracker does: in the same task, later.
    state.over = true;
    await pass(0);
    assert.deepEqual(told.map(statusOf), ['initialized', 'confirmed']);
    assert.equal(state.ended, true);
  });

  it('is told at once to a listener that comes back to it', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    let status = 'initialized';
    let wake = () => {};
    const listen = (onChange: () => void) => void (wake = onChange);
    const read = async () => status;
    const source = { ...lasting, read, last: () => status, listen, now: () => Date.now() };
    const reader = statusStream(source, new AbortController().signal, () => undefined).getReader();
    await reader.read();
    status = 'retrieved';
    wake();
    await settle();
    let told: unknown;
    void reader.read().then(({ value }) => (told = statusOf(new TextDecoder().decode(value))));
    await settle();
    assert.equal(told, 'retrieved');
  });
});
