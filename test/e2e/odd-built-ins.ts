import { TAG, tagWith, type OddPage } from './odd-site.js';

function changed(script: string, rest: Partial<OddPage> = {}): OddPage {
  return { head: `<script>${script}</script>`, body: TAG, ...rest };
}

function replaced(wrapper: string, rest: Partial<OddPage> = {}): OddPage {
  return changed(`{ const real = fetch.bind(window); ${wrapper} }`, rest);
}

/** With what there is of promises since 2021, and nothing newer; not a subclass of the real one. */
const OWN_PROMISE = `{
  const Real = Promise;
  const wrap = (real) => Object.assign(Object.create(Own.prototype), { real });
  class Own {
    constructor(start) { this.real = new Real(start); }
    then(done, failed) { return wrap(this.real.then(done, failed)); }
    catch(failed) { return this.then(undefined, failed); }
    finally(then) { return wrap(this.real.finally(then)); }
    get [Symbol.toStringTag]() { return 'Promise'; }
    static resolve(value) { return value instanceof Own ? value : wrap(Real.resolve(value)); }
    static reject(reason) { return wrap(Real.reject(reason)); }
    static all(list) { return wrap(Real.all(list)); }
    static race(list) { return wrap(Real.race(list)); }
    static any(list) { return wrap(Real.any(list)); }
    static allSettled(list) { return wrap(Real.allSettled(list)); }
  }
  globalThis.Promise = Own;
  globalThis.restore = () => { globalThis.Promise = Real; };
}`;

/** Of no secure context, or not in every engine. */
const GONE = ['randomUUID', 'structuredClone', 'requestIdleCallback', 'scheduler', 'reportError'];

/** What scripts of the page may have changed. */
export const BUILT_INS: Record<string, OddPage> = {
  'arrays have more members': changed(`
    Array.prototype.contains = function (one) { return this.indexOf(one) >= 0 };
    Array.prototype.remove = function () {};
    Array.prototype.last = null;`),
  'arrays have other methods': changed(`
    Array.from = (list, map = (one) => one) => {
      const all = [];
      for (const one of list) all.push(map(one, all.length));
      return all;
    };
    for (const name of ['map', 'filter', 'find', 'some', 'every', 'flatMap', 'at', 'includes']) {
      const real = Array.prototype[name];
      Array.prototype[name] = function (...given) { return real.apply(this, given) };
    }`),
  'arrays, strings and dates are written as JSON by themselves': changed(`
    Array.prototype.toJSON = function () { return '[' + this.join() + ']' };
    String.prototype.toJSON = function () { return '"' + this + '"' };
    Date.prototype.toJSON = Number.prototype.toJSON = function () { return String(this) };
    globalThis.restore = () => {
      for (const { prototype } of [Array, String, Date, Number]) delete prototype.toJSON;
    };`),
  'every object has more members': changed(`
    Object.prototype.extend = function () {};
    Object.prototype.hello = 'world';
    Object.prototype.toJSON = function () { return this };`),
  'every object says that it is approved': changed(`
    Object.prototype.status = 'Approved';
    Object.prototype.url = 'https://elsewhere.example/';
    Object.prototype.retryAfter = 7;`),
  'functions are bound in the old way': changed(`
    Function.prototype.bind = function (self, ...given) {
      const called = this;
      return function (...more) { return called.apply(self, [...given, ...more]) };
    };`),
  'promises of its own': changed(OWN_PROMISE, {
    body: `${tagWith('resolver-url="/session" manual')}<script>
      document.querySelector('didit-verify').start().then((state) => {
        if (state !== 'ready') said.push(state);
      });
    </script>`,
  }),
  'promises that are waited for in tasks': changed(`{
    const { then } = Promise.prototype;
    const later = (f) => typeof f === 'function' && ((value) => new Promise((done, failed) => {
      setTimeout(() => { try { done(f(value)) } catch (error) { failed(error) } });
    }));
    Promise.prototype.then = function (done, failed) {
      return then.call(this, later(done), later(failed));
    };
  }`),
  'requests are logged': replaced(`
    globalThis.fetch = async (...given) => {
      const answer = await real(...given);
      answer.clone().text().catch(() => {});
      return answer;
    };`),
  'requests are answered by a copy': replaced(
    'globalThis.fetch = async (...given) => (await real(...given)).clone();',
  ),
  'requests are answered by a plain object': replaced(`
    globalThis.fetch = async (...given) => {
      const answer = await real(...given);
      const { ok, status, url, headers } = answer;
      return { ok, status, url, headers, text: () => answer.text(), json: () => answer.json() };
    };`),
  'requests are answered by what is no answer': replaced(
    'globalThis.fetch = async () => ({ data: {} });',
    { fails: 'invalid-response' },
  ),
  'requests are answered by nothing': replaced('globalThis.fetch = async () => undefined;', {
    body: tagWith('resolver-url="/session" max-retries="0"'),
    fails: 'resolver-unreachable',
  }),
  'requests have no signal': replaced(
    'globalThis.fetch = (url, init) => real(url, { ...init, signal: undefined });',
  ),
  'requests are objects': replaced('globalThis.fetch = (...given) => real(new Request(...given));'),
  'requests take a URL as text alone': replaced(`
    globalThis.fetch = (url, init) => {
      if (!/^http/.test(url)) throw new TypeError('That is no text.');
      return real(String(url), init);
    };`),
  'requests have a token': replaced(`
    globalThis.fetch = (url, init) =>
      real(url, { ...init, headers: { ...Object.fromEntries(init.headers), 'X-Token': '1' } });`),
  'newer functions are missing': changed(
    GONE.map((name) => `delete self.${name}; delete Crypto.prototype.${name};`).join(''),
  ),
  'observers of a library': changed(`
    for (const name of ['ResizeObserver', 'IntersectionObserver', 'MutationObserver']) {
      const Real = self[name];
      self[name] = class {
        constructor(hear) { this.real = new Real((entries) => setTimeout(hear, 0, entries, this)) }
        observe(...given) { this.real.observe(...given) }
        unobserve(...given) { this.real.unobserve?.(...given) }
        disconnect() { this.real.disconnect() }
        takeRecords() { return [] }
      };
    }`),
  'elements are registered by a wrapper': changed(`{
    const { define } = CustomElementRegistry.prototype;
    CustomElementRegistry.prototype.define = function (name, Class, ...rest) {
      define.call(this, name, class extends Class {}, ...rest);
    };
  }`),
  'elements are made by a wrapper': changed(`{
    const { createElement, importNode } = Document.prototype;
    Document.prototype.createElement = function (...given) { return createElement.apply(this, given) };
    Document.prototype.importNode = function (node) { return importNode.call(this, node, true) };
    const { attachShadow } = Element.prototype;
    Element.prototype.attachShadow = function (init) { return attachShadow.call(this, { ...init }) };
  }`),
  'names of the window are others': changed(`
    var status = 'busy', name = 'window', event = 'today', origin = 'Paris', length = 7;
    self.event = null; self.find = null; self.stop = null; self.print = null; self.focus = null;`),
  'names of the window are elements': {
    body: `
      <form id="fetch" name="customElements"><input name="crypto"><input name="matchMedia"></form>
      <img id="sessionStorage" name="performance"><img id="URL"><img id="origin"><a id="didit"></a>
      <iframe name="location" hidden></iframe><embed name="navigator" hidden>${TAG}`,
  },
  'names of the document are elements': {
    body: `<form name="search"></form><form name="forms"></form><img name="images">
      <form name="cookie"></form><form name="title"></form><img name="logo">${TAG}`,
  },
  'the clock stands still': changed(`{
    const Real = Date;
    const now = Real.now();
    self.Date = class extends Real {
      constructor(...given) { super(...(given.length ? given : [now])) }
      static now() { return now }
    };
  }`),
  'the clock is of 1970': changed('Date.now = () => 1000;'),
  'the clock is of 2099': changed('Date.now = () => 4086000000000;'),
  'there is no console': changed('self.console = undefined;'),
  'there is no clipboard': changed(
    `Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });`,
    { refusesCopy: 'always' },
  ),
  'URLs are parsed by a library': changed(`{
    const Real = URL;
    self.URL = class extends Real {};
    delete Real.parse;
  }`),
  'texts are trimmed in the old way': changed(`
    String.prototype.trim = function () { return this.replace(/^\\s+|\\s+$/g, '') };
    String.prototype.contains = String.prototype.includes;
    String.prototype.format = function () { return this };`),
  'numbers are random no more': changed('Math.random = () => 0;'),
  'timers are wrapped': changed(`
    for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame', 'queueMicrotask']) {
      const real = self[name];
      self[name] = (run, ...rest) => real((...given) => { try { return run(...given) } finally {} }, ...rest);
    }`),
  'listeners are wrapped': changed(`{
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    const wrapped = new WeakMap();
    EventTarget.prototype.addEventListener = function (type, hear, options) {
      if (hear && !wrapped.has(hear)) {
        wrapped.set(hear, function (event) {
          return typeof hear === 'function' ? hear.call(this, event) : hear.handleEvent(event);
        });
      }
      return addEventListener.call(this, type, hear && wrapped.get(hear), options);
    };
    EventTarget.prototype.removeEventListener = function (type, hear, options) {
      return removeEventListener.call(this, type, wrapped.get(hear) ?? hear, options);
    };
  }`),
  'sheets cannot be adopted': changed('delete Document.prototype.adoptedStyleSheets;'),
};
