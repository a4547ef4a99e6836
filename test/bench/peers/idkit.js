import { IDKitRequestWidget, orbLegacy } from '@worldcoin/idkit';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

/** Widgets are controlled by the page; this one stays open. */
const nothing = () => {};

globalThis.show = ({ idkit }, place) => {
  const widget = createElement(IDKitRequestWidget, {
    ...idkit,
    open: true,
    onOpenChange: nothing,
    preset: orbLegacy({ signal: 'bench' }),
    onSuccess: (result) => globalThis.onConfirmed?.(result),
  });
  createRoot(place).render(widget);
};
