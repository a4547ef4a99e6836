import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Closing } from '../../src/sandbox/closing.js';
import { deferred } from '../server/helpers.js';

test('closing aborts all that is under way, and what starts later', async () => {
  const closing = new Closing();
  const signals: AbortSignal[] = [];
  const { promise, resolve } = deferred();
  const run = () =>
    closing.run(({ signal }) => {
      signals.push(signal);
      return promise;
    });
  const tasks = [run(), run()];
  assert.deepEqual(
    [closing.isClosed, signals.map(({ aborted }) => aborted)],
    [false, [false, false]],
  );
  closing.close();
  tasks.push(run());
  assert.deepEqual(
    [closing.isClosed, signals.map(({ aborted }) => aborted)],
    [true, [true, true, true]],
  );
  resolve();
  await Promise.all(tasks);
});

test('what is done, or has failed, is let go of', async () => {
  const closing = new Closing();
  let signal: AbortSignal | undefined;
  const done = await closing.run(async (controller) => {
    signal = controller.signal;
    return 'done';
  });
  const failure = closing.run(() => Promise.reject(new Error('broken')));
  await assert.rejects(failure, /broken/);
  closing.close();
  assert.deepEqual([done, signal?.aborted], ['done', false]);
});
