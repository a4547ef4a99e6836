import { BoundedMap } from '../server/bounded-map.js';
import { byMethod, publicBase, type Api, type Call, type Handler, type Route } from './api.js';
import { identityCheck } from './identity-check.js';
import { VERIFICATION, type VerificationStatus } from './lifecycles.js';
import { PhonePage } from './phone-page.js';
import { Refusal } from './refusal.js';
import { requestObject } from './request-object.js';
import { tell, type Settings } from './sandbox-options.js';
import { SandboxSessions, type SandboxSession } from './sandbox-session.js';
import { askedFor } from './scopes.js';
import { checkVerification, type VerificationRequest } from './verification-request.js';

type Session = SandboxSession<VerificationStatus, VerificationRequest>;

/** What the phone page says that is looked at; which checks there are is up to the workflow. */
const LOOKED_AT = 'names birthdate document_detail';

/** Didit's verification, version 3 (Didit documentation, Create session). */
export class Verification implements Api {
  readonly errorMember = 'detail';
  readonly routes: readonly Route[];
  #settings: Settings;
  #sessions: SandboxSessions<VerificationStatus, VerificationRequest>;
  /** The id of the latest session of each workflow and person. */
  #latest = new BoundedMap<string>();

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#sessions = new SandboxSessions({
      lifecycle: VERIFICATION,
      lifetime: settings.sessionLifetime,
      now: settings.now,
      onStatus: (session) => tell(settings, 'session.status', session),
    });
    const { handle: phonePage } = new PhonePage(this.#sessions, {
      applicationName: settings.applicationName,
      rows: () => askedFor(LOOKED_AT, settings.userData),
      callback: ({ asked }) => asked.callback,
    });
    const known = (handler: Handler) => this.#authenticated(handler);
    this.routes = [
      [/^\/v3\/session\/$/, byMethod({ POST: known((call) => this.#create(call)) })],
      [
        /^\/v3\/session\/([^/]+)\/decision\/$/,
        byMethod({ GET: known((call) => this.#decision(call)) }),
      ],
      [/^\/v3\/session$/, () => redirectTo('session/')],
      [/^\/v3\/session\/([^/]+)\/decision$/, () => redirectTo('decision/')],
      [/^\/session\/([^/]+)\/?$/, phonePage],
    ];
  }

  async #create(call: Call): Promise<Response> {
    const asked = checkVerification(await requestObject(call.request));
    const session = this.#reuse(asked) ?? this.#add(asked);
    const base = publicBase(this.#settings.publicUrl, call);
    return Response.json(
      {
        session_id: session.id,
        session_number: session.number,
        session_token: session.token,
        vendor_data: session.vendorData,
        metadata: session.asked.metadata,
        status: session.status,
        workflow_id: session.asked.workflowId,
        callback: session.asked.callback,
        url: `${base}/session/${session.token}`,
      },
      { status: 201 },
    );
  }

  /** The person's unfinished session, with callback and metadata as they are asked for now. */
  #reuse(asked: VerificationRequest): Session | undefined {
    if (asked.vendorData === null) return undefined;
    const latest = this.#sessions.byId(this.#latest.get(personKey(asked)) ?? '');
    if (!latest || !this.#sessions.isUnfinished(latest)) return undefined;
    const session = this.#sessions.ask(latest, asked);
    tell(this.#settings, 'session.reused', session);
    return session;
  }

  #add(asked: VerificationRequest): Session {
    const session = this.#sessions.create(asked.vendorData, asked);
    if (asked.vendorData !== null) {
      this.#latest.delete(personKey(asked));
      this.#latest.add(personKey(asked), session.id);
    }
    tell(this.#settings, 'session.created', session);
    return session;
  }

  #decision({ key }: Call): Response {
    const session = this.#sessions.byId(key);
    if (!session) throw new Refusal(404, 'No such session.');
    const { id, number, status, vendorData, asked, createdAt } = session;
    return Response.json({
      session_id: id,
      session_number: number,
      status,
      workflow_id: asked.workflowId,
      features: ['ID_VERIFICATION'],
      vendor_data: vendorData,
      metadata: asked.metadata,
      callback: asked.callback,
      id_verifications: status === 'Approved' ? [identityCheck(this.#settings.userData)] : [],
      created_at: new Date(createdAt).toISOString(),
    });
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
