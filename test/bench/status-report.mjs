import { table } from './report.mjs';
import { median, percentile } from './statistics.mjs';

/** Where 95 of 100 messages are to be, in milliseconds after the server part knows. */
const STREAM_GOAL_MS = 100;

/** How often a page asks at least, where it has no stream (README, poll-interval). */
const PAGE_INTERVAL_MS = 3000;

/** How often the server part asks Didit for a session of less than a minute (docs/server.md). */
const UPSTREAM_INTERVAL_MS = 2000;

/** Where all pages that poll are to be, in milliseconds after Didit's word. */
const POLLING_GOAL_MS = PAGE_INTERVAL_MS + UPSTREAM_INTERVAL_MS;

/** Of milliseconds in ascending order, or null where nothing was heard. */
export function summarizeDelays(delays) {
  if (!delays) return null;
  return {
    sessions: delays.length,
    median: median(delays),
    p95: percentile(delays, 0.95),
    max: delays.at(-1),
  };
}

/** `gaps`: milliseconds between two polls of a page. */
export function statusReport({ wire, stream, webhook, polling }, gaps) {
  return [
    ...table([
      ['', 'sessions', 'median ms', 'p95 ms', 'max ms'],
      ['from knowing to the wire, by the stream', ...cells(wire)],
      ['from knowing to session-completed, by the stream', ...cells(stream)],
      ['from the webhook to session-completed, by the stream', ...cells(webhook)],
      ["from Didit's word to session-completed, by polling", ...cells(polling)],
    ]),
    '',
    'Knowing: onDecision has accepted the decision, which settle() asked for.',
    'The webhook: the sandbox sends it, version 3; the decision is fetched before the page is told.',
    "Didit's word: it has confirmed the session, and nobody settles.",
    intervals(gaps),
    '',
    goal('p95 to the wire', wire?.p95, STREAM_GOAL_MS),
    goal('p95 to session-completed by the stream', stream?.p95, STREAM_GOAL_MS),
    goal('p95 from the webhook to session-completed', webhook?.p95, STREAM_GOAL_MS),
    goal('max to session-completed by polling', polling?.max, POLLING_GOAL_MS),
  ].join('\n');
}

function cells(result) {
  if (!result) return ['not available', '', '', ''];
  const { sessions, median: middle, p95, max } = result;
  return [sessions, ...[middle, p95, max].map((milliseconds) => milliseconds.toFixed(1))];
}

function intervals(gaps) {
  const measured = gaps.length > 0 ? Math.round(Math.max(...gaps)) : 'not known';
  return (
    `Polling: a page asks every ${PAGE_INTERVAL_MS} ms (the longest pause: ${measured}), and Didit is ` +
    `asked every ${UPSTREAM_INTERVAL_MS} ms.`
  );
}

function goal(what, milliseconds, limit) {
  if (milliseconds === undefined) return `Goal: ${what} is below ${limit} ms: not measured.`;
  const verdict = milliseconds < limit ? 'reached' : 'missed';
  return `Goal: ${what} is below ${limit} ms: ${verdict} (${milliseconds.toFixed(1)} ms).`;
}
