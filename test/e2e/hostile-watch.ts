import type { DiditVerifyElement } from '../../src/index.js';

/** What a page under attack notes down, in words; nothing at all where nothing got through. */
export interface Watch {
  /** Scripts that ran, markup that was parsed, requests to elsewhere, violations, thrown errors. */
  readonly noted: string[];
  /** The tag as it looks with plain words: with hostile ones it must not look otherwise. */
  learn(tag: Element): void;
  /** Notes what of a tag is not as it was learnt, or leads to where nothing of ours does. */
  look(tag: DiditVerifyElement, place: string, payload: string): void;
  /** Whether the tag shows this text, as text. */
  shows(tag: DiditVerifyElement, text: string): boolean;
  note(what: string, place: string, payload: string): void;
}

declare global {
  var watch: Watch;
}

/**
 * Goes before every other script of the page. Nothing is forbidden to the page, so that what gets
 * through is seen; a policy that only reports says what else would have run or been fetched.
 */
export function installWatch(): void {
  const noted: string[] = [];
  const shapes = new Set<string>();
  const markup = new Set<string>();

  /** Called in place of what attacks call, to show that they ran. */
  const canary = (name: string) => () => void noted.push(`ran ${name}()`);
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'] as const) {
    Object.defineProperty(window, name, { value: canary(name) });
  }
  for (const name of ['write', 'writeln'] as const) {
    Object.defineProperty(document, name, { value: canary(`document.${name}`) });
  }
  navigator.sendBeacon = (url) => {
    noted.push(`sent a beacon to ${String(url)}`);
    return false;
  };
  for (const name of ['WebSocket', 'EventSource', 'Worker', 'XMLHttpRequest'] as const) {
    Object.defineProperty(window, name, { value: canary(name) });
  }

  /** Nothing leaves this machine: a request to elsewhere is noted, and refused. */
  const { fetch } = window;
  window.fetch = (input, init) => {
    const { origin, href } = new URL(input instanceof Request ? input.url : input, location.href);
    if (origin === location.origin) return fetch(input, init);
    noted.push(`fetched ${href}`);
    return Promise.reject(new TypeError('Failed to fetch'));
  };

  /** All markup that is parsed is a template of ours: it has nothing of a payload in it. */
  const parses = (owner: object, name: string) => {
    const { value, set, ...rest } = Object.getOwnPropertyDescriptor(owner, name) ?? {};
    const parse = (value ?? set) as ((...texts: unknown[]) => unknown) | undefined;
    if (!parse) return;
    const seen = function (this: unknown, ...texts: unknown[]) {
      for (const text of texts) markup.add(String(text));
      return parse.apply(this, texts);
    };
    Object.defineProperty(owner, name, { ...rest, ...(set ? { set: seen } : { value: seen }) });
  };
  for (const name of ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe']) {
    parses(Element.prototype, name);
  }
  for (const name of ['innerHTML', 'setHTMLUnsafe']) parses(ShadowRoot.prototype, name);
  parses(Range.prototype, 'createContextualFragment');
  parses(DOMParser.prototype, 'parseFromString');

  addEventListener(
    'error',
    (event) => {
      const { target, message } = event;
      const isElement = target instanceof Element;
      // What did not load is an event of its element; the tag's own errors are told by `code`.
      if (isElement && target.localName === 'didit-verify') return;
      noted.push(isElement ? `loaded ${target.outerHTML}` : `threw ${message}`);
    },
    true,
  );
  addEventListener('unhandledrejection', ({ reason }) => noted.push(`rejected ${String(reason)}`));
  document.addEventListener('securitypolicyviolation', (event) => {
    const { violatedDirective, blockedURI, sample, sourceFile } = event;
    noted.push(`against ${violatedDirective}: ${blockedURI} ${sample} ${sourceFile}`);
  });

  /** What differs from one text or code to the next. */
  const VARIABLE = [
    'd',
    'width',
    'height',
    'viewBox',
    'href',
    'aria-label',
    'title',
    'lang',
    'dir',
  ];

  const shapeOf = (node: Element | ShadowRoot): string => {
    const children = [...node.children].map(shapeOf).join('');
    if (!(node instanceof Element)) return children;
    const attributes = [...node.attributes].map(({ name, value }) =>
      VARIABLE.includes(name) ? name : `${name}=${JSON.stringify(value)}`,
    );
    return `<${[node.localName, ...attributes.sort()].join(' ')}>${children}</>`;
  };

  const leadsAstray = (address: string): boolean => {
    if (!URL.canParse(address)) return true;
    const { protocol, hostname, username, password, href } = new URL(address);
    const isOurs = hostname === 'didit.me' || hostname.endsWith('.didit.me');
    return protocol !== 'https:' || !isOurs || username + password !== '' || href !== address;
  };

  const note = (what: string, place: string, payload: string) =>
    void noted.push(`${place}: ${what}: ${payload}`);

  globalThis.watch = {
    noted,
    note,
    learn(tag) {
      shapes.add(shapeOf(tag.shadowRoot!));
    },
    look(tag, place, payload) {
      const root = tag.shadowRoot!;
      const shape = shapeOf(root);
      if (!shapes.has(shape)) note(`looks like ${shape}`, place, payload);
      for (const link of root.querySelectorAll('[href], [src]')) {
        const address = link.getAttribute('href') ?? link.getAttribute('src')!;
        if (leadsAstray(address) || address !== tag.session?.url) {
          note(`leads to ${address}`, place, payload);
        }
      }
      if (tag.session && leadsAstray(tag.session.url)) note('is no url', place, payload);
      for (const text of markup) {
        // Shorter ones are in any markup.
        if (payload.length > 12 && text.includes(payload)) note('is parsed', place, payload);
      }
    },
    shows(tag, text) {
      const root = tag.shadowRoot!;
      if (root.textContent.includes(text)) return true;
      return [...root.querySelectorAll('[aria-label], [title]')].some(
        (node) => node.getAttribute('aria-label') === text || node.getAttribute('title') === text,
      );
    },
  };
}
