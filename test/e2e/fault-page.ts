import { readFileSync } from 'node:fs';
import type {} from './fault-counter.js';
import type { FaultySite } from './faulty-server.js';
import { bundledPage } from './long-life-site.js';

/** What is odd about a page, beside its server. */
export interface OddPage {
  /** Milliseconds by which its clock is wrong. */
  readonly skew?: number;
  /**
   * Milliseconds of a limit that is to pass. It counts from the moment at which the request has
   * reached the server, so that a busy machine takes nothing away from it, and is over in 300.
   */
  readonly limit?: number;
  /** Whether the silence of a stream is to pass, in 300 milliseconds. */
  readonly isSilent?: boolean;
}

/** What a page says of itself, whenever something has happened. */
export interface Report {
  readonly state: string;
  /** Codes of the `error` events. */
  readonly errors: readonly string[];
  /** What nobody caught. */
  readonly uncaught: readonly string[];
  /** Every address that is on show, and that of the session. */
  readonly addresses: readonly string[];
  /** Whether the end of the session is known. */
  readonly hasEnd: boolean;
  /** Timers that somebody waits for, and requests: where there are none, nothing more comes. */
  readonly underWay: number;
}

const SCRIPT = '/didit-verify.min.js';
const MOST_MS = 300;
/** What nobody waits for in these pages. */
const LONG_MS = 600_000;
/** The element's own limits for the first byte of a stream, and for its silence. */
const FIRST_BYTE_MS = 5000;
const SILENCE_MS = 30_000;

const EVENTS = [
  'session-created',
  'status-changed',
  'session-completed',
  'session-expired',
  'error',
];

const COUNTER = await bundledPage('test/e2e/fault-counter.ts');

/** A page with the element and nothing else, and what it needs. */
export function filesOf({ skew = 0, limit = 0, isSilent }: OddPage): FaultySite['files'] {
  // Nothing is in a hurry but what is meant to be late: a busy machine is no fault.
  const timeout = limit > 0 && limit <= MOST_MS ? limit : LONG_MS;
  const others = {
    [FIRST_BYTE_MS]: limit === FIRST_BYTE_MS ? limit : LONG_MS,
    [SILENCE_MS]: isSilent ? MOST_MS : LONG_MS,
  };
  const body = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
    <script>
      // What tsx puts around functions, to keep their names.
      globalThis.__name = (named) => named;
      const { setTimeout: uncounted } = globalThis;
      ${COUNTER}
      // Of an earlier page that was here: ports come back.
      sessionStorage.clear();
      ${skew ? `(${String(setClock)})(${skew});` : ''}
      (${String(changeTimers)})(uncounted, ${LONG_MS}, ${JSON.stringify(others)});
      ${limit ? `(${String(holdTimers)})(${limit}, ${MOST_MS});` : ''}
      (${String(reportAll)})(uncounted, ${JSON.stringify(EVENTS)});
    </script>
    <script src="${SCRIPT}"></script>
    <didit-verify
      resolver-url="/session"
      timeout="${timeout}"
      max-retries="1"
      poll-interval="300"
    ></didit-verify>`;
  return new Map([
    ['/', { type: 'text/html', body }],
    [SCRIPT, { type: 'text/javascript', body: readFileSync(`dist${SCRIPT}`) }],
  ]);
}

// These are sent to the page as source.

function setClock(skew: number): void {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given: []) {
      super(...((given.length ? given : [Real.now() + skew]) as []));
    }
    static override now() {
      return Real.now() + skew;
    }
  } as DateConstructor;
}

/** A timer of so many milliseconds waits for a word of the server before it begins. */
function holdTimers(held: number, most: number): void {
  const { setTimeout: begin, clearTimeout: end } = globalThis;
  const waiting = new Map<number, () => void>();
  const begun = new Map<number, ReturnType<typeof begin>>();
  let last = 0;
  new EventSource('/arrivals').onmessage = () => {
    const [first] = waiting;
    if (!first) return;
    waiting.delete(first[0]);
    begun.set(first[0], begin(first[1], Math.min(held, most)));
  };
  const hold = (task: () => void, milliseconds?: number) => {
    if (milliseconds !== held) return begin(task, milliseconds);
    waiting.set(--last, task);
    return last;
  };
  const let_go = (id: number) => {
    waiting.delete(id);
    end(begun.get(id) ?? id);
  };
  Object.assign(globalThis, { setTimeout: hold, clearTimeout: let_go });
}

/** Some timers become longer or shorter; long ones are not counted. */
function changeTimers(
  uncounted: typeof setTimeout,
  long: number,
  others: Record<number, number>,
): void {
  const counted = globalThis.setTimeout;
  const change = (task: () => void, milliseconds = 0) => {
    const changed = others[milliseconds] ?? milliseconds;
    return (changed < long ? counted : uncounted)(task, changed);
  };
  Object.assign(globalThis, { setTimeout: change });
}

function reportAll(uncounted: typeof setTimeout, events: string[]): void {
  const errors: string[] = [];
  const uncaught: string[] = [];
  const report = async (): Promise<void> => {
    const tag = document.querySelector('didit-verify');
    if (!tag) return parent.postMessage({ state: 'none', errors, uncaught, addresses: [] }, '*');
    await tag.updateComplete;
    // In a task of its own: whoever has just ended one thing has begun the next by then.
    await new Promise((resolve) => uncounted(resolve));
    const links = Array.from(tag.shadowRoot!.querySelectorAll('a'), ({ href }) => href);
    const addresses = tag.session ? [...links, tag.session.url] : links;
    const hasEnd = Boolean(tag.session?.expiresAt);
    const { timers, requests } = counter.counts;
    const underWay = timers + requests;
    parent.postMessage({ state: tag.state, errors, uncaught, addresses, hasEnd, underWay }, '*');
  };
  for (const type of events) {
    document.addEventListener(
      type,
      (event) => {
        if (type === 'error') errors.push((event as CustomEvent<{ code: string }>).detail.code);
        void report();
      },
      { capture: true },
    );
  }
  const note = (what: unknown) => {
    uncaught.push(String(what));
    void report();
  };
  addEventListener('error', ({ message }) => note(message));
  addEventListener('unhandledrejection', ({ reason }) => note(reason));
  addEventListener('message', ({ data }) => {
    if (data === 'report') void report();
    if (data === 'try again') void document.querySelector('didit-verify')!.start();
  });
}
