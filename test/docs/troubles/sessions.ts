import { signWebhook } from 'didit-verify/server';
import { createSandbox } from 'didit-verify/sandbox';
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { startProgram } from '../../bin/program.js';
import { ENDPOINT, openTroubled, SESSION, TAG, type Trouble } from '../troubled-page.js';
import { post, site, told, verification, type Created } from './backend.js';
import {
  errorOf,
  openReady,
  sessionIdIn,
  tag,
  to,
  untilState,
  words,
  type Case,
  type Cases,
} from './symptoms.js';

const EVENTS = '/events';
const STATUS = '/status';

/** A backend of one's own, whose stream is answered so; its status is Approved. */
function withStream(stream: () => Response | Promise<Response>): Trouble {
  return {
    body: TAG,
    answer(request) {
      const { pathname } = new URL(request.url);
      if (pathname === EVENTS) return stream();
      if (pathname === STATUS) return Response.json({ status: 'Approved' });
      return pathname === ENDPOINT
        ? Response.json({ ...SESSION, status_url: STATUS, events_url: EVENTS })
        : undefined;
    },
  };
}

/** Opens a page, and lets its person confirm on the phone. */
async function confirmed(t: TestContext, options: Trouble['options']) {
  const opened = await openReady(t, { body: TAG, options });
  const sessionId = await sessionIdIn(opened.page);
  opened.sandbox.play(sessionId, 'open');
  opened.sandbox.play(sessionId, 'confirm');
  return opened;
}

/** “The status does not change”. */
export const status: Cases = {
  'The code stays, and nothing is asked for after the POST': async (t) => {
    const answer = to(ENDPOINT, () => Response.json(SESSION));
    const { page, asked } = await openTroubled(t, { body: TAG, answer, before: undefined });
    await untilState(page, 'ready');
    await page.clock.install();
    await page.clock.runFor(20_000);
    const requests = asked.filter((request) => !/GET \/($|dist|icon)/.test(request));
    assert.deepEqual(requests, [`POST ${ENDPOINT}`]);
    return requests;
  },
  'Changes come some seconds late, and the page polls': async (t) => {
    const { page, asked } = await openTroubled(
      t,
      withStream(() => new Promise(() => undefined)),
    );
    await untilState(page, 'approved');
    assert.ok(asked.indexOf(`GET ${EVENTS}`) < asked.indexOf(`GET ${STATUS}`), asked.join('\n'));
  },
  'Changes come half a minute late': async (t) => {
    const first = 'event: status\ndata: {"status":"Not Started"}\n\n';
    const held = () =>
      new Response(
        new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode(first)) }),
        { headers: { 'Content-Type': 'text/event-stream' } },
      );
    const { page } = await openTroubled(t, withStream(held));
    const begun = Date.now();
    await untilApproved(page);
    assert.ok(Date.now() - begun > 20_000);
  },
  'Changes come once the tab is in front': async (t) => {
    const body = tag('poll-interval="100"');
    const { page, asked, sandbox } = await openReady(t, { body, options: { events: false } });
    await page.waitForRequest((request) => request.url().includes('session='));
    await hide(page, true);
    const sessionId = await sessionIdIn(page);
    const before = asked.length;
    sandbox.play(sessionId, 'open');
    sandbox.play(sessionId, 'confirm');
    // It would have asked ten times.
    await page.waitForTimeout(1000);
    // One may have been on its way.
    assert.ok(asked.length <= before + 1, asked.join('\n'));
    await hide(page, false);
    await untilState(page, 'approved');
  },
  'status has a new word, and state stays': async (t) => {
    const answer = ({ url }: Request) => {
      const { pathname } = new URL(url);
      if (pathname === STATUS) return Response.json({ status: 'Finished' });
      return pathname === ENDPOINT ? Response.json({ ...SESSION, status_url: STATUS }) : undefined;
    };
    const { page } = await openTroubled(t, { body: tag('poll-interval="100"'), answer });
    await page.waitForFunction(() => document.querySelector('didit-verify')!.status === 'Finished');
    const { state } = await page.evaluate(() => ({
      state: document.querySelector('didit-verify')!.state,
    }));
    assert.equal(state, 'ready');
    return 'status state';
  },
  '404 since the last release, or now and then': async (t) => {
    const [before, now] = ['b'.repeat(32), 'n'.repeat(32)];
    const { status_url } = await site(t, { secret: before }).create();
    const ask = async (secret: string | string[]) =>
      (await site(t, { secret }).send({}, status_url)).status;
    assert.equal(await ask(now), 404);
    // It is opened, though that session is not in this sandbox.
    assert.notEqual(await ask([now, before]), 404);
  },
  'Of two tags one hears later': async (t) => {
    const { page, asked } = await openTroubled(t, { body: TAG + TAG });
    await page.waitForFunction(() =>
      [...document.querySelectorAll('didit-verify')].every(({ state }) => state === 'ready'),
    );
    await page.waitForRequest((request) => {
      const { pathname, search } = new URL(request.url());
      return pathname === ENDPOINT && search !== '' && !search.includes('events');
    });
    assert.equal(asked.filter((request) => request.includes('&events')).length, 1);
  },
};

/** “The decision”. */
export const decision: Cases = {
  '“You are verified.”, and nothing is saved': async (t) => {
    const { page } = await confirmed(t, {});
    await untilState(page, 'approved');
    return words(page);
  },
  'The phone is done, the page says “Continue on your phone.”; decision.failed in the log': async (
    t,
  ) => {
    const log: string[] = [];
    const { page, sandbox } = await openReady(t, {
      body: TAG,
      options: {
        onDecision: () => Promise.reject(new Error('No database')),
        log: ({ type }) => log.push(type),
      },
    });
    const sessionId = await sessionIdIn(page);
    sandbox.play(sessionId, 'open');
    await untilState(page, 'in-progress');
    sandbox.play(sessionId, 'confirm');
    while (!log.includes('decision.failed')) await page.waitForTimeout(100);
    return [await words(page), log];
  },
  '“You could not be verified.”, though Didit approved; decision.refused in the log': async (t) => {
    const log: string[] = [];
    const { page } = await confirmed(t, {
      onDecision: () => ({ accept: false }),
      log: ({ type }) => log.push(type),
    });
    await untilState(page, 'declined');
    return [await words(page), log];
  },
  '“You could not be verified.”, though Didit approved; decision.mismatched in the log': async (
    t,
  ) => {
    const log: string[] = [];
    const sandbox = createSandbox({ publicUrl: 'https://app.didit.me' });
    const { page } = await openReady(t, {
      body: TAG,
      options: {
        ...{ clientId: 'sandbox', clientSecret: 'sandbox-secret' },
        // Somebody else's decision.
        async fetch(input, init) {
          const response = await sandbox.fetch(new Request(input, init));
          if (!new Request(input).url.includes('/decision/')) return response;
          return Response.json({ ...((await response.json()) as object), vendor_data: 'other' });
        },
        log: ({ type }) => log.push(type),
      },
    });
    const sessionId = await sessionIdIn(page);
    sandbox.play(sessionId, 'open');
    sandbox.play(sessionId, 'confirm');
    await untilState(page, 'declined');
    return [await words(page), log];
  },
  'Saved twice': async (t) => {
    const keys: string[] = [];
    const { create, sandbox, didit } = site(t, {
      onDecision: (_, { idempotencyKey }) => void keys.push(idempotencyKey),
    });
    const { session_id, status_url } = await create();
    sandbox.play(session_id, 'open');
    sandbox.play(session_id, 'confirm');
    await didit.settle(session_id);
    // Another process of the same site.
    const other = site(t, {
      fetch: (input, init) => sandbox.fetch(new Request(input, init)),
      onDecision: (_, { idempotencyKey }) => void keys.push(idempotencyKey),
    });
    await other.send({}, status_url);
    await other.didit.settle(session_id);
    assert.equal(keys.length, 2);
    assert.equal(new Set(keys).size, 1);
  },
  'Nothing is saved for people who closed the page': async (t) => {
    const saved: string[] = [];
    const first = verification(t);
    const { session_id } = await first.create();
    first.didit.close();
    first.sandbox.play(session_id, 'open');
    first.sandbox.play(session_id, 'approve');
    const next = verification(t, {
      fetch: (input, init) => first.sandbox.fetch(new Request(input, init)),
      onDecision: (_, { sessionId }) => void saved.push(sessionId),
    });
    assert.deepEqual(saved, []);
    assert.equal(await next.didit.settle(session_id), 'Approved');
    assert.deepEqual(saved, [session_id]);
  },
  'A webhook is answered 401; webhook.refused in the log': async (t) => {
    const { didit, log } = verification(t, { webhookSecrets: ['right'] });
    const webhook = await signWebhook({ session_id: '1', status: 'Approved' }, 'wrong');
    const response = await didit.webhook(new Request('https://shop.example/webhook', webhook));
    assert.equal(response.status, 401);
    return told(response, log);
  },
  'A webhook is answered 404': async (t) => {
    const { didit } = verification(t);
    const webhook = await signWebhook({ session_id: '1', status: 'Approved' }, 'any');
    const response = await didit.webhook(new Request('https://shop.example/webhook', webhook));
    assert.equal(response.status, 404);
  },
};

/** Of all sessions that are created within a page. */
function count(asked: readonly string[]): number {
  return asked.filter((request) => request.startsWith('POST')).length;
}

/** “Expiry, and too many sessions”. */
export const expiry: Cases = {
  'The code is replaced again and again, then “This code has expired.”': async (t) => {
    const options = { sessionLifetime: 1 };
    const { page, asked } = await openTroubled(t, { body: TAG, options, before: countSessions });
    // It may be so for a moment, too, before the next one is there.
    await page.waitForFunction(() => {
      const { state } = document.querySelector('didit-verify')!;
      return globalThis.sessionsCreated === 1 + 5 && state === 'expired';
    });
    assert.equal(count(asked), 1 + 5);
    return words(page);
  },
  'session.expiresAt is null, though the backend sends expires_at': async (t) => {
    const expires_at = new Date(Date.now() - 1000).toISOString();
    const answer = to(ENDPOINT, () => Response.json({ ...SESSION, expires_at }));
    const { page } = await openReady(t, { body: TAG, answer });
    const value = await page.evaluate(
      () => document.querySelector('didit-verify')!.session!.expiresAt,
    );
    return ['session.expiresAt', String(value), 'expires_at'];
  },
  'The code ends an hour early or late': async (t) => {
    const moment = '2099-07-01T12:00:00';
    const ends = async (expires_at: string) => {
      const answer = to(ENDPOINT, () => Response.json({ ...SESSION, expires_at }));
      const { page } = await openReady(t, { body: TAG, answer });
      return page.evaluate(() => {
        const end = document.querySelector('didit-verify')!.session!.expiresAt!;
        return { end: end.getTime(), local: end.getHours() };
      });
    };
    assert.equal((await ends(moment)).local, 12);
    assert.equal((await ends(`${moment}Z`)).end, Date.parse(`${moment}Z`));
  },
  'Two sessions at once': async (t) => {
    const { page, asked } = await openTroubled(t, {
      body: `${TAG}<div style="display: none">${TAG}</div>`,
    });
    await page.waitForFunction(() =>
      [...document.querySelectorAll('didit-verify')].every(({ state }) => state === 'ready'),
    );
    assert.equal(count(asked), 2);
  },
  'A second session right after the first': async (t) => {
    const { page, asked } = await openReady(t, { body: TAG, options: { scope: 'names' } });
    await page.evaluate(() => (document.querySelector('didit-verify')!.scope = 'names'));
    await page.waitForFunction(() => document.querySelector('didit-verify')!.state === 'loading');
    await untilState(page, 'ready');
    assert.equal(count(asked), 2);
  },
  'A new session after each reload': async (t) => {
    const own = to(ENDPOINT, () => Response.json(SESSION));
    for (const trouble of [{ body: tag('no-resume') }, { body: TAG, answer: own }]) {
      const { page, asked } = await openReady(t, trouble);
      await page.reload();
      await untilState(page, 'ready');
      assert.equal(count(asked), 2);
    }
    const { page, asked } = await openReady(t, { body: TAG });
    await page.reload();
    await untilState(page, 'ready');
    assert.equal(count(asked), 1);
  },
  'The session of somebody else': async (t) => {
    const { create } = verification(t, { getUser: () => ({ vendorData: 'everybody' }) });
    const sessions: Created[] = [await create(), await create()];
    assert.equal(sessions[0]!.session_id, sessions[1]!.session_id);
  },
};

/** “The sandbox”. */
export const ownSandbox: Cases = {
  'unsafe-url The url is not https: on a host of allowed-hosts.': (t) =>
    errorOf(t, { body: TAG, options: withLocalSandbox() }),
  '502; sandbox-in-production in the log': async (t) => {
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    t.after(() => {
      if (before === undefined) delete process.env.NODE_ENV;
      else process.env.NODE_ENV = before;
    });
    const { send, log } = site(t);
    const response = await send(post());
    assert.equal(response.status, 502);
    return told(response, log);
  },
  '502; refused and 403 in the log': async (t) => {
    const { send, log } = verification(t, { apiKey: 'another' });
    const response = await send(post());
    assert.equal(response.status, 502);
    return told(response, log);
  },
  'is taken. Try another: --port': async (t) => {
    const start = (port: string) =>
      startProgram(t, ['dist/bin/didit-verify.js'], ['sandbox', '--port', port]);
    const [, port] = await start('0').says(/127\.0\.0\.1:(\d+)\n/);
    const second = start(port!);
    assert.equal(await second.ended, 1);
    return second.output.error;
  },
};

/** Codes lead to where it is asked, as those of the program do. */
function withLocalSandbox(): Trouble['options'] {
  const sandbox = createSandbox();
  return {
    ...{ clientId: 'sandbox', clientSecret: 'sandbox-secret' },
    apiUrl: 'http://127.0.0.1:4000',
    fetch: (input, init) => sandbox.fetch(new Request(input, init)),
  };
}

type Page = Awaited<ReturnType<typeof openReady>>['page'];

async function untilApproved(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('didit-verify')!.state === 'approved',
    undefined,
    { timeout: 50_000 },
  );
}

function hide(page: Page, isHidden: boolean): Promise<void> {
  return page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}

export const localUrl: Case = async (t) => {
  const { page } = await openReady(t, {
    body: tag('allowed-hosts="127.0.0.1"'),
    options: withLocalSandbox(),
  });
  return page.evaluate(
    () => new URL(document.querySelector('didit-verify')!.session!.url).hostname,
  );
};

/** Runs in the page. */
function countSessions(): void {
  globalThis.sessionsCreated = 0;
  document.addEventListener('session-created', () => globalThis.sessionsCreated!++);
}

declare global {
  /** How many sessions a page has heard of, where it counts them. */
  var sessionsCreated: number | undefined;
}
