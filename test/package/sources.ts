import { readFileSync } from 'node:fs';

/** The types that `didit-verify/element` exports. */
export function exportedTypes(): string[] {
  const code = readFileSync('dist/element.d.ts', 'utf8');
  const lists = [...code.matchAll(/^export type \{([^}]*)\}/gm)].map(([, list]) => list!);
  return lists.flatMap((list) => list.split(',')).flatMap((name) => name.trim() || []);
}

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

/** The rows of the table of README whose first column has this name; code is without its marks. */
export function readmeTable(readme: string, column: string): string[][] {
  const lines = readme.split('\n');
  const head = lines.findIndex((line) => new RegExp(`^\\| \`?${column}\`? +\\|`).test(line));
  const end = lines.findIndex((line, i) => i > head && !line.startsWith('|'));
  return lines.slice(head + 2, end).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}
