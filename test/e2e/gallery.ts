import type { DiditVerifyElement } from '../../src/index.js';
import type { StateName } from '../../src/state.js';
import type { EnginePage } from './engines.js';
import { builtScript, html, startPage, type OwnPage } from './own-page.js';
import { THEMES } from './qr-page.js';

/** What a resolver comes to. */
type Answer =
  | 'never'
  | 'a throw'
  | { readonly httpStatus: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly session: Readonly<Record<string, unknown>> };

type Step =
  | 'cancel'
  | 'disable'
  /** The page is hidden, or seen again. */
  | 'hide'
  | 'unhide'
  /** The computer has slept for an hour. */
  | 'sleep'
  | 'press show-code'
  | 'press copy';

/** How an element gets into a state. */
export interface Setting {
  readonly state: StateName;
  /** The state before the first step, where that is another one. */
  readonly from?: StateName;
  /** Where it can be told apart at all. */
  readonly pointer?: Pointer;
  /** Nobody starts it, so that no dialog ever shows it. */
  readonly unstarted?: true;
  /** The resolver's, one after another, the last one again and again; without any, no resolver. */
  readonly answers?: readonly Answer[];
  readonly props?: Partial<DiditVerifyElement>;
  readonly steps?: readonly Step[];
  /** From the beginning. */
  readonly isHidden?: true;
  /** What fails in its page; without `time` it is always noon. */
  readonly lacks?: 'time' | 'clipboard' | 'TextEncoder';
  readonly hasLogo?: true;
}

export type Pointer = 'mouse' | 'finger';

/** `opener`: the dialog, closed again. */
export type Presentation = 'inline' | 'dialog' | 'opener';

export interface Look {
  readonly theme: keyof typeof THEMES;
  readonly dir: 'ltr' | 'rtl';
  readonly lang: string;
  readonly presentation: Presentation;
  /** Of what is around it, in CSS pixels; without one, the page's. */
  readonly width?: number;
  /** Whether animations go on. Without, they are at their end, and endless ones have none. */
  readonly moves: boolean;
}

const DEFAULTS: Look = {
  theme: 'auto on light',
  dir: 'ltr',
  lang: 'en',
  presentation: 'inline',
  moves: false,
};

const answer = (fields: object = {}): Answer => ({
  session: { url: 'https://app.didit.me/authorize/0123456789abcdefghijklmnop', ...fields },
});

/** A session that Didit's word brings into a state. */
const said = (state: StateName, status: string): Setting => ({
  state,
  answers: [answer({ status })],
});

const failed = (answer: Answer, more: Partial<Setting> = {}): Setting => ({
  state: 'error',
  answers: [answer],
  ...more,
});

const IDLE: Setting = { state: 'idle', from: 'loading', answers: ['never'] };
const READY: Setting = { state: 'ready', answers: [answer()] };
const ENDING: Setting = {
  state: 'ready',
  answers: [answer({ expires_in: 42 })],
  props: { refreshExpired: 'manual' },
  lacks: 'time',
};
const IN_PROGRESS = said('in-progress', 'retrieved');
const EXPIRED = said('expired', 'Abandoned');

/** Every state, and whatever else can be told apart on the screen, by name. */
export const STATES = {
  idle: { ...IDLE, steps: ['cancel'] },
  'idle, with nothing to start': { state: 'idle', unstarted: true },
  'idle, until it is seen': { state: 'idle', answers: [answer()], isHidden: true },
  loading: { state: 'loading', answers: ['never'] },
  ready: READY,
  'ready, with a logo': { ...READY, pointer: 'mouse', hasLogo: true },
  'ready, with the code asked for': { ...READY, pointer: 'finger', steps: ['press show-code'] },
  'ready, in the last minute': { ...ENDING, pointer: 'mouse' },
  'ready, in the last second': {
    ...{ ...ENDING, pointer: 'mouse' },
    answers: [answer({ expires_in: 1 })],
  },
  'ready, with the code asked for, in the last minute': {
    ...{ ...ENDING, pointer: 'finger', steps: ['press show-code'] },
  },
  'ready, copied': { ...READY, steps: ['press copy'] },
  'ready, to be copied by hand': { ...READY, steps: ['press copy'], lacks: 'clipboard' },
  'ready, its end passed unseen': {
    ...{ state: 'ready', answers: [answer({ expires_in: 60 })] },
    steps: ['hide', 'sleep', 'unhide', 'hide'],
  },
  'in-progress': IN_PROGRESS,
  'in-progress, with the code asked for': { ...IN_PROGRESS, steps: ['press show-code'] },
  approved: said('approved', 'Approved'),
  declined: said('declined', 'Declined'),
  'in-review': said('in-review', 'In Review'),
  cancelled: said('cancelled', 'Cancelled'),
  expired: EXPIRED,
  'expired, with no way on': { ...EXPIRED, props: { refreshExpired: 'never' } },
  'expired, with a new one on its way': {
    ...{ state: 'expired', from: 'ready', answers: [answer({ expires_in: 60 }), 'never'] },
    steps: ['hide', 'sleep', 'unhide'],
  },
  'resolver-missing': { state: 'error' },
  'resolver-unreachable': { state: 'error', props: { resolverUrl: 'ftp://nowhere.example/' } },
  'resolver-timeout': failed('never', { props: { timeout: 1 } }),
  'resolver-rejected': failed({ httpStatus: 400 }),
  'resolver-failed': failed('a throw'),
  'rate-limited': failed({ httpStatus: 429 }),
  'rate-limited, until a time': failed(
    { httpStatus: 429, headers: { 'Retry-After': '7200' } },
    { lacks: 'time' },
  ),
  'invalid-response': failed({ session: {} }),
  'unsafe-url': failed(answer({ url: 'https://elsewhere.example/' })),
  'qr-failed': failed(answer(), { lacks: 'TextEncoder' }),
  'idle, disabled': { ...IDLE, steps: ['cancel', 'disable'] },
  'ready, disabled': { ...READY, steps: ['disable'] },
  'in-progress, disabled': { ...IN_PROGRESS, steps: ['disable'] },
  'expired, disabled': { ...EXPIRED, steps: ['disable'] },
  'resolver-failed, disabled': failed('a throw', { steps: ['disable'] }),
} satisfies Record<string, Setting>;

export type StateKey = keyof typeof STATES;

export const STATE_KEYS = Object.keys(STATES) as StateKey[];

/** Those that can be told apart with such a pointer, in such a presentation. */
export function keysFor(pointer: Pointer, presentation: Presentation = 'inline'): StateKey[] {
  return STATE_KEYS.filter((key) => {
    const setting: Setting = STATES[key];
    const isSeen = presentation === 'inline' || !setting.unstarted;
    return isSeen && (setting.pointer ?? pointer) === pointer;
  });
}

/** A page of any driver; in a phone's, the pointer is a finger. */
export interface GalleryPage {
  goto(url: string): Promise<unknown>;
  evaluate: EnginePage['evaluate'];
}

/** A site whose page shows the element. */
export function startGallery(): Promise<OwnPage> {
  return startPage((path) =>
    path === '/' ? html(PAGE) : builtScript(path.slice('/dist/'.length)),
  );
}

/**
 * Puts an element into a state, in place of the one before, and resolves once nothing moves any
 * more. The page is at `startGallery()`'s origin.
 */
export async function show(
  page: GalleryPage,
  key: StateKey,
  look: Partial<Look> = {},
): Promise<void> {
  const placed = page.evaluate(place, { setting: STATES[key], look: placingOf(look) });
  await placed.catch((cause: unknown) => {
    throw new Error(`${key} cannot be shown.`, { cause });
  });
}

function placingOf(look: Partial<Look>): PlacedLook {
  const wanted = { ...DEFAULTS, ...look };
  const { theme, scheme } = THEMES[wanted.theme];
  return { ...wanted, theme, scheme };
}

/** Gives what is shown another look, but for its presentation; `lang` is a tag that has words. */
export async function restyle(page: Pick<GalleryPage, 'evaluate'>, look: Partial<Look>) {
  await page.evaluate(redraw, placingOf(look));
}

/** There is something before the element, and after it, that can have the focus. */
const PAGE = `
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>A page with the element</title>
  <style>
    html { background: Canvas; color: CanvasText; font-family: system-ui, sans-serif }
    body { margin: 16px }
  </style>
  <main>
    <h1>A page</h1>
    <p><a id="before" href="#before">Before</a></p>
    <div id="place"></div>
    <p><a id="after" href="#after">After</a></p>
  </main>
  <script src="/dist/didit-verify.min.js"></script>
  <script>
    // What tsx puts around functions, to keep their names.
    globalThis.__name = (named) => named;
    ${[setPlatform, dressPage, resolverOf, give, logo, take, until, settle].join('\n')}
    globalThis.platform = { now: Date.now, monotonic: performance.now, encode: TextEncoder.prototype.encode };
  </script>`;

// What follows is called in pages.

interface PlacedLook extends Omit<Look, 'theme'> {
  readonly theme: 'auto' | 'light' | 'dark';
  readonly scheme: string;
}

declare global {
  /** What was there before any of it was replaced. */
  var platform: { now: () => number; monotonic: () => number; encode: TextEncoder['encode'] };
}

async function place({
  setting,
  look,
}: {
  readonly setting: Setting;
  readonly look: PlacedLook;
}): Promise<void> {
  const { state, from = state, unstarted, answers, props, hasLogo, isHidden = false } = setting;
  document.querySelectorAll('didit-verify').forEach((old) => old.remove());
  dressPage(look);
  setPlatform(setting.lacks, isHidden);
  const tag = document.createElement('didit-verify');
  Object.assign(tag, { theme: look.theme, noResume: true, ...props });
  tag.presentation = look.presentation === 'inline' ? 'inline' : 'dialog';
  if (answers) tag.resolver = resolverOf(answers) as typeof tag.resolver;
  if (hasLogo) tag.append(logo());
  document.querySelector('#place')!.append(tag);
  if (!unstarted) void tag.showModal();
  await until(() => tag.state === from);
  for (const step of setting.steps ?? []) {
    await tag.updateComplete;
    await take(tag, step);
  }
  await until(() => tag.state === state);
  if (look.presentation === 'opener') await tag.close();
  await settle(tag, look.moves);
}

async function redraw(look: PlacedLook): Promise<void> {
  const tag = document.querySelector('didit-verify')!;
  dressPage(look);
  tag.theme = look.theme;
  await until(() => tag.shadowRoot!.querySelector<HTMLElement>('.base')!.lang === look.lang);
  await tag.updateComplete;
}

function dressPage({ lang, dir, scheme, width }: PlacedLook): void {
  const { documentElement: root } = document;
  Object.assign(root, { lang, dir });
  root.style.colorScheme = scheme;
  const around = document.querySelector<HTMLElement>('#place')!;
  around.style.inlineSize = width === undefined ? '' : `${width}px`;
}

/** Without time it is always noon. */
function setPlatform(lacks: Setting['lacks'], isHidden: boolean): void {
  const { now, monotonic, encode } = platform;
  const noon = new Date(2026, 0, 1, 12).getTime();
  const fail = () => {
    throw new Error('Not here.');
  };
  Date.now = lacks === 'time' ? () => noon : now;
  performance.now = lacks === 'time' ? () => 0 : monotonic.bind(performance);
  TextEncoder.prototype.encode = lacks === 'TextEncoder' ? fail : encode;
  const writeText = async () => (lacks === 'clipboard' ? fail() : undefined);
  Object.defineProperties(navigator, {
    clipboard: { value: { writeText }, configurable: true },
  });
  Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
}

function resolverOf(answers: readonly Answer[]): () => unknown {
  let asked = 0;
  return () => give(answers[Math.min(asked++, answers.length - 1)]!);
}

/** Each session is one of its own. */
function give(answer: Answer): unknown {
  if (answer === 'never') return new Promise(() => {});
  if (answer === 'a throw') throw new Error('Not here.');
  if ('session' in answer) return { session_id: crypto.randomUUID(), ...answer.session };
  return new Response('{}', { status: answer.httpStatus, headers: answer.headers });
}

function logo(): Element {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const circle = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  svg.setAttribute('slot', 'logo');
  svg.setAttribute('viewBox', '0 0 24 24');
  for (const name of ['width', 'height']) svg.setAttribute(name, '24');
  for (const name of ['cx', 'cy', 'r']) circle.setAttribute(name, '12');
  svg.append(circle);
  return svg;
}

async function take(tag: DiditVerifyElement, step: Step): Promise<void> {
  const press = (part: string) =>
    tag.shadowRoot!.querySelector<HTMLElement>(`[part=${part}]`)!.click();
  const setHidden = (value: boolean) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  const steps: Record<Step, () => unknown> = {
    cancel: () => tag.cancel(),
    disable: () => (tag.disabled = true),
    hide: () => setHidden(true),
    unhide: () => setHidden(false),
    sleep: () => (Date.now = () => platform.now() + 3_600_000),
    'press show-code': () => press('show-code-button'),
    'press copy': () => press('copy-button'),
  };
  await steps[step]();
}

/** In the page, where it is there for whatever is called there. */
export async function until(holds: () => unknown): Promise<void> {
  for (let frames = 600; !holds(); frames--) {
    if (!frames) throw new Error(`Never so: ${String(holds)}`);
    await new Promise(requestAnimationFrame);
  }
}

/** Until its words are there, its code has the size of its frame, and nothing moves any more. */
async function settle(tag: DiditVerifyElement, moves: boolean): Promise<void> {
  const root = tag.shadowRoot!;
  await until(() => !root.querySelector('.pending'));
  for (let frames = 3; frames > 0; frames--) await new Promise(requestAnimationFrame);
  await tag.updateComplete;
  // A press leaves the focus in the element.
  (root.activeElement as HTMLElement | null)?.blur();
  if (moves) return;
  for (const animation of root.getAnimations()) {
    const { iterations } = animation.effect!.getComputedTiming();
    if (iterations === Infinity) animation.cancel();
    else animation.finish();
  }
}
