import {
  createDidit,
  type Didit,
  type ErrorBody,
  type ErrorCode,
  type UpstreamFailure,
} from 'didit-verify/server';
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, describe, it, type TestContext } from 'node:test';
import { VerifyError, type VerifyErrorCode, type VerifyErrorDetail } from '../../src/errors.js';
import { english } from '../../src/strings.js';
import { described } from '../package/described.js';
import { compile } from '../package/strangers.js';
import { Guide } from './guide.js';
import { expectQuiet, inState, openHeard, play, press, told, type Told } from './heard-page.js';
import { PAGE_ERRORS, shown, startElsewhere, unionOf } from './page-errors.js';
import { failUpstream, SERVER_ERRORS, UPSTREAM_FAILURES } from './server-errors.js';
import { closeBrowser, openSnippet, type Snippet, type SnippetPage } from './snippet-page.js';
import { headings, tableRows } from './table-rows.js';

const guide = new Guide('docs/events-and-errors.md');

/** The server part asks Didit every two seconds: most of a test is waiting. */
const BOUNDED = { timeout: 90_000 };

/** Beside browsers the compiler is slow. */
const COMPILED = { timeout: 300_000 };

const TAG = '<didit-verify resolver-url="/api/didit/session"></didit-verify>';
const DIALOG =
  '<didit-verify presentation="dialog" resolver-url="/api/didit/session"></didit-verify>';

/** How the page gets there, after so many events, by the heading of its table. */
interface Path {
  readonly snippet?: Snippet;
  readonly walk: (opened: SnippetPage) => Promise<void>;
}

/** A clock that the page and the server part share. */
let skipped = 0;

async function skip({ page }: SnippetPage, seconds: number): Promise<void> {
  skipped += seconds * 1000;
  await page.clock.fastForward(seconds * 1000);
}

async function approve(opened: SnippetPage, before = 0): Promise<void> {
  await told(opened.page, before + 2);
  await play(opened, 'open');
  await told(opened.page, before + 3);
  await play(opened, 'confirm');
}

let isSignedIn = false;

const PATHS: Readonly<Record<string, Path>> = {
  Approved: { walk: approve },
  Declined: {
    async walk(opened) {
      await told(opened.page, 2);
      await play(opened, 'open');
      await told(opened.page, 3);
      await play(opened, 'decline');
    },
  },
  'Replaced before its end': {
    snippet: {
      html: '<didit-verify manual resolver-url="/api/didit/session"></didit-verify>',
      options: { sessionLifetime: 60, now: () => Date.now() + skipped },
    },
    async walk(opened) {
      await opened.page.clock.install();
      await press(opened.page, 'start-button');
      await told(opened.page, 2);
      await skip(opened, 52);
    },
  },
  'Expired, and replaced': {
    async walk(opened) {
      await told(opened.page, 2);
      await play(opened, 'expire');
    },
  },
  'Expired on the phone': {
    async walk(opened) {
      await told(opened.page, 2);
      await play(opened, 'open');
      await told(opened.page, 3);
      await play(opened, 'expire');
      await press(opened.page, 'start-button');
    },
  },
  Reloaded: {
    async walk(opened) {
      await told(opened.page, 2);
      await play(opened, 'open');
      await told(opened.page, 3);
      await opened.page.reload();
      await told(opened.page, 2);
      await play(opened, 'confirm');
    },
  },
  'Reloaded after the end': {
    async walk(opened) {
      await approve(opened);
      await inState(opened.page, 'approved');
      await opened.page.reload();
    },
  },
  'Failed, and tried again': {
    snippet: { options: { getUser: () => (isSignedIn ? { vendorData: 'somebody' } : null) } },
    async walk(opened) {
      await told(opened.page, 1);
      isSignedIn = true;
      await press(opened.page, 'retry-button');
    },
  },
  'In a dialog': {
    snippet: { html: DIALOG },
    async walk(opened) {
      await press(opened.page, 'start-button');
      await approve(opened);
      await opened.page.locator('didit-verify').getByText('Done', { exact: true }).click();
    },
  },
  'Cancelled by the page': {
    async walk(opened) {
      await told(opened.page, 2);
      await opened.page.evaluate(() => document.querySelector('didit-verify')!.cancel());
      await press(opened.page, 'start-button');
    },
  },
};

/** An event as the page's tables write it. */
function asRow({ type, detail }: Told): string[] {
  return [type, detail ? wordsOf(type, detail) : ''];
}

function wordsOf(type: Told['type'], detail: Readonly<Record<string, unknown>>): string {
  const { reason, code, state, previousState, status, willRefresh } = detail as Partial<
    Record<string, string | null>
  >;
  switch (type) {
    case 'session-created':
      return String(reason);
    case 'status-changed':
      return `${previousState} → ${state}, ${status}`;
    case 'session-completed':
      return `${state}, ${status}`;
    case 'session-expired':
      return willRefresh ? 'will refresh' : 'will not refresh';
    case 'error':
      return String(code);
    default:
      return JSON.stringify(detail);
  }
}

/** The headings below “In which order”. */
function paths(): string[] {
  const [, part] = guide.text.split('\n## In which order\n');
  return [...part!.split('\n## ')[0]!.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading!);
}

/** All that was told on all paths. */
const everything: Told[] = [];

describe('the order of events', { concurrency: 3 }, () => {
  it('has a walk for each table, and a table for each walk', () => {
    assert.deepEqual(paths(), Object.keys(PATHS));
  });

  for (const [name, { snippet, walk }] of Object.entries(PATHS)) {
    it(name, BOUNDED, async (t) => {
      const opened = await openHeard(t, { html: TAG, ...snippet });
      await walk(opened);
      const rows = tableRows(guide.text, name);
      const events = await told(opened.page, rows.length);
      // What comes too much comes by the next poll.
      assert.deepEqual(events.map(asRow), rows);
      everything.push(...events);
      await expectQuiet(opened.page);
    });
  }
});

describe('the events', () => {
  it('bubble and are composed as the table says, and are those of the element', () => {
    const heard = new Map(everything.map((event) => [event.type, event]));
    const yes = (is: boolean) => (is ? 'yes' : 'no');
    const traits = [...heard.values()].map(({ type, bubbles, composed }) => [
      type,
      `${yes(bubbles)}, ${yes(composed)}`,
    ]);
    const rows = tableRows(guide.text, 'Events').map(([name, , , flows]) => [name!, flows!]);
    assert.deepEqual(traits.sort(), rows.toSorted());
    assert.deepEqual(
      rows.map(([name]) => name).sort(),
      described.events.map(({ name }) => name).sort(),
    );
  });

  it('cannot be cancelled, and come when the state is already the new one', () => {
    for (const { type, cancelable, detail, stateThen } of everything) {
      assert.equal(cancelable, false, type);
      assert.equal(detail?.state ?? stateThen, stateThen, type);
    }
  });
});

describe('the errors of the page', { concurrency: 3 }, () => {
  const codes = unionOf('src/errors.ts', 'VerifyErrorCode');
  const rows = tableRows(guide.text, 'Errors of the page');

  it('are those of the code, in the table and each in a section', () => {
    assert.deepEqual(
      rows.map(([code]) => code),
      codes,
    );
    const sections = headings(guide.text, 'h3').filter((heading) => codes.includes(heading));
    assert.deepEqual(sections, codes);
    assert.deepEqual([...new Set(PAGE_ERRORS.map(({ code }) => code))], codes);
  });

  it('are retryable as the code has it, and some in one case not', () => {
    for (const [code, , retryable] of rows) {
      const [usual, ...exceptions] = retryable!.split('; ');
      const isRetryable = /^yes\b/.test(usual!);
      const { detail } = new VerifyError(code as VerifyErrorCode, 'It failed.');
      assert.equal(isRetryable, detail.retryable, code);
      const seen = PAGE_ERRORS.filter((one) => one.code === code).map(
        (one) => one.detail.retryable,
      );
      assert.ok(seen.includes(isRetryable), code);
      assert.equal(seen.includes(!isRetryable), exceptions.length > 0, code);
    }
  });

  it('are asked again by the element itself as the table says', () => {
    for (const [code, , , again] of rows) {
      const asked = PAGE_ERRORS.filter((one) => one.code === code).map((one) => one.asked ?? 0);
      // The status is another question, and has its own cases.
      if (code === 'status-unavailable') continue;
      assert.equal(Math.max(...asked) > 1, again!.startsWith('yes'), code);
    }
  });

  it('say to people what the sections say', () => {
    for (const code of codes as VerifyErrorCode[]) {
      const [, said] = guide.text.split(`\n### \`${code}\`\n`);
      const [, sentence] = /\*\*The person sees\*\*: ([^]*?)\n- \*\*/.exec(said!)!;
      const quoted = [...sentence!.replace(/\s+/g, ' ').matchAll(/“([^”]*)”/g)].map(
        ([, text]) => text,
      );
      if (code === 'rate-limited') assert.equal(quoted.pop(), english['rate-limited-until']);
      assert.deepEqual(quoted, code === 'status-unavailable' ? [] : [english[code]], code);
    }
  });

  for (const { code, what, ...failing } of PAGE_ERRORS) {
    it(`${code}: ${what}`, BOUNDED, async (t) => {
      const elsewhere = await startElsewhere();
      t.after(() => elsewhere.close());
      let asked = 0;
      const { attributes, before = '', answer, act } = failing;
      const opened = await openHeard(t, {
        html: `${before}<didit-verify ${attributes(elsewhere.origin)}></didit-verify>`,
        answer(request) {
          const { pathname } = new URL(request.url);
          if (pathname === '/login') return new Response('<h1>Sign in</h1>');
          if (pathname.startsWith('/status/'))
            return new Response(null, { status: Number(pathname.slice(8)) });
          if (pathname !== '/broken') return undefined;
          asked++;
          return answer?.();
        },
      });
      const { page } = opened;
      await act?.(opened);
      await page.waitForFunction(() => globalThis.told.some(({ type }) => type === 'error'));
      const [{ detail }, ...more] = (await told(page, 1)).filter(
        ({ type }) => type === 'error',
      ) as [Told, ...Told[]];
      assert.deepEqual(more, []);
      assert.deepEqual({ ...detail, ...failing.detail, code }, detail);
      if (failing.asked !== undefined) assert.equal(asked + elsewhere.asked(), failing.asked);
      const { shows = english[code] } = failing;
      const seen = await shown(page);
      if (shows === null) {
        const { ready } = english;
        const same = { state: 'ready', error: null, message: ready, hasCode: true };
        assert.deepEqual(seen, { ...same, hasRetryButton: false });
        return;
      }
      const { message } = seen;
      const failed = { state: 'error', error: code, hasCode: false, hasRetryButton: true };
      assert.deepEqual(seen, { ...failed, message });
      if (typeof shows === 'string') assert.equal(message, shows);
      else assert.match(message, shows);
    });
  }
});

describe('the errors of the server part', { concurrency: 4 }, () => {
  const rows = tableRows(guide.text, 'Errors of the server part');

  it('are those of the code', () => {
    assert.deepEqual(
      rows.map(([code]) => code),
      Object.keys(SERVER_ERRORS),
    );
    assert.deepEqual(
      rows.map(([code]) => code),
      serverCodes(),
    );
  });

  for (const [code, http, , pageError] of rows as [ErrorCode, string, string, string][]) {
    it(`${code}, for a page ${pageError}`, BOUNDED, async (t) => {
      const { answer, events } = await SERVER_ERRORS[code](t);
      assert.equal(String(answer.status), http.split(', ')[0]);
      const body = (await answer.json()) as ErrorBody;
      assert.equal(body.code, code);
      const refused = events.filter(({ type }) => type === 'request.refused');
      const { correlation_id: correlationId } = body;
      assert.deepEqual(
        refused.map((event) => ({ ...event, at: 0 })),
        [{ type: 'request.refused', code, at: 0, correlationId }],
      );
      const { status } = answer;
      const detail = await toldOf(t, code, pageError);
      assert.equal(detail.code, pageError);
      assert.equal(detail.httpStatus, status);
      const message = `The answer is ${status}: ${body.message}`;
      if (pageError !== 'status-unavailable') assert.equal(detail.message, message);
    });
  }
});

/** What a page is told whose create, or whose question for the status, is answered so. */
async function toldOf(t: TestContext, code: ErrorCode, pageError: string) {
  const isOfStatus = pageError === 'status-unavailable';
  const attributes = isOfStatus
    ? `resolver-url="/created" status-url="/failing" timeout="3600000" poll-interval="100"`
    : 'resolver-url="/failing" max-retries="0"';
  const { page } = await openHeard(t, {
    html: `<didit-verify manual ${attributes}></didit-verify>`,
    answer(request) {
      const { pathname } = new URL(request.url);
      if (pathname === '/failing') return SERVER_ERRORS[code](t).then(({ answer }) => answer);
      const url = 'https://app.didit.me/authorize/t-1';
      return pathname === '/created' ? Response.json({ session_id: 's-1', url }) : undefined;
    },
  });
  await page.clock.install();
  await page.evaluate(() => document.querySelector('didit-verify')!.start());
  const isTold = () => page.evaluate(() => globalThis.told.some(({ type }) => type === 'error'));
  // Nobody waits for `Retry-After` here.
  while (!(await isTold())) await page.clock.runFor(isOfStatus ? 1000 : 10);
  const failure = (await told(page, 1)).find(({ type }) => type === 'error')!;
  return failure.detail as unknown as VerifyErrorDetail;
}

function serverCodes(): string[] {
  return unionOf('src/server/answers.ts', 'ErrorCode');
}

describe('the calls to Didit that fail', () => {
  const rows = tableRows(guide.text, 'Calls to Didit that fail');
  const reasons = unionOf('src/server/didit-api-error.ts', 'UpstreamFailure');

  it('have the reasons of the code, and name all faults of the sandbox', () => {
    assert.deepEqual(
      rows.map(([reason]) => reason),
      reasons,
    );
    const kinds = /const KINDS = \[(.*)\]/.exec(readFileSync('src/sandbox/fault.ts', 'utf8'))![1]!;
    const named = rows.flatMap(([, , , , fault]) => /^[\w-]+/.exec(fault!) ?? []);
    assert.deepEqual(
      named.sort(),
      [...kinds.matchAll(/'([\w-]+)'/g)].map(([, kind]) => kind).sort(),
    );
  });

  for (const [reason, , , code, fault] of rows as [UpstreamFailure, ...string[]][]) {
    it(`${reason}, which is answered ${code}`, BOUNDED, async (t) => {
      const { answer, events } = await failUpstream(t, reason);
      const told = events.find(({ type }) => type === 'upstream.failed');
      assert.equal(told && 'reason' in told && told.reason, reason);
      assert.equal(((await answer.json()) as ErrorBody).code, code);
      const kind = UPSTREAM_FAILURES[reason].fault?.kind ?? '–';
      assert.ok(fault!.startsWith(kind), `${fault}, ${kind}`);
      const isLimited = reason === 'rate-limited';
      assert.deepEqual(
        [answer.status === 503, answer.headers.get('Retry-After')],
        [isLimited, isLimited ? '7' : null],
      );
    });
  }
});

describe('what the page says besides', { concurrency: 3 }, () => {
  it('gives the details their types', COMPILED, async () => {
    const [, section] = guide.text.split('\n## Details\n');
    const parts = section!.split('\n## ')[0]!.split(/`detail` of `([\w-]+)`, `(\w+)`/);
    const checks: string[] = [];
    const types: string[] = [];
    for (let i = 1; i < parts.length; i += 3) {
      const [event, type, text] = parts.slice(i, i + 3) as [string, string, string];
      // Up to the next paragraph, where a table of something else may come.
      const rows = tableRows(`# Here\n${text.split(/\n(?=`change`)/)[0]}`, 'Here');
      const members = rows.map(([name]) => `'${name}'`).join(' | ');
      types.push(type);
      checks.push(
        same(`DiditVerifyEventMap['${event}']`, `CustomEvent<${type}>`),
        same(`keyof ${type}`, members),
        ...rows.map(([name, is]) => same(`${type}['${name}']`, is!)),
      );
    }
    assert.equal(types.length, 5);
    const names = [...types, 'DiditVerifyEventMap', 'StateName', 'FinalName', 'VerifyErrorCode'];
    await compile(
      [`import type { ${names.join(', ')} } from 'didit-verify';`, SAME, ...checks].join('\n'),
    );
    const reasons = tableRows(guide.text, 'Details').flatMap(([name, why]) =>
      /^(initial|change|retry|restart|refresh|resume)$/.test(name!) && why ? [name] : [],
    );
    assert.deepEqual(reasons.sort(), unionOf('src/state.ts', 'SessionReason').sort());
  });

  it('calls listeners when all is new but what is on show', BOUNDED, async (t) => {
    const { page } = await openHeard(t, {
      html: TAG.replace('<didit-verify', '<didit-verify manual'),
    });
    const seen = await page.evaluate(async () => {
      const tag = document.querySelector('didit-verify')!;
      const hasCode = () => tag.shadowRoot!.querySelector('.code path') !== null;
      const created = new Promise((resolve) => {
        tag.addEventListener('session-created', () => {
          const before = [tag.state, hasCode()];
          resolve(tag.updateComplete.then(() => [before, hasCode()]));
        });
      });
      void tag.start();
      return created;
    });
    assert.deepEqual(seen, [['ready', false], true]);
  });

  it('tells nothing of what a listener has left behind', BOUNDED, async (t) => {
    const opened = await openHeard(t, { html: TAG });
    const { page } = opened;
    await told(page, 2);
    await page.evaluate(() => {
      const tag = document.querySelector('didit-verify')!;
      tag.addEventListener('status-changed', ({ detail }) => {
        if (detail.state === 'declined') void tag.restart();
      });
    });
    await play(opened, 'open', 'decline');
    const events = await told(page, 4);
    assert.deepEqual(events.slice(2, 4).map(asRow), [
      ['status-changed', 'ready → declined, Declined'],
      ['session-created', 'restart'],
    ]);
  });

  it('leaves a code on show whose replacement failed', BOUNDED, async (t) => {
    const opened = await openHeard(t, {
      html: TAG.replace('<didit-verify', '<didit-verify manual max-retries="0"'),
      options: { sessionLifetime: 60, now: () => Date.now() + skipped },
    });
    const { page, sandbox } = opened;
    await page.clock.install();
    await press(page, 'start-button');
    await told(page, 2);
    sandbox.fail({ kind: 'failing', call: 'create' });
    await skip(opened, 52);
    const events = await told(page, 3);
    assert.deepEqual(asRow(events[2]!), ['error', 'resolver-failed']);
    const { state, error, hasCode } = await shown(page);
    assert.deepEqual([state, error, hasCode], ['ready', null, true]);
  });

  it('warns once of a tag that nobody starts and that has nobody to ask', BOUNDED, async (t) => {
    const { page } = await openHeard(t, { html: '<didit-verify></didit-verify>' });
    await page.waitForFunction(() => globalThis.said.length > 0);
    assert.deepEqual(
      await page.evaluate(() => [globalThis.said.length, globalThis.told.length]),
      [1, 0],
    );
    assert.equal(await page.locator('didit-verify button').count(), 0);
  });
});

const SAME = `type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
let isSame: true;`;

function same(one: string, other: string): string {
  return `isSame = {} as Same<${one}, ${other}>;`;
}

describe('the code of the page', { concurrency: 3 }, () => {
  const missing = '<didit-verify resolver-url="/missing"></didit-verify>';

  it('listens, and goes on where a person is approved', BOUNDED, async (t) => {
    const js = guide.take('Listening', 'js', 0);
    const answer = (request: Request) =>
      request.url.endsWith('/welcome') ? new Response('Welcome') : undefined;
    const opened = await openHeard(t, { html: TAG, js, answer });
    await approve(opened);
    await opened.page.waitForURL('**/welcome');
  });

  it('warns of an error', BOUNDED, async (t) => {
    const { page } = await openSnippet(t, { html: missing, js: guide.take('Listening', 'js', 0) });
    await page.waitForFunction(() => globalThis.said.length > 0);
    assert.deepEqual(await page.evaluate(() => globalThis.said), [
      'resolver-rejected The answer is 404.',
    ]);
  });

  it('shows the state to whoever comes late', BOUNDED, async (t) => {
    const html = `${TAG}<output></output>`;
    const opened = await openHeard(t, { html, js: guide.take('Listening', 'js', 1) });
    await approve(opened);
    await opened.page.locator('output').getByText('approved').waitFor();
  });

  it('is typed', COMPILED, () => {
    const wrong = `
      tag.addEventListener('session-created', ({ detail }) => {
        // @ts-expect-error
        return void detail.expires;
      });
      tag.addEventListener('session-completed', ({ detail }) => {
        // @ts-expect-error
        return void (detail.state === 'ready');
      });`;
    return compile(guide.take('Listening', 'ts') + wrong);
  });

  it('tries an error out in the page', BOUNDED, async (t) => {
    const js = guide.take('Trying errors out', 'js', 0);
    const html = `<script>console.log = (...words) => globalThis.said.push(words.join(' '));</script>${TAG}`;
    const { page } = await openSnippet(t, { html, js });
    await page.waitForFunction(() => globalThis.said.length > 0);
    const [, comment] = /\/\/ (.*)\n$/.exec(js)!;
    assert.deepEqual(await page.evaluate(() => globalThis.said), [comment]);
  });

  it('lets a call to Didit fail', BOUNDED, async (t) => {
    const opened = await openHeard(t, {
      html: TAG.replace('<didit-verify', '<didit-verify manual max-retries="0"'),
    });
    run(guide.take('Trying errors out', 'js', 1), { sandbox: opened.sandbox });
    await press(opened.page, 'start-button');
    const [{ detail }] = (await told(opened.page, 1)) as [Told];
    assert.deepEqual([detail?.code, detail?.httpStatus], ['resolver-failed', 502]);
  });

  /** A page whose tag cannot ask, and the errors that it has passed on. */
  async function openReporting(t: TestContext, html: string, js: string) {
    const [events, reports] = [new EventEmitter(), [] as unknown[]];
    const { page } = await openSnippet(t, {
      html,
      js,
      answer(request) {
        if (!request.url.endsWith('/errors')) return undefined;
        return request.json().then((report) => {
          reports.push(report);
          events.emit('report');
          return new Response(null, { status: 204 });
        });
      },
    });
    if (reports.length === 0 && html) await once(events, 'report');
    return { page, reports, events };
  }

  it('passes errors on, which the page itself does not hear', BOUNDED, async (t) => {
    const js = guide.take('Logging errors', 'js', 0);
    const { page, reports } = await openReporting(t, missing, js);
    const message = 'The answer is 404.';
    assert.deepEqual(reports, [{ code: 'resolver-rejected', message, httpStatus: 404 }]);
    await expectQuiet(page);
  });

  it('passes on those of tags that come later, but not from shadow roots', BOUNDED, async (t) => {
    const js = guide.take('Logging errors', 'js', 1);
    const { page, reports, events } = await openReporting(t, '', js);
    const reported = once(events, 'report');
    const states = await page.evaluate(async () => {
      const fail = async (parent: ParentNode) => {
        const tag = document.createElement('didit-verify');
        const resolverUrl = '/missing';
        parent.append(Object.assign(tag, { resolverUrl }));
        return tag.start();
      };
      const host = document.body.appendChild(document.createElement('div'));
      return [await fail(host.attachShadow({ mode: 'open' })), await fail(document.body)];
    });
    assert.deepEqual(states, ['error', 'error']);
    await reported;
    assert.deepEqual(reports, [{ code: 'resolver-rejected' }]);
  });

  it('logs failures of the backend', async (t) => {
    const lines: string[] = [];
    const didit = run(`${guide.take('Logging errors', 'js', 2)}; return didit;`, {
      createDidit,
      clientId: 'a-client',
      clientSecret: 'a-secret',
      getUser: () => null,
      console: { error: (line: string) => lines.push(line) },
    }) as Didit;
    t.after(() => didit.close());
    const headers = { 'Content-Type': 'application/json' };
    const request = new Request('https://shop.example/', { method: 'POST', headers });
    const answer = (await (await didit.session(request)).json()) as ErrorBody;
    const [event, ...more] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(more, []);
    const { type, code, correlationId } = event!;
    assert.deepEqual(
      [type, code, correlationId],
      ['request.refused', 'unauthorized', answer.correlation_id],
    );
  });

  it('replaces words by code', BOUNDED, async (t) => {
    const js = guide.take('Words of your own', 'js');
    for (const [retryAfter, words] of [
      [null, /^Too many codes\. Wait a minute\.$/],
      ['3600', /^Too many codes\. The next one is ready at \d.+\.$/],
    ] as const) {
      const headers: Record<string, string> = retryAfter ? { 'Retry-After': retryAfter } : {};
      const { page } = await openHeard(t, {
        html: '<didit-verify resolver-url="/limited" max-retries="0"></didit-verify>',
        js,
        answer: ({ url }) =>
          url.endsWith('/limited') ? new Response(null, { status: 429, headers }) : undefined,
      });
      await inState(page, 'error');
      assert.match((await shown(page)).message, words);
    }
  });
});

/** Runs code of the backend with what the site has. */
function run(code: string, site: Readonly<Record<string, unknown>>): unknown {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- that is what it is for
  return (new Function(...Object.keys(site), code) as (...values: unknown[]) => unknown)(
    ...Object.values(site),
  );
}

guide.leavesNothing();
after(closeBrowser);
