import { Refusal, toResponse, type Answer } from './answers.js';
import { DiditApiError } from './didit-api-error.js';
import { HookError, nameOf } from './hooks.js';
import { reporter, type Report } from './log.js';
import { checkOptions, type DiditOptions, type Settings } from './options.js';
import { corsHeaders, isSameSite, preflightHeaders } from './same-site.js';
import { SessionCreation } from './session-creation.js';

const ALLOW = { Allow: 'POST, OPTIONS' };

/** The server part of `<didit-verify>`. */
export interface Didit {
  /**
   * Answers what the element sends to its `resolver-url`, wherever that is mounted: a POST creates
   * a session. 201 with `{ session_id, url, expires_in? }`, or an {@link ErrorBody}; never rejects.
   */
  session(request: Request): Promise<Response>;
}

/**
 * The server part of `<didit-verify>`, for one application at Didit.
 *
 * @throws TypeError if an option is missing or wrong.
 */
export function createDidit(options: DiditOptions): Didit {
  const settings = checkOptions(options);
  const creation = new SessionCreation(settings);
  return {
    session: (request) =>
      respond(request, settings, (report) => route(request, settings, creation, report)),
  };
}

async function route(
  request: Request,
  { allowedOrigins }: Settings,
  creation: SessionCreation,
  report: Report,
): Promise<Answer> {
  const origin = request.headers.get('Origin');
  const isOptions = request.method === 'OPTIONS';
  // Somebody who asks for the options and is not a page has nothing to forge.
  if (!(isOptions && origin === null) && !isSameSite(request, allowedOrigins)) {
    throw new Refusal('forbidden');
  }
  if (isOptions) {
    const asPage = origin !== null && allowedOrigins.has(origin);
    return { status: 204, headers: asPage ? preflightHeaders(request) : ALLOW };
  }
  if (request.method !== 'POST') throw new Refusal('method-not-allowed', ALLOW);
  return creation.answer(request, report);
}

/** Runs a handler; whatever it throws becomes an answer and an entry in the log. */
async function respond(
  request: Request,
  settings: Settings,
  handle: (report: Report) => Promise<Answer>,
): Promise<Response> {
  const correlationId = crypto.randomUUID();
  const report = reporter(settings, correlationId);
  let cors = {};
  try {
    cors = corsHeaders(request, settings.allowedOrigins);
    return toResponse(await handle(report), cors);
  } catch (error) {
    reportCause(error, report);
    const refusal = toRefusal(error);
    report({ type: 'session.refused', code: refusal.code });
    return toResponse(refusal.answer(correlationId), cors);
  }
}

function reportCause(error: unknown, report: Report): void {
  if (error instanceof Refusal) return;
  if (error instanceof DiditApiError) {
    const { status, detail } = error.facts;
    report({ type: 'upstream.failed', reason: error.reason, status, detail });
  } else if (error instanceof HookError) {
    report({ type: 'hook.failed', hook: error.hook, reason: error.reason });
  } else {
    report({ type: 'internal.failed', reason: nameOf(error) });
  }
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return error instanceof DiditApiError ? upstreamRefusal(error) : new Refusal('internal');
}

function upstreamRefusal({ reason, facts: { retryAfter } }: DiditApiError): Refusal {
  switch (reason) {
    case 'rate-limited':
      return new Refusal('upstream-busy', retryAfter ? { 'Retry-After': retryAfter } : {}, 503);
    case 'failed':
      return new Refusal('upstream-busy');
    case 'timeout':
      return new Refusal('upstream-timeout');
    case 'refused':
    case 'unreachable':
    case 'redirected':
    case 'invalid-answer':
    case 'sandbox-in-production':
      return new Refusal('upstream-refused');
    default:
      return reason satisfies never;
  }
}
