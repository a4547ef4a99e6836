import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startProcess } from './questions.js';

/** Far more than it takes. */
const LIMIT = { timeout: 280_000 };

/** More creates than anything is kept of, so that from then on each new one has an old one forgotten. */
const FILL = 20_000;
const BETWEEN = 20_000;
const PARTS = 4;

/** What may come and go: 40,000 requests that each left 50 bytes would leave as much. */
const FLAT = 2_000_000;

interface Run {
  readonly ms: number;
  readonly p50: number;
  readonly p99: number;
}

interface Counts {
  readonly statuses: Record<string, number>;
  readonly types: Record<string, number>;
  readonly upstreamCalls: number;
  readonly created: number;
}

describe('100,000 requests', LIMIT, () => {
  it('leave nothing behind but what is kept', async (test) => {
    const { ask, letGo, ended } = startProcess(test, 'many-requests.ts');
    const heaps: number[] = [];
    let requests = 0;
    const part = async (count: number, kind: 'create' | 'mix') => {
      const { ms, p50, p99 } = await ask<Run>('run', { count, kind });
      const { heap, rss } = await ask<{ heap: number; rss: number }>('held');
      requests += count;
      heaps.push(heap);
      const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
      test.diagnostic(
        `${requests} requests: ${(count / (ms / 1000)).toFixed(0)} a second, ${p50.toFixed(1)} ms ` +
          `(half), ${p99.toFixed(1)} ms (99 %), heap ${megabytes(heap)}, all ${megabytes(rss)}`,
      );
    };
    await part(FILL, 'create');
    for (let index = 0; index < PARTS; index++) await part(BETWEEN, 'mix');

    const [full = 0, , middle = 0] = heaps;
    const end = heaps.at(-1)!;
    assert.ok(end - middle < FLAT, `${end - middle} bytes more in the last 40,000`);
    // Sessions that webhooks were heard of are heavier than those that were only created.
    assert.ok(end - full < 3 * FLAT, `${end - full} bytes more in the last 80,000`);

    const { statuses, types, upstreamCalls, created } = await ask<Counts>('counts');
    test.diagnostic(JSON.stringify({ statuses, types, upstreamCalls, created }));
    assert.equal(
      Object.values(statuses).reduce((sum, count) => sum + count),
      requests,
    );
    assert.equal(requests, 100_000);
    // As the mix has it: in ten requests two creates, and a stream.
    const mixed = PARTS * BETWEEN;
    assert.equal(created, FILL + 0.2 * mixed);
    assert.deepEqual([types['events.opened'], types['events.closed']], [0.1 * mixed, 0.1 * mixed]);
    for (const type of ['internal.failed', 'hook.failed', 'storage.failed']) {
      assert.equal(types[type], undefined, type);
    }
    assert.equal(statuses['500'], undefined);
    await ask('close');
    letGo();
    assert.deepEqual(await ended, [0, null]);
  });
});
