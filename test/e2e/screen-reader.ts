import type { Page } from 'playwright-core';

/**
 * What a screen reader says of the element: a live region's text each time that it has become
 * another one while it was there, and of what gets the focus, its name, after the names of what the
 * focus has come into. So it is with the name of what has the focus, when that has become another.
 */
export async function listen(page: Page): Promise<void> {
  await page.evaluate(listenInPage);
}

/** What it has said since this was asked for last. */
export function heard(page: Page): Promise<string[]> {
  return page.evaluate(() => said.splice(0));
}

declare global {
  var said: string[];
}

/** A worst case: not even what changes within one frame is left out. */
function listenInPage(): void {
  globalThis.said = [];
  const root = document.querySelector('didit-verify')!.shadowRoot!;
  const regions = new Map<Element, string>();
  let at: Element | null = null;
  let name = '';

  /** Without a name, nobody is told of them. */
  const named = ':is(dialog, [role=group]):is([aria-label], [aria-labelledby])';
  const nameOf = (node: Element) => {
    const heading = root.querySelector('[part=heading] slot');
    const own = node.hasAttribute('aria-labelledby') ? heading : node;
    return node.getAttribute('aria-label') ?? own!.textContent.trim();
  };
  const roleOf = (node: Element) => node.getAttribute('role') ?? node.localName;
  const said = (node: Element) => `${nameOf(node)} (${roleOf(node)})`;

  const hearRegions = () => {
    const live = '[role=status], [role=alert], [role=log], [aria-live]';
    for (const region of root.querySelectorAll(live)) {
      const before = regions.get(region);
      const text = region.checkVisibility() ? region.textContent.trim() : undefined;
      if (text && before !== undefined && text !== before) globalThis.said.push(text);
      if (text === undefined) regions.delete(region);
      else regions.set(region, text);
    }
  };

  const hearFocus = () => {
    const now = root.activeElement;
    if (now && now !== at) {
      const around = Array.from(root.querySelectorAll(named));
      const entered = around.filter((each) => each !== now && each.contains(now));
      const come = entered.filter((each) => !each.contains(at));
      globalThis.said.push([...come, now].map(said).join(', '));
    }
    at = now;
    name = now ? nameOf(now) : '';
  };
  const hearName = () => {
    const now = root.activeElement;
    if (!now || now !== at || nameOf(now) === name) return;
    name = nameOf(now);
    globalThis.said.push(said(now));
  };

  const hear = () => {
    hearRegions();
    hearName();
  };
  const all = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(hear).observe(root, all);
  for (const place of [root, document]) place.addEventListener('focusin', hearFocus);
  hear();
  globalThis.said = [];
}
