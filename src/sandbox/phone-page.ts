import { byMethod, type Call, type Handler } from './api.js';
import { authorizePage, type PageModel } from './authorize-page.js';
import { isForeign } from './is-foreign.js';
import type { SandboxStatus } from './lifecycles.js';
import { Refusal } from './refusal.js';
import { randomToken, type SandboxSession, type SandboxSessions } from './sandbox-session.js';

/** What the page shows of a session. */
export interface PhonePageOptions<Session> {
  readonly applicationName: string;
  /** What is asked for, with the sample values. */
  readonly rows: (session: Session) => PageModel['rows'];
  /** Where the application wants the person back when all is over; null if nowhere. */
  readonly callback: (session: Session) => string | null;
}

/** The page at the URL that a session's code leads to: a GET opens the session, a POST answers it. */
export class PhonePage<Status extends SandboxStatus, Asked> {
  /** Takes a session's token for the key. */
  readonly handle: Handler;
  #sessions: SandboxSessions<Status, Asked>;
  #options: PhonePageOptions<SandboxSession<Status, Asked>>;

  constructor(
    sessions: SandboxSessions<Status, Asked>,
    options: PhonePageOptions<SandboxSession<Status, Asked>>,
  ) {
    this.#sessions = sessions;
    this.#options = options;
    this.handle = byMethod({
      GET: (call) => this.#open(call),
      HEAD: (call) => this.#page(call, sessions.byToken(call.key)),
      POST: (call) => this.#takeAnswer(call),
    });
  }

  /** A browser that only looks ahead has not opened the session yet. */
  #open(call: Call): Response {
    const session = this.#sessions.byToken(call.key);
    const looksAhead = call.request.headers.get('Sec-Purpose')?.startsWith('prefetch');
    if (!session || looksAhead) return this.#page(call, session);
    return this.#page(call, this.#sessions.advance(session, this.#sessions.lifecycle.opened));
  }

  /** Leads back to the page by a relative reference: the path may be another in front of a proxy. */
  async #takeAnswer(call: Call): Promise<Response> {
    const { request, url, key } = call;
    const { actions } = this.#sessions.lifecycle;
    const session = this.#sessions.byToken(key);
    if (!session) return this.#page(call, undefined);
    if (isForeign(request, url)) throw new Refusal(403, 'Only the page itself can answer.');
    const steps = actions.get(new URLSearchParams(await request.text()).get('action') ?? '');
    if (!steps) throw new Refusal(400, `action must be one of ${[...actions.keys()].join(', ')}.`);
    this.#sessions.advance(session, steps);
    const location = url.pathname.endsWith('/') ? `../${session.token}` : session.token;
    return new Response(null, { status: 303, headers: { Location: location } });
  }

  #page({ request }: Call, session: SandboxSession<Status, Asked> | undefined): Response {
    const nonce = randomToken(18);
    const body = request.method === 'HEAD' ? null : authorizePage(this.#model(session, nonce));
    return new Response(body, {
      status: session ? 200 : 404,
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy':
          `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; ` +
          `frame-ancestors 'self'; base-uri 'none'`,
      },
    });
  }

  #model(session: SandboxSession<Status, Asked> | undefined, nonce: string): PageModel {
    const { applicationName, rows, callback } = this.#options;
    const isUnfinished = session !== undefined && this.#sessions.isUnfinished(session);
    const isOver = session !== undefined && !isUnfinished;
    return {
      applicationName,
      nonce,
      status: session?.status ?? 'unknown',
      rows: isUnfinished ? rows(session) : [],
      returnUrl: isOver ? returnUrl(callback(session), session) : null,
    };
  }
}

/** The callback with what Didit appends to it; none for what a link must not lead to. */
function returnUrl(
  callback: string | null,
  { id, status }: SandboxSession<string, unknown>,
): string | null {
  const url = callback !== null && URL.canParse(callback) ? new URL(callback) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  url.searchParams.append('verificationSessionId', id);
  url.searchParams.append('status', status);
  return url.href;
}
