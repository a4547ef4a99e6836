import { createSandbox, type SandboxEvent } from 'didit-verify/sandbox';
import { createDidit, type Didit } from 'didit-verify/server';
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, describe, it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { IN_THE_BACKEND, IN_THE_PAGE, type Case } from './counted-cases.js';
import { openCounted } from './counted-page.js';
import { Guide } from './guide.js';
import { inState } from './heard-page.js';
import { closeBrowser, openSnippet } from './snippet-page.js';
import { tableRows } from './table-rows.js';

const guide = new Guide('docs/sessions-and-money.md');

const BOUNDED = { timeout: 120_000 };

/** Longer than a tag waits for quiet: whatever was to come has come. */
const QUIET_MS = 700;

function tagOf({ attributes = '', before = '', around = (tag) => tag }: Case): string {
  return `${before}${around(`<didit-verify resolver-url="/api/didit/session" ${attributes}></didit-verify>`)}`;
}

async function countOf(t: TestContext, tested: Case): Promise<readonly string[]> {
  const { options, isVerification, act, state = 'ready' } = tested;
  const opened = await openCounted(t, {
    snippet: { html: tagOf(tested), options },
    isVerification,
  });
  await act?.(opened);
  await inState(opened.page, state);
  await pause(QUIET_MS);
  await inState(opened.page, state);
  return opened.count().map(String);
}

for (const [section, cases] of [
  ['In the page', IN_THE_PAGE],
  ['In the backend', IN_THE_BACKEND],
] as const) {
  describe(section, { concurrency: 3 }, () => {
    const rows = tableRows(guide.text, section);

    it('has a case for each row, and a row for each case', () => {
      assert.deepEqual(rows.map(([what]) => what).sort(), Object.keys(cases).sort());
    });

    for (const [what, requests, sessions] of rows) {
      it(`${what}: ${requests}, ${sessions}`, BOUNDED, async (t) => {
        assert.deepEqual(await countOf(t, cases[what!]!), [requests, sessions]);
      });
    }
  });
}

const ACCOUNT = { clientId: 'a-client', clientSecret: 'a-secret' };
const VERIFICATION = { apiKey: 'a-key', workflowId: 'any' };

/** The backend of a block, with the sandbox as Didit, and what the site has. */
function backendOf(code: string, site: Readonly<Record<string, unknown>>) {
  const sandboxEvents: SandboxEvent[] = [];
  const sandbox = createSandbox({
    ...ACCOUNT,
    apiKey: VERIFICATION.apiKey,
    log: (event) => void sandboxEvents.push(event),
  });
  const didits: Didit[] = [];
  const begin = (credentials: object) => {
    const here = { ...ACCOUNT, getUser: () => ({ vendorData: 'somebody' }), ...site };
    const own = (options: Parameters<typeof createDidit>[0]) => {
      const didit = createDidit({
        ...options,
        ...credentials,
        apiUrl: 'http://localhost',
        fetch: (input, init) => sandbox.fetch(new Request(input, init)),
      });
      didits.push(didit);
      return didit;
    };
    const names = Object.keys(here);
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the block is to be run
    const made = new Function('createDidit', ...names, `${code}; return didit;`) as (
      ...values: unknown[]
    ) => Didit;
    return made(own, ...Object.values(here));
  };
  const close = () => didits.forEach((didit) => didit.close());
  return {
    begin,
    close,
    made: () => sandboxEvents.filter(({ type }) => type === 'session.created'),
  };
}

/** What the page sends for a session. */
function create(didit: Didit, key?: string): Promise<Response> {
  const headers = {
    'Content-Type': 'application/json',
    ...(key ? { 'Idempotency-Key': key } : {}),
  };
  return didit.session(new Request('https://shop.example/session', { method: 'POST', headers }));
}

describe('the code of the page', { concurrency: 3 }, () => {
  it('limits the sessions of a day', async (t) => {
    let today = 4;
    const db = { sessions: { countToday: async () => today } };
    const backend = backendOf(guide.take('Fewer sessions', 'js'), { db });
    t.after(backend.close);
    const didit = backend.begin({});
    assert.equal((await create(didit)).status, 201);
    today = 5;
    // The person's own session is still to be had.
    assert.equal((await create(didit)).status, 201);
    assert.equal(backend.made().length, 1);
    const anew = await create(backend.begin({}));
    assert.deepEqual([anew.status, anew.headers.get('Retry-After')], [429, '3600']);
    assert.equal(backend.made().length, 1);
  });

  it('counts sessions by the log', async (t) => {
    const counts: Record<string, number> = {};
    const increment = (name: string) => (counts[name] = (counts[name] ?? 0) + 1);
    const backend = backendOf(guide.take('Counting sessions', 'js', 0), { metrics: { increment } });
    t.after(backend.close);
    const didit = backend.begin({ sessionLifetime: 300 });
    for (const key of [undefined, 'key-1', 'key-1']) await create(didit, key);
    assert.deepEqual(counts, { 'didit.sessions.made': 1, 'didit.sessions.saved': 2 });
    assert.equal(backend.made().length, 1);
  });

  it('counts sessions by their ids, in whichever process', async (t) => {
    const calls: string[] = [];
    const upsert = (id: string, person: string) => void calls.push(`${person} ${id}`);
    const code = guide.take('Counting sessions', 'js', 1);
    const backend = backendOf(code, { db: { sessions: { upsert } } });
    t.after(backend.close);
    const anew = { clientId: undefined, clientSecret: undefined, ...VERIFICATION };
    // Twice in the first process, and once in another.
    const first = backend.begin(anew);
    for (const didit of [first, first, backend.begin(anew)]) await create(didit);
    assert.deepEqual([calls.length, new Set(calls).size], [2, 1]);
    assert.match(calls[0]!, /^somebody \S+$/);
    assert.equal(backend.made().length, 1);
  });

  it('says in the page where sessions come from', BOUNDED, async (t) => {
    const [events, reasons] = [new EventEmitter(), [] as string[]];
    const { page } = await openSnippet(t, {
      html: '<didit-verify manual resolver-url="/api/didit/session"></didit-verify>',
      js: guide.take('Counting sessions', 'js', 2),
      answer: (request) =>
        request.url.endsWith('/sessions')
          ? request.text().then((reason) => {
              reasons.push(reason);
              events.emit('reason');
              return new Response(null, { status: 204 });
            })
          : undefined,
    });
    const next = async (act: () => Promise<unknown>) => {
      const told = once(events, 'reason');
      await act();
      await told;
    };
    const call = (method: 'start' | 'restart') =>
      page.evaluate((name) => document.querySelector('didit-verify')![name](), method);
    await next(() => call('start'));
    // The tag finds its session again, and says nothing.
    await page.reload();
    await call('start');
    await next(() => call('restart'));
    assert.deepEqual(reasons, ['initial', 'restart']);
  });
});

guide.leavesNothing();
after(closeBrowser);
