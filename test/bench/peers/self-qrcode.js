import { SelfAppBuilder, SelfQRcode } from '@selfxyz/qrcode';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

const nothing = () => {};

globalThis.show = ({ self }, place) => {
  const selfApp = new SelfAppBuilder(self).build();
  const code = createElement(SelfQRcode, {
    selfApp,
    // A name that nobody has: nothing here leaves the machine.
    websocketUrl: 'wss://bench.invalid',
    onSuccess: nothing,
    onError: nothing,
  });
  createRoot(place).render(code);
};
