import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { serve } from './browser.mjs';
import { watch } from './page-scripts.mjs';
import { SESSION_PATH, URL_100 } from './subjects.mjs';

/** IDKit's, which its widget asks before there is a code, and from then on. */
const BRIDGE = {
  '/request': () => json({ request_id: randomUUID() }),
  '/response/*': () => json({ status: 'initialized', response: null }),
};

/** Where ours follows a session; this stream says nothing, and ends. */
const EVENTS_PATH = '/api/didit/events';
const EVENTS = { type: 'text/event-stream', body: 'retry: 60000\n\n' };

/** In place of the flow that sdk-web shows in a frame. */
export const EMPTY_PAGE = { type: 'text/html', body: '<!doctype html>' };

/**
 * Serves for each subject a folder, named by its place in the list, with its page and its files, and
 * what answers them. On each page the promise `measured` gives `{ total, resolver, rest }`: the
 * milliseconds from the tag in the page until what is waited for is painted, those that the answer
 * took, and those from its last byte on.
 */
export async function servePages(subjects) {
  const files = {
    ...BRIDGE,
    [SESSION_PATH]: answerSession,
    [EVENTS_PATH]: () => EVENTS,
    '/flow': EMPTY_PAGE,
  };
  for (const [index, subject] of subjects.entries()) {
    files[`/${index}/`] = { type: 'text/html', body: pageOf(subject) };
    for (const [path, file] of Object.entries(subject.files)) files[`/${index}/${path}`] = file;
  }
  return serve(files);
}

/** `?delay=`: the resolver's own time, in milliseconds. */
export function addressOf(origin, index, delay = 0) {
  return `${origin}/${index}/?delay=${delay}`;
}

/** What has not been painted after so long is not painted. */
const PATIENCE_MS = 60_000;

/** What `measured` gives in a page that is at the address of a subject. */
export async function measuredOf(page, { name }) {
  const ended = new AbortController();
  const late = wait(PATIENCE_MS, null, ended).then(() => {
    throw new Error(`${name} did not paint.`);
  });
  try {
    return await Promise.race([page.evaluate(() => globalThis.measured), late]);
  } finally {
    ended.abort();
    late.catch(() => undefined);
  }
}

/** What the site's backend answers; each peer takes of it what is its own. */
async function answerSession({ method, headers }) {
  if (method === 'GET') return json({ status: 'initialized' });
  const { origin, searchParams } = new URL(headers.referer);
  const delay = Number(searchParams.get('delay'));
  if (delay > 0) await wait(delay);
  return json({
    session_id: randomUUID(),
    url: URL_100,
    status_url: `${SESSION_PATH}?session=1`,
    events_url: EVENTS_PATH,
    sdk: { url: `${origin}/flow` },
    idkit: idkitRequest(origin),
    self: { appName: 'Bench', scope: 'bench', endpoint: URL_100, userId: randomUUID() },
  });
}

function json(content) {
  return { status: 201, type: 'application/json', body: JSON.stringify(content) };
}

function idkitRequest(origin) {
  const now = Math.floor(Date.now() / 1000);
  return {
    app_id: 'app_staging_00000000000000000000000000000000',
    action: 'bench',
    bridge_url: origin,
    allow_legacy_proofs: true,
    rp_context: {
      rp_id: 'rp_0000000000000001',
      nonce: `0x${'01'.repeat(32)}`,
      created_at: now,
      expires_at: now + 300,
      signature: `0x${'11'.repeat(65)}`,
    },
  };
}

function pageOf({ name, tag, first, hints = [], ours, element, shown, inFrame }) {
  const [script, ...imports] = first;
  const links = [...imports, ...hints].map((path) => `<link rel="modulepreload" href="${path}" />`);
  return `<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <title>${name}</title>
      <link rel="icon" href="data:," />
      ${links.join('')}
      <main>${tag}</main>
      <script>
        ${watch}
        watch(${shown}, '${SESSION_PATH}', ${Boolean(inFrame)});
      </script>
      <script type="module" src="${script}"></script>
      ${ours ? '' : `<script type="module">${ask(element)}</script>`}
    </html>`;
}

/** What a site has to write for a peer: it asks as ours does, as soon as the script is there. */
function ask(element) {
  return `
    const place = document.querySelector('main');
    const asked = fetch('${SESSION_PATH}', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    const answer = await (await asked).json();
    ${element ? put(element) : 'globalThis.show(answer, place);'}`;
}

function put({ tag, value, attributes }) {
  const set = Object.entries(attributes).map(
    ([name, text]) => `element.setAttribute('${name}', '${text}');`,
  );
  return `
    const element = document.createElement('${tag}');
    ${set.join('')}
    ${value ? `element.setAttribute('${value}', answer.url);` : ''}
    place.append(element);`;
}
