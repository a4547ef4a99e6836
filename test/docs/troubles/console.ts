import { build } from 'esbuild';
import type { TestContext } from 'node:test';
import { serve } from '../../web-server.js';
import { openTroubled, SESSION, TAG, type Trouble } from '../troubled-page.js';
import { untilState, type Case, type Cases } from './symptoms.js';

type Headers = Readonly<Record<string, string>>;

/** What the console says of a backend on another origin, which answers so. */
function ofElsewhere(answer: (request: Request) => Response, attributes = 'max-retries="0"'): Case {
  return async (t) => {
    const backend = await serve(answer);
    t.after(() => backend.close());
    const body = `<didit-verify resolver-url="${backend.origin}/session" ${attributes}></didit-verify>`;
    const { page, said } = await openTroubled(t, { body });
    await untilState(page, 'error');
    return said;
  };
}

/** With such CORS headers. */
function ofHeaders(headersFor: (origin: string) => Headers, attributes?: string): Case {
  return ofElsewhere((request) => {
    const headers = headersFor(request.headers.get('Origin')!);
    return request.method === 'OPTIONS'
      ? new Response(null, { status: 204, headers })
      : Response.json(SESSION, { headers });
  }, attributes);
}

async function untilSaid(t: TestContext, trouble: Trouble, word: string) {
  const { page, said } = await openTroubled(t, trouble);
  while (!said.some((words) => words.includes(word))) await page.waitForEvent('console');
  return said;
}

function policy(value: string): Pick<Trouble, 'headers'> {
  return { headers: { 'Content-Security-Policy': value } };
}

/** What is said and thrown as the single file comes after what else the page has. */
function ofTrustedTypes(directive: string, head = ''): Case {
  return async (t) => {
    const script = '<script src="/dist/didit-verify.min.js"></script>';
    const { said } = await openTroubled(t, {
      head: head + script,
      body: TAG,
      ...policy(`require-trusted-types-for 'script'; ${directive}`),
    });
    return said;
  };
}

async function developmentBuild(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: "import 'didit-verify';", resolveDir: '.' },
    conditions: ['development'],
    ...{ bundle: true, format: 'esm', write: false },
  });
  return outputFiles[0]!.text;
}

/** What a Lit does as it comes into a page. */
const OWN_LIT =
  "<script>trustedTypes.createPolicy('lit-html', { createHTML: (html) => html })</script>";
const ALLOWED = { 'Access-Control-Allow-Headers': 'content-type' };

/** “In the browser's console”. */
export const browserConsole: Cases = {
  "No 'Access-Control-Allow-Origin' header is present on the requested resource.": ofHeaders(
    () => ({}),
  ),
  'Request header field content-type is not allowed by Access-Control-Allow-Headers in preflight response.':
    ofHeaders(() => ({ 'Access-Control-Allow-Origin': '*' })),
  "must not be the wildcard '*' when the request's credentials mode is 'include'.": ofHeaders(
    () => ({ ...ALLOWED, 'Access-Control-Allow-Origin': '*' }),
    'with-credentials',
  ),
  "which must be 'true' when the request's credentials mode is 'include'.": ofHeaders(
    (origin) => ({ ...ALLOWED, 'Access-Control-Allow-Origin': origin }),
    'with-credentials',
  ),
  'Redirect is not allowed for a preflight request.': ofElsewhere(({ url }) =>
    Response.redirect(`${url}/`),
  ),
  'It does not have HTTP ok status.': ofElsewhere(
    () => new Response('', { status: 401, headers: { 'Access-Control-Allow-Origin': '*' } }),
  ),
  'violates the following Content Security Policy directive: "script-src \'self\'"': (t) =>
    untilSaid(
      t,
      {
        head: '<script src="https://cdn.jsdelivr.net/npm/didit-verify@0.1.0"></script>',
        body: TAG,
        ...policy("script-src 'self'"),
      },
      'Policy',
    ),
  'violates the following Content Security Policy directive: "connect-src \'self\'"': (t) =>
    untilSaid(
      t,
      {
        body: '<didit-verify resolver-url="https://api.shop.example/session"></didit-verify>',
        ...policy("connect-src 'self'"),
      },
      'Policy',
    ),
  'violates the following Content Security Policy directive: "img-src \'self\'"': (t) =>
    untilSaid(
      t,
      {
        body: TAG.replace('><', '><img slot="logo" alt="" src="https://img.shop.example/a.svg"><'),
        ...policy("img-src 'self'"),
      },
      'Policy',
    ),
  'Policy "lit-html" disallowed.': ofTrustedTypes("trusted-types 'none'"),
  'Policy with name "lit-html" already exists.': ofTrustedTypes('trusted-types lit-html', OWN_LIT),
  'Lit is in dev mode. Not recommended for production!': async (t) => {
    const code = await developmentBuild();
    return untilSaid(
      t,
      {
        head: '<script type="module" src="/built.js"></script>',
        body: TAG,
        answer: ({ url }) =>
          url.endsWith('/built.js')
            ? new Response(code, { headers: { 'Content-Type': 'text/javascript' } })
            : undefined,
      },
      'Lit is',
    );
  },
};
