import { Refusal } from './answers.js';
import { isId, isWord, type DiditDecision } from './didit-client.js';
import type { Trust } from './webhook-signature.js';

/** Didit's word on a session, as a webhook brings it. */
export interface Told {
  readonly status: string;
  /** When it was so, in milliseconds since 1970, to the second. */
  readonly at: number;
  /** Where the webhook brings one along. */
  readonly decision: DiditDecision | undefined;
}

/** What a webhook says, as far as its signature vouches for it. */
export interface WebhookEvent extends Pick<Told, 'at'> {
  /** The same for each repeat. */
  readonly key: string;
  readonly sessionId: string;
  /** Null where only the session's id is believed. */
  readonly told: Told | null;
}

/** The webhooks of a session that were taken up. */
export interface HeardEvents {
  /** When the newest was sent, in milliseconds since 1970; 0 where there was none. */
  readonly at: number;
  /** Of the last ones, the newest first. */
  readonly keys: readonly string[];
}

/** Repeats come soon; what is older than the newest is ignored in any case. */
const MAX_KEYS = 20;

/** A longer id of an event is not worth being kept. */
const MAX_KEY_CHARACTERS = 256;

type Body = Readonly<Record<string, unknown>>;

/** The body of a webhook: a JSON object, whose signature has been checked. */
export function readWebhookBody(text: string): Body {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // What is no JSON is no object, either.
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Body;
  throw new Refusal('bad-request');
}

/** Why nothing is to be done for a webhook (Didit documentation, Webhooks), or null. */
export function reasonToIgnore(headers: Headers, body: Body): 'type' | 'test' | 'business' | null {
  if (headers.get('X-Didit-Test-Webhook')?.toLowerCase() === 'true') return 'test';
  if (body.webhook_type !== 'status.updated') return 'type';
  return body.session_kind === 'business' ? 'business' : null;
}

/** @throws Refusal `bad-request` for what is no event of a session. */
export function eventOf(body: Body, trust: Trust): WebhookEvent {
  const { session_id: sessionId, status, timestamp, event_id: eventId } = body;
  if (!isId(sessionId) || !isWord(status)) throw new Refusal('bad-request');
  const at = Number(timestamp) * 1000;
  if (trust === 'simple') return { key: `${sessionId}:${status}:${at}`, sessionId, at, told: null };
  const key = isKey(eventId) ? eventId : `${sessionId}:${status}:${at}`;
  return { key, sessionId, at, told: { status, at, decision: decisionOf(body) } };
}

/** Why one needs not be taken up (again), or null. */
export function reasonToPass(
  heard: HeardEvents,
  { key, at }: Pick<WebhookEvent, 'key' | 'at'>,
): 'repeated' | 'older' | null {
  if (heard.keys.includes(key)) return 'repeated';
  return at < heard.at ? 'older' : null;
}

/** With one more that was taken up. */
export function withEvent(
  heard: HeardEvents,
  { key, at }: Pick<WebhookEvent, 'key' | 'at'>,
): HeardEvents {
  return { at: Math.max(at, heard.at), keys: [key, ...heard.keys].slice(0, MAX_KEYS) };
}

/** What two instances have taken up, that of the one that knows more first. */
export function joined(more: HeardEvents, other: HeardEvents): HeardEvents {
  const keys = [...new Set([...more.keys, ...other.keys])].slice(0, MAX_KEYS);
  return { at: Math.max(more.at, other.at), keys };
}

export function isHeard(value: unknown): value is HeardEvents {
  const { at, keys } = (value ?? {}) as Partial<Record<keyof HeardEvents, unknown>>;
  return typeof at === 'number' && Array.isArray(keys) && keys.every(isKey);
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_KEY_CHARACTERS;
}

/** What the decision call would give: the signature vouches for the fields around it as well. */
function decisionOf({
  decision,
  session_id,
  status,
  vendor_data,
}: Body): DiditDecision | undefined {
  if (typeof decision !== 'object' || decision === null || Array.isArray(decision))
    return undefined;
  const whole = { session_id, status, vendor_data: vendor_data ?? null, ...decision };
  return isWord(whole.status) ? (whole as DiditDecision) : undefined;
}
