import { BoundedMap } from '../server/bounded-map.js';
import { byMethod, publicBase, type Api, type Call, type Handler, type Route } from './api.js';
import type { Play } from './control.js';
import { VERIFICATION, type VerificationStatus } from './lifecycles.js';
import { OverdueWatch } from './overdue-watch.js';
import { PhonePage } from './phone-page.js';
import { Refusal } from './refusal.js';
import { requestObject } from './request-object.js';
import { tell, type Settings } from './sandbox-options.js';
import { SandboxSessions } from './sandbox-session.js';
import { askedFor } from './scopes.js';
import { statusEvent } from './status-event.js';
import { createdAnswer, decisionAnswer, type VerificationSession } from './verification-answers.js';
import { checkVerification, type VerificationRequest } from './verification-request.js';
import type { Webhooks } from './webhooks.js';

/** What the phone page says that is looked at; which checks there are is up to the workflow. */
const LOOKED_AT = 'names birthdate document_detail';

/** Didit's verification, version 3 (Didit documentation, Create session). */
export class Verification implements Api {
  readonly errorMember = 'detail';
  readonly routes: readonly Route[];
  #settings: Settings;
  #webhooks: Webhooks | null;
  #sessions: SandboxSessions<VerificationStatus, VerificationRequest>;
  /** Without webhooks whoever wants to know asks. */
  #overdue: OverdueWatch;
  /** The id of the latest session of each workflow and person. */
  #latest = new BoundedMap<string>();

  constructor(settings: Settings, webhooks: Webhooks | null) {
    this.#settings = settings;
    this.#webhooks = webhooks;
    this.#sessions = new SandboxSessions({
      lifecycle: VERIFICATION,
      lifetime: settings.sessionLifetime,
      now: settings.now,
      onStatus: (session) => this.#tellStatus(session),
    });
    this.#overdue = new OverdueWatch(settings.now, () => this.#sessions.endOverdue());
    this.routes = this.#routes();
  }

  readonly play: Play = (id, action) => this.#sessions.play(id, action)?.status;

  close(): void {
    this.#overdue.close();
  }

  #routes(): Route[] {
    const { applicationName, userData } = this.#settings;
    const { handle: phonePage } = new PhonePage(this.#sessions, {
      applicationName,
      rows: () => askedFor(LOOKED_AT, userData),
      callback: ({ asked }) => asked.callback,
    });
    const create = this.#authenticated((call) => this.#create(call));
    const decide = this.#authenticated((call) => this.#decision(call));
    const remove = this.#authenticated((call) => this.#delete(call));
    return [
      [/^\/v3\/session\/$/, byMethod({ POST: create }), 'create'],
      [/^\/v3\/session\/([^/]+)\/decision\/$/, byMethod({ GET: decide }), 'decision'],
      [/^\/v3\/session\/([^/]+)\/delete\/$/, byMethod({ DELETE: remove }), 'delete'],
      [/^\/v3\/session$/, () => redirectTo('session/')],
      [/^\/v3\/session\/([^/]+)\/decision$/, () => redirectTo('decision/')],
      [/^\/v3\/session\/([^/]+)\/delete$/, () => redirectTo('delete/')],
      [/^\/session\/([^/]+)\/?$/, phonePage],
    ];
  }

  async #create(call: Call): Promise<Response> {
    const asked = checkVerification(await requestObject(call.request));
    const session = this.#reuse(asked) ?? this.#add(asked);
    const base = publicBase(this.#settings.publicUrl, call);
    return Response.json(createdAnswer(session, base), { status: 201 });
  }

  /** The person's unfinished session, with callback and metadata as they are asked for now. */
  #reuse(asked: VerificationRequest): VerificationSession | undefined {
    if (asked.vendorData === null) return undefined;
    const latest = this.#unfinished(this.#latest.get(personKey(asked)) ?? '');
    if (!latest) return undefined;
    const session = this.#sessions.ask(latest, asked);
    tell(this.#settings, 'session.reused', session);
    return session;
  }

  #add(asked: VerificationRequest): VerificationSession {
    const session = this.#sessions.create(asked.vendorData, asked);
    if (asked.vendorData !== null) {
      this.#latest.delete(personKey(asked));
      this.#latest.add(personKey(asked), session.id);
    }
    tell(this.#settings, 'session.created', session);
    this.#watch(session);
    return session;
  }

  #unfinished(id: string): VerificationSession | undefined {
    const session = this.#sessions.byId(id);
    return session && this.#sessions.isUnfinished(session) ? session : undefined;
  }

  #tellStatus(session: VerificationSession): void {
    tell(this.#settings, 'session.status', session);
    this.#webhooks?.send(statusEvent(session, this.#settings));
    this.#watch(session);
  }

  #watch(session: VerificationSession): void {
    const isWatched = this.#webhooks && this.#sessions.isUnfinished(session);
    if (isWatched) this.#overdue.watch(session.endsAt);
  }

  #decision({ key }: Call): Response {
    const session = this.#sessions.byId(key);
    if (!session) throw new Refusal(404, 'No such session.');
    return Response.json(decisionAnswer(session, this.#settings.userData));
  }

  #delete({ key }: Call): Response {
    if (!this.#sessions.delete(key)) throw new Refusal(404, 'No such session.');
    return new Response(null, { status: 204 });
  }

  #authenticated(handler: Handler): Handler {
    return (call) => {
      const { apiKey } = this.#settings;
      if (apiKey && call.request.headers.get('X-Api-Key') === apiKey) return handler(call);
      throw new Refusal(403, 'The API key is missing or wrong.');
    };
  }
}

function personKey({ workflowId, vendorData }: VerificationRequest): string {
  return JSON.stringify([workflowId, vendorData]);
}

/** As Didit does without the last slash; clients drop their authentication on the way. */
function redirectTo(location: string): Response {
  return new Response(null, { status: 301, headers: { Location: location } });
}
