import fc, { type Arbitrary, type AsyncCommand } from 'fast-check';
import type { DiditVerifyElement } from '../../../src/index.js';
import { never } from '../../fake-site.js';
import { canMoveBefore, setPointer } from '../../helpers.js';
import { hostileUrl } from '../hostile-url.js';
import { hostileJson, hostileText } from '../hostile.js';
import { chatter, createAnswer, goodSession, statusAnswer, streamAnswer, word } from './answers.js';
import { assignment, markup, words } from './attributes.js';
import { scroll } from './fake-intersection-observer.js';
import type { FuzzedPage } from './fuzzed-page.js';

/** What an action needs to know of what has been done before. */
export interface Plan {
  isInPage: boolean;
}

/** One thing that happens in a page; after it all that must hold is looked at. */
class Action implements AsyncCommand<Plan, FuzzedPage> {
  readonly #name: string;
  readonly #act: (page: FuzzedPage, plan: Plan) => unknown;
  readonly #isPossible: (plan: Plan) => boolean;

  constructor(
    name: string,
    act: (page: FuzzedPage, plan: Plan) => unknown,
    isPossible: (plan: Plan) => boolean = () => true,
  ) {
    this.#name = name;
    this.#act = act;
    this.#isPossible = isPossible;
  }

  check(plan: Readonly<Plan>): boolean {
    return this.#isPossible(plan);
  }

  async run(plan: Plan, page: FuzzedPage): Promise<void> {
    await this.#act(page, plan);
    await page.drain();
    page.check();
  }

  toString(): string {
    return this.#name;
  }
}

export type Happening = Arbitrary<Action>;

/** An action with something in it that is made up. */
function acting<Value>(
  name: string,
  value: Arbitrary<Value>,
  act: (page: FuzzedPage, value: Value, plan: Plan) => unknown,
): Happening {
  return value.map(
    (given) =>
      new Action(`${name}(${fc.stringify(given)})`, (page, plan) => act(page, given, plan)),
  );
}

function plainly(
  name: string,
  act: (page: FuzzedPage, plan: Plan) => unknown,
  isPossible?: (plan: Plan) => boolean,
): Happening {
  return fc.constant(new Action(name, act, isPossible));
}

// Time

const pass = acting(
  'pass',
  fc.constantFrom(0, 1, 1, 100, 299, 1000, 3000, 5000, 10_000, 31_000, 61_000, 600_000),
  (page, milliseconds) => page.site.pass(Math.min(milliseconds, mostOf(page.element))),
);

/** A minute of polling each 100 ms shows no more than some seconds of it. */
function mostOf({ pollInterval }: DiditVerifyElement): number {
  const interval = parseFloat(String(pollInterval));
  return 20 * (interval >= 1 ? Math.max(interval, 100) : 3000);
}

const HOUR = 3_600_000;
const leaps = fc.constantFrom(1000, 61_000, HOUR, 24 * HOUR, 30 * 24 * HOUR);
const asleep = acting('sleep', leaps, async ({ site }, milliseconds) => {
  site.clock.jump(milliseconds);
  await site.pass(0);
});
const clockSet = acting(
  'setClock',
  fc.tuple(leaps, fc.constantFrom(1, -1)),
  async ({ site }, [milliseconds, way]) => {
    site.clock.setSystemTime(Date.now() + way * milliseconds);
    await site.pass(0);
  },
);

// The page

const isOut = ({ isInPage }: Plan) => !isInPage;
const isIn = ({ isInPage }: Plan) => isInPage;

const place = fc.oneof(
  plainly('connect', connect, isOut),
  plainly('disconnect', disconnect, isIn),
  plainly('move', ({ element, fieldset }) => fieldset.append(element), isIn),
  plainly('moveOutOfForm', ({ element, form }) => form.before(element), isIn),
  plainly('moveBefore', moveBefore, isIn),
  plainly('replace', replace, isIn),
  plainly('reload', (page) => page.reload(() => page.site.element()), isIn),
);

function connect(page: FuzzedPage, plan: Plan): void {
  page.fieldset.append(page.element);
  plan.isInPage = true;
}

function disconnect(page: FuzzedPage, plan: Plan): void {
  page.element.remove();
  plan.isInPage = false;
}

function moveBefore({ element, fieldset }: FuzzedPage): void {
  const isInside = canMoveBefore && fieldset.contains(element);
  if (isInside)
    (fieldset as { moveBefore?: (node: Node, child: null) => void }).moveBefore!(element, null);
}

/** As a framework's list that is built anew. */
async function replace(page: FuzzedPage): Promise<void> {
  page.element.remove();
  await page.site.pass(0);
  page.fieldset.append(page.element);
}

const sight = fc.oneof(
  acting('hide', fc.constantFrom(true, false, false), (page, isHidden) => page.hide(isHidden)),
  plainly('glance away', async (page) => {
    page.hide(true);
    await page.site.pass(1);
    page.hide(false);
  }),
  acting(
    'page',
    fc.constantFrom('pagehide', 'pageshow', 'pageshow', 'online', 'offline', 'load'),
    (_, name) => dispatchEvent(new Event(name)),
  ),
  acting('scroll near', fc.boolean(), (_, isNear) => scroll(isNear)),
  acting('pointer', fc.constantFrom('finger', 'mouse'), (_, pointer) => setPointer(pointer)),
  acting('display', fc.constantFrom('none', '', ''), ({ form }, display) =>
    form.style.setProperty('display', display),
  ),
);

const surroundings = fc.oneof(
  acting('fieldset.disabled', fc.constantFrom(true, false, false), ({ fieldset }, isDisabled) =>
    Object.assign(fieldset, { disabled: isDisabled }),
  ),
  plainly('form.reset', ({ form }) => form.reset()),
  plainly('logo', ({ element }) => {
    const logo = document.createElement('span');
    logo.slot = 'logo';
    element.append(logo);
  }),
  plainly('empty', ({ element }) => element.replaceChildren()),
);

// What the page says

const saying = fc.oneof(
  acting('markup', markup, ({ element, witness }, [name, value]) => {
    if (name === 'open' || name === 'presentation') witness.personActs();
    if (value === null) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }),
  acting('set', assignment, ({ element, witness }, [name, value]) => {
    if (name === 'open' || name === 'presentation') witness.personActs();
    Object.assign(element, { [name]: value });
  }),
);

const functions = fc.oneof(
  acting('strings', words, ({ element }, strings) => Object.assign(element, { strings })),
  acting('resolver', fc.boolean(), (page, isThere) => {
    page.element.resolver = isThere ? () => page.answerOfFunction() : undefined;
  }),
  acting('resolver gives', fc.anything(), ({ element }, value) => {
    element.resolver = () => value as never;
  }),
  acting('resolver throws', fc.anything(), ({ element }, value) => {
    element.resolver = () => {
      throw value;
    };
  }),
  acting('statusResolver', fc.boolean(), (page, isThere) => {
    page.element.statusResolver = isThere
      ? ({ sessionId }) => page.statusOfFunction(sessionId)
      : undefined;
  }),
  acting(
    'headers',
    fc.constantFrom<[string, DiditVerifyElement['headers']][]>(
      ['none', undefined],
      ['good', { 'X-CSRF-Token': '1' }],
      ['later', () => Promise.resolve({ 'X-CSRF-Token': '2' })],
      ['bad', { 'X Y': '\n' }],
      ['never', never],
      ['broken', () => Promise.reject(new Error('no token'))],
    ),
    ({ element }, [, headers]) => void (element.headers = headers),
  ),
);

// What the page and the person do

/** What calls for a session, as the witness must know before. */
const METHODS = {
  start: (page: FuzzedPage) => {
    page.witness.personActs();
    page.expect(page.element.start());
  },
  restart: (page: FuzzedPage) => {
    page.witness.startsAnew();
    page.expect(page.element.restart());
  },
  cancel: (page: FuzzedPage) => page.expect(page.element.cancel()),
  showModal: (page: FuzzedPage) => {
    page.witness.personActs();
    page.expect(page.element.showModal());
  },
  close: (page: FuzzedPage) => page.expect(page.element.close()),
  checkValidity: ({ element }: FuzzedPage) => element.checkValidity(),
  reportValidity: ({ element }: FuzzedPage) => element.reportValidity(),
};
const methodNames = Object.keys(METHODS) as (keyof typeof METHODS)[];
const method = fc.constantFrom(...methodNames);

const calls = acting('call', method, (page, name) => METHODS[name](page));

const BUTTONS = ['start-button', 'retry-button', 'copy-button', 'show-code-button', 'close-button'];
const presses = acting('press', fc.constantFrom(...BUTTONS), ({ element, witness }, part) => {
  witness.personActs();
  element.shadowRoot?.querySelector<HTMLElement>(`[part=${part}]`)?.click();
});

const EVENTS = [
  'session-created',
  'status-changed',
  'session-completed',
  'session-expired',
  'error',
];
const listeners = acting(
  'on next',
  fc.tuple(fc.constantFrom(...EVENTS), method),
  (page, [event, name]) =>
    page.element.addEventListener(event, () => METHODS[name](page), { once: true }),
);

const dialog = fc.oneof(
  acting('dialog', fc.constantFrom('close', 'requestClose'), ({ element }, name) => {
    const shown = element.shadowRoot?.querySelector('dialog');
    if (shown?.open && name in shown) shown[name]();
  }),
  acting('clipboard', fc.constantFrom('takes', 'refuses', 'hangs'), (page, clipboard) =>
    Object.assign(page, { clipboard }),
  ),
);

// What the site does

const answers = fc.oneof(
  acting('create', createAnswer, (page, create) => void (page.create = create)),
  acting('create', goodSession, (page, create) => void (page.create = create)),
  acting('status', statusAnswer, (page, status) => void (page.status = status)),
  acting('events', streamAnswer, (page, events) => void (page.events = events)),
);

/** Heard at once where it is streamed, else by the next poll. */
const phone = acting(
  'say',
  fc.tuple(word, fc.constantFrom(0, 0, 0, 0, 1, 2), fc.constantFrom(1, 3000, 20_000)),
  async (page, [status, back, milliseconds]) => {
    page.say(status, back);
    await page.site.pass(milliseconds);
  },
);

const streams = fc.oneof(
  acting('chatter', chatter, ({ site }, text) => site.openStreams.at(0)?.send(text)),
  plainly('stream ends', ({ site }) => site.openStreams.at(0)?.end()),
  plainly('stream breaks', ({ site }) => site.openStreams.at(0)?.cut()),
);

// What is kept

const storage = fc.oneof(
  acting(
    'store',
    fc.oneof(
      hostileText,
      hostileJson.map((value) => JSON.stringify(value)),
    ),
    (_, text) => changeStored(() => text),
  ),
  acting(
    'change stored',
    fc.array(
      fc.oneof(
        fc.tuple(fc.constantFrom('url', 'status_url', 'events_url'), hostileUrl),
        fc.tuple(
          fc.constantFrom('session_id', 'status', 'ends', 'lifetime', 'finished'),
          fc.oneof(hostileJson, fc.constantFrom('Approved', 'declined', 1, 2e12, null)),
        ),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    (_, members) => changeStored((text) => changedSessions(text, members)),
  ),
  plainly('forget stored', () => sessionStorage.clear()),
);

function changeStored(change: (text: string) => string): void {
  for (const key of Object.keys(sessionStorage))
    sessionStorage.setItem(key, change(sessionStorage.getItem(key)!));
}

function changedSessions(text: string, members: [string, unknown][]): string {
  try {
    const sessions = JSON.parse(text) as object[];
    const changed = sessions.map((session) => ({ ...session, ...Object.fromEntries(members) }));
    return JSON.stringify([...changed, ...sessions]);
  } catch {
    return text;
  }
}

/** Everything that can happen, as often as it is worth. */
const EVERYTHING: Record<string, readonly [weight: number, happening: Happening]> = {
  pass: [9, pass],
  leaps: [1, fc.oneof(asleep, clockSet)],
  place: [2, place],
  sight: [2, sight],
  surroundings: [1, surroundings],
  saying: [1, saying],
  functions: [1, functions],
  calls: [2, calls],
  presses: [2, presses],
  listeners: [1, listeners],
  dialog: [1, dialog],
  answers: [3, answers],
  phone: [4, phone],
  streams: [1, streams],
  storage: [1, storage],
};

/** Weights in place of those above. */
export function happenings(weights: Partial<Record<string, number>>): Happening[] {
  return Object.entries(EVERYTHING).flatMap(([name, [weight, happening]]) =>
    Array.from({ length: weights[name] ?? weight }, () => happening),
  );
}
