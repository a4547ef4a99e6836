import { byMethod, publicBase, type Api, type Call, type Handler, type Route } from './api.js';
import { ClientTokens } from './client-tokens.js';
import type { Play } from './control.js';
import { DATA_TRANSFER, type DataTransferStatus } from './lifecycles.js';
import { PhonePage } from './phone-page.js';
import { Refusal } from './refusal.js';
import { requestObject } from './request-object.js';
import { tell, type Settings } from './sandbox-options.js';
import { SandboxSessions, type SandboxSession } from './sandbox-session.js';
import { askedFor } from './scopes.js';

/** `asked`: the scope. */
type Session = SandboxSession<DataTransferStatus, string>;

/** Didit's data transfer (Didit documentation, Data transfer). */
export class DataTransfer implements Api {
  readonly errorMember = 'message';
  /** Didit's paths are documented with and without the last slash. */
  readonly routes: readonly Route[];
  #settings: Settings;
  #sessions: SandboxSessions<DataTransferStatus, string>;
  #tokens: ClientTokens;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#tokens = new ClientTokens(settings);
    this.#sessions = new SandboxSessions({
      lifecycle: DATA_TRANSFER,
      lifetime: settings.sessionLifetime,
      now: settings.now,
      onStatus: (session) => tell(settings, 'session.status', session),
    });
    this.routes = this.#routes();
  }

  readonly play: Play = (id, action) => this.#sessions.play(id, action)?.status;

  #routes(): Route[] {
    const { applicationName, userData } = this.#settings;
    const { handle: phonePage } = new PhonePage(this.#sessions, {
      applicationName,
      rows: ({ asked }) => askedFor(asked, userData),
      callback: () => null,
    });
    const create = this.#authenticated((call) => this.#create(call));
    const status = this.#authenticated((call) => this.#status(call));
    const decide = this.#authenticated((call) => this.#decision(call));
    return [
      [/^\/auth\/v2\/token\/?$/, byMethod({ POST: (call) => this.#tokens.issue(call) }), 'token'],
      [/^\/auth\/v2\/session\/?$/, byMethod({ POST: create }), 'create'],
      [/^\/auth\/v2\/session\/([^/]+)\/status\/?$/, byMethod({ GET: status }), 'status'],
      [/^\/auth\/v2\/session\/([^/]+)\/decision\/?$/, byMethod({ GET: decide }), 'decision'],
      [/^\/authorize\/([^/]+)\/?$/, phonePage],
    ];
  }

  async #create(call: Call): Promise<Response> {
    const { scope = '', vendor_data: vendorData = null } = await requestObject(call.request);
    if (typeof scope !== 'string') throw new Refusal(400, 'scope must be a string.');
    if (typeof vendorData !== 'string' && vendorData !== null) {
      throw new Refusal(400, 'vendor_data must be a string.');
    }
    const session = this.#sessions.create(vendorData, scope);
    tell(this.#settings, 'session.created', session);
    const base = publicBase(this.#settings.publicUrl, call);
    return Response.json(
      {
        session_id: session.id,
        session_token: session.token,
        url: `${base}/authorize/${session.token}`,
      },
      { status: 201 },
    );
  }

  #status({ request, key }: Call): Response {
    const { token, status } = this.#find(key);
    if (request.headers.get('Data-Session-Token') !== token) {
      throw new Refusal(403, 'Data-Session-Token is not that of the session.');
    }
    return Response.json({ status });
  }

  /** The status is capitalised here and lower case in the status call, as in Didit's samples. */
  #decision({ key }: Call): Response {
    const { id, number, status, vendorData, asked: scope, createdAt } = this.#find(key);
    const shared = status === 'confirmed' ? askedFor(scope, this.#settings.userData) : [];
    return Response.json({
      session_id: id,
      session_number: number,
      status: status.charAt(0).toUpperCase() + status.slice(1),
      vendor_data: vendorData,
      scope,
      user_data: Object.fromEntries(shared.filter(([, value]) => value !== undefined)),
      created_at: new Date(createdAt).toISOString(),
    });
  }

  #find(id: string): Session {
    const session = this.#sessions.byId(id);
    if (session) return session;
    throw new Refusal(404, 'No such session.');
  }

  #authenticated(handler: Handler): Handler {
    return (call) => {
      const { apiKey } = this.#settings;
      const hasKey = Boolean(apiKey) && call.request.headers.get('X-Api-Key') === apiKey;
      if (hasKey || this.#tokens.isIn(call.request)) return handler(call);
      throw new Refusal(401, 'No valid credentials.', { 'WWW-Authenticate': 'Bearer' });
    };
  }
}
