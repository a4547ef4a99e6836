import { Refusal, toResponse, upstreamRefusal, type Answer } from './answers.js';
import { BackgroundChecks } from './background-checks.js';
import { DiditApiError } from './didit-api-error.js';
import { DiditClient } from './didit-client.js';
import { discardBody } from './discard-body.js';
import { HandleSeal } from './handle.js';
import { HookError, nameOf } from './hooks.js';
import { reporter, type Report } from './log.js';
import { checkOptions, type DiditOptions, type Settings } from './options.js';
import { corsHeaders, isSameSite, preflightHeaders } from './same-site.js';
import { SessionCreation } from './session-creation.js';
import { SessionStatus } from './session-status.js';
import { StatusTracker } from './status-tracker.js';
import { Webhook } from './webhook.js';

const ALLOW = { Allow: 'GET, POST, OPTIONS' };

/** The server part of `<didit-verify>`. Its functions need no `this`. */
export interface Didit {
  /**
   * Answers what the element sends to its `resolver-url`, wherever that is mounted. Never rejects.
   *
   * | request | answer |
   * | --- | --- |
   * | `POST` | 201 with `{ session_id, url, status, expires_in?, status_url, events_url? }` |
   * | `GET ?session={handle}` | 200 with `{ status }` |
   * | `GET ?session={handle}&events` | 200 with a stream of server-sent events |
   *
   * Everything else is an {@link ErrorBody}.
   */
  readonly session: (request: Request) => Promise<Response>;

  /**
   * Answers Didit's webhooks, where `webhookSecrets` are given, wherever that is mounted: 200 once
   * one is taken up, or is nothing to take up. For what could not be taken up 503, so that Didit
   * sends it again. Never rejects.
   */
  readonly webhook: (request: Request) => Promise<Response>;

  /**
   * Takes up Didit's decision on a session that no page asks for any more: for a scheduled job, or
   * the person's next visit. It waits for its turn in `statusBudget`.
   *
   * @returns Didit's word for where the session stands, or `declined` after a refusal.
   * @throws DiditApiError if Didit gave no decision; HookError if `onDecision` failed; TypeError for
   * a `sessionId` that is none.
   */
  readonly settle: (sessionId: string) => Promise<string>;

  /**
   * Ends everything in the background, and all streams within a second, so that a server can shut
   * down. Their pages connect again after a while, each after another one.
   */
  readonly close: () => void;
}

/**
 * The server part of `<didit-verify>`, for one application at Didit.
 *
 * @throws TypeError if an option is missing or wrong.
 */
export function createDidit(options: DiditOptions): Didit {
  const client = new DiditClient(options);
  const settings = checkOptions(options);
  const seal = new HandleSeal(settings.secrets, settings.audience);
  const tracker = new StatusTracker(settings, client);
  const background = new BackgroundChecks(settings, tracker);
  const creation = new SessionCreation(settings, client, seal, tracker);
  const status = new SessionStatus(settings, seal, tracker);
  const webhook = new Webhook(settings, tracker);
  const answer = async (request: Request, handle: (report: Report) => Promise<Answer>) => {
    const response = await respond(request, settings, handle);
    background.start();
    return response;
  };
  return {
    session: (request) =>
      answer(request, (report) => route(request, settings, { creation, status }, report)),
    webhook: (request) => answer(request, (report) => webhook.answer(request, report)),
    settle: (sessionId) => tracker.settle(sessionId, reporter(settings, crypto.randomUUID())),
    close() {
      background.stop();
      status.close();
      tracker.close();
    },
  };
}

async function route(
  request: Request,
  { allowedOrigins }: Settings,
  { creation, status }: { creation: SessionCreation; status: SessionStatus },
  report: Report,
): Promise<Answer> {
  const origin = request.headers.get('Origin');
  const isOptions = request.method === 'OPTIONS';
  // Somebody who asks for the options and is not a page has nothing to forge.
  if (!(isOptions && origin === null) && !isSameSite(request, allowedOrigins)) {
    throw new Refusal('forbidden');
  }
  switch (request.method) {
    case 'OPTIONS': {
      const asPage = origin !== null && allowedOrigins.has(origin);
      return { status: 204, headers: asPage ? preflightHeaders(request) : ALLOW };
    }
    case 'POST':
      return creation.answer(request, report);
    case 'GET':
      return status.answer(request, report);
    default:
      throw new Refusal('method-not-allowed', ALLOW);
  }
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
    report({ type: 'request.refused', code: refusal.code });
    await discardBody(request);
    return toResponse(refusal.answer(correlationId), cors);
  }
}

function reportCause(error: unknown, report: Report): void {
  if (error instanceof Refusal) return;
  if (error instanceof DiditApiError) {
    const { reason, status } = error;
    report({ type: 'upstream.failed', reason, status });
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
