import { serveStatic } from '@hono/node-server/serve-static';
import { createSandbox } from 'didit-verify/sandbox';
import { createDidit } from 'didit-verify/server';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';
import { streamSSE } from 'hono/streaming';
import { randomUUID } from 'node:crypto';

const USER_COOKIE = 'demo-user';
const SCOPES = 'names email birthdate is_over_18 document_detail';
const SESSION_SECONDS = 900;
const RECENT_MS = 1000;

/**
 * The demo's whole backend: the pages, the server part at `/api/didit/session`, and, without an
 * account at Didit, the sandbox.
 *
 * @param {{ origin: string, account: import('didit-verify/server').DiditCredentials | null }} options
 */
export function createBackend({ origin, account }) {
  const app = new Hono();
  const log = createLog();
  const mode = account ? 'didit' : 'sandbox';
  const tell = log.from('backend');

  const credentials = account ?? mountSandbox(app, origin, log.from('sandbox'));
  const didit = createDidit({
    ...credentials,
    scope: 'names email',
    allowedScopes: SCOPES,
    // A real site takes the person from its own login.
    getUser: (request) => userOf(request),
    // A real site keeps what it was given; here it is told that something was, and not what.
    onDecision: ({ status, user_data }) =>
      tell({
        ...{ type: 'onDecision', at: Date.now(), status },
        shared: Object.keys(user_data ?? {}).join(', ') || 'nothing',
      }),
    log: tell,
  });

  app.use(protect);
  app.use(toOrigin(origin));
  app.all('/api/didit/session', (context) => didit.session(context.req.raw));
  app.get('/api/demo', (context) => context.json({ mode }));
  app.get('/api/demo/log', log.stream);
  app.get('/', knowVisitor);
  app.get('/dist/*', serveStatic({ root: './' }));
  app.get('/*', serveStatic({ root: './demo/pages' }));
  return { app, mode };
}

/** A made-up account, and Didit's part played on this very server, over HTTP all the same. */
function mountSandbox(app, origin, log) {
  const clientId = 'demo';
  const clientSecret = randomUUID();
  const sandbox = createSandbox({
    ...{ clientId, clientSecret, log },
    applicationName: 'Demo shop',
    sessionLifetime: SESSION_SECONDS,
  });
  app.all('/auth/*', (context) => sandbox.fetch(context.req.raw));
  app.all('/authorize/*', (context) => sandbox.fetch(context.req.raw));
  return { clientId, clientSecret, apiUrl: origin, sessionLifetime: SESSION_SECONDS };
}

/** One name for one server: what is framed and asked for must be the page's own origin. */
function toOrigin(origin) {
  return async (context, next) => {
    const { host } = new URL(origin);
    if (context.req.header('Host') === host) return next();
    return context.redirect(origin + context.req.path, 307);
  };
}

/** An anonymous site tells its visitors apart by a cookie of its own. */
async function knowVisitor(context, next) {
  if (!getCookie(context, USER_COOKIE)) {
    setCookie(context, USER_COOKIE, randomUUID(), { httpOnly: true, sameSite: 'Lax', path: '/' });
  }
  await next();
}

function userOf(request) {
  const cookies = request.headers.get('Cookie') ?? '';
  const [, id] = new RegExp(`(?:^|; )${USER_COOKIE}=([\\w-]+)`).exec(cookies) ?? [];
  return id ? { vendorData: id } : null;
}

/** As strict as a bank's: the element works under it. */
const protect = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    connectSrc: ["'self'"],
    imgSrc: ["'self'"],
    frameSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: false,
  // Plain HTTP on loopback: other demos on this host name must not be sent to HTTPS.
  strictTransportSecurity: false,
});

/** What backend and sandbox tell, passed on to every open page as server-sent events. */
function createLog() {
  const pages = new Set();
  let recent = [];
  const send = (page, event) => void page.writeSSE({ data: JSON.stringify(event) });
  return {
    from: (source) => (told) => {
      const event = { source, ...told };
      recent = [...recent, event].filter(({ at }) => at > Date.now() - RECENT_MS);
      for (const page of pages) send(page, event);
    },
    stream: (context) =>
      streamSSE(context, async (page) => {
        // Nobody listens to the body of a HEAD, nor ever hangs up.
        if (context.req.method === 'HEAD') return;
        pages.add(page);
        // The element may have been faster than this stream.
        for (const event of recent) send(page, event);
        await new Promise((resolve) => page.onAbort(resolve));
        pages.delete(page);
      }),
  };
}
