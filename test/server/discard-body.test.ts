import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { discardBody } from '../../src/server/discard-body.js';
import { settle } from './helpers.js';

const CHUNK = new Uint8Array(1_048_576);

/** A body of so many megabytes; how many were read of it. */
function bodyOf(megabytes: number) {
  let read = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        if (read === megabytes) return controller.close();
        read++;
        controller.enqueue(CHUNK);
      },
    },
    { highWaterMark: 0 },
  );
  return { body, read: () => read };
}

describe('discardBody', () => {
  it('reads to the end', async () => {
    const { body, read } = bodyOf(5);
    await discardBody({ body });
    assert.equal(read(), 5);
    assert.equal((await body.getReader().read()).done, true);
  });

  it('reads what somebody else has left', async () => {
    const { body, read } = bodyOf(5);
    const reader = body.getReader();
    await reader.read();
    reader.releaseLock();
    await discardBody({ body });
    assert.equal(read(), 5);
  });

  it('reads no more than eight megabytes', async () => {
    const { body, read } = bodyOf(100);
    await discardBody({ body });
    assert.equal(read(), 9);
    assert.equal(body.locked, false);
  });

  it('waits for no longer than half a second', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>();
    let isDone = false;
    void discardBody({ body }).then(() => (isDone = true));
    test.mock.timers.tick(499);
    await settle();
    assert.equal(isDone, false);
    test.mock.timers.tick(1);
    await settle();
    assert.equal(isDone, true);
    assert.equal(body.locked, false);
  });

  it('is done with a body that breaks off, is somebody else’s, or is not there', async () => {
    const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => controller.error(new Error('gone')),
    });
    await discardBody({ body: broken });
    const { body, read } = bodyOf(1);
    body.getReader();
    await discardBody({ body });
    assert.equal(read(), 0);
    await discardBody({ body: null });
    await discardBody(undefined);
  });
});
