import { signatureHeaders } from './webhook-signature.js';

/** What a webhook of Didit's says; further members are sent as they are. */
export interface WebhookBody {
  /** Didit's id of the session. */
  session_id: string;
  /** Didit's word, say `Approved`. */
  status: string;
  /** Default `status.updated`. */
  webhook_type?: string;
  /** When, in Unix seconds. Default: now. */
  timestamp?: number;
  [member: string]: unknown;
}

/** A webhook, as the second argument of `Request` and `fetch`. */
export interface SignedWebhook {
  method: 'POST';
  headers: Record<string, string>;
  body: string;
}

/**
 * A webhook as Didit sends it, with all three signatures, for a site's own tests:
 * `didit.webhook(new Request(url, await signWebhook({ session_id, status }, secret)))`.
 *
 * @param secret one of `webhookSecrets`
 * @param now milliseconds since 1970. Default: `Date.now()`
 */
export async function signWebhook(
  event: WebhookBody,
  secret: string,
  now = Date.now(),
): Promise<SignedWebhook> {
  const seconds = Math.floor(now / 1000);
  const defaults = { webhook_type: 'status.updated', timestamp: seconds, created_at: seconds };
  const body = JSON.stringify({ ...defaults, ...event });
  const headers = {
    'Content-Type': 'application/json',
    'X-Timestamp': String(seconds),
    ...(await signatureHeaders(body, secret)),
  };
  return { method: 'POST', headers, body };
}
