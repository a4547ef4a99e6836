import { median } from './statistics.mjs';

/** What the server part is to reach of the hand-written handler's requests per second. */
const GOAL = 0.9;

const MEGABYTE = 1_000_000;

/** The columns of the table: title and text. */
const columns = [
  ['server', ({ name }) => name],
  ['requests/s', ({ perSecond }) => Math.round(perSecond)],
  ['p50 ms', ({ p50 }) => p50.toFixed(2)],
  ['p99 ms', ({ p99 }) => p99.toFixed(2)],
  ['ratio', ({ ratio }) => ratio.toFixed(2)],
  ['CPU µs/request', ({ cpuMicros }) => Math.round(cpuMicros)],
  ['RSS MB', ({ rss }) => (rss / MEGABYTE).toFixed(0)],
  ['token + create calls', ({ calls }) => calls.token + calls.create],
  ['status calls', ({ calls }) => calls.status],
];

/**
 * The medians of a server's rounds; `base` are the rounds of the server that it is compared with,
 * each by the one next to it.
 */
export function summarize(rounds, base) {
  const ratios = rounds.map(({ perSecond }, index) => perSecond / base[index].perSecond);
  const medianOf = (key) => median(rounds.map((round) => round[key]));
  return {
    perSecond: medianOf('perSecond'),
    p50: medianOf('p50'),
    p99: medianOf('p99'),
    cpuMicros: medianOf('cpuMicros'),
    ratio: median(ratios),
    ratios,
    rounds,
  };
}

/** The results as text; `seconds`: how long status calls were waited for. */
export function toText(results, seconds) {
  return [
    ...table([columns.map(([title]) => title), ...results.map(cells)]),
    '',
    'Ratio: requests/s by those of the hand-written handler in the same round. Medians of all rounds.',
    `Calls to Didit: of a new process, for 1,000 sessions; status calls until ${seconds} s later.`,
    '',
    ...table([
      ['ratio by round', ...results[0].rounds.map((_, index) => index + 1)],
      ...results.map(({ name, ratios }) => [name, ...ratios.map((ratio) => ratio.toFixed(2))]),
    ]),
    '',
    goal(results[0]),
  ].join('\n');
}

function cells(result) {
  return columns.map(([, text]) => text(result));
}

/** The first column to the left, numbers to the right. */
export function table(rows) {
  const widths = rows[0].map((_, index) => Math.max(...rows.map((row) => `${row[index]}`.length)));
  return rows.map(([first, ...rest]) =>
    [
      first.padEnd(widths[0]),
      ...rest.map((cell, index) => `${cell}`.padStart(widths[index + 1])),
    ].join('  '),
  );
}

function goal({ name, ratio }) {
  const verdict = ratio >= GOAL ? 'reached' : 'missed';
  return `Goal: the ratio of ${name} is at least ${GOAL}: ${verdict} (${ratio.toFixed(3)}).`;
}
