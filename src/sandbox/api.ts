import type { SandboxCall } from './fault.js';
import { Refusal } from './refusal.js';

/** A request on its way to a handler. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  /** What the path names: a session's id or token. */
  readonly key: string;
}

/** @throws Refusal */
export type Handler = (call: Call) => Response | Promise<Response>;

/** A path, with a group for the call's key, who answers it, and which call it is that may fail. */
export type Route = readonly [RegExp, Handler, SandboxCall?];

/** One of Didit's APIs, or the sandbox's own. */
export interface Api {
  readonly routes: readonly Route[];
  /** Which member of an error's JSON has the words. */
  readonly errorMember: 'message' | 'detail';
}

/** Answers by method, and refuses the others. */
export function byMethod(handlers: Readonly<Record<string, Handler>>): Handler {
  return (call) => {
    const { method } = call.request;
    if (Object.hasOwn(handlers, method)) return handlers[method]!(call);
    throw new Refusal(405, 'Method not allowed.', { Allow: Object.keys(handlers).join(', ') });
  };
}

/** Where phones reach the sandbox, without a slash at the end. */
export function publicBase(publicUrl: string | undefined, { url }: Call): string {
  return (publicUrl ?? url.origin).replace(/\/+$/, '');
}
