import type { Api } from './api.js';
import { DataTransfer } from './data-transfer.js';
import { Refusal } from './refusal.js';
import { checkOptions, type SandboxOptions } from './sandbox-options.js';
import { Verification } from './verification.js';

/** On every answer, so that nobody takes one of these for Didit's. */
const COMMON_HEADERS = {
  'Didit-Sandbox': 'true',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** A running sandbox: the whole server is one function, and needs no `this`. */
export interface Sandbox {
  fetch(request: Request): Promise<Response>;
}

/**
 * A stand-in for Didit, with a phone page at the URLs of its sessions: data transfer at `/auth/v2/`
 * and verification at `/v3/`. Keeps everything in memory: the newest 10,000 sessions of each, and as
 * many tokens.
 *
 * @throws TypeError for a lifetime that is not a positive number, or empty credentials.
 *
 * @example
 * const sandbox = createSandbox({ apiKey: 'sandbox-key' });
 * Deno.serve(sandbox.fetch);
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const settings = checkOptions(options);
  const apis = [new DataTransfer(settings), new Verification(settings)];
  return {
    async fetch(request) {
      const response = await route(request, apis);
      for (const [name, value] of Object.entries(COMMON_HEADERS)) response.headers.set(name, value);
      return response;
    },
  };
}

async function route(request: Request, apis: readonly Api[]): Promise<Response> {
  const url = new URL(request.url);
  for (const { routes, errorMember } of apis) {
    for (const [pattern, handler] of routes) {
      const match = pattern.exec(url.pathname);
      if (match) return answer(errorMember, () => handler({ request, url, key: match[1] ?? '' }));
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
