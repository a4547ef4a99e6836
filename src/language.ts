import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { localeLoaders } from './locale-loaders.js';
import { onRegistration, registeredLocale } from './locale-registry.js';
import { matchLocale } from './match-locale.js';
import { onServer } from './server-rendering.js';
import { english, type Strings } from './strings.js';

const BUILT_IN = 'en';

/** What `Intl` knows it by, where that is another name. */
const INTL_NAMES: Readonly<Record<string, string>> = { cnr: 'sr-Latn-ME' };

const RIGHT_TO_LEFT = ['ar', 'fa', 'he'];

/** The words on show. */
export interface Words {
  /** Their language. */
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  readonly strings: Strings;
  /** For `Intl`, the best first. */
  readonly locales: readonly string[];
}

/**
 * Finds the words for the language that holds where the element is. What is not known yet is loaded;
 * until then, and where that fails, they are English, or those of before.
 */
export class Language implements ReactiveController {
  #host: ReactiveControllerHost & Element;
  #connection?: AbortController;
  #key: string | undefined = BUILT_IN;
  #isLoading = false;
  #words?: Words;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  /** Words are on their way, and there were none before. */
  get isPending(): boolean {
    return this.#isLoading && !this.#words;
  }

  /** Whether the page's language is one that there are words for. */
  get isKnown(): boolean {
    return this.#key !== undefined;
  }

  get words(): Words {
    const known = onServer ? knownWords(langOf(this.#host)) : this.#words;
    return known ?? wordsOf(BUILT_IN, english, []);
  }

  hostConnected(): void {
    this.#connection?.abort();
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    const update = () => this.#host.requestUpdate();
    onRegistration(update, signal);
    const observer = new MutationObserver(update);
    for (const root of rootsAround(this.#host)) {
      observer.observe(root, { subtree: true, attributeFilter: ['lang'] });
    }
    signal.addEventListener('abort', () => observer.disconnect());
    update();
  }

  hostDisconnected(): void {
    this.#connection?.abort();
  }

  hostUpdate(): void {
    const lang = langOf(this.#host);
    const key = matchLocale(lang);
    if (key !== this.#key) {
      this.#key = key;
      void this.#load(key);
    }
    const words = knownWords(lang);
    if (words || !this.#isLoading) this.#words = words;
  }

  async #load(key: string | undefined): Promise<void> {
    const load = key !== undefined && !registeredLocale(key) && localeLoaders[key];
    this.#isLoading = Boolean(load);
    if (!load) return;
    // Offline, not there, or forbidden by the page's policy: English does.
    await load().catch(() => undefined);
    if (key !== this.#key) return;
    this.#isLoading = false;
    this.#host.requestUpdate();
  }
}

/** The words for a language, if they are there already. */
function knownWords(lang: string): Words | undefined {
  const key = matchLocale(lang);
  const strings = key === BUILT_IN ? english : registeredLocale(key ?? '');
  return strings && wordsOf(key!, strings, canonical(lang));
}

function wordsOf(key: string, strings: Strings, tags: readonly string[]): Words {
  return {
    lang: key,
    dir: RIGHT_TO_LEFT.includes(key) ? 'rtl' : 'ltr',
    // One of another version may lack some.
    strings: { ...english, ...strings },
    locales: [...tags, INTL_NAMES[key] ?? key, BUILT_IN],
  };
}

/** Language of the nearest element that says so (HTML, the `lang` attribute), or empty. */
function langOf(element: Element): string {
  for (let node: Node | null = element; node; node = parentOf(node)) {
    const lang = (node as Partial<Element>).getAttribute?.('lang');
    if (typeof lang === 'string') return lang;
  }
  return '';
}

function parentOf(node: Node): Node | null {
  return node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null;
}

/** The document, and the shadow trees in which the element is. */
function rootsAround(element: Element): Node[] {
  const root = element.getRootNode();
  const { host } = root as Partial<ShadowRoot>;
  return host ? [root, ...rootsAround(host)] : [root];
}

/** Nothing for what is no tag: `Intl` would throw. */
function canonical(lang: string): readonly string[] {
  try {
    return Intl.getCanonicalLocales(lang);
  } catch {
    return [];
  }
}
