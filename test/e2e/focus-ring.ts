import type { Page } from 'playwright-core';
import { contrast } from './contrast.js';
import { pictureOf, type Box, type Picture } from './picture.js';

/** What has the focus in the element's shadow tree, or null. */
export interface Focused {
  /** Its part, or its class. */
  readonly name: string;
  readonly box: Box;
  /** Length of its edge, in CSS pixels. */
  readonly edge: number;
}

/** How far from the edge of a box its ring is looked for, in CSS pixels; inside as well: it may be round. */
const AROUND = 8;

/** Contrast of focused and not focused (WCAG 2.2, success criterion 2.4.13). */
const LEAST = 3;

/** Thickness of the ring that would do; so is its area there. */
const THICKNESS = 2;

export function focused(page: Page): Promise<Focused | null> {
  return page.evaluate(() => {
    const at = document.querySelector('didit-verify')?.shadowRoot?.activeElement;
    if (!at) return null;
    const { x, y, width, height } = at.getBoundingClientRect();
    const { borderRadius } = getComputedStyle(at);
    const radius = borderRadius === '50%' ? width / 2 : Number.parseFloat(borderRadius);
    return {
      name: at.getAttribute('part') ?? at.className,
      box: { x, y, width, height },
      // Round corners are shorter.
      edge: 2 * (width + height) - (8 - 2 * Math.PI) * radius,
    };
  });
}

/**
 * Whether what has the focus shows it, by a ring around it that is thick enough and stands out.
 * Takes the focus away; Tab goes on from there.
 */
export async function hasRing(page: Page, { box, edge }: Focused): Promise<boolean> {
  const withRing = pictureOf(await page.screenshot());
  await page.evaluate(() => {
    const { activeElement } = document.querySelector('didit-verify')!.shadowRoot!;
    (activeElement as HTMLElement).blur();
  });
  const without = pictureOf(await page.screenshot());
  const ring = pixelsAtEdge(withRing, box).filter(
    (start) => contrast(pixel(withRing, start), pixel(without, start)) >= LEAST,
  );
  return ring.length >= THICKNESS * edge;
}

function pixel({ data }: Picture, start: number): Uint8Array {
  return data.subarray(start, start + 3);
}

/** Where the pixels near the box's edge start. */
function pixelsAtEdge({ width, height }: Picture, { x, y, ...box }: Box): number[] {
  const [right, bottom] = [x + box.width, y + box.height];
  const starts: number[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      // Of the pixel's middle; negative outside.
      const depth = Math.min(
        column + 0.5 - x,
        right - column - 0.5,
        row + 0.5 - y,
        bottom - row - 0.5,
      );
      if (Math.abs(depth) < AROUND) starts.push((row * width + column) * 4);
    }
  }
  return starts;
}
