import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { deferred } from '../server/helpers.js';
import { assertSpread, retryOf, statusMessage } from './event-messages.js';
import { create, listen, openPages, playDidit, type Page } from './pages.js';
import { startProcess } from './questions.js';

const LIMIT = { timeout: 60_000 };
const STREAMS = 200;

const nextOf = (pages: readonly Page[]) => Promise.all(pages.map(({ next }) => next()));

/** The same from each page. */
const each = (message: string | null) => Array<string | null>(STREAMS).fill(message);

describe('a server that is told to end', LIMIT, () => {
  it('ends streams and creates in good order, and another one goes on', async (test) => {
    const didit = await playDidit(test);
    const start = () => startProcess(test, 'site-process.ts', [didit.url]);
    const site = start();
    const port = await site.ask<number>('port');

    const pages = await openPages(port, STREAMS);
    assert.deepEqual(await nextOf(pages), each(statusMessage('Not Started')));
    didit.state.word = 'In Progress';
    await site.ask('change', { status: 'In Progress', count: STREAMS });
    assert.deepEqual(await nextOf(pages), each(statusMessage('In Progress')));

    const asked = deferred();
    const answered = deferred();
    didit.state.onCreate = () => {
      asked.resolve();
      return answered.promise;
    };
    const creating = create(port, 'late');
    await asked.promise;
    site.letGo();
    site.kill('SIGTERM');
    const retries = (await nextOf(pages)).map(retryOf);
    assertSpread(retries);
    assert.deepEqual(await nextOf(pages), each(null));

    answered.resolve();
    assert.equal((await creating).http, 201);
    assert.deepEqual(await site.ended, [0, null]);

    const otherPort = await start().ask<number>('port');
    const soonest = Math.min(...retries);
    await setTimeout(soonest);
    const { person, query } = pages[retries.indexOf(soonest)]!;
    const { next } = await listen(otherPort, person, query);
    assert.equal(await next(), statusMessage('In Progress'));
  });
});
