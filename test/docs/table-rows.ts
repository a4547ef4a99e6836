import MarkdownIt from 'markdown-it';
import assert from 'node:assert/strict';

/** The rows of a section's tables, without their heads; code is without its marks. */
export function tableRows(text: string, section: string): readonly string[][] {
  const rows: string[][] = [];
  let [isHere, isBody] = [false, false];
  const tokens = new MarkdownIt().parse(text, {});
  tokens.forEach(({ type }, i) => {
    const { content } = tokens[i + 1] ?? { content: '' };
    if (type === 'heading_open') isHere = plain(content) === section;
    if (type.startsWith('tbody_')) isBody = type === 'tbody_open';
    if (!isHere || !isBody) return;
    if (type === 'tr_open') rows.push([]);
    if (type === 'td_open') rows.at(-1)!.push(plain(content));
  });
  assert.ok(rows.length > 0, `no table in “${section}”`);
  return rows;
}

/** The texts of the headings of a level, such as `h3`. */
export function headings(text: string, level: string): readonly string[] {
  const tokens = new MarkdownIt().parse(text, {});
  return tokens.flatMap(({ type, tag }, i) =>
    type === 'heading_open' && tag === level ? [plain(tokens[i + 1]!.content)] : [],
  );
}

function plain(text: string): string {
  return text.replaceAll('`', '');
}
