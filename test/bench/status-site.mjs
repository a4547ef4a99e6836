import { once } from 'node:events';
import { createAdaptorServer } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { createSandbox } from 'didit-verify/sandbox';
import { createDidit } from 'didit-verify/server';
import { Hono } from 'hono';
import { diditStub } from './didit-stub.mjs';
import { preciseNow } from './precise-now.mjs';

const PATH = '/api/didit/session';

/** What a site would have, and two promises that keep when the element told of what. */
const PAGE = `<!doctype html>
<title>Benchmark</title>
<script type="module" src="/dist/didit-verify.esm.js"></script>
<didit-verify resolver-url="${PATH}" allowed-hosts="*.didit.me localhost"></didit-verify>
<script>
  const tag = document.querySelector('didit-verify');
  const first = (type) =>
    new Promise((resolve) => {
      const tell = ({ detail }) => resolve({ ...detail, at: (${preciseNow})() });
      tag.addEventListener(type, tell, { once: true });
    });
  globalThis.created = first('session-created');
  globalThis.completed = first('session-completed');
</script>`;

/** What every site here has. */
const SITE = { getUser: () => ({ vendorData: 'one-person' }), limit: () => true };

/**
 * A site with the server part behind a real HTTP server on loopback, before a Didit that is played in
 * this process.
 */
export async function statusSite({ events }) {
  const didit = diditStub();
  const knownAt = new Map();
  const { session, settle, close } = createDidit({
    ...SITE,
    clientId: 'bench-client',
    clientSecret: 'bench-secret-of-the-site',
    events,
    fetch: didit.fetch,
    log: ({ type, sessionId }) => {
      if (type === 'decision.accepted') knownAt.set(sessionId, preciseNow());
    },
  });
  return {
    ...(await served(session, close)),
    /** Confirms a session, has the server part know, and gives when it knew. */
    async decide(sessionId) {
      didit.confirm(sessionId);
      await settle(sessionId);
      return knownAt.get(sessionId);
    },
    /** Confirms a session, and gives when; the server part has to find out. */
    confirm(sessionId) {
      didit.confirm(sessionId);
      return preciseNow();
    },
  };
}

/** The same, before the sandbox's verification, which sends it webhooks. */
export async function webhookSite() {
  const webhookSecret = 'bench-secret-of-the-webhooks';
  const sentAt = new Map();
  const sandbox = createSandbox({
    apiKey: 'bench-key',
    webhookUrl: 'http://localhost/webhook',
    webhookSecret,
    fetch: (url, init) => {
      sentAt.get(JSON.parse(init.body).session_id)?.(preciseNow());
      return webhook(new Request(url, init));
    },
  });
  const { session, webhook, close } = createDidit({
    ...SITE,
    apiKey: 'bench-key',
    workflowId: 'any',
    apiUrl: 'http://localhost',
    webhookSecrets: [webhookSecret],
    fetch: (url, init) => sandbox.fetch(new Request(url, init)),
  });
  return {
    ...(await served(session, () => {
      close();
      sandbox.close();
    })),
    /** Approves a session, and gives when the webhook of that was sent. */
    approve(sessionId) {
      const sent = new Promise((resolve) => sentAt.set(sessionId, resolve));
      sandbox.play(sessionId, 'approve');
      return sent;
    },
  };
}

/** The handler behind a real server, with the times of its pages' questions. */
async function served(session, stop) {
  const polls = pollTimes();
  const server = await listen((request) => {
    polls.note(request);
    return session(request);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    endpoint: `http://127.0.0.1:${server.address().port}${PATH}`,
    polls,
    async close() {
      stop();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(answer) {
  const app = new Hono();
  app.get('/', (context) => context.html(PAGE));
  app.get('/dist/*', serveStatic({ root: './' }));
  app.all(PATH, (context) => answer(context.req.raw));
  const server = createAdaptorServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** When pages asked for a status, by session; a stream is one question. */
function pollTimes() {
  const times = new Map();
  let asked = () => undefined;
  return {
    note({ method, url }) {
      if (method !== 'GET') return;
      const handle = new URL(url).searchParams.get('session');
      times.set(handle, [...(times.get(handle) ?? []), preciseNow()]);
      asked();
    },
    /** The next question of any page. */
    next: () => new Promise((resolve) => (asked = resolve)),
    /** Milliseconds between two questions for a session. */
    get gaps() {
      return [...times.values()].flatMap((all) =>
        all.slice(1).map((time, index) => time - all[index]),
      );
    },
  };
}
