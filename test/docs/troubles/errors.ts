import { encodeQr } from '../../../src/qr.js';
import { VerifyError } from '../../../src/errors.js';
import { loadParts } from '../../../src/session-parts-on-demand.js';
import { ENDPOINT, SESSION } from '../troubled-page.js';
import { errorOf, errorOfAnswer, tag, to, type Case, type Cases } from './symptoms.js';

const STATUS = '/status';

/** The error of a tag whose session is there, and whose status is answered so. */
function errorOfStatus(answer: () => Response, attributes = 'poll-interval="100"'): Case {
  return (t) =>
    errorOf(t, {
      body: tag(attributes),
      answer(request) {
        const { pathname } = new URL(request.url);
        if (pathname === STATUS) return answer();
        return pathname === ENDPOINT
          ? Response.json({ ...SESSION, status_url: STATUS })
          : undefined;
      },
    });
}

/** The error of a tag to which a script gives something before it begins. */
function errorOfScript(script: string): Case {
  const body = `<didit-verify></didit-verify><script>
    const tag = document.querySelector('didit-verify');
    ${script}
  </script>`;
  return (t) => errorOf(t, { body });
}

function created(members: object): Case {
  return errorOfAnswer(() => Response.json(members, { status: 201 }));
}

/** What a function throws of the element's own. */
async function thrownBy(fail: () => unknown): Promise<string> {
  try {
    await fail();
  } catch (error) {
    if (error instanceof VerifyError) return `${error.detail.code} ${error.message}`;
    throw error;
  }
  return 'nothing';
}

/** “An error is told”. */
export const errors: Cases = {
  'resolver-missing resolver-url or resolver is needed.': errorOfScript('void tag.start();'),
  'resolver-unreachable resolver-url cannot be reached.': (t) =>
    errorOf(t, { body: '<didit-verify resolver-url="http://127.0.0.1:1/"></didit-verify>' }),
  'resolver-unreachable resolver-url is not an HTTP URL.': (t) =>
    errorOf(t, { body: '<didit-verify resolver-url="http://me@127.0.0.1/"></didit-verify>' }),
  'resolver-timeout No answer within': (t) =>
    errorOf(t, {
      body: tag('timeout="200" max-retries="0"'),
      answer: to(ENDPOINT, () => new Promise(() => undefined)),
    }),
  'resolver-rejected The answer is 401': (t) =>
    errorOf(t, { body: tag(), options: { getUser: () => null } }),
  'resolver-rejected The answer is 404.': (t) =>
    errorOf(t, { body: '<didit-verify resolver-url="/elsewhere"></didit-verify>' }),
  'resolver-failed The answer is 500': (t) =>
    errorOf(t, {
      body: tag('max-retries="0"'),
      options: { getUser: () => Promise.reject(new Error('No database')) },
    }),
  'resolver-failed The resolver threw.': errorOfScript(
    'tag.resolver = () => { throw new Error("Mine"); };',
  ),
  'resolver-failed headers cannot be sent.': errorOfScript(
    `tag.headers = { 'not a name': '' }; tag.resolverUrl = '${ENDPOINT}';`,
  ),
  'resolver-failed Asking for a session failed.': errorOfScript(
    `AbortSignal.any = () => { throw new Error('Mine'); }; tag.resolverUrl = '${ENDPOINT}';`,
  ),
  'rate-limited The answer is 429': (t) =>
    errorOf(t, { body: tag('max-retries="0"'), options: { limit: () => 60 } }),
  'invalid-response The answer is not JSON.': errorOfAnswer(
    () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } }),
  ),
  'invalid-response The answer is not JSON. Redirected, to a login page?': (t) =>
    errorOf(t, {
      body: tag(),
      answer(request) {
        const { pathname, origin } = new URL(request.url);
        if (pathname === ENDPOINT) return Response.redirect(`${origin}/login`, 303);
        return pathname === '/login' ? new Response('<!doctype html>') : undefined;
      },
    }),
  'invalid-response The answer is not a JSON object.': created(JSON.stringify(SESSION) as never),
  'invalid-response The answer has no session_id.': created({ session: SESSION }),
  'invalid-response The answer has no url or session_token.': created({ session_id: '1' }),
  'invalid-response The answer is too long.': created({ ...SESSION, more: 'x'.repeat(70_000) }),
  'unsafe-url The url is not https: on a host of allowed-hosts.': created({
    session_id: '1',
    url: 'https://id.shop.example/session/1',
  }),
  'unsafe-url status_url or events_url is on another origin.': created({
    ...SESSION,
    status_url: 'https://api.shop.example/status',
  }),
  'status-unavailable The answer is 404.': errorOfStatus(() => new Response('', { status: 404 })),
  'status-unavailable The answer is 500.': errorOfStatus(() => new Response('', { status: 500 })),
  'status-unavailable The status cannot be asked for.': errorOfScript(
    `tag.statusResolver = () => { throw new Error('Mine'); };
    tag.pollInterval = 100;
    tag.resolverUrl = '${ENDPOINT}';`,
  ),
  'status-unavailable The answer has no status.': errorOfStatus(() => Response.json({})),
  'status-unavailable status-url is not an HTTP URL.': (t) =>
    errorOf(t, { body: tag('status-url="data:,Approved"'), answer: to(ENDPOINT, session) }),
  'status-unavailable The stream of events cannot be had.': (t) =>
    errorOf(t, {
      body: tag('poll-interval="100"'),
      answer(request) {
        const { pathname } = new URL(request.url);
        if (pathname === '/events') {
          return new Response(null, { headers: { 'Content-Type': 'text/event-stream' } });
        }
        return pathname === ENDPOINT
          ? Response.json({ ...SESSION, events_url: '/events' })
          : undefined;
      },
    }),
  'qr-failed The QR code could not be drawn.': () =>
    thrownBy(() => encodeQr('x'.repeat(3000), 'H')),
  'qr-failed The QR encoder could not be loaded.': () =>
    thrownBy(() => loadParts(() => Promise.reject(new Error('404')))),
};

function session(): Response {
  return Response.json(SESSION);
}
