import { table } from './report.mjs';

/** Characters in a line of text. */
const WIDTH = 110;

/** The report of a run as text. */
export function toText({ date, machine, rounds, measures }) {
  return [
    `${date}, ${Object.values(machine).join(', ')}`,
    `Medians of ${rounds} interleaved rounds after a warm-up, unless a table says otherwise.`,
    ...measures.map(measureText),
    '',
  ].join('\n');
}

function measureText({ title, name, tables, broke, seconds }) {
  if (broke) return `\n## ${name}\n\nBroke: ${broke}`;
  return [`\n## ${title} (${seconds} s)`, ...tables.map(tableText)].join('\n');
}

function tableText({ title, how, unit, columns, rows, reach = [] }) {
  return [
    `\n### ${title}${unit ? `, ${unit}` : ''}`,
    ...wrapped(how),
    '',
    ...table([
      ['', ...columns],
      ...rows.map(({ name, cells, ratios }) => [name, ...texts(cells, ratios)]),
    ]),
    ...rows.filter(({ note }) => note).map(({ name, note }) => `${name}: ${note}`),
    ...reach.map(reachText),
  ].join('\n');
}

/** Each number, with its ratio to what the table compares it with. */
function texts(cells, ratios = []) {
  return cells.map((cell, index) => {
    const ratio = ratios[index];
    return ratio === undefined || ratio === null
      ? number(cell)
      : `${number(cell)} (${ratio.toFixed(2)})`;
  });
}

function number(value) {
  if (value === null || value === undefined) return '–';
  if (Number.isInteger(value)) return value.toLocaleString('en');
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}

function reachText({ what, value, limit, met }) {
  return `${met ? 'Reached' : 'Missed'}: ${what}: ${number(value)}, limit ${number(limit)}`;
}

function wrapped(text) {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const line = `${lines.at(-1)} ${word}`.trim();
    if (line.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line;
  }
  return lines;
}
