import { createSandbox } from 'didit-verify/sandbox';
import { createDidit } from 'didit-verify/server';
import { readFileSync } from 'node:fs';
import { serve } from '../web-server.js';

/** A page that somebody might have the element in. */
export interface OddPage {
  /** Before the element's script. */
  readonly head?: string;
  /** From the element's script on. */
  readonly body: string;
  /** Of HTML, where it does not say. */
  readonly type?: string;
  /** In place of the one of HTML today. */
  readonly doctype?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Puts it into a frame of a page that has nothing else. */
  readonly frame?: Frame;
  /** The code of the error that it comes to; without, it comes to be approved. */
  readonly fails?: string;
  /** Whether the code can be scanned from the screen; without, it can. */
  readonly isUnseen?: boolean;
  /** The link cannot be copied by a press: not at all, or by a policy that not all engines know. */
  readonly refusesCopy?: 'always' | 'by policy';
}

interface Frame {
  readonly attributes?: string;
  /** By another origin than that of the page around it. */
  readonly isForeign?: boolean;
  /** Written as attribute, or as a URL that has all of it; without, it is fetched. */
  readonly inlined?: 'srcdoc' | 'data:';
}

/** What a page, or the frame in it, has heard, and what it looked like then. */
interface HeardThere {
  readonly type: string;
  readonly state: string;
  readonly code?: string;
  /** Once it is rendered. */
  readonly shows?: 'code' | 'link to copy' | 'icon' | 'spinner' | 'nothing';
}

declare global {
  var heardThere: HeardThere[];
  /** Where the row has put the element, where nobody finds it. */
  var tag: HTMLElementTagNameMap['didit-verify'] | undefined;
  /** Takes back what the page has changed, as far as the test needs it itself. */
  var restore: (() => void) | undefined;
}

/** A site with odd pages and a real backend, and Didit's part played. */
export interface OddSite {
  readonly origin: string;
  /** Authorize URLs of all sessions, the newest last. */
  readonly urls: readonly string[];
  /** Somebody else is signed in from now on: Didit gives who has a session the same again. */
  welcome(person: string): void;
  close(): Promise<void>;
}

const SCRIPT = '/didit-verify.min.js';
const ACCOUNT = { apiKey: 'odd-key', workflowId: 'odd-workflow' };
const SECRET = 'odd-secret';

/** The element, as it is in most pages. */
export const TAG = tagWith();

/** Asks a resolver that lets pages of all origins ask. */
export const OPEN_TAG = tagWith('resolver-url="/open"');

export function tagWith(attributes = 'resolver-url="/session"'): string {
  return `<didit-verify ${attributes} allowed-hosts="127.0.0.1" poll-interval="300"></didit-verify>`;
}

/** Keeps what is heard and said, and tells the page around. */
const LISTENING = `<script>
  globalThis.__name = (named) => named;
  globalThis.heardThere = [];
  globalThis.said = [];
  try { sessionStorage.clear() } catch {}
  (() => {
    const { defineProperty } = Object;
    const tell = parent === self ? () => {} : () => parent.postMessage({ heardThere, said }, '*');
    const say = (text) => { said.push(String(text)); tell(); };
    for (const name of ['warn', 'error']) console[name] = (...words) => say(words.join(' '));
    addEventListener('error', (event) => { if (event.message) say(event.message); });
    addEventListener('unhandledrejection', ({ reason }) => say(reason?.stack ?? reason));
    const SHOWN = { url: 'link to copy', code: 'code', disc: 'icon', spinner: 'spinner' };
    const find = () => globalThis.tag ?? document.querySelector('didit-verify');
    const look = ({ shadowRoot }) =>
      SHOWN[Object.keys(SHOWN).find((name) => shadowRoot.querySelector('.' + name))] ?? 'nothing';
    const hear = async ({ type, detail }) => {
      const element = find();
      const entry = { type, state: element.state, code: detail?.code };
      heardThere.push(entry);
      await element.updateComplete;
      entry.shows = look(element);
      tell();
    };
    addEventListener('message', ({ data: { press, ...told } }) => {
      Object.assign(globalThis, told);
      if (!press) return;
      const { shadowRoot } = find();
      // Whether it is refused is known in a while.
      const observer = new MutationObserver(() => {
        observer.disconnect();
        hear({ type: press });
      });
      observer.observe(shadowRoot, { childList: true, subtree: true });
      shadowRoot.querySelector('[part=' + press + ']').click();
    });
    const composed = ['session-created', 'status-changed', 'session-completed', 'session-expired'];
    // What does not get out of a shadow root, or happens in a frame, is heard where a page says so.
    globalThis.listenTo = (root) => {
      const types = root.nodeType === 9 ? [...composed, 'error', 'change'] : ['error', 'change'];
      for (const type of types) root.addEventListener(type, hear, true);
    };
    listenTo(document);
  })();
</script>`;

function markupOf({ doctype = '<!doctype html>', head = '', body }: OddPage, base = ''): string {
  const script = `<script src="${base}${SCRIPT}"></script>`;
  return `${doctype}<link rel="icon" href="data:," />${LISTENING}${head}${script}${body}`;
}

/** The page, or what is around the frame with it. */
function around(page: OddPage, number: string, foreignOrigin: string, origin: string): string {
  const { attributes = '', isForeign, inlined } = page.frame!;
  const text = markupOf(page, inlined === 'data:' ? origin : '');
  const quoted = text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const source = {
    srcdoc: `srcdoc="${quoted}"`,
    'data:': `src="data:text/html;charset=utf-8,${encodeURIComponent(text)}"`,
    fetched: `src="${isForeign ? foreignOrigin : ''}/frame/${number}"`,
  }[inlined ?? 'fetched'];
  const frame = `<iframe ${attributes} width="460" height="620" ${source}></iframe>`;
  return `<!doctype html><link rel="icon" href="data:,">${LISTENING}${frame}`;
}

/** A page by its number: `/page/1`. */
export async function startOddSite(pages: readonly OddPage[]): Promise<OddSite> {
  const script = readFileSync(`dist${SCRIPT}`);
  const urls: string[] = [];
  let vendorData = 'somebody';
  const [site, foreign] = [await serve(answer), await serve(answer)];
  const { origin } = site;
  const sandbox = await serve(
    createSandbox({
      apiKey: ACCOUNT.apiKey,
      webhookUrl: `${origin}/hook`,
      webhookSecret: SECRET,
    }).fetch,
  );
  const didit = createDidit({
    ...ACCOUNT,
    apiUrl: sandbox.origin,
    webhookSecrets: [SECRET],
    allowedOrigins: [foreign.origin],
    getUser: () => ({ vendorData }),
    onSession: ({ url }) => urls.push(url),
    limit: () => true,
  });

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === '/session') return didit.session(request);
    if (pathname === '/open') return openly(request);
    if (pathname === '/hook') return didit.webhook(request);
    if (pathname === SCRIPT)
      return new Response(script, { headers: { 'Content-Type': 'text/javascript' } });
    const [, kind, number] = pathname.split('/');
    const page = pages[Number(number)];
    if (!page) return new Response('', { status: 404 });
    const { type = 'text/html; charset=utf-8', headers, frame } = page;
    const isAround = frame && kind === 'page';
    const text = isAround ? around(page, number!, foreign.origin, origin) : markupOf(page);
    return new Response(text, {
      headers: { 'Content-Type': isAround ? 'text/html; charset=utf-8' : type, ...headers },
    });
  }

  /** As a site does that lets everybody ask, without cookies. */
  async function openly(request: Request): Promise<Response> {
    const cors = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };
    if (request.method === 'OPTIONS') return new Response(null, { headers: cors });
    const headers = new Headers(request.headers);
    for (const name of ['Origin', 'Sec-Fetch-Site']) headers.delete(name);
    const { method } = request;
    const body = method === 'POST' ? await request.text() : undefined;
    const own = new Request(request.url, { method, headers, body, signal: request.signal });
    const response = await didit.session(own);
    const all = new Headers([...response.headers, ...Object.entries(cors)]);
    return new Response(response.body, { status: response.status, headers: all });
  }

  return {
    origin,
    urls,
    welcome(person) {
      vendorData = person;
    },
    async close() {
      didit.close();
      await Promise.all([site.close(), foreign.close(), sandbox.close()]);
    },
  };
}
