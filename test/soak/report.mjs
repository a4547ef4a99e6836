import { table } from '../bench/report.mjs';

/** Of the site's log: none of these may happen where nothing is broken. */
const INCIDENTS =
  /^(internal|hook|storage|decision)\.failed$|^(decision\.mismatched|upstream\.failed|budget\.exhausted|sandbox\.webhook\.failed|warning\..*)$/;

const MOST_TOLD = 10;

/** Everything that a run fails for, in words. */
export function failuresOf({ trends, counts, clients, pageCounts, said, ended }) {
  const opened = counts['events.opened'] ?? 0;
  const closed = counts['events.closed'] ?? 0;
  const nothing = pageCounts.completed === 0 || clients.counts.creates === 0 || opened === 0;
  return [
    ...trends
      .filter(({ grows }) => grows)
      .map(({ name, grown }) => `${name} grew by ${grown.toFixed(0)}`),
    ...few(clients.failures),
    ...few(pageCounts.errors.map((error) => `page: ${error}`)),
    ...few(said.map((words) => `page said: ${words}`)),
    ...Object.entries(counts)
      .filter(([name]) => INCIDENTS.test(name))
      .map(([name, times]) => `${name}, ${times} times`),
    ...(opened === closed ? [] : [`${opened} streams opened, ${closed} closed`]),
    ...(nothing ? ['nothing was done'] : []),
    ...(ended ? [] : ['the site does not end by itself']),
  ];
}

function few(list) {
  const rest = list.length - MOST_TOLD;
  return rest > 0 ? [...list.slice(0, MOST_TOLD), `… and ${rest} more`] : list;
}

export function toText({ seconds, clients, done, latency, page, log, trends, samples, failures }) {
  const perSecond = (done.requests / seconds).toFixed(0);
  const { p50, p99, most } = latency;
  const resident = [samples[1], samples.at(-1)].map(({ rss }) => `${(rss / 1e6).toFixed(1)} MB`);
  return [
    `${seconds} s, ${clients} clients: ${done.requests} requests (${perSecond} a second),`,
    `${done.creates} creates, ${log['events.opened'] ?? 0} streams, ${log.onDecision ?? 0} decisions;`,
    `half of them answered in ${p50} ms, 99 % in ${p99} ms, the slowest in ${most} ms;`,
    `all memory of the site (RSS) ${resident.join(' at the start, ')} at the end;`,
    `in a page ${page.mounted} elements, ${page.completed} to their end.`,
    '',
    ...table([
      ['what', 'at the start', 'at the end', 'a minute, first half', 'second half', ''],
      ...trends.map(({ name, start, end, before, after, grows }) => [
        ...[name, start, end, (before * 60).toFixed(0), (after * 60).toFixed(0)],
        grows ? 'grows' : 'flat',
      ]),
    ]),
    '',
    ...(failures.length === 0
      ? ['Nothing failed.']
      : ['Failed:', ...failures.map((each) => `- ${each}`)]),
  ].join('\n');
}
