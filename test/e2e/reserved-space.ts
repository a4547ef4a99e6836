import { readFileSync } from 'node:fs';

/** The CSS that README tells pages to reserve the element's space with. */
export const [, RESERVED] = /```css\n(didit-verify:not\(:defined[^]*?)```/.exec(
  readFileSync('README.md', 'utf8'),
)!;
