import { IDKit, orbLegacy } from '@worldcoin/idkit-core';

/** Gives a request, whose `connectorURI` the page has to draw. */
globalThis.show = async ({ idkit }) => {
  globalThis.request = await IDKit.request(idkit).preset(orbLegacy({ signal: 'bench' }));
};
