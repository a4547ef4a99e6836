/** The script of a page whose elements come and go: each in one of the ways that elements are used. */
import type { DiditVerifyElement } from '../../src/index.js';
import type { StateName } from '../../src/state.js';
import { PlatformCounter, type PlatformCounts } from '../platform-counter.js';

/** From the mount of an element to its end; the element is taken away by whoever calls it. */
type Life = (stage: Stage) => Promise<unknown>;

/** Where an element lives, with all that stands around it; taken away with it. */
interface Stage {
  readonly place: HTMLElement;
  /** Mounts an element that asks for a session of a kind, and counts it. */
  mount(kind: string, properties?: Partial<DiditVerifyElement>): DiditVerifyElement;
}

/** How many elements there were, and how many of them are collected. */
export interface Mounted {
  readonly mounted: number;
  readonly collected: number;
}

const LATE_MS = 30_000;

/** Engines collect when they like. */
const TIRED_MS = 150_000;

const LIVES: Record<string, Life> = {
  approved: ({ mount }) => inState(mount('Approved'), 'approved'),
  declined: ({ mount }) => inState(mount('Declined'), 'declined'),
  'under way on the phone': ({ mount }) => inState(mount('In Progress'), 'in-progress'),
  expired: ({ mount }) => inState(mount('Expired', { refreshExpired: 'manual' }), 'expired'),
  'with a stream': ({ mount }) => heard(mount('stream'), 'status-changed'),
  'with a stream that another has': async ({ mount }) => {
    const [one, other] = [mount('stream'), mount('stream')];
    await Promise.all([inState(one, 'ready'), inState(other, 'ready')]);
    one.remove();
  },
  refused: ({ mount }) => inState(mount('fail', { maxRetries: 0 }), 'error'),
  'refused, before it is asked again': async ({ mount }) => {
    mount('fail');
    await pause(50);
  },
  'gone before the answer': async ({ mount }) => {
    mount('hang');
    await pause(20);
  },
  'gone in the task that it came in': async ({ mount }) => void mount('Not Started'),
  manual: ({ mount }) => mount('Not Started', { manual: true }).updateComplete,
  'manual, begun and given up': async ({ mount }) => {
    const tag = mount('hang', { manual: true });
    void tag.start();
    await pause(10);
    await tag.cancel();
  },
  'lazy and far away': async ({ mount, place }) => {
    place.style.marginTop = '5000px';
    const tag = mount('Not Started', { loading: 'lazy' });
    await tag.updateComplete;
    await frame();
  },
  'lazy and near': ({ mount }) => inState(mount('Not Started', { loading: 'lazy' }), 'ready'),
  'a dialog, closed again': async ({ mount }) => {
    const tag = mount('Not Started', { presentation: 'dialog' });
    await tag.showModal();
    await tag.close();
  },
  'a dialog, still open': async ({ mount }) => {
    const tag = mount('Not Started', { presentation: 'dialog', open: true });
    await inState(tag, 'ready');
  },
  'in a form, reset': async ({ mount, place }) => {
    const form = place.appendChild(document.createElement('form'));
    const tag = mount('Approved', { name: 'person', required: true });
    form.append(tag);
    await inState(tag, 'approved');
    form.reset();
    form.checkValidity();
  },
  'in a fieldset, switched off and on': async ({ mount, place }) => {
    const fieldset = place.appendChild(document.createElement('fieldset'));
    const tag = mount('Not Started');
    fieldset.append(tag);
    await inState(tag, 'ready');
    fieldset.disabled = true;
    await tag.updateComplete;
    fieldset.disabled = false;
    await tag.updateComplete;
  },
  'with a logo': async ({ mount }) => {
    const tag = mount('Not Started');
    const logo = Object.assign(document.createElement('span'), { slot: 'logo', textContent: 'D' });
    tag.append(logo);
    await inState(tag, 'ready');
    await frame();
    logo.remove();
    await frame();
  },
  'in one language after the other': async ({ mount, place }) => {
    place.lang = 'de';
    const tag = mount('Not Started');
    await inState(tag, 'ready');
    for (const lang of ['ar', 'xx', 'en']) {
      place.lang = lang;
      await tag.updateComplete;
    }
  },
  'with words of its own': async ({ mount }) => {
    const tag = mount('Not Started', { strings: { heading: 'Your age' } });
    await inState(tag, 'ready');
    for (let count = 0; count < 3; count++) {
      tag.strings = { heading: `Your age ${count}` };
      await tag.updateComplete;
    }
  },
  'asked for something else': async ({ mount }) => {
    const tag = mount('Not Started');
    await inState(tag, 'ready');
    tag.scope = 'email';
    await pause(10);
  },
  'begun anew again and again': async ({ mount }) => {
    const tag = mount('Not Started');
    for (let count = 0; count < 3; count++) void tag.restart();
    await inState(tag, 'ready');
    await tag.restart();
  },
  'moved, and put back': async ({ mount, place }) => {
    const tag = mount('Not Started');
    await inState(tag, 'ready');
    place.append(tag);
    tag.remove();
    await pause(10);
    place.append(tag);
    await frame();
  },
  'in a shadow root': async ({ mount, place }) => {
    const root = place.attachShadow({ mode: 'closed' });
    const tag = mount('Not Started');
    root.append(tag);
    await inState(tag, 'ready');
  },
  'answered by functions': ({ mount }) => {
    const url = 'https://app.didit.me/authorize/token';
    return inState(
      mount('unused', {
        resolver: ({ vendorData }) => ({ session_id: `of-${vendorData}`, url }),
        vendorData: `${Math.random()}`,
        statusResolver: () => 'In Review',
      }),
      'in-review',
    );
  },
  'found again, and ended': async ({ mount, place }) => {
    const person = { noResume: false, vendorData: `${Math.random()}` };
    const before = mount('Not Started', person);
    await inState(before, 'ready');
    before.remove();
    const tag = mount('Not Started', person);
    await inState(tag, 'ready');
    if (tag.session!.sessionId !== before.session!.sessionId) throw new Error('It is another.');
    await tag.cancel();
    place.append(before);
    await before.cancel();
  },
  'kept for a reload': ({ mount }) => inState(mount('In Review', { noResume: false }), 'in-review'),
  'never in the page': async ({ mount }) => mount('Not Started').remove(),
  'from markup': async ({ place }) => {
    place.innerHTML = `<didit-verify resolver-url="/session/Approved" poll-interval="100">
      <p slot="heading">Here</p></didit-verify>`;
    const tag = place.querySelector('didit-verify')!;
    watch(tag);
    await inState(tag, 'approved');
  },
};

let mounted = 0;
let collected = 0;
const registry = new FinalizationRegistry(() => collected++);

function watch(tag: DiditVerifyElement): void {
  mounted++;
  registry.register(tag, undefined);
}

async function live(name: string): Promise<void> {
  const place = document.createElement('section');
  document.body.append(place);
  const life = LIVES[name]!({
    place,
    mount(kind, properties) {
      const tag = document.createElement('didit-verify');
      watch(tag);
      // A session each, and not that of the one before.
      const plain = { pollInterval: 100, noResume: true };
      Object.assign(tag, { ...plain, ...properties, resolverUrl: `/session/${kind}` });
      place.append(tag);
      return tag;
    },
  });
  await inTime(life, name);
  place.remove();
}

function inState(tag: DiditVerifyElement, state: StateName): Promise<void> {
  return until(tag, () => tag.state === state);
}

async function until(tag: DiditVerifyElement, isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(5);
  await tag.updateComplete;
}

function heard(tag: DiditVerifyElement, type: string): Promise<unknown> {
  return new Promise((resolve) => tag.addEventListener(type, resolve, { once: true }));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function frame(): Promise<unknown> {
  return new Promise(requestAnimationFrame);
}

async function inTime(life: Promise<unknown>, name: string): Promise<void> {
  let timer;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It does not come to its end: ${name}`)), LATE_MS);
  });
  await Promise.race([life, late]);
  clearTimeout(timer);
}

/** Lives so many lives at least, a few at a time, as many of each kind. */
async function liveAll(atLeast: number): Promise<Mounted> {
  const end = mounted + atLeast;
  const names = Object.keys(LIVES);
  let next = 0;
  const one = async () => {
    while (mounted < end || next % names.length) await live(names[next++ % names.length]!);
  };
  await Promise.all(Array.from({ length: 12 }, one));
  return { mounted, collected };
}

/**
 * Makes garbage until so many elements are collected, or nobody can wait any longer: much memory, which
 * moves Firefox, and many objects that are kept for a while, without which WebKit looks at new ones alone.
 */
async function collect(wanted: number): Promise<Mounted> {
  const tired = performance.now() + TIRED_MS;
  let kept: unknown[] = [];
  while (collected < wanted && performance.now() < tired) {
    kept = kept.length < 50 ? kept : [];
    kept.push(Array.from({ length: 20_000 }, (_, number) => ({ number })));
    for (let count = 0; count < 200; count++) new Array<unknown>(10_000).fill({ count });
    // Firefox holds on to what was animated until frames have passed.
    await frame();
    await rest();
  }
  return { mounted, collected };
}

/** Firefox collects what is in cycles when it has nothing else to do. */
async function rest(): Promise<void> {
  if (!('requestIdleCallback' in window)) return pause(0);
  await new Promise((done) => requestIdleCallback(done));
  await pause(100);
}

/** What so many elements on one page are, once each of them has its session. */
export interface Crowd {
  readonly sessions: number;
  readonly resumed: number;
  /** Style sheets, each counted once, however many elements have it. */
  readonly sheets: number;
  /** Of each element: the live regions, and the elements in its shadow tree. */
  readonly regions: number[];
  readonly nodes: number[];
  /** What the live regions say. */
  readonly said: string[];
  readonly milliseconds: number;
}

async function gather(count: number): Promise<Crowd> {
  const begun = performance.now();
  const tags = Array.from({ length: count }, () => document.createElement('didit-verify'));
  let resumed = 0;
  for (const tag of tags) {
    tag.addEventListener('session-created', ({ detail }) => {
      if (detail.reason === 'resume') resumed++;
    });
    Object.assign(tag, { pollInterval: 60_000, resolverUrl: '/session/Not Started' });
  }
  const all = Promise.all(tags.map((tag) => heard(tag, 'session-created')));
  document.body.append(...tags);
  await all;
  await Promise.all(tags.map(({ updateComplete }) => updateComplete));
  const roots = tags.map((tag) => tag.shadowRoot!);
  const found = (selector: string) => roots.map((root) => [...root.querySelectorAll(selector)]);
  const regions = found('[role=status], [role=alert], [aria-live]');
  return {
    sessions: new Set(tags.map(({ session }) => session!.sessionId)).size,
    resumed,
    sheets: new Set(roots.flatMap(({ adoptedStyleSheets }) => adoptedStyleSheets)).size,
    regions: distinct(regions.map(({ length }) => length)),
    nodes: distinct(found('*').map(({ length }) => length)),
    said: distinct(regions.flat().map(({ textContent }) => textContent)),
    milliseconds: performance.now() - begun,
  };
}

function distinct<T>(values: T[]): T[] {
  return [...new Set(values)];
}

function disperse(): void {
  for (const tag of document.querySelectorAll('didit-verify')) tag.remove();
}

let counter: PlatformCounter | undefined;
const page = {
  liveAll,
  collect,
  gather,
  disperse,
  /** What is under way on the platform, counted from the first call on. */
  underWay: (): PlatformCounts => (counter ??= new PlatformCounter()).counts,
  stored: () =>
    Object.values(sessionStorage).flatMap((list) => JSON.parse(String(list)) as unknown[]).length,
};

export type LongLifePage = typeof page;

declare global {
  var lives: LongLifePage;
}

globalThis.lives = page;
