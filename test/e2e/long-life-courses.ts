import assert from 'node:assert/strict';
import type { CourseName, Report } from './long-life-days.js';

/** The least and the most; or one figure for both. */
type Range = number | readonly [least: number, most: number];

/** What a page may have asked for by the end, and told. */
interface Expected {
  readonly created: Range;
  readonly statuses?: Range;
  readonly streams?: Range;
  /** Of changes of the status; where it is not said, no more than a few for each session. */
  readonly changes?: Range;
  /** When it asked last, in milliseconds since the beginning. */
  readonly lastAsked?: Range;
}

/** A course, how long it goes on, and what comes of so much of it. */
export interface Row {
  readonly course: CourseName;
  /** Hours, or times. */
  readonly amount: number;
  /** Where a short while must do. */
  readonly brief: number;
  readonly expected: (amount: number) => Expected;
}

/**
 * With somebody there, it is six sessions an hour: five that are replaced 10 s before their end, the
 * sixth until its end, and the 50 s that the person takes to ask for the next.
 */
const HOURLY = 6;

const MINUTE_MS = 60_000;

/** A session of ten minutes is asked for every 24 to 30 s, and where it is replaced, before and after. */
const ASKED = [20, 30] as const;

/** With a stream it is asked for where it is replaced, and in the minute after that. */
const BESIDE_STREAM = [1, 7] as const;

function times(amount: number, [least, most]: readonly [number, number]): Range {
  return [Math.floor(amount * least), Math.ceil(amount * most)];
}

function hourly(hours: number): Expected {
  const created = HOURLY * hours;
  return { created, statuses: times(created, ASKED) };
}

/** Each of four times a session more, as the one of then is over. */
function hourlyAndMore(hours: number): Expected {
  const most = HOURLY * hours + 4;
  return {
    created: [HOURLY * hours, most],
    statuses: [ASKED[0] * HOURLY * hours, ASKED[1] * most],
  };
}

/** A fifth of the time nothing is asked; what is over by then is replaced when it is seen. */
function seen(hours: number): Expected['created'] {
  return [Math.floor(0.8 * HOURLY * hours), Math.ceil(0.9 * HOURLY * hours)];
}

export const ROWS: readonly Row[] = [
  { course: 'asking for the status', amount: 24, brief: 4, expected: hourly },
  {
    course: 'listening to a stream',
    amount: 24,
    brief: 4,
    expected: (hours) => ({
      created: HOURLY * hours,
      statuses: times(HOURLY * hours, BESIDE_STREAM),
      streams: times(HOURLY * hours, [1, 1.5]),
    }),
  },
  {
    course: 'nobody there',
    amount: 24,
    brief: 24,
    // The first, and the five that took its place; then the page is still, after a minute of grace.
    expected: () => ({
      ...{ created: 6, statuses: times(6, ASKED) },
      lastAsked: [59 * MINUTE_MS, 61 * MINUTE_MS],
    }),
  },
  {
    course: 'hidden and seen',
    amount: 24,
    brief: 4,
    expected: (hours) => ({ created: seen(hours), statuses: times(HOURLY * hours, [15, 30]) }),
  },
  {
    course: 'hidden and seen, with a stream',
    amount: 24,
    brief: 4,
    expected: (hours) => ({
      created: seen(hours),
      statuses: times(HOURLY * hours, BESIDE_STREAM),
      streams: times(HOURLY * hours, [0.8, 1.5]),
    }),
  },
  {
    course: 'a sleep of eight hours, all clocks go on',
    amount: 24,
    brief: 4,
    expected: hourlyAndMore,
  },
  {
    course: 'a sleep of eight hours, the wall clock alone goes on',
    amount: 24,
    brief: 4,
    expected: hourlyAndMore,
  },
  {
    course: 'a clock that is set forward and back by an hour',
    amount: 24,
    brief: 4,
    expected: hourlyAndMore,
  },
  {
    course: 'another resolver-url',
    amount: 2000,
    brief: 100,
    expected: (count) => ({ created: count + 1 }),
  },
  {
    course: 'taken away and put back',
    amount: 2000,
    brief: 100,
    expected: (count) => ({ created: 1, statuses: count }),
  },
  {
    course: 'taken away and put back, with a stream',
    amount: 2000,
    brief: 100,
    expected: (count) => ({ created: 1, streams: count + 1 }),
  },
  {
    course: 'a dialog opened and closed',
    amount: 500,
    brief: 50,
    expected: () => ({ created: 1 }),
  },
  {
    course: 'the page kept by the browser, and shown again',
    amount: 1000,
    brief: 100,
    expected: (count) => ({ created: 1, statuses: count }),
  },
  {
    course: 'the page kept by the browser, and shown again, with a stream',
    amount: 1000,
    brief: 100,
    expected: (count) => ({ created: 1, streams: count + 1 }),
  },
  {
    course: 'told another status, with a stream',
    amount: 10_000,
    brief: 1000,
    // The first is that it is not started.
    expected: (count) => ({ created: 1, streams: 1, changes: count + 1 }),
  },
  {
    course: 'cut off, with a stream',
    amount: 1000,
    brief: 100,
    expected: (count) => ({ created: 1, streams: count + 1 }),
  },
  {
    course: 'begun anew',
    amount: 500,
    brief: 100,
    expected: (count) => ({ created: count + 1 }),
  },
];

/** That it came to what was expected, and that nothing is left of it. */
export function assertCourse(report: Report, { created, ...expected }: Expected): void {
  const { told, left } = report;
  assertIn('created', report.created, created);
  assertIn('statuses', report.statuses, expected.statuses ?? 0);
  assertIn('streams', report.streams, expected.streams ?? 0);
  assertIn(
    'status-changed',
    told['status-changed'] ?? 0,
    expected.changes ?? [0, 2 * report.created],
  );
  assertIn('last asked', report.lastAsked, expected.lastAsked ?? [0, Infinity]);
  assert.equal(told['session-created'], report.created);
  assert.equal(told.error, undefined);
  // One at a time, and beside it the one whose place it has taken, for a minute.
  assert.ok(report.mostStreams <= 1, `${report.mostStreams} streams at a time`);
  assert.ok(report.mostAsked <= 2, `${report.mostAsked} sessions at a time`);
  assert.equal(report.outdated, 0, 'a code was on show after its end');
  assert.equal(report.unseen, 0, 'something was asked while hidden');
  assert.deepEqual(left, { timers: 0, requests: 0, listeners: 0, observers: 0, streams: 0 });
  assert.ok(report.stored <= 1, `${report.stored} keys are stored`);
}

function assertIn(name: string, figure: number, range: Range): void {
  const [least, most] = typeof range === 'number' ? [range, range] : range;
  assert.ok(figure >= least && figure <= most, `${name}: ${figure}, not ${least} to ${most}`);
}
