import { createSandbox } from 'didit-verify/sandbox';
import { createDidit, type Didit, type DiditOptions } from 'didit-verify/server';
import { readFileSync } from 'node:fs';
import { serve } from '../web-server.js';

/** What a page of the site has heard of its element. */
export interface Heard {
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly code?: string;
  readonly state?: string;
  readonly reason?: string;
}

declare global {
  var heard: Heard[];
}

/** A site of one page, which can go away and come back while Didit's part goes on. */
export interface OwnSite {
  readonly origin: string;
  /** How often a page has asked for its stream of events. */
  streamsAsked(): number;
  /** As a process that is killed: connections are cut, and what it knew is lost. */
  stop(): Promise<void>;
  /** On the same port, with nothing of before. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface OwnSiteOptions {
  readonly onDecision?: DiditOptions['onDecision'];
  /** Seconds, as pages are told; Didit's part gives a session longer. */
  readonly sessionLifetime?: number;
  /** Whether streams of events are had, or answered 404. */
  readonly streams?: boolean;
  /** Whether the page asks for the status by a function of its own. */
  readonly ownStatus?: boolean;
}

const SCRIPT = 'dist/didit-verify.min.js';
const EVENTS = [
  'session-created',
  'status-changed',
  'session-completed',
  'session-expired',
  'error',
];
/** At the end of a page that has one; the element starts after this. */
const OWN_STATUS = `<script>
  document.querySelector('didit-verify').statusResolver = async ({ sessionId, signal }) =>
    (await fetch('/own-status?id=' + sessionId, { signal })).json();
</script>`;
const PAGE = `<!doctype html>
  <link rel="icon" href="data:,">
  <script>
    heard = [];
    for (const type of ${JSON.stringify(EVENTS)}) {
      const hear = ({ detail }) => heard.push({ type, at: Date.now(), ...detail });
      document.addEventListener(type, hear, true);
    }
  </script>
  <script src="/${SCRIPT}"></script>
  <didit-verify
    resolver-url="/session"
    allowed-hosts="127.0.0.1"
    poll-interval="500"
  ></didit-verify>`;

export async function startSite(options: OwnSiteOptions): Promise<OwnSite> {
  const { onDecision, sessionLifetime, streams = true, ownStatus = false } = options;
  const account = { clientId: 'own', clientSecret: 'own-secret' };
  const sandbox = await serve(createSandbox(account).fetch);
  let asked = 0;
  let didit: Didit;

  async function answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const isStream = searchParams.has('events');
    if (isStream) asked++;
    if (isStream && !streams) return new Response('No streams here.', { status: 404 });
    if (pathname === '/session') return didit.session(request);
    if (pathname === '/own-status')
      return Response.json(await didit.settle(searchParams.get('id')!));
    const isPage = pathname === '/';
    const type = isPage ? 'text/html' : 'text/javascript';
    const body = isPage ? PAGE + (ownStatus ? OWN_STATUS : '') : readFileSync(SCRIPT);
    return new Response(body, { headers: { 'Content-Type': type } });
  }

  function begin(): void {
    didit = createDidit({
      ...{ ...account, apiUrl: sandbox.origin, onDecision, sessionLifetime },
      getUser: () => ({ vendorData: 'somebody' }),
    });
  }

  begin();
  let site = await serve(answer);
  const { origin } = site;
  const stop = () => {
    didit.close();
    return site.close();
  };
  return {
    origin,
    streamsAsked: () => asked,
    stop,
    async start() {
      begin();
      site = await serve(answer, Number(new URL(origin).port));
    },
    async close() {
      await stop();
      await sandbox.close();
    },
  };
}
