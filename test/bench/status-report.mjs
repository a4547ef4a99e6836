import { table } from './report.mjs';
import { median, percentile } from './statistics.mjs';

/** Where 95 of 100 messages are to be, in milliseconds after the server part knows. */
const GOAL_MS = 100;

/** How often the server part asks Didit for a session of less than a minute (docs/server.md). */
const UPSTREAM_INTERVAL_MS = 2000;

/** Of milliseconds in ascending order, or null where nothing was heard. */
export function summarizeDelays(delays) {
  if (!delays) return null;
  return {
    ...{ sessions: delays.length, median: median(delays) },
    ...{ p95: percentile(delays, 0.95), max: delays.at(-1) },
  };
}

/** `gaps`: milliseconds between two polls of a page. */
export function statusReport({ wire, stream, polling }, gaps) {
  return [
    ...table([
      ['from knowing', 'sessions', 'median ms', 'p95 ms', 'max ms'],
      ['to the wire, by the stream', ...cells(wire)],
      ['to session-completed, by the stream', ...cells(stream)],
      ['to session-completed, by polling', ...cells(polling)],
    ]),
    '',
    'Knowing: onDecision has accepted the decision, which settle() asked for.',
    bound(gaps),
    goal(wire),
  ].join('\n');
}

function cells(result) {
  if (!result) return ['not available', '', '', ''];
  const { sessions, median: middle, p95, max } = result;
  return [sessions, ...[middle, p95, max].map((milliseconds) => milliseconds.toFixed(1))];
}

function bound(gaps) {
  if (gaps.length === 0) return 'Polling: no page asked twice, so its interval is not known.';
  const interval = Math.max(...gaps);
  const sum = Math.round(interval + UPSTREAM_INTERVAL_MS);
  return (
    `Polling: a page asks every ${Math.round(interval)} ms at the most, and Didit is asked every ` +
    `${UPSTREAM_INTERVAL_MS} ms: ${sum} ms from Didit's word, where nobody settles.`
  );
}

function goal({ p95 }) {
  const verdict = p95 < GOAL_MS ? 'reached' : 'missed';
  return `Goal: p95 on the wire is below ${GOAL_MS} ms: ${verdict} (${p95.toFixed(1)} ms).`;
}
