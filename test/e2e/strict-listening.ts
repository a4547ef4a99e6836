/** What a page has noticed, from its first script on. */
export interface Noticed {
  /** What the browser says was forbidden: the directive, and what it was about. */
  violations: string[];
  /** What was warned of, complained of, or thrown. */
  said: string[];
  /** Trusted Types policies that were asked for, each with what it makes. */
  policies: string[];
  /** Ways by which text became markup or script, each once, with the kind of its value. */
  sinks: string[];
  /** The texts that came by them, each once. */
  markup: string[];
}

declare global {
  var noticed: Noticed;
}

/**
 * The source of a page's first script. What the browser itself writes into the console needs no ear:
 * it is about a violation, or something thrown, which is noticed here, or about a file that is not
 * there, which the server notices.
 */
export const LISTENER = `
  // What tsx puts around functions, to keep their names.
  globalThis.__name = (named) => named;
  ${[listen, listenToViolations, listenToPolicies, listenToSinks, note, noteSink].join('\n')}
  listen();`;

// What follows is called in pages.

function listen(): void {
  const all = { violations: [], said: [], policies: [], sinks: [], markup: [] };
  globalThis.noticed = all;
  const { said } = noticed;
  listenToViolations();
  for (const name of ['warn', 'error'] as const) {
    console[name] = (...words: unknown[]) => said.push(words.join(' '));
  }
  addEventListener('error', ({ message }) => said.push(message));
  addEventListener('unhandledrejection', ({ reason }) => said.push(String(reason)));
  listenToPolicies();
  listenToSinks();
}

/** In each shadow root, too: in Firefox no event leaves a form control that is disabled. */
function listenToViolations(): void {
  const heard = new WeakSet<Event>();
  const hear = (violation: SecurityPolicyViolationEvent) => {
    const { effectiveDirective, blockedURI, sample } = violation;
    const what = [effectiveDirective, blockedURI, sample].filter(Boolean).join(' ');
    if (!heard.has(violation)) noticed.violations.push(what);
    heard.add(violation);
  };
  document.addEventListener('securitypolicyviolation', hear);
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (init) {
    const root = attachShadow.call(this, init);
    root.addEventListener('securitypolicyviolation', hear as EventListener);
    return root;
  };
}

function listenToPolicies(): void {
  const { TrustedTypePolicyFactory: factory } = globalThis as unknown as {
    TrustedTypePolicyFactory?: {
      prototype: { createPolicy(name: string, rules: object): unknown };
    };
  };
  if (!factory) return;
  const { createPolicy } = factory.prototype;
  factory.prototype.createPolicy = function (name, rules) {
    noticed.policies.push(`${name}: ${Object.keys(rules).join()}`);
    return createPolicy.call(this, name, rules);
  };
}

/**
 * Of the interfaces where text becomes markup or script (Trusted Types, “Integrations”). What becomes
 * script without an element, as by `eval`, is forbidden by `script-src` already.
 */
function listenToSinks(): void {
  const members: Record<string, string[]> = {
    Element: ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'setAttribute'],
    ShadowRoot: ['innerHTML', 'setHTMLUnsafe'],
    Document: ['write', 'writeln', 'execCommand'],
    DOMParser: ['parseFromString'],
    Range: ['createContextualFragment'],
    HTMLIFrameElement: ['srcdoc'],
    HTMLScriptElement: ['src', 'text', 'textContent', 'innerText'],
  };
  for (const [name, keys] of Object.entries(members)) {
    const { prototype } = (globalThis as unknown as Record<string, { prototype: object }>)[name]!;
    for (const key of keys) {
      const member = Object.getOwnPropertyDescriptor(prototype, key);
      if (!member) continue;
      for (const way of ['set', 'value'] as const) {
        const act = member[way] as ((...given: unknown[]) => unknown) | undefined;
        if (!act) continue;
        member[way] = function (this: object, ...given: unknown[]) {
          noteSink(this, key, given);
          return act.apply(this, given);
        };
      }
      Object.defineProperty(prototype, key, member);
    }
  }
}

function noteSink(node: object, key: string, given: readonly unknown[]): void {
  const { localName = '' } = node as Partial<Element>;
  const attribute = String(given[0]);
  const isSafe =
    !/^(on|srcdoc$)/.test(attribute) && !(localName === 'script' && attribute === 'src');
  if (key === 'setAttribute' && isSafe) return;
  const kind = Object.prototype.toString.call(given[0]).slice('[object '.length, -1);
  note(noticed.sinks, `${key} of ${localName}: ${kind}`);
  note(noticed.markup, given.join(' '));
}

function note(list: string[], what: string): void {
  if (!list.includes(what)) list.push(what);
}

/** All that was noticed, and forgets what was said and forbidden. */
export async function takeNoticed(): Promise<Noticed> {
  const { violations, said } = noticed;
  // Some are told of late. These two, one of each kind of request, come after all that were before.
  const isOurs = (violation: string) => violation.includes('//forbidden.invalid');
  void fetch('http://forbidden.invalid/').catch(() => undefined);
  new Image().src = 'http://forbidden.invalid/';
  while (violations.filter(isOurs).length < 2) {
    await new Promise((told) =>
      document.addEventListener('securitypolicyviolation', told, { once: true }),
    );
  }
  return {
    ...noticed,
    violations: violations.splice(0).filter((violation) => !isOurs(violation)),
    said: said.splice(0),
  };
}
