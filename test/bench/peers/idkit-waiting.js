/** IDKit's own widget, open at once, with the server that the page comes from as its bridge. */
import { IDKit, IDKitRequestWidget, orbLegacy } from '@worldcoin/idkit';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

const HOUR = 3600;

/** A closed widget would wait for nothing. */
const stayOpen = () => {};

/** What its code says, which the phone answers by. */
globalThis.connectorUri = new Promise((resolve) => {
  const { request } = IDKit;
  IDKit.request = (config) => {
    const builder = request(config);
    return {
      async preset(...args) {
        const handle = await builder.preset(...args);
        resolve(handle.connectorURI);
        return handle;
      },
    };
  };
});

globalThis.completed = new Promise((resolve) => {
  const widget = createElement(IDKitRequestWidget, {
    ...config(),
    open: true,
    onOpenChange: stayOpen,
    onSuccess: () => resolve({ at: performance.timeOrigin + performance.now() }),
    onError: (code) => resolve({ code }),
  });
  createRoot(document.querySelector('main')).render(widget);
});

/** The signature is made up: only a phone would check it. */
function config() {
  const now = Math.floor(Date.now() / 1000);
  return {
    app_id: 'app_staging_0123456789abcdef0123456789abcdef',
    action: 'bench',
    environment: 'staging',
    bridge_url: location.origin,
    allow_legacy_proofs: true,
    preset: orbLegacy({ signal: 'one-person' }),
    rp_context: {
      rp_id: 'rp_0123456789abcdef',
      nonce: `0x${'01'.repeat(32)}`,
      created_at: now,
      expires_at: now + HOUR,
      signature: `0x${'01'.repeat(64)}1b`,
    },
  };
}
