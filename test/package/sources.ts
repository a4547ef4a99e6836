import assert from 'node:assert/strict';

/** The public custom properties that a style sheet uses, each with what stands in for it. */
export function customProperties(css: string): [name: string, value: string][] {
  return [...css.matchAll(/var\(\s*(--didit-[\w-]+)/g)].map(({ 0: start, 1: name, index }) => {
    const rest = css.slice(index + start.length);
    return [
      name!,
      rest
        .slice(0, endOf(rest))
        .replace(/^\s*,\s*/, '')
        .trim(),
    ];
  });
}

/** Where the parenthesis closes that was opened before. */
function endOf(text: string): number {
  let depth = 1;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')' && --depth === 0) return i;
  }
  return text.length;
}

/** The rows of the first table of a page whose first column has this name; code without its marks. */
export function tableOf(page: string, column: string): string[][] {
  const lines = page.split('\n');
  const head = new RegExp(`^\\| *\`?${column}\`? *\\|`);
  const start = lines.findIndex((line, i) => head.test(line) && /^\| *-/.test(lines[i + 1] ?? ''));
  assert.ok(start >= 0, `There is no table of “${column}”.`);
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'));
  return lines.slice(start + 2, end < 0 ? undefined : end).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '').replaceAll('\\|', '|')),
  );
}
