import { setTimeout as pause } from 'node:timers/promises';
import type { EnginePage } from './engines.js';
import type { Question } from './fault-answers.js';
import type { Elsewhere } from './fault-elsewhere.js';
import { filesOf, type Report } from './fault-page.js';
import type { FaultRow } from './fault-table.js';
import { FaultyServer } from './faulty-server.js';
import { nothing } from './fault-wire.js';

/** What became of a row. */
export interface Result extends Report {
  readonly asked: Readonly<Record<Question, number>>;
  /** Connections that the page has not let go of. */
  readonly open: number;
  readonly elsewhere: readonly string[];
}

declare global {
  /** What the pages in this one's frames have said last, by their origins. */
  var reports: Record<string, Report>;
}

/** For the page that has the others in frames. */
export const FRAMES = `<style>iframe { width: 110px; height: 100px; border: 0; }</style>
  <script>
    globalThis.reports = {};
    addEventListener('message', ({ origin, data }) => (reports[origin] = data));
  </script>`;

const POLL_MS = 100;
const BLANK: Report = {
  ...{ state: 'none', errors: [], uncaught: [], addresses: [], hasEnd: false },
  underWay: Infinity,
};

interface Running {
  readonly row: FaultRow;
  readonly server: FaultyServer;
  readonly elsewhere: () => readonly string[];
  isDown: boolean;
}

/** The codes, the state and the number of requests, as the table has them. */
export function outcomeOf({ errors, state, asked }: Result): string {
  return `${errors.join(' ') || 'none'} ${state} ${asked.create}/${asked.status}/${asked.events}`;
}

/**
 * Opens the pages of these rows at once, each with a server of its own and in a frame of its own,
 * so that none waits for another's connections; ends when all is as the table says and no page has
 * anything more to ask, or late.
 */
export async function runRows(
  page: EnginePage,
  rows: readonly (readonly [id: number, row: FaultRow])[],
  elsewhere: Elsewhere,
  expected: (row: FaultRow) => string,
  patience: number,
): Promise<Map<FaultRow, Result>> {
  const running = await Promise.all(rows.map(([id, row]) => begin(id, row, elsewhere)));
  try {
    await page.evaluate(
      (origins) => {
        for (const origin of origins) {
          const frame = document.createElement('iframe');
          frame.src = origin;
          document.body.append(frame);
        }
      },
      running.map(({ server }) => server.origin),
    );
    const late = performance.now() + patience;
    for (;;) {
      const results = await resultsOf(page, running);
      const isDone = rows.every(([, row]) => {
        const result = results.get(row)!;
        const isAtRest =
          result.underWay === 0 && (result.open === 0 || row.lingersIn !== undefined);
        return isAtRest && outcomeOf(result) === expected(row);
      });
      if (isDone || performance.now() > late) return results;
      await helpUp(page, running, results);
      await pause(POLL_MS);
    }
  } finally {
    await Promise.all(running.map(({ server }) => server.close()));
  }
}

async function begin(id: number, row: FaultRow, elsewhere: Elsewhere): Promise<Running> {
  const { question, wire } = row;
  const isDown = wire === 'down';
  const server = new FaultyServer({
    question,
    fault: isDown ? nothing : wire,
    times: row.times ?? (question === 'create' ? Infinity : 3),
    isDown,
    session: row.session ?? SESSIONS[question],
    files: filesOf(row.page ?? {}),
    elsewhere: elsewhere.addresses(id, question),
  });
  await server.up();
  return { row, server, elsewhere: () => elsewhere.asked(id), isDown };
}

/** What a session has where the row does not say. */
const SESSIONS: Readonly<Record<Question, object>> = {
  create: {},
  status: { status_url: '/status' },
  events: { events_url: '/events' },
};

/** By what the pages said last, before the servers are looked at; they say it again for the next time. */
async function resultsOf(page: EnginePage, running: Running[]): Promise<Map<FaultRow, Result>> {
  const reports = await page.evaluate(() => {
    for (const frame of document.querySelectorAll('iframe'))
      frame.contentWindow!.postMessage('report', '*');
    return globalThis.reports;
  });
  return new Map(
    running.map(({ row, server, elsewhere }) => {
      const { asked, open } = server;
      const report = reports[server.origin] ?? BLANK;
      return [row, { ...report, asked: { ...asked }, open, elsewhere: elsewhere() }];
    }),
  );
}

/** Servers that were down come up again as soon as the failure was told. */
async function helpUp(
  page: EnginePage,
  running: Running[],
  results: Map<FaultRow, Result>,
): Promise<void> {
  for (const each of running) {
    if (!each.isDown || results.get(each.row)!.errors.length === 0) continue;
    each.isDown = false;
    await each.server.up();
    if (each.row.question === 'create') await page.evaluate(pressRetry, each.server.origin);
  }
}

function pressRetry(origin: string): void {
  const frames = Array.from(document.querySelectorAll('iframe'));
  const frame = frames.find(({ src }) => new URL(src).origin === origin);
  frame!.contentWindow!.postMessage('try again', '*');
}
