import type { Answer } from './answers.js';
import { DiditClient } from './didit-client.js';
import { callHook } from './hooks.js';
import { Idempotency, idempotencyKey } from './idempotency.js';
import type { Report } from './log.js';
import type { Settings } from './options.js';
import { chooseScope, demandJson, readBody } from './request-body.js';
import { identify } from './user.js';

/** A session that may be shown. */
interface CreatedSession {
  readonly sessionId: string;
  readonly url: string;
  /** When Didit's answer was there, in milliseconds since 1970. */
  readonly createdAt: number;
}

/** The way from a page's POST to a session. */
export class SessionCreation {
  #settings: Settings;
  #client: DiditClient;
  #idempotency: Idempotency<CreatedSession>;
  #warned = false;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#client = new DiditClient(settings);
    this.#idempotency = new Idempotency(settings.now, (created) => this.#secondsLeft(created) > 0);
  }

  /** @throws Refusal, HookError, DiditApiError */
  async answer(request: Request, report: Report): Promise<Answer> {
    demandJson(request);
    const { vendorData } = await identify(this.#settings.getUser, request);
    if (vendorData === undefined) this.#warn(report);
    const scope = chooseScope((await readBody(request)).scope, this.#settings);
    const create = () => this.#create(request, scope, vendorData);

    const key = idempotencyKey(request);
    const { result, repeated } =
      key === null
        ? { result: create(), repeated: false }
        : this.#idempotency.run(JSON.stringify([vendorData, scope, key]), create);
    const created = await result;
    report({
      type: repeated ? 'session.repeated' : 'session.created',
      sessionId: created.sessionId,
    });
    return { status: 201, body: this.#body(created) };
  }

  async #create(
    request: Request,
    scope: string | undefined,
    vendorData: string | undefined,
  ): Promise<CreatedSession> {
    const session = await this.#client.createSession({ scope, vendorData });
    // Taken before the hook, which may do with its object as it likes.
    const { session_id: sessionId, url } = session;
    const createdAt = this.#settings.now();
    const context = { sessionId, vendorData, request };
    await callHook('onSession', () => this.#settings.onSession?.(session, context));
    return { sessionId, url, createdAt };
  }

  #body(created: CreatedSession) {
    const { sessionLifetime } = this.#settings;
    const left = this.#secondsLeft(created);
    return {
      session_id: created.sessionId,
      url: created.url,
      // Whole seconds, but for a lifetime that is none itself.
      ...(sessionLifetime ? { expires_in: Math.min(sessionLifetime, Math.ceil(left)) } : {}),
    };
  }

  #secondsLeft({ createdAt }: CreatedSession): number {
    const { sessionLifetime = Infinity, now } = this.#settings;
    return Math.max(0, sessionLifetime - (now() - createdAt) / 1000);
  }

  #warn(report: Report): void {
    if (this.#warned) return;
    this.#warned = true;
    report({ type: 'user.readable-by-anyone' });
  }
}
