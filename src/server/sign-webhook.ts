import { signatureHeaders } from './webhook-signature.js';

/** What a webhook of Didit's says; further members are sent as they are. */
export interface WebhookBody {
  /** Didit's id of the session. */
  session_id: string;
  /** Didit's word, say `Approved`. */
  status: string;
  /**
   * What it is about.
   *
   * @default 'status.updated'
   */
  webhook_type?: string;
  /** When, in Unix seconds; without it, now. */
  timestamp?: number;
  /** Whatever else it says. */
  [member: string]: unknown;
}

/** A webhook, as the second argument of `Request` and `fetch`. */
export interface SignedWebhook {
  /** As all webhooks. */
  method: 'POST';
  /** The signatures, the time and the type of the body. */
  headers: Record<string, string>;
  /** The signed JSON, to be sent as it is. */
  body: string;
}

/**
 * A webhook as Didit sends it, with all three signatures, for a site's own tests:
 * `didit.webhook(new Request(url, await signWebhook({ session_id, status }, secret)))`.
 *
 * @param event - what it says.
 * @param secret - one of `webhookSecrets`.
 * @param now - when it is signed, in milliseconds since 1970.
 * @returns what `Request` and `fetch` take.
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
