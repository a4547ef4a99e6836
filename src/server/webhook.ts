import { Refusal, retryAfter, upstreamRefusal, type Answer } from './answers.js';
import { DiditApiError } from './didit-api-error.js';
import { HookError } from './hooks.js';
import type { Report } from './log.js';
import type { Settings } from './options.js';
import { readWhole } from './request-body.js';
import type { StatusTracker } from './status-tracker.js';
import { eventOf, readWebhookBody, reasonToIgnore, type WebhookEvent } from './webhook-event.js';
import { WebhookSignature } from './webhook-signature.js';

const MAX_BYTES = 1_048_576;

/** Neither older nor further ahead (Didit documentation, Webhooks). */
const TOLERANCE_S = 300;

/** How long to wait before a webhook is sent again, where it could not be taken up, in seconds. */
const RETRY_S = 10;

/** The way from Didit's webhook to the session it is about. */
export class Webhook {
  #settings: Settings;
  #tracker: StatusTracker;
  #signature: WebhookSignature;

  constructor(settings: Settings, tracker: StatusTracker) {
    this.#settings = settings;
    this.#tracker = tracker;
    this.#signature = new WebhookSignature(settings.webhookSecrets);
  }

  /** @throws Refusal, HookError, DiditApiError */
  async answer(request: Request, report: Report): Promise<Answer> {
    // As if it were not there.
    if (this.#settings.webhookSecrets.length === 0) return { status: 404 };
    if (request.method !== 'POST') throw new Refusal('method-not-allowed', { Allow: 'POST' });
    const { body, trust } = await this.#read(request, report);
    const reason = reasonToIgnore(request.headers, body);
    if (reason) report({ type: 'webhook.ignored', reason });
    else await this.#takeUp(eventOf(body, trust), report);
    return { status: 200 };
  }

  /** Checks who sent it, and when, before anything of it is believed. */
  async #read(request: Request, report: Report) {
    const { headers } = request;
    const refuse = (reason: 'timestamp' | 'signature') => {
      report({ type: 'webhook.refused', reason });
      return new Refusal('unauthorized');
    };
    if (!this.#isTimely(headers.get('X-Timestamp'))) throw refuse('timestamp');
    const bytes = await readWhole(request, MAX_BYTES);
    const trust = await this.#signature.check(headers, bytes);
    if (!trust) throw refuse('signature');
    const body = readWebhookBody(new TextDecoder().decode(bytes));
    // The signature of the body as it came does not cover the header.
    if (!this.#isTimely(body.timestamp)) throw refuse('timestamp');
    return { body, trust };
  }

  /** Unix seconds, at most five minutes off, either way. */
  #isTimely(timestamp: unknown): boolean {
    if (!/^\d{1,12}$/.test(String(timestamp))) return false;
    return Math.abs(Number(timestamp) - this.#settings.now() / 1000) <= TOLERANCE_S;
  }

  async #takeUp(event: WebhookEvent, report: Report): Promise<void> {
    try {
      await this.#tracker.hear(event, { source: 'webhook', report });
    } catch (error) {
      throw toRefusal(error);
    }
  }
}

/** Didit sends it again for a 5xx, so that nothing is lost. */
function toRefusal(error: unknown): unknown {
  if (error instanceof HookError) return new Refusal('decision-failed', retryAfter(RETRY_S));
  return error instanceof DiditApiError ? upstreamRefusal(error) : error;
}
