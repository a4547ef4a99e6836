import { serveStatic } from '@hono/node-server/serve-static';
import { createDidit } from 'didit-verify/server';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';
import { randomUUID } from 'node:crypto';
import { createLog } from './log.mjs';
import { playDidit } from './play-didit.mjs';
import { createStreams } from './streams.mjs';

const USER_COOKIE = 'demo-user';
const SCOPES = 'names email birthdate is_over_18 document_detail';

/**
 * The demo's whole backend: the pages, and the server part at `/api/didit/session`. Without an
 * account at Didit also the sandbox, and the server part at `/api/didit/short`, whose sessions soon
 * end, and at `/api/didit/verification`.
 *
 * @param {{ origin: string, account: import('didit-verify/server').DiditCredentials | null }} options
 */
export function createBackend({ origin, account }) {
  const app = new Hono();
  const log = createLog();
  const streams = createStreams();
  const mode = account ? 'didit' : 'sandbox';

  // Before the demo's own policy: the phone page has one of its own.
  const endpoints = account ? { session: account } : playDidit(app, origin, log.from('sandbox'));

  app.use(protect);
  app.use(toOrigin(origin));
  for (const [name, options] of Object.entries(endpoints)) {
    const didit = createDidit({ ...site(log.from('backend')), ...options });
    app.all(`/api/didit/${name}`, streams.watch, (context) => didit.session(context.req.raw));
  }
  if (mode === 'sandbox') app.post('/api/demo/cut', streams.cut);
  app.get('/api/demo', (context) => context.json({ mode }));
  app.get('/api/demo/log', log.stream);
  app.get('/dist/*', serveStatic({ root: './' }));
  app.get('/assets/*', serveStatic({ root: './demo' }));
  // By their ending alone: this program's own files are beside them.
  for (const page of ['/', '/:name{[a-z]+\\.html}']) {
    app.get(page, knowVisitor, serveStatic({ root: './demo' }));
  }
  return { app, mode };
}

/** What a site tells the server part, besides its account. */
function site(tell) {
  return {
    scope: 'names email',
    allowedScopes: SCOPES,
    // A real site takes the person from its own login.
    getUser: (request) => userOf(request),
    // A real site keeps what it was given; here it is told that something was, and not what.
    onDecision: ({ status, user_data, id_verifications }, { sessionId }) =>
      tell({
        type: 'onDecision',
        at: Date.now(),
        sessionId,
        status,
        shared: sharedBy(user_data, id_verifications).join(', ') || 'nothing',
      }),
    log: tell,
  };
}

/** Data transfer has a member for each scope, verification a list for each kind of check. */
function sharedBy(userData, idVerifications) {
  return [...Object.keys(userData ?? {}), ...(idVerifications?.length ? ['id_verifications'] : [])];
}

/** One name for one server: what is framed and asked for must be the page's own origin. */
function toOrigin(origin) {
  return async (context, next) => {
    const { host } = new URL(origin);
    if (context.req.header('Host') === host) return next();
    const { pathname, search } = new URL(context.req.url);
    return context.redirect(origin + pathname + search, 307);
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
