/** The script of a page in which days pass within seconds. */
import type { DiditVerifyElement } from '../../src/index.js';
import { PlatformCounter, type PlatformCounts } from '../platform-counter.js';
import { OwnTime, type Happened } from './long-life-clock.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a person takes to ask for a new code: an hour, with the six sessions that went before. */
const PATIENCE_MS = 50 * SECOND_MS;

/** The clocks are looked at this often, and then it takes a moment. */
const NOTICED_MS = 31 * SECOND_MS;

/** When they begin: in Europe, the clocks are put forward in the night that follows. */
const BEGINNING = Date.UTC(2030, 2, 30, 12);

/** What has become of a page by the end of its time. */
export interface Report extends Happened {
  /** How often each event was told. */
  readonly told: Record<string, number>;
  /** How often a code was on show whose time was over. */
  readonly outdated: number;
  /** Requests while nobody looked at the page. */
  readonly unseen: number;
  /** Once it was taken away. */
  readonly left: PlatformCounts & { readonly streams: number };
  /** Keys in the storage. */
  readonly stored: number;
}

/** An element in a time of its own, and what is noted of it. */
interface Stage {
  readonly time: OwnTime;
  readonly tag: DiditVerifyElement;
  readonly noted: { outdated: number; unseen: number };
}

/** Goes on for so many hours, or happens so many times. */
type Course = (stage: Stage, amount: number) => Promise<unknown>;

/** Lets hours pass, with somebody there who asks for a new code wherever there is none. */
async function attended(stage: Stage, hours: number): Promise<void> {
  const { time, tag, noted } = stage;
  const end = time.elapsed + hours * HOUR_MS;
  while (time.elapsed < end) {
    if (tag.state === 'expired') {
      await time.pass(PATIENCE_MS);
      press(tag);
    }
    await time.pass(Math.min(NOTICED_MS, end - time.elapsed));
    if (isOutdated(tag)) noted.outdated++;
  }
}

function press(tag: DiditVerifyElement): void {
  tag.shadowRoot!.querySelector<HTMLElement>('[part=start-button]')?.click();
}

function isOutdated({ session, shadowRoot }: DiditVerifyElement): boolean {
  const ends = session?.expiresAt?.getTime() ?? Infinity;
  return Date.now() > ends + NOTICED_MS && shadowRoot!.querySelector('.code') !== null;
}

/** A fifth of the time nobody looks at it. */
async function hidden(stage: Stage, hours: number): Promise<void> {
  const { time, noted } = stage;
  for (let hour = 0; hour < hours; hour += 4) {
    await attended(stage, 3.2);
    time.hide(true);
    // What was under way when it was hidden.
    await time.pass(1);
    const before = requests(time);
    await time.pass(0.8 * HOUR_MS);
    noted.unseen += requests(time) - before;
    time.hide(false);
  }
  await time.pass(MINUTE_MS);
}

function requests({ happened: { created, statuses, streams } }: OwnTime): number {
  return created + statuses + streams;
}

/**
 * Something is done to the clocks four times, each time in the middle of a session's life: of one that
 * would be replaced by itself, and of one that a person must ask for the next of.
 */
function withClocks(change: (time: OwnTime, count: number) => unknown): Course {
  return async (stage, hours) => {
    for (let count = 0; count < 4; count++) {
      const rest = count % 2 ? 0.5 : 0.1;
      await attended(stage, hours / 4 - rest);
      await change(stage.time, count);
      await attended(stage, rest);
    }
  };
}

/** Something is done again and again, each time once the last has had its effect. */
function repeated(once: (stage: Stage, count: number) => Promise<unknown>): Course {
  return async (stage, times) => {
    for (let count = 0; count < times; count++) await once(stage, count);
  };
}

const putBack = repeated(async ({ time, tag }) => {
  tag.remove();
  await time.pass(1);
  document.body.append(tag);
  await time.pass(1);
});

const shownAgain = repeated(async ({ time }) => {
  dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
  await time.pass(1);
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  await time.pass(1);
});

const COURSES = {
  'asking for the status': attended,
  'listening to a stream': attended,
  'nobody there': ({ time }, hours) => time.pass(hours * HOUR_MS),
  'hidden and seen': hidden,
  'hidden and seen, with a stream': hidden,
  'a sleep of eight hours, all clocks go on': withClocks((time) => time.sleep(8 * HOUR_MS)),
  'a sleep of eight hours, the wall clock alone goes on': withClocks((time) =>
    time.setWallClock(8 * HOUR_MS),
  ),
  'a clock that is set forward and back by an hour': withClocks((time, count) =>
    time.setWallClock(count % 2 ? -HOUR_MS : HOUR_MS),
  ),
  'another resolver-url': repeated(async ({ time, tag }, count) => {
    tag.resolverUrl = `/create?${count}`;
    await time.pass(SECOND_MS);
  }),
  'taken away and put back': putBack,
  'taken away and put back, with a stream': putBack,
  'a dialog opened and closed': repeated(async ({ time, tag }) => {
    tag.presentation = 'dialog';
    await tag.showModal();
    await tag.close();
    await time.pass(1);
  }),
  'the page kept by the browser, and shown again': shownAgain,
  'the page kept by the browser, and shown again, with a stream': shownAgain,
  'told another status, with a stream': repeated(async ({ time }, count) => {
    for (const stream of time.streams) stream.tell(count % 2 ? 'In Progress' : 'Awaiting User');
    // Some come together, as they do on the wire.
    if (count % 4 === 3) await time.pass(1);
  }),
  'cut off, with a stream': repeated(async ({ time }) => {
    for (const stream of time.streams) stream.end();
    await time.pass(31 * SECOND_MS);
  }),
  'begun anew': repeated(async ({ time, tag }) => {
    void tag.restart();
    await time.pass(1);
  }),
} satisfies Record<string, Course>;

export type CourseName = keyof typeof COURSES;

const EVENTS = [
  'session-created',
  'status-changed',
  'session-completed',
  'session-expired',
  'error',
];

/** From the mount of an element until it is taken away. */
async function live(name: CourseName, amount: number): Promise<Report> {
  sessionStorage.clear();
  const counter = new PlatformCounter();
  const time = new OwnTime(BEGINNING);
  time.hasStreams = name.endsWith('stream');
  if (name.startsWith('cut off')) time.lifetime = null;
  const tag = document.createElement('didit-verify');
  const told: Record<string, number> = {};
  for (const type of EVENTS) tag.addEventListener(type, () => (told[type] = (told[type] ?? 0) + 1));
  Object.assign(tag, { pollInterval: 30 * SECOND_MS, resolverUrl: '/create' });
  document.body.append(tag);
  await time.pass(1);
  const noted = { outdated: 0, unseen: 0 };
  await COURSES[name]({ time, tag, noted }, amount);
  const { happened } = time;
  tag.remove();
  await time.pass(1);
  const left = { ...counter.counts, timers: time.timers, streams: time.streams.size };
  time.close();
  counter.restore();
  return { ...happened, ...noted, told, left, stored: sessionStorage.length };
}

const page = {
  live,
  /** Whether the hour of their first night that there is not has passed by the page's own clock. */
  losesAnHour: () =>
    new Date(BEGINNING + 24 * HOUR_MS).getHours() !== new Date(BEGINNING).getHours(),
};

export type DaysPage = typeof page;

declare global {
  var days: DaysPage;
}

globalThis.days = page;
