import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../e2e/browser.js';
import type { Guide } from '../guide.js';
import { tableRows } from '../table-rows.js';
import { addTags, StubSite, type Responder } from './stub-site.js';

const LIMIT = { timeout: 60_000 };
const ENDPOINT = '/api/didit/session';
const URL_OF_DIDIT = 'https://app.didit.me/authorize/a-token';
const SHOWN = 'shows the code';

const session = (members: object = {}) =>
  Response.json({ session_id: 'an-id', url: URL_OF_DIDIT, ...members }, { status: 201 });
const coded = (status: number) => () => Response.json({ message: 'In words.' }, { status });

/** Each row of “your answer” to a create: what it means, in all its kinds. */
const CREATE_ANSWERS: Readonly<Record<string, readonly Responder[]>> = {
  '2xx with a session': [
    () => session(),
    () => Response.json({ session_id: 'an-id', url: URL_OF_DIDIT }),
  ],
  '2xx that is no session: HTML, broken JSON, no session_id, no url': [
    () => new Response('<p>Hello', { headers: { 'Content-Type': 'text/html' } }),
    () => new Response('{ "session_id": ', { status: 201 }),
    () => session({ session_id: undefined }),
    () => session({ url: undefined }),
    () => new Response(null, { status: 204 }),
    () => session({ padding: ' '.repeat(65_536) }),
  ],
  '2xx with a url that may not be shown': [
    () => session({ url: 'http://app.didit.me/authorize/a-token' }),
    () => session({ url: 'https://didit.me.evil.example/' }),
    () => session({ url: `https://app.didit.me/${'a'.repeat(2000)}` }),
  ],
  '2xx with a status_url or events_url on another origin': [
    () => session({ status_url: 'https://evil.example/' }),
    () => session({ events_url: '//evil.example/' }),
  ],
  '3xx to a page of HTML, such as a login': [
    () => new Response(null, { status: 302, headers: { Location: '/login' } }),
    () => new Response(null, { status: 307, headers: { Location: '/login' } }),
  ],
  '4xx, but 429': [400, 401, 403, 404, 409, 413, 415].map(coded),
  '429': [coded(429)],
  '503': [coded(503)],
  'another 5xx': [500, 502, 504].map(coded),
  'none within timeout (15 seconds)': [() => new Promise<never>(() => {})],
  'no connection, or CORS forbids it': [() => null],
};

const known = (status: string) => () => Response.json({ status });
const OUTAGE = 'status-unavailable';
/** So many failures in a row. */
const OUTAGE_AFTER = 3;

interface StatusTrial {
  /** One after the other, and the last of them from then on. */
  readonly answers: Responder[];
  readonly state: string;
  readonly status: string | null;
  readonly code?: string;
  readonly asksOn: boolean;
}

/** Each row of “your answer” to a question for the status, in all its kinds. */
const STATUS_ANSWERS: Readonly<Record<string, readonly StatusTrial[]>> = {
  '200 with a word that it knows': [
    ...[known('retrieved')].map((answer) => ({
      ...{ answers: [answer], state: 'in-progress', status: 'retrieved', asksOn: true },
    })),
    {
      answers: [known('RETRIEVED'), known('Confirmed')],
      ...{ state: 'approved', status: 'Confirmed', asksOn: false },
    },
    { answers: [known('declined')], state: 'declined', status: 'declined', asksOn: false },
    { answers: [known('cancelled')], state: 'cancelled', status: 'cancelled', asksOn: false },
  ],
  '200 with another word': [
    { answers: [known('Pondering')], state: 'ready', status: 'Pondering', asksOn: true },
  ],
  '200 without status, another 4xx, 5xx, none in time': [
    () => Response.json({}),
    () => new Response('<p>'),
    coded(403),
    coded(500),
    coded(503),
    () => null,
    () => new Promise<never>(() => {}),
  ].map((answer) => ({
    ...{ answers: [answer], state: 'ready', status: null, code: OUTAGE, asksOn: true },
  })),
  '429 or 503 with Retry-After': [429, 503].map((status) => ({
    answers: [
      () => Response.json({}, { status, headers: { 'Retry-After': '1' } }),
      known('retrieved'),
    ],
    ...{ state: 'in-progress', status: 'retrieved', asksOn: true },
  })),
  '404 or 410': [404, 410].map((status) => ({
    ...{ answers: [coded(status)], state: 'ready', status: null, code: OUTAGE, asksOn: false },
  })),
};

const SHORT_TIMEOUT = 2500;

/** What the guide says that page and backend say to each other, against the element in Chromium. */
export function keepsContract(guide: Guide): void {
  describe('the contract', { concurrency: 1 }, () => {
    // Taken here, so that whoever runs one test alone leaves none of them.
    const createRequest = guide.take('Create', 'http');
    const createAnswer = guide.take('Create', 'json');
    const statusRequest = guide.take('Status', 'http');
    const statusAnswer = guide.take('Status', 'json');
    const stream = guide.take('Events', 'http');
    const site = new StubSite();
    const elsewhere = new StubSite();
    let browser: Browser;
    let page: Page;
    before(async () => {
      await Promise.all([site.start(), elsewhere.start()]);
      browser = await launchChromium();
      page = await browser.newPage();
    });
    beforeEach(() => page.goto(`${site.origin}/`));
    after(async () => {
      await browser?.close();
      await Promise.all([site.close(), elsewhere.close()]);
    });

    it('is begun by the request that is shown', LIMIT, async () => {
      const [first, ...lines] = createRequest.trimEnd().split('\n');
      const body = lines.pop()!;
      const headers = lines.filter(Boolean).map((line) => line.split(': ') as [string, string]);
      const { scope, vendor_data: vendorData } = JSON.parse(body) as Record<string, string>;
      site.answer(ENDPOINT, () => session());
      assert.deepEqual(await addTags(page, [{ resolverUrl: ENDPOINT, scope, vendorData }]), [
        SHOWN,
      ]);
      const [sent] = site.requestsTo(ENDPOINT);
      assert.equal(`${sent!.method} ${sent!.path}`, first);
      assert.deepEqual(JSON.parse(sent!.body), JSON.parse(body));
      for (const [name, value] of headers) {
        const own = sent!.headers.get(name)!;
        if (name !== 'Idempotency-Key') assert.equal(own, value, name);
        else
          for (const key of [own, value])
            assert.match(key, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
      }
    });

    it('has the headers of the author, but for its own', LIMIT, async () => {
      const path = '/with-headers';
      site.answer(path, () => session({ status_url: '?status' }));
      site.answer(`${path}?status`, () => Response.json({ status: 'Confirmed' }));
      await page.context().addCookies([{ name: 'login', value: 'somebody', url: site.origin }]);
      const headers = {
        'X-CSRF-Token': 'a-token',
        Accept: 'text/html',
        'Content-Type': 'text/html',
      };
      await addTags(page, [{ resolverUrl: path, headers, pollInterval: 100 }]);
      await approved(page, path);
      const [create] = site.requestsTo(path);
      const [status] = site.requestsTo(`${path}?status`);
      assert.equal(create!.headers.get('Content-Type'), 'application/json');
      for (const { headers: sent } of [create!, status!]) {
        assert.equal(sent.get('Accept'), 'application/json');
        assert.equal(sent.get('X-CSRF-Token'), 'a-token');
        assert.equal(sent.get('Cookie'), 'login=somebody');
      }
      assert.equal(status!.headers.get('Idempotency-Key'), null);
      assert.equal(create!.body, '{}');
    });

    it('takes the answer that is shown', LIMIT, async () => {
      const answer = createAnswer;
      const {
        session_id: id,
        url,
        expires_in: seconds,
      } = JSON.parse(answer) as Record<string, string>;
      const path = '/as-shown';
      site.answer(path, () => new Response(answer, { status: 201 }));
      site.answer(`${path}?session=a-handle`, () => Response.json({ status: 'initialized' }));
      assert.deepEqual(await addTags(page, [{ resolverUrl: path, pollInterval: 100 }]), [SHOWN]);
      const shown = await page.evaluate((path) => {
        const tag = [...document.querySelectorAll('didit-verify')].find(
          ({ resolverUrl }) => resolverUrl === path,
        )!;
        const { sessionId, url, expiresAt } = tag.session!;
        return { sessionId, url, left: (Number(expiresAt) - Date.now()) / 1000 };
      }, path);
      assert.deepEqual([shown.sessionId, shown.url], [id, url]);
      assert.ok(Math.abs(shown.left - Number(seconds)) < 30, `${shown.left}`);
    });

    it('names the members that the code reads, and no others', () => {
      const source = readFileSync('src/session.ts', 'utf8');
      const [, body] = /interface SessionResponse \{([^}]*)\}/.exec(source)!;
      const read = [...body!.matchAll(/^ {2}(\w+)(\??):/gm)].map(([, name]) => name);
      const named = tableRows(guide.text, 'Create').map(([name]) => name);
      assert.deepEqual([...named].sort(), [...read].sort());
    });

    it('reads each member in either spelling', LIMIT, async () => {
      const answers = [
        { sessionId: 'an-id', url: URL_OF_DIDIT },
        { session_id: 'an-id', session_token: 'a-token' },
        { sessionId: 'an-id', sessionToken: 'a-token', expiresIn: 300, status: 'In Progress' },
        { session_id: 'an-id', url: URL_OF_DIDIT, expires_at: '2001-01-01T00:00:00Z' },
        { sessionId: 'an-id', url: URL_OF_DIDIT, expiresAt: new Date(Date.now() + 300_000) },
      ];
      answers.forEach((answer, i) => site.answer(`/spelt/${i}`, () => Response.json(answer)));
      const tags = answers.map((_, i) => ({ resolverUrl: `/spelt/${i}` }));
      assert.deepEqual(
        await addTags(page, tags),
        tags.map(() => SHOWN),
      );
      const seen = await page.evaluate(() =>
        [...document.querySelectorAll('didit-verify')]
          .filter(({ resolverUrl }) => resolverUrl.startsWith('/spelt/'))
          .map(({ session, state }) => [session?.url, session?.expiresAt !== null, state]),
      );
      assert.deepEqual(seen, [
        [URL_OF_DIDIT, false, 'ready'],
        [URL_OF_DIDIT, false, 'ready'],
        [URL_OF_DIDIT, true, 'in-progress'],
        [URL_OF_DIDIT, false, 'ready'],
        [URL_OF_DIDIT, true, 'ready'],
      ]);
    });

    it('ends for each answer as the table has it, here and on another origin', LIMIT, async () => {
      const rows = tableRows(guide.text, 'What becomes of the answer');
      assert.deepEqual(rows.map(([answer]) => answer).sort(), Object.keys(CREATE_ANSWERS).sort());
      site.answer('/login', () => new Response('<form>'));
      elsewhere.answer('/login', () => allowing(new Response('<form>')));
      const trials = rows.flatMap(([answer, says, here, there], row) =>
        CREATE_ANSWERS[answer!]!.flatMap((responder, i) => {
          const path = `/create/${row}/${i}`;
          site.answer(path, responder);
          elsewhere.answer(path, async (request) => {
            if (request.method === 'OPTIONS') return allowing(new Response(null, { status: 204 }));
            const given = await responder(request);
            return given ? allowing(given) : new Response('{}');
          });
          const timeout = answer!.startsWith('none') ? SHORT_TIMEOUT : 15_000;
          return [
            { backend: site, again: here },
            { backend: elsewhere, again: there },
          ].map((trial) => {
            return { ...trial, answer, says, path, timeout, url: trial.backend.origin + path };
          });
        }),
      );
      const said = new Map<string, string>();
      // By themselves, since so many connections at once are all that a browser has.
      for (const isSilent of [false, true]) {
        const some = trials.filter(({ timeout }) => isSilent === (timeout === SHORT_TIMEOUT));
        const tags = some.map(({ url, timeout }) => ({ resolverUrl: url, timeout }));
        (await addTags(page, tags)).forEach((word, i) => said.set(some[i]!.url, word));
      }
      trials.forEach(({ answer, says, again, backend, path, url }) => {
        const about = `${answer}, ${backend === site ? 'here' : 'elsewhere'}`;
        const requests = backend.requestsTo(path);
        assert.equal(said.get(url), says, about);
        assert.equal(requests.length, again === 'yes' ? 3 : 1, about);
        const keys = new Set(requests.map(({ headers }) => headers.get('Idempotency-Key')));
        assert.equal(keys.size, 1, about);
        assert.equal(keys.has(null), backend === elsewhere, about);
      });
    });

    it('honours Retry-After, quotes the words, and waits for 15 seconds', LIMIT, async () => {
      const answers: [Responder, RegExp][] = [
        [coded(400), /: In words\.$/],
        [() => Response.json({ message: '', detail: 'In detail.' }, { status: 400 }), /400\.$/],
        [
          () => Response.json({ detail: 'In detail.', error: 'x' }, { status: 400 }),
          /In detail\.$/,
        ],
        [() => Response.json({ title: 'A title.', error: 'An error.' }, { status: 400 }), /An err/],
        [problem, /: A title\.$/],
        [() => Response.json({}, { status: 503, headers: { 'Retry-After': '31' } }), /503/],
        [() => Response.json({}, { status: 429, headers: { 'Retry-After': '1' } }), /429/],
      ];
      answers.forEach(([responder], i) => site.answer(`/words/${i}`, responder));
      await addTags(
        page,
        answers.map((_, i) => ({ resolverUrl: `/words/${i}` })),
      );
      const told = await page.evaluate(() =>
        [...document.querySelectorAll('didit-verify')]
          .filter(({ resolverUrl }) => resolverUrl.startsWith('/words/'))
          .map(({ error, timeout }) => ({ ...error!, timeout })),
      );
      told.forEach(({ message }, i) => assert.match(message, answers[i]![1]));
      assert.equal(told[0]!.timeout, 15_000);
      assert.deepEqual(
        told.slice(-2).map(({ retryAfter }) => retryAfter),
        [31, 1],
      );
      assert.equal(site.requestsTo('/words/5').length, 1);
      const [first, second, third] = site.requestsTo('/words/6').map(({ at }) => at);
      assert.ok(second! - first! >= 1000 && third! - second! >= 1000);
    });

    it(
      'asks for the status as shown, and does with each answer what the table says',
      LIMIT,
      async () => {
        const [line, accept] = statusRequest.trimEnd().split('\n');
        const rows = tableRows(guide.text, 'Status').map(([answer]) => answer);
        assert.deepEqual(rows, Object.keys(STATUS_ANSWERS));
        const trials = Object.values(STATUS_ANSWERS).flat();
        trials[0]!.answers[0] = () => new Response(statusAnswer);
        trials.forEach(({ answers }, i) => {
          const path = `/status/${i}`;
          let count = 0;
          site.answer(path, () => session({ status_url: '?session=a-handle' }));
          site.answer(`${path}?session=a-handle`, (request) =>
            answers[Math.min(count++, answers.length - 1)]!(request),
          );
        });
        await addTags(
          page,
          trials.map((_, i) => ({ resolverUrl: `/status/${i}`, pollInterval: 100, timeout: 1000 })),
        );
        for (const [i, { state, status, code, asksOn }] of trials.entries()) {
          await page.waitForFunction(
            ([path, state, status, code]) => {
              const tag = [...document.querySelectorAll('didit-verify')].find(
                ({ resolverUrl }) => resolverUrl === path,
              )!;
              const told = tag.dataset.errors ?? null;
              return tag.state === state && tag.status === status && told === code;
            },
            [`/status/${i}`, state, status, code ?? null] as const,
          );
          if (asksOn) await site.asked(`/status/${i}?session=a-handle`, OUTAGE_AFTER + 1);
        }
        trials.forEach(({ asksOn, answers }, i) => {
          const { length } = site.requestsTo(`/status/${i}?session=a-handle`);
          if (!asksOn) assert.equal(length, answers.length, `${i}`);
        });
        const [sent] = site.requestsTo('/status/0?session=a-handle');
        assert.equal(`${sent!.method} ${sent!.path}`.replace('/status/0', ENDPOINT), line);
        assert.equal(`Accept: ${sent!.headers.get('Accept')}`, accept);
      },
    );

    it('listens to the stream that is shown', LIMIT, async () => {
      const [head, ...rest] = stream.split('\n\n');
      const [status, ...headers] = head!.split('\n');
      assert.equal(status, 'HTTP/1.1 200 OK');
      const path = '/streams';
      site.answer(path, () => session({ events_url: '?events', status_url: '?status' }));
      site.answer(`${path}?events`, () => {
        const fields = headers.map((line) => line.split(': ') as [string, string]);
        return new Response(rest.join('\n\n'), { headers: fields });
      });
      await addTags(page, [{ resolverUrl: path }]);
      await approved(page, path);
      const [request] = site.requestsTo(`${path}?events`);
      assert.equal(request!.headers.get('Accept'), 'text/event-stream');
      assert.deepEqual(site.requestsTo(`${path}?status`), []);
    });

    it('polls where the stream is none', LIMIT, async () => {
      const path = '/streams-not';
      const words = ['initialized', 'initialized', 'retrieved', 'confirmed'];
      site.answer(path, () => session({ events_url: '?events', status_url: '?status' }));
      site.answer(`${path}?status`, () => Response.json({ status: words.shift() ?? 'confirmed' }));
      await addTags(page, [{ resolverUrl: path, pollInterval: 100 }]);
      await approved(page, path);
      assert.equal(site.requestsTo(`${path}?events`).length, 1);
    });

    it('wants each of the headers of another origin', LIMIT, async () => {
      const rows = tableRows(guide.text, 'Another origin').map(([header]) => header!);
      const headers = rows.map((row) => {
        const [name, value] = row.split(': ') as [string, string];
        return [name, value.replace('https://www.shop.example', site.origin)] as [string, string];
      });
      const without = (name?: string) => headers.filter((header) => header[0] !== name);
      const trials = [undefined, ...headers.map(([name]) => name)];
      trials.forEach((name, i) => {
        elsewhere.answer(`/cors/${i}`, ({ method }) => {
          if (method === 'OPTIONS')
            return new Response(null, { status: 204, headers: without(name) });
          const fields = [...without(name), ['Retry-After', '31'] as [string, string]];
          return new Response('{}', { status: 503, headers: fields });
        });
      });
      const said = await page.evaluate(
        (urls) =>
          Promise.all(
            urls.map(async (resolverUrl) => {
              const tag = document.createElement('didit-verify');
              const headers = { 'X-CSRF-Token': 'a-token' };
              Object.assign(tag, { noResume: true, withCredentials: true, maxRetries: 0, headers });
              const told = new Promise<string>((resolve) =>
                tag.addEventListener('error', ({ detail: { code, retryAfter } }) =>
                  resolve(`${code} ${retryAfter}`),
                ),
              );
              tag.resolverUrl = resolverUrl;
              document.body.append(tag);
              return told;
            }),
          ),
        trials.map((_, i) => `${elsewhere.origin}/cors/${i}`),
      );
      const refused = 'resolver-unreachable undefined';
      assert.deepEqual(said, [
        'resolver-failed 31',
        ...[refused, refused, refused],
        'resolver-failed undefined',
      ]);
    });

    function allowing(response: Response): Response {
      const { status, body } = response;
      const headers = new Headers(response.headers);
      headers.set('Access-Control-Allow-Origin', site.origin);
      headers.set('Access-Control-Allow-Headers', 'content-type');
      return new Response(body, { status, headers });
    }
  });
}

/** Resolves once the tag with this resolver is approved. */
async function approved(page: Page, path: string): Promise<void> {
  await page.waitForFunction(
    (path) =>
      [...document.querySelectorAll('didit-verify')].some(
        ({ resolverUrl, state }) => resolverUrl === path && state === 'approved',
      ),
    path,
  );
}

function problem(): Response {
  return new Response(JSON.stringify({ type: 'about:blank', title: 'A title.' }), {
    status: 422,
    headers: { 'Content-Type': 'application/problem+json' },
  });
}
