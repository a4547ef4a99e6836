import { signWebhook } from '../server/sign-webhook.js';
import { sleep } from '../server/sleep.js';
import type { Closing } from './closing.js';
import type { Settings, WebhookSettings } from './sandbox-options.js';
import type { StatusEvent } from './status-event.js';

/** For an answer's status, as Didit waits for one (Didit documentation, Webhooks). */
const ANSWER_MS = 5000;

/**
 * Sends webhooks, signed as Didit's are. What is answered with 404 or 5xx, or not at all, is sent
 * again after a pause, as often as there are pauses; any other answer is the end of it. Those of one
 * session come in their order: the next is sent once the one before is delivered or given up.
 */
export class Webhooks {
  #settings: Settings;
  #webhook: WebhookSettings;
  #closing: Closing;
  /** The last of each session that has any on their way. */
  #last = new Map<string, Promise<void>>();

  constructor(settings: Settings, webhook: WebhookSettings, closing: Closing) {
    this.#settings = settings;
    this.#webhook = webhook;
    this.#closing = closing;
  }

  /** Nobody waits for it. */
  send(event: StatusEvent): void {
    const id = event.session_id;
    const before = this.#last.get(id) ?? Promise.resolve();
    const sent = before
      .then(() => this.#deliver(event))
      .finally(() => {
        if (this.#last.get(id) === sent) this.#last.delete(id);
      });
    this.#last.set(id, sent);
  }

  /** Never rejects. */
  async #deliver(event: StatusEvent): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const httpStatus = await this.#closing.run((controller) => this.#attempt(event, controller));
      if (this.#closing.isClosed) return;
      const pause = isTransient(httpStatus) ? this.#webhook.retryDelays[attempt - 1] : undefined;
      this.#tell(event, attempt, httpStatus, pause !== undefined);
      if (pause === undefined) return;
      await this.#closing.run(({ signal }) => sleep(pause * 1000, signal));
    }
  }

  /** The HTTP status of the answer, or null for none. */
  async #attempt(event: StatusEvent, controller: AbortController): Promise<number | null> {
    if (controller.signal.aborted) return null;
    const limit = sleep(ANSWER_MS, controller.signal).then(() => null);
    const httpStatus = await Promise.race([this.#post(event, controller.signal), limit]);
    // Ends whichever of the two goes on.
    controller.abort();
    return httpStatus;
  }

  async #post(event: StatusEvent, signal: AbortSignal): Promise<number | null> {
    const { url, secret } = this.#webhook;
    try {
      const webhook = await signWebhook(event, secret, this.#settings.now());
      const response = await this.#settings.fetch(url, { ...webhook, redirect: 'manual', signal });
      await response.body?.cancel();
      return response.status;
    } catch {
      return null;
    }
  }

  #tell(
    event: StatusEvent,
    attempt: number,
    httpStatus: number | null,
    isSentAgain: boolean,
  ): void {
    const { log, now } = this.#settings;
    const { session_id: sessionId, status } = event;
    const about = { at: now(), sessionId, status, attempt };
    if (isSuccess(httpStatus)) log({ type: 'webhook.delivered', ...about, httpStatus });
    else log({ type: 'webhook.failed', ...about, httpStatus, isSentAgain });
  }
}

function isSuccess(httpStatus: number | null): httpStatus is number {
  return httpStatus !== null && httpStatus >= 200 && httpStatus < 300;
}

function isTransient(httpStatus: number | null): boolean {
  return httpStatus === null || httpStatus === 404 || httpStatus >= 500;
}
