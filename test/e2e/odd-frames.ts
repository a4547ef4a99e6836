import { OPEN_TAG, TAG, tagWith, type OddPage } from './odd-site.js';

const SCRIPTS = 'sandbox="allow-scripts"';
const SAME_ORIGIN = 'sandbox="allow-scripts allow-same-origin"';
/** What browsers take the storage of a foreign frame for, where it is blocked. */
const NO_STORAGE = `<script>
  for (const name of ['sessionStorage', 'localStorage']) {
    Object.defineProperty(self, name, {
      get() { throw new DOMException('Access is denied for this document.', 'SecurityError'); },
    });
  }
</script>`;
const DIALOG = tagWith('resolver-url="/session" presentation="dialog"');
const OPENED = '<script>document.querySelector("didit-verify").showModal()</script>';
/** What a page may take from those in its frames, and from itself. */
const NOTHING_ALLOWED = [
  ...['clipboard-write', 'clipboard-read', 'fullscreen', 'camera', 'geolocation', 'unload'],
  ...['storage-access', 'web-share', 'publickey-credentials-get', 'sync-xhr', 'autoplay'],
]
  .map((feature) => `${feature}=()`)
  .join(', ');

/** Frames that the element may be in, and what their page does not allow. */
export const FRAMES: Record<string, OddPage> = {
  'a frame': { body: TAG, frame: {} },
  'a sandbox with scripts, of the same origin': { body: TAG, frame: { attributes: SAME_ORIGIN } },
  'a sandbox of the same origin, a dialog': {
    body: DIALOG + OPENED,
    frame: { attributes: SAME_ORIGIN },
  },
  // The server part answers no origin that has no name.
  'a sandbox with scripts alone': {
    body: TAG,
    frame: { attributes: SCRIPTS },
    fails: 'resolver-unreachable',
  },
  'a sandbox with scripts alone, written as attribute': {
    body: TAG,
    frame: { attributes: SCRIPTS, inlined: 'srcdoc' },
    fails: 'resolver-unreachable',
  },
  'a sandbox with scripts alone, a resolver that answers everybody': {
    body: OPEN_TAG,
    frame: { attributes: SCRIPTS },
    refusesCopy: 'always',
  },
  'a frame written as attribute': { body: TAG, frame: { inlined: 'srcdoc' } },
  // Nothing is relative to such a URL.
  'a frame whose URL has all of it': {
    body: TAG,
    frame: { inlined: 'data:' },
    fails: 'resolver-unreachable',
  },
  // Without `allow="clipboard-write"`.
  'a frame of another origin': { body: TAG, frame: { isForeign: true }, refusesCopy: 'always' },
  'a frame of another origin, which asks the origin around it': {
    body: `<script>document.write(\`${TAG}\`.replace('/session', new URL('/session', document.referrer)))</script>`,
    frame: { isForeign: true },
  },
  'a frame of another origin, in a sandbox': {
    body: TAG,
    frame: { isForeign: true, attributes: SAME_ORIGIN },
  },
  'a frame of another origin, without storage': {
    head: NO_STORAGE,
    body: TAG,
    frame: { isForeign: true },
  },
  'a frame of another origin, a dialog': {
    body: DIALOG + OPENED,
    frame: { isForeign: true },
  },
  'a frame without credentials': { body: TAG, frame: { attributes: 'credentialless' } },
  'a frame that may do nothing': {
    body: TAG,
    frame: { attributes: `allow="clipboard-write 'none'; fullscreen 'none'"` },
    headers: { 'Permissions-Policy': NOTHING_ALLOWED },
    refusesCopy: 'by policy',
  },
  'a page without storage': { head: NO_STORAGE, body: TAG },
  'a page that may do nothing': {
    body: TAG,
    headers: { 'Permissions-Policy': NOTHING_ALLOWED, 'Referrer-Policy': 'no-referrer' },
    refusesCopy: 'by policy',
  },
  'an isolated page': {
    body: TAG,
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'same-origin',
    },
  },
  'a page whose own policy is a sandbox': {
    body: OPEN_TAG,
    headers: { 'Content-Security-Policy': 'sandbox allow-scripts' },
  },
};
