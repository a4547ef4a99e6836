import type { Api } from './api.js';
import { Closing } from './closing.js';
import { Control } from './control.js';
import { DataTransfer } from './data-transfer.js';
import { checkFaults, type SandboxFault } from './fault.js';
import { Faults } from './faults.js';
import type { SandboxStatus } from './lifecycles.js';
import { Refusal } from './refusal.js';
import { checkOptions, type SandboxOptions } from './sandbox-options.js';
import { Verification } from './verification.js';
import { Webhooks } from './webhooks.js';

/** On every answer, so that nobody takes one of these for Didit's. */
const COMMON_HEADERS = {
  'Didit-Sandbox': 'true',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** A running sandbox. Its functions need no `this`. */
export interface Sandbox {
  /** The whole server: Didit's APIs, the phone page, and `/sandbox/` for tests. */
  readonly fetch: (request: Request) => Promise<Response>;

  /**
   * Lets calls of Didit's APIs go wrong from now on: each by the first of these faults that means
   * it. They take the place of all faults before. The same as `PUT /sandbox/faults`.
   *
   * @throws TypeError for what is no fault.
   *
   * @example
   * sandbox.fail({ kind: 'rate-limited', call: 'decision', times: 2, retryAfter: 5 });
   */
  readonly fail: (...faults: SandboxFault[]) => void;

  /** Ends all faults. The same as `DELETE /sandbox/faults`. */
  readonly heal: () => void;

  /**
   * Plays the phone: `open`, or what the phone page's form has as `action`, say `confirm` or
   * `approve`. The same as `POST /sandbox/sessions/{sessionId}/{action}`.
   *
   * @returns the status as it then is; unchanged where the action leads nowhere from there.
   * @throws Error for a session or an action that there is not.
   */
  readonly play: (sessionId: string, action: string) => SandboxStatus;

  /** Ends everything in the background: no more webhooks are sent, and slow calls go on at once. */
  readonly close: () => void;
}

/**
 * A stand-in for Didit, with a phone page at the URLs of its sessions: data transfer at `/auth/v2/`
 * and verification at `/v3/`. Keeps everything in memory: the newest 10,000 sessions of each, and as
 * many tokens. For development and tests only: it confirms whoever presses a button.
 *
 * @throws TypeError for a lifetime that is not a positive number, empty credentials, or half of what
 * webhooks need.
 *
 * @example
 * const sandbox = createSandbox({ apiKey: 'sandbox-key' });
 * Deno.serve(sandbox.fetch);
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const settings = checkOptions(options);
  const closing = new Closing();
  const faults = new Faults(settings, closing);
  const { webhook } = settings;
  const dataTransfer = new DataTransfer(settings);
  const verification = new Verification(
    settings,
    webhook && new Webhooks(settings, webhook, closing),
  );
  const control = new Control(faults, [dataTransfer.play, verification.play]);
  const apis = [dataTransfer, verification, control];
  return {
    async fetch(request) {
      const response = await route(request, apis, faults);
      for (const [name, value] of Object.entries(COMMON_HEADERS)) response.headers.set(name, value);
      return response;
    },
    fail: (...list) => faults.set(checkFaults(list)),
    heal: () => faults.set([]),
    play: (sessionId, action) => control.play(sessionId, action),
    close() {
      closing.close();
      verification.close();
    },
  };
}

async function route(request: Request, apis: readonly Api[], faults: Faults): Promise<Response> {
  const url = new URL(request.url);
  for (const { routes, errorMember } of apis) {
    for (const [pattern, handler, call] of routes) {
      const match = pattern.exec(url.pathname);
      if (!match) continue;
      const handle = () =>
        answer(errorMember, () => handler({ request, url, key: match[1] ?? '' }));
      return call ? answer(errorMember, () => faults.answer(call, handle)) : handle();
    }
  }
  return new Refusal(404, 'Not found.').answer('message');
}

async function answer(
  errorMember: string,
  handle: () => Response | Promise<Response>,
): Promise<Response> {
  try {
    return await handle();
  } catch (error) {
    if (error instanceof Refusal) return error.answer(errorMember);
    throw error;
  }
}
