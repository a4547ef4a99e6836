import { assert } from '@open-wc/testing';
import type { DiditVerifyElement } from '../../../src/index.js';
import { encodeQr } from '../../../src/qr.js';
import { english } from '../../../src/strings.js';

/** The states whose sentence is on show, whatever the pointer is. */
const SAYING = ['approved', 'declined', 'in-review', 'cancelled'] as const;

/** Demands that what is on show belongs to the element's state, and to its one session. */
export function assertView(target: DiditVerifyElement): void {
  const root = target.shadowRoot;
  if (!root || !target.isConnected) return;
  const { state } = target;
  const find = (selector: string) => [...root.querySelectorAll(selector)];
  const codes = find('.code-frame');
  const links = find('a');
  const fields = find('input');
  assert.isAtMost(codes.length, 1);
  assert.isAtMost(links.length, 1);
  assert.isEmpty(find('script, img, iframe, object, embed, form, [onclick], [onerror]'));
  const isOpen = !target.matches(':disabled') && ['ready', 'in-progress'].includes(state);
  if (!isOpen) assert.isEmpty([...codes, ...links, ...fields], `on show in ${state}`);
  for (const link of links) assertSame((link as HTMLAnchorElement).href, target);
  for (const field of fields) assertSame((field as HTMLInputElement).value, target);
  for (const code of codes) assertDraws(code, target);
  if (!target.matches(':disabled')) assertFigure(target, codes, links, find);
}

function assertFigure(
  target: DiditVerifyElement,
  codes: Element[],
  links: Element[],
  find: (selector: string) => Element[],
): void {
  const { state } = target;
  const spinners = find('.spinner').length;
  const icons = find('[part=status-icon]').length;
  // Exactly one thing is in the frame.
  assert.equal(codes.length + spinners + icons, 1, `${codes.length} ${spinners} ${icons} ${state}`);
  if (state === 'loading') assert.equal(spinners, 1);
  if (state === 'error') assert.equal(icons, 1);
  // Or its status is being asked for.
  if (state === 'ready' && spinners === 0) assert.lengthOf(links, 1);
  const said = SAYING.find((name) => name === state);
  if (!said) return;
  assert.equal(icons, 1);
  const given: unknown = (target.strings as Record<string, unknown> | null | undefined)?.[said];
  const expected = typeof given === 'string' ? given : english[said];
  assert.equal(find('[part=message]')[0]!.textContent, expected);
}

function assertSame(url: string, target: DiditVerifyElement): void {
  assert.equal(url, target.session!.url);
}

const drawn = new Map<string, string[]>();

/** What a camera reads is the link: the code is drawn of it, with room for a logo or without. */
function assertDraws(code: Element, target: DiditVerifyElement): void {
  const { url } = target.session!;
  const paths = drawn.get(url) ?? [undefined, 'H' as const].flatMap((level) => pathOf(url, level));
  if (drawn.size > 1000) drawn.clear();
  drawn.set(url, paths);
  assert.include(paths, code.querySelector('path')!.getAttribute('d')!);
}

function pathOf(url: string, level?: 'H'): string[] {
  try {
    return [encodeQr(url, level).path];
  } catch {
    // Too long for this level.
    return [];
  }
}
