import type { Page } from 'playwright-core';

/** WCAG 2.2, success criterion 1.4.3, of text that is not large. */
const LEAST = 4.5;

type Color = ArrayLike<number>;

/** Contrast of two colours, red, green and blue from 0 to 255 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: Color, other: Color): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

function luminance(color: Color): number {
  const [red, green, blue] = Array.from(color).slice(0, 3).map(linear);
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function linear(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** Text of the element that is too faint for its ground, by colours that are forced as well. */
export async function faintTexts(page: Page): Promise<string[]> {
  const texts = await page.evaluate(textColors);
  return texts.flatMap(({ text, color, ground }) => {
    const ratio = contrast(color, ground);
    return ratio < LEAST ? [`${text}: ${ratio.toFixed(2)}`] : [];
  });
}

/** Called in the page: of each text that is seen, its colour and what is behind it. */
function textColors() {
  const pen = new OffscreenCanvas(1, 1).getContext('2d')!;
  const painted = (...colors: string[]) => {
    for (const color of ['Canvas', ...colors]) {
      pen.fillStyle = color;
      pen.fillRect(0, 0, 1, 1);
    }
    return Array.from(pen.getImageData(0, 0, 1, 1).data);
  };
  const grounds = (node: Node | null): string[] => {
    if (!node) return [];
    const around = (node as Element).assignedSlot ?? node.parentNode ?? (node as ShadowRoot).host;
    const isElement = node instanceof Element;
    // What is above the page is not on its ground.
    const isTop = isElement && node.matches(':modal');
    const below = isTop ? [] : grounds(around);
    return isElement ? [...below, getComputedStyle(node).backgroundColor] : below;
  };
  const root = document.querySelector('didit-verify')!.shadowRoot!;
  const isRead = (node: Element) =>
    Array.from(node.childNodes).some((child) => child instanceof Text && child.data.trim()) &&
    // A slot has no box of its own.
    node.closest(':not(slot)')!.checkVisibility({ visibilityProperty: true }) &&
    !node.matches('.spoken, :disabled, :disabled *');
  const nodes = Array.from(root.querySelectorAll('*')).filter(isRead);
  return nodes.map((node) => {
    const behind = grounds(node);
    const ground = painted(...behind);
    const color = painted(...behind, getComputedStyle(node).color);
    return { text: node.textContent.trim(), color, ground };
  });
}
