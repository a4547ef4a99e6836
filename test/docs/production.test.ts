import { createSandbox } from 'didit-verify/sandbox';
import { createDidit, signWebhook, type Didit, type DiditOptions } from 'didit-verify/server';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { json } from 'node:stream/consumers';
import { after, before, describe, it, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { programOf } from '../../scripts/programs.mjs';
import german from '../../src/locales/de.js';
import { installedEngines, type Engine, type EnginePage } from '../e2e/engines.js';
import { launchChromium } from '../e2e/browser.js';
import { html, startPage } from '../e2e/own-page.js';
import { browsers } from '../production/browsers.js';
import { messagesOf, statusMessage } from '../production/event-messages.js';
import { serve } from '../web-server.js';
import { Guide } from './guide.js';
import { missing } from './missing-program.js';
import { startNginxSnippet } from './nginx-snippet.js';
import { openUnderPolicy, type PolicyPage } from './policy-page.js';
import { closeBrowser, openSnippet } from './snippet-page.js';
import { tableRows } from './table-rows.js';

const LIMIT = { timeout: 60_000 };
const ENDPOINT = '/api/didit/session';
const OWN = { Origin: 'https://shop.example', 'Sec-Fetch-Site': 'same-origin' };
const JSON_TYPE = { 'Content-Type': 'application/json' };

const guide = new Guide('docs/production.md');
const run = promisify(execFile);

after(closeBrowser);

describe('docs/production.md, account and secrets', LIMIT, () => {
  const OLD = 'o'.repeat(32);
  const NEW = 'n'.repeat(32);
  const good = { DIDIT_SECRETS: OLD, DIDIT_WEBHOOK_SECRETS: 'webhook-1 webhook-2' };
  const code = guide.take('Account and secrets', 'js');
  const metrics = guide.take('What to watch', 'js');
  const command = guide.take('Account and secrets', 'sh');

  /** The guide's two files as a site has them, in a process environment of so many variables. */
  async function load(t: TestContext, variables: Record<string, string>) {
    mkdirSync('.cache', { recursive: true });
    // Inside the package, so that it finds itself by its name.
    const folder = mkdtempSync('.cache/production-');
    t.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(`${folder}/didit.js`, code);
    writeFileSync(`${folder}/metrics.js`, metrics);
    writeFileSync(
      `${folder}/your-site.js`,
      `export const userOf = async (request) => ({ id: request.headers.get('X-User') ?? 'anna' });
       export const saved = [];
       export const linkSession = (...link) => saved.push(link);
       export const saveDecision = async ({ status }, { vendorData }) => {
         saved.push([vendorData, status]);
       };`,
    );
    const all = { DIDIT_API_KEY: 'key', DIDIT_WORKFLOW_ID: 'any', ...variables };
    Object.assign(process.env, all);
    t.after(() => Object.keys(all).forEach((name) => Reflect.deleteProperty(process.env, name)));
    const { didit } = await importOf<{ didit: Didit }>(`${folder}/didit.js`);
    t.after(() => didit.close());
    const site = await importOf<{ saved: unknown[] }>(`${folder}/your-site.js`);
    const { metrics: text } = await importOf<{ metrics: () => string }>(`${folder}/metrics.js`);
    return { didit, saved: site.saved, text };
  }

  function playDidit(t: TestContext) {
    const sandbox = createSandbox({ apiKey: 'key' });
    t.after(() => sandbox.close());
    t.mock.method(globalThis, 'fetch', (input: string, init?: RequestInit) =>
      sandbox.fetch(new Request(input, init)),
    );
    return sandbox;
  }

  async function statusOf(didit: Didit, reference: string, user = 'anna'): Promise<number> {
    const url = `https://shop.example${ENDPOINT}${reference}`;
    const request = new Request(url, { headers: { ...OWN, 'X-User': user } });
    return (await didit.session(request)).status;
  }

  it('makes a secret that is long enough', async () => {
    const { stdout } = await run('sh', ['-c', command]);
    assert.match(stdout, /^[\w-]{43}\n$/);
    const options = { clientId: 'a', clientSecret: 'b', getUser: () => ({}) };
    createDidit({ ...options, secret: stdout.trim() }).close();
  });

  for (const missing of ['DIDIT_SECRETS', 'DIDIT_WEBHOOK_SECRETS'] as const) {
    it(`does not start without ${missing}, and says which option it is`, async (t) => {
      const option = missing === 'DIDIT_SECRETS' ? /: secret must/ : /: webhookSecrets must/;
      await assert.rejects(load(t, { ...good, [missing]: '' }), { message: option });
    });
  }

  it('changes its secret without anybody noticing, and counts what happens', async (t) => {
    const sandbox = playDidit(t);
    const first = await load(t, good);
    const answer = await first.didit.session(createRequest());
    assert.equal(answer.status, 201);
    const { session_id, status_url } = (await answer.json()) as Record<string, string>;
    const both = await load(t, { ...good, DIDIT_SECRETS: `${NEW} ${OLD}` });
    const newest = await load(t, { ...good, DIDIT_SECRETS: NEW });
    assert.equal(await statusOf(both.didit, status_url!), 200);
    assert.equal(await statusOf(newest.didit, status_url!), 404);
    assert.equal(await statusOf(first.didit, status_url!, 'somebody-else'), 404);
    sandbox.play(session_id!, 'approve');
    const webhook = await signWebhook({ session_id: session_id!, status: 'Approved' }, 'webhook-2');
    const url = 'https://shop.example/api/didit/webhook';
    assert.equal((await first.didit.webhook(new Request(url, webhook))).status, 200);
    assert.deepEqual(first.saved.at(-1), ['anna', 'Approved']);
    const counted = first.text().split('\n');
    assert.equal(counted[0], '# TYPE didit_events_total counter');
    for (const line of [
      'didit_events_total{type="session.created",why=""} 1',
      'didit_events_total{type="handle.refused",why="unreadable"} 1',
      'didit_events_total{type="request.refused",why="session-not-found"} 1',
      'didit_events_total{type="decision.accepted",why=""} 1',
    ]) {
      assert.ok(counted.includes(line), `${line} is not in ${counted.join('\n')}`);
    }
    assert.equal(counted.at(-1), '');
  });
});

describe('docs/production.md, Content-Security-Policy', { timeout: 300_000 }, () => {
  const hash = integrityOf('didit-verify.min.js');
  const words = integrityOf('locales/de.js');
  const section = 'Content-Security-Policy';
  const tag = `<didit-verify resolver-url="${ENDPOINT}"></didit-verify>`;
  const own = `<script src="/dist/didit-verify.min.js"></script>${tag}`;
  const cdn = 'https://cdn.jsdelivr.net/npm/didit-verify@0.1.0/dist/didit-verify.min.js';
  const elsewhere = policyOf('Pages on another origin');
  const given = optionsOf(guide.take('Pages on another origin', 'js'));
  const pages: Record<string, PolicyPage> = {
    'files of its own': { policy: policyOf(section, 0), markup: own },
    'a CDN’s folder': {
      policy: policyOf(section, 1),
      markup: `<script src="${cdn}"></script>${tag}`,
    },
    'a nonce': {
      policy: policyOf(section, 2).replace('{nonce}', 'r4nd0m'),
      markup: guide.take(section, 'html', 0).replace('{nonce}', 'r4nd0m'),
    },
    hashes: {
      policy: hashed(policyOf(section, 3)),
      markup: hashed(guide.take(section, 'html', 1)),
    },
    'a backend on another origin': {
      policy: elsewhere,
      markup: guide.take('Pages on another origin', 'html'),
      backendFor: (origin) => backendOf(origin),
    },
  };

  function policyOf(of: string, index = 0): string {
    const [, value] = /^Content-Security-Policy: (.+)\n$/.exec(guide.take(of, 'http', index)) ?? [];
    assert.ok(value, `no policy ${index} in “${of}”`);
    return value;
  }

  function hashed(text: string): string {
    return text.replaceAll('sha384-{hash of the words}', words).replaceAll('sha384-{hash}', hash);
  }

  /** Who comes without the page's cookie is nobody. */
  function backendOf(origin: string): (request: Request) => Promise<Response> {
    const options = given({});
    assert.deepEqual(options.allowedOrigins, ['https://shop.example']);
    const didit = didits({
      ...options,
      allowedOrigins: [origin],
      getUser: ({ headers }) =>
        headers.get('Cookie')?.includes('login=somebody') ? { vendorData: 'somebody' } : null,
    });
    return didit.session;
  }

  for (const { name, launch } of installedEngines()) {
    describe(`in ${name}`, () => {
      let engine: Engine;
      let page: EnginePage;

      before(async () => {
        engine = await launch();
        page = await engine.newPage();
      });

      after(() => engine?.close());

      for (const [what, shown] of Object.entries(pages)) {
        const skip = what === 'hashes' && name === 'WebKitGTK' && 'it takes no hash of a file';
        it(`sees no violation, and shows a code: ${what}`, { skip }, async (t) => {
          assert.deepEqual(await openUnderPolicy(t, page, shown), {
            state: 'ready',
            hasCode: true,
            heading: german.heading,
            violations: [],
          });
        });
      }

      it('sees the violation where a policy lacks what the guide names', async (t) => {
        const { policy, markup } = pages['files of its own']!;
        const lacking = policy.replace("connect-src 'self'; ", '');
        assert.notEqual(lacking, policy);
        const { state, violations } = await openUnderPolicy(t, page, { policy: lacking, markup });
        assert.equal(state, 'error');
        assert.match(violations.join(), /^connect-src: http/);
      });
    });
  }

  it('cannot be framed', async (t) => {
    const { policy, markup } = pages['files of its own']!;
    const browser = await launchChromium();
    t.after(() => browser.close());
    for (const value of [policy, policy.replace(/frame-ancestors [^;]+; /, '')]) {
      const site = await startPage(() => html(markup, { 'Content-Security-Policy': value }));
      const other = await startPage(() => html(`<iframe src="${site.origin}"></iframe>`));
      t.after(() => Promise.all([site.close(), other.close()]));
      const page = await browser.newPage();
      // Another name of this machine is another site.
      await page.goto(other.origin.replace('127.0.0.1', 'localhost'));
      const [, frame] = page.frames();
      const shows = await frame!.locator('didit-verify').count();
      assert.equal(shows, value === policy ? 0 : 1);
    }
  });
});

describe('docs/production.md, behind a proxy', LIMIT, () => {
  const snippet = guide.take('Behind a proxy', 'nginx');
  const program = programOf('nginx');
  const skip = program === null && 'nginx is not installed';

  it('serves creates, streams and webhooks, limits, and logs no handle', { skip }, async (t) => {
    const log = new EventEmitter();
    const sandbox = createSandbox({ apiKey: 'key' });
    const addresses = new Set<string | null>();
    const didit = createDidit({
      ...{ apiKey: 'key', workflowId: 'any', webhookSecrets: ['webhook'] },
      fetch: (input, init) => sandbox.fetch(new Request(input, init)),
      getUser: ({ headers }) => {
        addresses.add(headers.get('X-Real-IP'));
        return { vendorData: crypto.randomUUID() };
      },
      log: (event) => log.emit(event.type, event),
    });
    const backend = await serve((request: Request) =>
      request.url.endsWith('/webhook') ? didit.webhook(request) : didit.session(request),
    );
    t.after(() => {
      didit.close();
      return backend.close();
    });
    const host = 'shop.example';
    const nginx = await startNginxSnippet(t, program!, { snippet, host, upstream: backend.origin });
    const send = browsers['HTTP/1.1'](t, { port: nginx.port, host, ca: nginx.cert });
    const create = (headers: Record<string, string> = OWN) =>
      send({
        method: 'POST',
        path: ENDPOINT,
        headers: { ...JSON_TYPE, 'X-Real-IP': '192.0.2.1', ...headers },
        body: '{}',
      });

    // Older browsers say where they come from, and nothing of the kind.
    const answers = [await create({ Origin: `https://${host}` })];
    while (answers.at(-1)!.status === 201 && answers.length < 20) answers.push(await create());
    assert.equal(answers.at(-1)!.status, 429);
    assert.equal(answers.length, 12, 'one, ten more at once, and the one that is too many');
    assert.deepEqual([...addresses], ['127.0.0.1']);

    const { status_url } = (await json(answers[0]!.body)) as { status_url: string };
    const read = await send({ method: 'GET', path: ENDPOINT + status_url, headers: OWN });
    assert.equal(read.status, 404, 'it is asked for by somebody else, and not limited');

    const received = once(log, 'webhook.ignored');
    const headers = { 'X-Didit-Test-Webhook': 'true' };
    const webhook = await signWebhook({ session_id: 'a', status: 'Approved' }, 'webhook');
    const sent = {
      ...webhook,
      path: '/api/didit/webhook',
      headers: { ...webhook.headers, ...headers },
    };
    assert.equal((await send({ ...sent, method: 'POST' })).status, 200);
    await received;

    const large = { method: 'POST', path: ENDPOINT, headers: { ...OWN, ...JSON_TYPE } };
    assert.equal((await send({ ...large, body: 'x'.repeat(16_385) })).status, 413);

    const lines = nginx.log('didit.log').trim().split('\n');
    assert.ok(lines.length > answers.length);
    assert.match(lines.join('\n'), /"GET \/api\/didit\/session" 404/);
    assert.doesNotMatch(lines.join('\n'), /session=/);
  });

  it('lets a stream tell each message while it is open', { skip }, async (t) => {
    const didit = didits({});
    const backend = await serve(didit.session);
    t.after(() => backend.close());
    const host = 'shop.example';
    const nginx = await startNginxSnippet(t, program!, { snippet, host, upstream: backend.origin });
    const send = browsers['HTTP/1.1'](t, { port: nginx.port, host, ca: nginx.cert });
    const create = {
      method: 'POST',
      path: ENDPOINT,
      headers: { ...OWN, ...JSON_TYPE },
      body: '{}',
    };
    const { events_url, session_id } = (await json((await send(create)).body)) as {
      events_url: string;
      session_id: string;
    };
    const { body } = await send({ method: 'GET', path: ENDPOINT + events_url, headers: OWN });
    const next = messagesOf(body);
    assert.equal(await next(), statusMessage('initialized'));
    sandboxes.get(didit)!.play(session_id, 'open');
    assert.equal(await next(), statusMessage('retrieved'));
  });
});

describe('docs/production.md, rate limits', LIMIT, () => {
  const given = optionsOf(guide.take('Rate limits', 'js'));

  for (const vendorData of ['somebody', undefined]) {
    it(`counts by ${vendorData ? 'person' : 'address'}`, async (t) => {
      const counts = new Map<string | null, number>();
      const addAndCountOfLastHour = async (who: string | null) => {
        counts.set(who, (counts.get(who) ?? 0) + 1);
        return counts.get(who);
      };
      const options = given({ creates: { addAndCountOfLastHour } });
      const didit = didits({ ...options, getUser: () => (vendorData ? { vendorData } : {}) });
      t.after(() => didit.close());
      const ask = () => didit.session(createRequest({ 'X-Real-IP': '192.0.2.1' }));
      for (let create = 0; create < 5; create++) assert.equal((await ask()).status, 201);
      const refused = await ask();
      assert.deepEqual([refused.status, refused.headers.get('Retry-After')], [429, '600']);
      assert.deepEqual([...counts.keys()], [vendorData ?? '192.0.2.1']);
    });
  }
});

describe('docs/production.md, what to watch', () => {
  it('names every event of the log, and none that is not', () => {
    const source = readFileSync('src/server/log.ts', 'utf8');
    const [union] = /export type Incident =[^]*?(?=\/\*\* What `log` hears)/.exec(source) ?? [''];
    const types = [...union.matchAll(/type:([^;]+);/g)].flatMap(([, names]) =>
      [...names!.matchAll(/'([a-z.-]+)'/g)].map(([, name]) => name!),
    );
    assert.ok(types.length > 15);
    const told = tableRows(guide.text, 'What to watch').flatMap(([names]) => names!.split(' '));
    assert.deepEqual(told.sort(), types.sort());
  });

  it('names the codes and reasons that there are', () => {
    for (const [file, words] of [
      ['src/server/answers.ts', ['rate-limited', 'forbidden']],
      ['src/server/log.ts', ["'unreadable'", "'timestamp' | 'signature'", "'test'"]],
      ['src/server/didit-api-error.ts', ["'refused'", "'sandbox-in-production'"]],
    ] as const) {
      const source = readFileSync(file, 'utf8');
      for (const word of words) assert.ok(source.includes(word), `${file}: ${word}`);
    }
  });
});

describe('docs/production.md, health', LIMIT, () => {
  it('is answered, and nobody is asked', async (t) => {
    let asked = 0;
    const count = () => {
      asked++;
      return null;
    };
    const didit = didits({ getUser: count, fetch: () => Promise.reject(new Error(`${count()}`)) });
    const site = await serve(didit.session);
    t.after(() => site.close());
    const command = guide.take('Health', 'sh').replace('https://shop.example', site.origin);
    if (missing('curl')) return t.skip(missing('curl'));
    const { stdout } = await run('sh', ['-c', command]);
    assert.equal(stdout, '204\n');
    assert.equal(asked, 0);
  });
});

describe('docs/production.md, errors in the page', LIMIT, () => {
  it('tells of them, and of nothing else', async (t) => {
    const told = new EventEmitter();
    const { page } = await openSnippet(t, {
      // What throws, and a picture that is not there, are errors, too.
      html: `<img src="/nowhere.png"><didit-verify manual resolver-url="${ENDPOINT}"></didit-verify>`,
      js: guide.take('Errors in the page', 'js'),
      options: { getUser: () => null },
      answer: (request) => {
        if (!request.url.endsWith('/page-errors')) return undefined;
        void request.json().then((error) => told.emit('error.told', error));
        return new Response(null, { status: 204 });
      },
    });
    const first = once(told, 'error.told');
    await page.evaluate(() => document.querySelector('didit-verify')!.start());
    assert.deepEqual(await first, [{ code: 'resolver-rejected', httpStatus: 401 }]);
    assert.deepEqual(await page.evaluate(() => said), []);
  });
});

describe('docs/production.md, when Didit is down', LIMIT, () => {
  it('fails as it does then, and is well again', async (t) => {
    const sandbox = createSandbox({ clientId: 'sandbox', clientSecret: 'sandbox-secret' });
    const server = await serve(sandbox.fetch);
    const didit = didits({ fetch: (input, init) => sandbox.fetch(new Request(input, init)) });
    t.after(async () => {
      sandbox.close();
      await server.close();
    });
    const commands = [0, 1].map((index) => guide.take('When Didit is down', 'sh', index));
    if (missing('curl')) return t.skip(missing('curl'));
    for (const [index, status] of [502, 201].entries()) {
      const command = commands[index]!;
      await run('sh', ['-c', command.replace('http://127.0.0.1:4000', server.origin)]);
      assert.equal((await didit.session(createRequest())).status, status);
    }
  });
});

describe('docs/production.md', () => {
  it('names the version that this is', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const named = [...guide.text.matchAll(/didit-verify@([\w.-]+)/g)].map(([, found]) => found);
    assert.ok(named.length > 0);
    assert.deepEqual([...new Set(named)], [version]);
  });

  it('leads from its contents to each section', () => {
    const contents = [...guide.text.matchAll(/^- \[(.+)\]\(#.+\)$/gm)].map(([, title]) => title);
    const sections = [...guide.text.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    assert.deepEqual(contents, sections);
  });
});

guide.leavesNothing();

const sandboxes = new Map<Didit, ReturnType<typeof createSandbox>>();

after(() => {
  for (const [didit, sandbox] of sandboxes) {
    didit.close();
    sandbox.close();
  }
});

/** The server part, with a sandbox as Didit. */
function didits(options: Partial<DiditOptions>): Didit {
  const account = { clientId: 'sandbox', clientSecret: 'sandbox-secret' };
  const sandbox = createSandbox({ ...account, publicUrl: 'https://app.didit.me' });
  const didit = createDidit({
    ...account,
    fetch: (input, init) => sandbox.fetch(new Request(input, init)),
    getUser: () => ({ vendorData: 'somebody' }),
    ...options,
  } as DiditOptions);
  sandboxes.set(didit, sandbox);
  return didit;
}

/** The options that a block of the guide gives, for a site with such a database. */
function optionsOf(code: string): (db: unknown) => Partial<DiditOptions> {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is the guide's own code
  return new Function('db', `const createDidit = (options) => options; ${code}; return didit;`) as (
    db: unknown,
  ) => Partial<DiditOptions>;
}

function createRequest(headers: Record<string, string> = {}): Request {
  const url = `https://shop.example${ENDPOINT}`;
  return new Request(url, {
    method: 'POST',
    headers: { ...OWN, ...JSON_TYPE, ...headers },
    body: '{}',
  });
}

function integrityOf(file: string): string {
  return `sha384-${createHash('sha384')
    .update(readFileSync(`dist/${file}`))
    .digest('base64')}`;
}

/** Anew each time: its address is another one. */
async function importOf<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(file).href)) as T;
}
