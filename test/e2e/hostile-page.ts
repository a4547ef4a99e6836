import type { DiditVerifyElement } from '../../src/index.js';

// Each of these is sent to the page as source, and sees nothing of what is around it here.

/** Numbers of payloads, to be put into one place of an answer. */
export interface Filling {
  readonly place: string;
  readonly numbers: readonly number[];
  /** Whether the backend gives the answers, or a function of the page. */
  readonly asked: 'backend' | 'function';
}

/** Has the watch learn how tags look whose words and sessions are plain. */
export async function learnShapes(): Promise<void> {
  const url = 'https://app.didit.me/authorize/1';
  const fields = [{}, { status: 'retrieved' }, { status: 'confirmed' }, { expires_in: 50 }];
  const answers = [{}, ...fields.map((more) => ({ session_id: '1', url, ...more }))];
  for (const answer of answers) {
    const tag = document.createElement('didit-verify');
    Object.assign(tag, { noResume: true, refreshExpired: 'manual', resolver: () => answer });
    document.body.append(tag);
    await tag.start();
    await tag.updateComplete;
    watch.learn(tag);
    tag.remove();
  }
}

/** Asks for a session with each payload in the place; how many ended in which state. */
export async function fillAnswers({
  place,
  numbers,
  asked,
}: Filling): Promise<Record<string, number>> {
  const texts = (await (await fetch('/payloads')).json()) as string[];
  const answers =
    asked === 'function'
      ? ((await (await fetch(`/answers?${place}`)).json()) as Record<string, never>[])
      : [];
  const states: Record<string, number> = {};
  const left = [...numbers];
  const fill = async () => {
    const tag = document.createElement('didit-verify');
    Object.assign(tag, { resolverUrl: '/create', manual: true, noResume: true, maxRetries: 0 });
    document.body.append(tag);
    for (let number = left.pop(); number !== undefined; number = left.pop()) {
      const text = texts[number]!;
      const answer = answers[number];
      tag.headers = { 'X-Case': `${place} ${number}` };
      if (answer) tag.resolver = () => new Response(answer.body, answer);
      const state = await tag.restart();
      await tag.updateComplete;
      states[state] = (states[state] ?? 0) + 1;
      watch.look(tag, place, text);
      // A backend's words are told to scripts, and not to people. Short ones are in ours.
      if (text.length > 12 && watch.shows(tag, text)) watch.note('is shown', place, text);
    }
    tag.remove();
  };
  await Promise.all(Array.from({ length: 8 }, fill));
  return states;
}

/** What the element takes for a session's address, of each that an answer may have. */
export async function showUrls(
  urls: Readonly<Record<string, readonly [string, string | null]>>,
): Promise<Record<string, string | null>> {
  const tag = document.createElement('didit-verify');
  tag.noResume = true;
  document.body.append(tag);
  const shown: Record<string, string | null> = {};
  for (const [name, [url]] of Object.entries(urls)) {
    tag.resolver = () => ({ session_id: '1', url });
    await tag.restart();
    await tag.updateComplete;
    watch.look(tag, 'url', url);
    const link = tag.shadowRoot!.querySelector('a');
    shown[name] = link && link.href === tag.session?.url ? link.href : null;
    if (!link && tag.error?.code !== 'unsafe-url' && tag.error?.code !== 'invalid-response') {
      watch.note(`is ${tag.error?.code}`, 'url', url);
    }
  }
  tag.remove();
  return shown;
}

/** All that a stream says is told as it came, until the phone has opened the session. */
export async function hearStream(): Promise<string[]> {
  const tag = document.createElement('didit-verify');
  const heard: string[] = [];
  tag.addEventListener('status-changed', ({ detail }) => heard.push(detail.status!));
  Object.assign(tag, { resolverUrl: '/create', manual: true, noResume: true });
  tag.headers = { 'X-Case': 'streamed 0' };
  document.body.append(tag);
  const opened = new Promise<void>((resolve) => {
    tag.addEventListener('status-changed', ({ detail }) => {
      watch.look(tag, 'stream', detail.status!);
      if (detail.state === 'in-progress') resolve();
    });
  });
  await tag.start();
  await opened;
  await tag.updateComplete;
  watch.look(tag, 'stream', 'the end');
  tag.remove();
  return heard;
}

/** The same of a backend that is polled: each answer has the next word. */
export async function hearPolls(texts: readonly string[]): Promise<string[]> {
  const heard: string[] = [];
  const left = [...texts];
  const follow = async () => {
    const tag = document.createElement('didit-verify');
    Object.assign(tag, { noResume: true, pollInterval: 100 });
    tag.resolver = () => ({ session_id: '1', url: 'https://app.didit.me/authorize/1' });
    tag.statusResolver = () => left.pop() ?? 'retrieved';
    document.body.append(tag);
    const opened = new Promise<void>((resolve) => {
      tag.addEventListener('status-changed', ({ detail }) => {
        if (detail.state === 'in-progress') resolve();
        else heard.push(detail.status!);
        watch.look(tag, 'poll', detail.status!);
      });
    });
    await tag.start();
    await opened;
    tag.remove();
  };
  await Promise.all(Array.from({ length: 40 }, follow));
  return heard;
}

/** Tags in every state that has words of its own, in a form, ready for words of the page's. */
export async function everyState(isTouch: boolean): Promise<void> {
  const url = 'https://app.didit.me/authorize/1';
  const never = () => new Promise<never>(() => {});
  const refused =
    (status: number, headers = {}) =>
    () =>
      new Response('{}', { status, headers }) as never;
  const session = (fields: object) => () => ({ session_id: '1', url, ...fields });
  const { matchMedia } = window;
  const coarse = { matches: true, addEventListener: () => {} };
  if (isTouch) window.matchMedia = () => coarse as never;
  const form = document.createElement('form');
  document.body.append(form);
  const add = async (properties: Partial<DiditVerifyElement>, starts = true) => {
    const tag = document.createElement('didit-verify');
    Object.assign(tag, { noResume: true, required: true, name: 'a', manual: true, ...properties });
    form.append(tag);
    await tag.updateComplete;
    // What is never answered is not waited for.
    const started = starts ? tag.start() : undefined;
    if (properties.resolver !== never || properties.timeout) await started;
    return tag;
  };
  await add({ resolver: session({}) }, false);
  await add({ resolver: never });
  for (const status of ['', 'retrieved', 'confirmed', 'declined', 'In Review', 'cancelled']) {
    await add({ resolver: session({ status }) });
    await add({ resolver: session({ status }), presentation: 'dialog' });
    const tag = await add({ resolver: session({ status }), presentation: 'dialog' }, false);
    await tag.showModal();
  }
  await add({ resolver: session({ status: 'expired' }), refreshExpired: 'manual' });
  await add({ resolver: session({ expires_in: 50 }), refreshExpired: 'manual' });
  await add({ presentation: 'dialog', resolver: never }, false);
  const errors: Partial<DiditVerifyElement>[] = [
    {},
    { resolverUrl: 'javascript:alert(1)' },
    { resolver: never, timeout: 1 },
    { resolver: refused(403) },
    { resolver: refused(500) },
    { resolver: refused(429) },
    { resolver: refused(429, { 'Retry-After': '90' }) },
    { resolver: session({ session_id: null }) },
    { resolver: session({ url: 'javascript:alert(1)' }) },
  ];
  for (const properties of errors) await add(properties);
  const copied = await add({ resolver: session({}) });
  const clipboard = (writeText: () => Promise<void>) =>
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
  clipboard(async () => {});
  copied.shadowRoot!.querySelector<HTMLElement>('[part="copy-button"]')!.click();
  await copied.updateComplete;
  const refusing = await add({ resolver: session({}) });
  clipboard(() => Promise.reject(new Error('no')));
  refusing.shadowRoot!.querySelector<HTMLElement>('[part="copy-button"]')!.click();
  while (!refusing.shadowRoot!.querySelector('.url')) await new Promise(requestAnimationFrame);
  window.matchMedia = matchMedia;
  for (const tag of document.querySelectorAll('didit-verify')) {
    // With words of the page's own, the language may be another one.
    tag.strings = { heading: 'Prove your age' };
    await tag.updateComplete;
    watch.learn(tag);
  }
}

/** Words for every key, several times; what of them was on show, by key and by text. */
export async function replaceWords(rounds: readonly Record<string, string>[]) {
  const tags = [...document.querySelectorAll('didit-verify')];
  const count = document.querySelectorAll('*').length;
  const keys = new Set<string>();
  const texts = new Set<string>();
  for (const words of rounds) {
    for (const tag of tags) tag.strings = words;
    await Promise.all(tags.map((tag) => tag.updateComplete));
    for (const tag of tags) {
      const shown = Object.entries(words).filter(
        ([, text]) => watch.shows(tag, text) || tag.validationMessage.includes(text),
      );
      for (const [key, text] of shown) {
        keys.add(key);
        texts.add(text);
        watch.look(tag, `strings: ${key}`, text);
      }
    }
  }
  if (document.querySelectorAll('*').length !== count) watch.note('adds elements', 'strings', '');
  return { keys: [...keys], texts: [...texts] };
}

/** Tags that have each text in all attributes but those that say where to ask. */
export async function fillAttributes(texts: readonly string[]): Promise<void> {
  const url = 'https://app.didit.me/authorize/1';
  const ways = {
    'on it': {
      own: [
        ...['scope', 'vendor-data', 'name', 'theme', 'loading', 'timeout', 'max-retries', 'lang'],
        ...['poll-interval', 'class', 'part', 'exportparts', 'id', 'title', 'slot', 'dir', 'is'],
      ],
      around: [],
      expected: 'ready',
    },
    'around it': {
      own: ['presentation', 'open', 'required', 'with-credentials', 'refresh-expired'],
      around: ['lang', 'dir', 'class', 'id', 'title'],
      expected: 'ready',
    },
    'allowed-hosts': { own: ['allowed-hosts'], around: [], expected: 'error' },
  };
  for (const text of texts) {
    document.title = text;
    history.replaceState(null, '', `#${encodeURIComponent(text)}`);
    const fill = async ([way, { own, around, expected }]: [string, (typeof ways)['on it']]) => {
      const box = document.createElement('div');
      const tag = document.createElement('didit-verify');
      for (const name of around) box.setAttribute(name, text);
      for (const name of own) tag.setAttribute(name, text);
      for (const name of way === 'on it' ? ['heading', 'description', 'footer'] : []) {
        const slotted = document.createElement('span');
        slotted.slot = name;
        slotted.title = slotted.textContent = text;
        tag.append(slotted);
      }
      // With a countdown, whose number is written in the language.
      Object.assign(tag, { noResume: true, refreshExpired: 'manual', timeout: 15_000 });
      tag.resolver = () => ({ session_id: '1', url, expires_in: 50 });
      box.append(tag);
      document.body.append(box);
      const state = await tag.start();
      await tag.updateComplete;
      watch.look(tag, way, text);
      if (state !== expected) watch.note(`is ${state}`, way, text);
      if (text.length > 12 && watch.shows(tag, text)) watch.note('is shown', way, text);
      box.remove();
    };
    await Promise.all(Object.entries(ways).map((entry) => fill(entry as never)));
  }
}

/** Tags whose addresses are the texts: they ask there, as their author says, and nowhere else. */
export async function fillAddresses(texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    const tag = document.createElement('didit-verify');
    Object.assign(tag, { manual: true, noResume: true, maxRetries: 0 });
    tag.headers = { 'X-Case': 'times 0' };
    tag.setAttribute('resolver-url', text);
    tag.setAttribute('status-url', text);
    document.body.append(tag);
    const noted = watch.noted.length;
    await tag.start();
    await tag.updateComplete;
    watch.look(tag, 'resolver-url', text);
    const expected = `fetched ${URL.canParse(text, document.baseURI) ? new URL(text, document.baseURI).href : ''}`;
    for (const what of watch.noted.splice(noted)) {
      if (what !== expected) watch.note(what, 'resolver-url', text);
    }
    tag.remove();
  }
}

/** Sessions that somebody has written into the tab's storage: none leads elsewhere. */
export async function fillStorage(texts: readonly string[]): Promise<void> {
  const whole = {
    ...{ session_id: '1', url: 'https://app.didit.me/authorize/1', status: 'initialized' },
    ...{ status_url: null, events_url: null, finished: null },
    ...{ ends: Date.now() + 600_000, lifetime: 600_000 },
  };
  const find = async (place: string, text: string, stored: string) => {
    const tag = document.createElement('didit-verify');
    Object.assign(tag, { resolverUrl: '/create', scope: `${place}: ${text}`, manual: true });
    tag.headers = { 'X-Case': 'times 0' };
    const address = new URL('/create', location.href).href;
    const key = `didit-verify:${JSON.stringify([address, tag.scope, null])}`;
    sessionStorage.setItem(key, stored);
    document.body.append(tag);
    const state = await tag.start();
    await tag.updateComplete;
    watch.look(tag, place, text);
    if (state !== 'ready') watch.note(`is ${state}`, place, text);
    const url = tag.session?.url;
    tag.remove();
    return url;
  };
  // What is not looked up would be harmless, too.
  const own = `${whole.url}?stored`;
  const plain = await find('stored', 'as the tag does', JSON.stringify([{ ...whole, url: own }]));
  if (plain !== own) watch.note(`is ${plain}`, 'stored', 'as the tag does');
  sessionStorage.clear();
  for (const text of texts) {
    const all = Object.fromEntries(Object.keys(whole).map((name) => [name, text]));
    const changed = ['url', 'status_url', 'events_url'].map((name) => ({ ...whole, [name]: text }));
    const named = { ...whole, session_id: text, status: text };
    await find('storage', text, text);
    await find('stored', text, JSON.stringify([all, ...changed, named]));
    sessionStorage.clear();
  }
}

/** Approved sessions whose id is the text: it is the value in the form, and nothing else. */
export async function fillForm(texts: readonly string[]): Promise<void> {
  const url = 'https://app.didit.me/authorize/1';
  const form = document.createElement('form');
  const tag = document.createElement('didit-verify');
  const told: unknown[] = [];
  for (const type of ['session-created', 'session-completed'] as const) {
    tag.addEventListener(type, ({ detail }) => told.push(detail.sessionId));
  }
  Object.assign(tag, { manual: true, noResume: true });
  form.append(tag);
  document.body.append(form);
  for (const text of texts.filter((one) => one.trim() && one.isWellFormed())) {
    tag.name = text;
    tag.resolver = () => ({ session_id: text, url, status: 'confirmed' });
    await tag.restart();
    await tag.updateComplete;
    watch.look(tag, 'form', text);
    const entries = [...new FormData(form)].flat();
    const heard = [...entries, tag.value, ...told.splice(0)];
    if (heard.length !== 5 || heard.some((one) => one !== text)) {
      watch.note(`is ${JSON.stringify(heard)}`, 'form', text);
    }
  }
  form.remove();
}

/**
 * Custom properties that would fetch, if what they are for could. The ground of the box is the one
 * that can, where a page's author gives it a picture: it takes what a `background` takes.
 */
export async function fillStyles(texts: readonly string[]): Promise<void> {
  const url = 'https://app.didit.me/authorize/1';
  const names = [
    ...['accent-color', 'background', 'color', 'border', 'radius', 'spacing'],
    ...['qr-size', 'qr-color', 'qr-background'],
  ];
  const ways = ['url("/css")', 'image-set("/css" 1x)', 'red url("/css")', '1px solid url(/css)'];
  const tag = document.createElement('didit-verify');
  Object.assign(tag, { noResume: true, resolver: () => ({ session_id: '1', url }) });
  document.body.append(tag);
  await tag.start();
  for (const text of [...ways, ...texts]) {
    const given = ways.includes(text) ? names.filter((name) => name !== 'background') : names;
    for (const name of given) tag.style.setProperty(`--didit-${name}`, text);
    // Styles are looked up when something asks for them.
    for (const part of tag.shadowRoot!.querySelectorAll('*'))
      getComputedStyle(part).backgroundImage;
    watch.look(tag, 'styles', text);
  }
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  tag.remove();
}

/** Every kind of element in the page, with its attributes, and where links lead. */
export function kindsOfElements(): { kinds: string[]; links: string[]; text: string } {
  const kinds = [...document.querySelectorAll('*')].map((node) => {
    const attributes = [...node.attributes].map(({ name, value }) =>
      ['href', 'nonce'].includes(name) ? name : `${name}=${value}`,
    );
    return [node.localName, ...attributes].join(' ');
  });
  const links = [...document.links].map(({ origin }) => origin);
  return { kinds: [...new Set(kinds)].sort(), links, text: document.body.textContent };
}

/** What runs, is asked for, or stands in a tag where it should not, for the watch to note. */
export async function attack(): Promise<void> {
  const markup = '<img src="/stolen" onerror="alert(1)"><a href="javascript:confirm(1)">a</a>';
  const tag = document.createElement('didit-verify');
  tag.noResume = true;
  tag.resolver = () => ({ session_id: '1', url: 'https://app.didit.me/authorize/1' });
  const box = document.createElement('div');
  box.id = 'attack';
  box.append(tag);
  document.body.append(box);
  await tag.start();
  await tag.updateComplete;
  tag.shadowRoot!.querySelector('a')!.setAttribute('href', 'javascript:alert(1)');
  tag.shadowRoot!.querySelector('slot')!.innerHTML = markup;
  watch.look(tag, 'attack', markup);
  tag.shadowRoot!.querySelector<HTMLElement>('slot a')!.click();
  const image = document.createElement('img');
  image.src = 'https://127.0.0.1:1/elsewhere';
  box.append(image);
  setTimeout(() => {
    throw new Error('late');
  });
  void Promise.reject(new Error('unheard'));
  await fetch('https://evil.example/').catch(() => undefined);
}
