/** The waiting states of others, each on a site of its own that plays what they ask. */
import { randomUUID } from 'node:crypto';
import { serve } from './browser.mjs';
import { bundle, published } from './peers.mjs';
import { preciseNow } from './precise-now.mjs';

const WASM = '@worldcoin/idkit/node_modules/@worldcoin/idkit-core/dist/idkit_wasm_bg.wasm';

/** What the World App would have made; nothing in a page can tell. */
const PROOF = {
  proof: `0x${'01'.repeat(256)}`,
  merkle_root: `0x${'01'.repeat(32)}`,
  nullifier_hash: `0x${'02'.repeat(32)}`,
  verification_level: 'orb',
};

/** IDKit's widget, with a bridge that holds what the phone answers (World ID's wallet bridge). */
export async function idkitSite() {
  const answers = new Map();
  const site = await serve({
    ...(await pageWith('idkit-waiting')),
    '/idkit_wasm_bg.wasm': await published(WASM),
    '/request': () => json({ request_id: randomUUID() }),
    '/response/*': ({ url }) =>
      json(answers.get(url.split('/').at(-1)) ?? { status: 'initialized', response: null }),
  });
  return {
    url: `${site.origin}/`,
    close: site.close,
    /** Answers as the phone that has read the code; gives when the bridge had it. */
    async confirm(connectorUri) {
      const query = new URL(connectorUri).searchParams;
      const response = await sealed(PROOF, query.get('k'));
      answers.set(query.get('i'), { status: 'completed', response });
      return preciseNow();
    },
  };
}

/** The modal of Didit's SDK; the flow that it shows in its frame is an empty page. */
export async function sdkWebSite() {
  const site = await serve({
    ...(await pageWith('sdk-web-waiting')),
    '/flow': { type: 'text/html', body: '<!doctype html><title>Flow</title>' },
  });
  return { url: `${site.origin}/`, close: site.close };
}

/** A page with a module of `peers/`. */
async function pageWith(name) {
  const { files, first } = await bundle(name);
  const body = `<!doctype html>
<title>Waiting</title>
<link rel="icon" href="data:," />
<main></main>
<script type="module" src="/${first[0]}"></script>`;
  const served = Object.entries(files).map(([path, file]) => [`/${path}`, file]);
  return { '/': { type: 'text/html', body }, ...Object.fromEntries(served) };
}

function json(content) {
  return { type: 'application/json', body: JSON.stringify(content) };
}

/** AES-256-GCM, as the bridge's two ends do it. */
async function sealed(content, base64Key) {
  const bytes = Buffer.from(base64Key, 'base64');
  const key = await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt']);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = Buffer.from(JSON.stringify(content));
  const payload = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, data);
  return { iv: base64(iv), payload: base64(payload) };
}

function base64(bytes) {
  return Buffer.from(bytes).toString('base64');
}
