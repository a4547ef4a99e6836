import { expect, fixtureCleanup, oneEvent } from '@open-wc/testing';
import sinon from 'sinon';
import type { DiditVerifyElement } from '../src/index.js';
import type { ResolverContext } from '../src/resolver.js';
import {
  answer,
  deferred,
  element,
  endpoint,
  inState,
  nextTask,
  part,
  restoreVisibility,
  setHidden,
} from './helpers.js';

type Answer = ReturnType<typeof answer>;

/** A resolver that counts its calls and answers at once. */
function counting() {
  let calls = 0;
  return sinon.fake((_context: ResolverContext) => Promise.resolve(answer(++calls)));
}

/** A resolver whose answers are given by hand. */
function byHand() {
  const answers: PromiseWithResolvers<Answer>[] = [];
  const resolver = sinon.fake((_context: ResolverContext) => {
    const next = deferred<Answer>();
    answers.push(next);
    return next.promise;
  });
  return { resolver, answers };
}

function create(properties: Partial<DiditVerifyElement>): DiditVerifyElement {
  return Object.assign(document.createElement('didit-verify'), properties);
}

/** After the first look at where the element is. */
function observed(target: Element): Promise<void> {
  return new Promise((resolve) => {
    new IntersectionObserver((_entries, observer) => {
      observer.disconnect();
      resolve();
    }).observe(target);
  });
}

function reasons(resolver: sinon.SinonSpy): string[] {
  return resolver.args.map(([context]) => (context as ResolverContext).reason);
}

async function keys(requests: () => Promise<{ headers: Record<string, string> }[]>) {
  return (await requests()).map(({ headers }) => headers['idempotency-key']);
}

describe('SessionController, starting', () => {
  afterEach(() => {
    restoreVisibility();
    fixtureCleanup();
  });

  it('asks nothing in the constructor', async () => {
    const resolver = counting();
    const target = create({ resolver });
    await nextTask();
    expect(resolver.callCount).to.equal(0);
    expect(target.state).to.equal('idle');
  });

  it('starts by itself when connected, for the reason initial', async () => {
    const resolver = counting();
    const target = await element({ resolver });
    expect(target.state).to.equal('loading');
    await inState(target, 'ready');
    expect(reasons(resolver)).to.deep.equal(['initial']);
  });

  it('start() while loading is the same promise', async () => {
    const { resolver, answers } = byHand();
    const target = await element({ resolver });
    await nextTask();
    const first = target.start();
    expect(target.start()).to.equal(first);
    answers[0]!.resolve(answer());
    expect(await first).to.equal('ready');
    expect(resolver.callCount).to.equal(1);
  });

  it('start() resolves after the state is rendered', async () => {
    const target = await element({ resolver: counting(), manual: true });
    await target.start();
    expect(part(target, 'link')).to.not.equal(null);
  });

  it('start() in ready does nothing', async () => {
    const resolver = counting();
    const target = await element({ resolver });
    await inState(target, 'ready');
    expect(await target.start()).to.equal('ready');
    expect(resolver.callCount).to.equal(1);
  });

  it('start() starts from idle, error and cancelled', async () => {
    const resolver = counting();
    const target = await element({ resolver, manual: true });
    expect(await target.start()).to.equal('ready');
    expect(await target.cancel()).to.equal('cancelled');
    expect(await target.start()).to.equal('ready');
    target.resolver = () => Promise.reject(new Error('down'));
    expect(await target.restart()).to.equal('error');
    target.resolver = resolver;
    expect(await target.start()).to.equal('ready');
    expect(reasons(resolver)).to.deep.equal(['initial', 'restart', 'retry']);
  });

  it('restart() always starts anew, and the old request says nothing more', async () => {
    const { resolver, answers } = byHand();
    const target = await element({ resolver });
    await nextTask();
    const created = sinon.spy();
    target.addEventListener('session-created', created);
    const restarted = target.restart();
    await nextTask();
    expect(resolver.args[0]![0].signal.aborted).to.equal(true);
    answers[1]!.resolve(answer('new'));
    answers[0]!.resolve(answer('old'));
    expect(await restarted).to.equal('ready');
    await nextTask();
    expect(target.session!.sessionId).to.equal('session-new');
    expect(created.callCount).to.equal(1);
    await Promise.all([target.restart(), nextTask().then(() => answers[2]!.resolve(answer('3')))]);
    expect(target.session!.sessionId).to.equal('session-3');
  });

  it('cancel() leads from loading to idle, from live to cancelled, and else nowhere', async () => {
    const { resolver, answers } = byHand();
    const target = await element({ resolver });
    await nextTask();
    expect(await target.cancel()).to.equal('idle');
    expect(resolver.args[0]![0].signal.aborted).to.equal(true);
    answers[0]!.resolve(answer());
    await nextTask();
    expect(target.state).to.equal('idle');
    expect(await target.cancel()).to.equal('idle');

    const started = target.start();
    await nextTask();
    answers[1]!.resolve(answer());
    await started;
    expect(await target.cancel()).to.equal('cancelled');
    expect(part(target, 'link')).to.equal(null);
    expect(await target.cancel()).to.equal('cancelled');
  });

  it('a started promise resolves with idle when it is cancelled', async () => {
    const target = await element({ resolver: byHand().resolver, manual: true });
    const started = target.start();
    await target.cancel();
    expect(await started).to.equal('idle');
  });

  it('keeps a start while the page is hidden', async () => {
    setHidden(true);
    const resolver = counting();
    const target = await element({ resolver });
    expect(await target.start()).to.equal('idle');
    await nextTask();
    expect(resolver.callCount).to.equal(0);
    setHidden(false);
    await inState(target, 'ready');
    expect(resolver.callCount).to.equal(1);
  });

  it('keeps a start while the page is prerendering', async () => {
    let prerendering = true;
    Object.defineProperty(document, 'prerendering', {
      configurable: true,
      get: () => prerendering,
    });
    try {
      const resolver = counting();
      const target = await element({ resolver });
      await nextTask();
      expect(resolver.callCount).to.equal(0);
      prerendering = false;
      document.dispatchEvent(new Event('prerenderingchange'));
      await inState(target, 'ready');
    } finally {
      Reflect.deleteProperty(document, 'prerendering');
    }
  });

  it('drops a kept start on cancel()', async () => {
    setHidden(true);
    const resolver = counting();
    const target = await element({ resolver });
    await target.cancel();
    setHidden(false);
    await nextTask();
    await nextTask();
    expect(resolver.callCount).to.equal(0);
    expect(target.state).to.equal('idle');
  });

  it('drops the old session when restart() is kept', async () => {
    const resolver = counting();
    const target = await element({ resolver });
    await inState(target, 'ready');
    setHidden(true);
    expect(await target.restart()).to.equal('idle');
    expect(target.session).to.equal(null);
    setHidden(false);
    await inState(target, 'ready');
    expect(target.session!.sessionId).to.equal('session-2');
  });

  it('manual waits for start(), and starts when it is taken away', async () => {
    const resolver = counting();
    const target = await element({ resolver, manual: true });
    await nextTask();
    expect(target.state).to.equal('idle');
    target.manual = false;
    await inState(target, 'ready');
    expect(resolver.callCount).to.equal(1);
  });

  for (const how of ['visible', 'hidden', 'lazy'] as const) {
    it(`manual, set before anything is asked for, is heeded while ${how}`, async () => {
      if (how === 'hidden') setHidden(true);
      const resolver = counting();
      const target = create({ resolver, loading: how === 'lazy' ? 'lazy' : 'eager' });
      document.body.append(target);
      await target.updateComplete;
      target.manual = true;
      await target.updateComplete;
      if (how === 'hidden') setHidden(false);
      await nextTask();
      await nextTask();
      expect(resolver.callCount).to.equal(0);
      expect(target.state).to.equal('idle');
      expect(part(target, 'start-button')).to.not.equal(null);
      target.remove();
    });
  }

  it('watches the viewport once while it waits, and not at all afterwards', async () => {
    const Original = IntersectionObserver;
    let made = 0;
    let watching = 0;
    window.IntersectionObserver = class extends Original {
      constructor(...args: ConstructorParameters<typeof Original>) {
        super(...args);
        made++;
        watching++;
      }
      override disconnect(): void {
        super.disconnect();
        watching--;
      }
    };
    try {
      const target = create({ resolver: counting(), loading: 'lazy' });
      target.style.marginBlockStart = '5000px';
      document.body.append(target);
      for (let frame = 0; frame < 5; frame++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      expect(made).to.equal(1);
      await target.cancel();
      expect(watching).to.equal(0);
      target.remove();
    } finally {
      window.IntersectionObserver = Original;
    }
  });

  it('lazy, set in the task of connecting, still waits for the viewport', async () => {
    const resolver = counting();
    const target = create({ resolver });
    target.style.marginBlockStart = '5000px';
    document.body.append(target);
    await target.updateComplete;
    target.loading = 'lazy';
    await observed(target);
    await nextTask();
    expect(resolver.callCount).to.equal(0);
    target.scrollIntoView();
    await inState(target, 'ready');
    target.remove();
  });

  it('loading="lazy" starts near the viewport, or when asked to', async () => {
    const resolver = counting();
    const target = create({ resolver, loading: 'lazy' });
    target.style.marginBlockStart = '5000px';
    document.body.append(target);
    await observed(target);
    await nextTask();
    expect(resolver.callCount).to.equal(0);
    target.scrollIntoView();
    await inState(target, 'ready');
    expect(resolver.callCount).to.equal(1);
    target.remove();

    const asked = create({ resolver, loading: 'lazy' });
    asked.style.marginBlockStart = '5000px';
    document.body.append(asked);
    await asked.updateComplete;
    expect(await asked.start()).to.equal('ready');
    asked.remove();
  });

  it('lazy changed to eager starts at once', async () => {
    const resolver = counting();
    const target = create({ resolver, loading: 'lazy' });
    target.style.marginBlockStart = '5000px';
    document.body.append(target);
    await nextTask();
    target.loading = 'eager';
    await inState(target, 'ready');
    target.remove();
  });

  it('without URL and resolver is idle, with one warning', async () => {
    const warn = sinon.stub(console, 'warn');
    try {
      const target = await element();
      await nextTask();
      target.remove();
      document.body.append(target);
      await nextTask();
      const own = warn.args.filter(([first]) => first === target);
      expect(own).to.have.length(1);
      expect(target.state).to.equal('idle');
      target.remove();
    } finally {
      warn.restore();
    }
  });

  it('does not warn where the resolver comes later in the same task', async () => {
    const warn = sinon.stub(console, 'warn');
    try {
      const target = create({});
      document.body.append(target);
      await target.updateComplete;
      target.resolver = counting();
      await inState(target, 'ready');
      expect(warn.args.filter(([first]) => first === target)).to.have.length(0);
      target.remove();
    } finally {
      warn.restore();
    }
  });

  it('start() without URL and resolver is resolver-missing', async () => {
    const target = await element({ manual: true });
    expect(await target.start()).to.equal('error');
    expect(target.error).to.include({ code: 'resolver-missing', retryable: false });
  });

  it('from none to some starts in idle', async () => {
    const target = await element();
    target.resolver = counting();
    await inState(target, 'ready');
  });

  it('from none to some does not start where manual', async () => {
    const resolver = counting();
    const target = await element({ manual: true });
    target.resolver = resolver;
    await target.updateComplete;
    await nextTask();
    expect(resolver.callCount).to.equal(0);
    expect(target.state).to.equal('idle');
  });

  it('both removed: idle, no code, request aborted', async () => {
    const { resolver } = byHand();
    const target = await element({ resolver });
    await nextTask();
    target.resolver = undefined;
    await target.updateComplete;
    expect(resolver.args[0]![0].signal.aborted).to.equal(true);
    expect(target.state).to.equal('idle');

    target.resolver = counting();
    await inState(target, 'ready');
    target.resolver = undefined;
    await target.updateComplete;
    expect(target.state).to.equal('idle');
    expect(target.shadowRoot!.querySelector('.code')).to.equal(null);
  });

  it('does not start again by itself after cancel()', async () => {
    const resolver = counting();
    const target = await element({ resolver });
    await target.cancel();
    target.scope = 'names';
    target.resolver = counting();
    await target.updateComplete;
    await nextTask();
    expect(target.state).to.equal('idle');
    expect(resolver.callCount).to.equal(0);
  });
});

describe('SessionController, changes', () => {
  afterEach(fixtureCleanup);

  it('two changes in one task before the first request are one session', async () => {
    const { url, requests } = endpoint('ok');
    const target = await element({ resolverUrl: url });
    target.scope = 'names';
    await target.updateComplete;
    target.vendorData = 'u-1';
    await inState(target, 'ready');
    expect((await requests()).map(({ body }) => JSON.parse(body) as unknown)).to.deep.equal([
      { scope: 'names', vendor_data: 'u-1' },
    ]);
  });

  for (const change of [
    { resolverUrl: '/backend/other/ok' },
    { scope: 'names' },
    { vendorData: 'u-1' },
  ] satisfies Partial<DiditVerifyElement>[]) {
    it(`a changed ${Object.keys(change)[0]} shows loading at once and starts anew`, async () => {
      const resolver = counting();
      const target = await element({ resolver });
      await inState(target, 'ready');
      Object.assign(target, change);
      await target.updateComplete;
      expect(target.state).to.equal('loading');
      expect(target.shadowRoot!.querySelector('.code')).to.equal(null);
      expect(target.session).to.equal(null);
      await inState(target, 'ready');
      expect(reasons(resolver)).to.deep.equal(['initial', 'change']);
    });
  }

  it('aborts the running request, with a new key for the new one', async () => {
    const { url, requests } = endpoint('silence,ok');
    const target = await element({ resolverUrl: url });
    const pending = target.start();
    while ((await requests()).length === 0);
    target.scope = 'names';
    expect(await pending).to.equal('ready');
    const [first, second] = await keys(requests);
    expect(first).to.match(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(second).to.not.equal(first);
  });

  it('waits for 300 ms of quiet', async () => {
    const resolver = counting();
    const target = await element({ resolver });
    await inState(target, 'ready');
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      target.scope = 'names';
      await target.updateComplete;
      clock.tick(299);
      target.scope = 'names email';
      await target.updateComplete;
      clock.tick(299);
      expect(resolver.callCount).to.equal(1);
      clock.tick(1);
      expect(resolver.callCount).to.equal(2);
    } finally {
      clock.restore();
    }
    expect(resolver.lastCall.args[0]).to.include({ scope: 'names email' });
    await inState(target, 'ready');
  });

  it('a thousand changes within 300 ms are one session', async () => {
    const { url, requests } = endpoint('ok');
    const target = await element({ resolverUrl: url });
    await inState(target, 'ready');
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      for (let change = 1; change <= 1000; change++) {
        target.scope = `scope-${change}`;
        await target.updateComplete;
        clock.tick(0.29);
      }
      clock.tick(300);
    } finally {
      clock.restore();
    }
    await inState(target, 'ready');
    const bodies = (await requests()).map(({ body }) => body);
    expect(bodies).to.deep.equal(['{}', '{"scope":"scope-1000"}']);
  });

  it('functions and words never restart; the latest function is used at the next call', async () => {
    const first = counting();
    const target = await element({ resolver: first });
    await inState(target, 'ready');
    for (let render = 0; render < 5; render++) {
      target.resolver = (context) => first(context);
      target.headers = () => ({});
      target.strings = { heading: `Render ${render}` };
      await target.updateComplete;
    }
    const latest = counting();
    target.resolver = latest;
    await target.updateComplete;
    expect(target.state).to.equal('ready');
    await target.restart();
    expect(first.callCount).to.equal(1);
    expect(latest.callCount).to.equal(1);
  });

  it('an empty binding is no change', async () => {
    const resolver = counting();
    const target = await element({ resolver });
    await inState(target, 'ready');
    Object.assign(target, { resolverUrl: null, scope: null, vendorData: null });
    await target.updateComplete;
    expect(target.state).to.equal('ready');
    expect(resolver.callCount).to.equal(1);
  });

  it('a change in error starts anew', async () => {
    const target = await element({ resolver: () => Promise.reject(new Error('down')) });
    await inState(target, 'error');
    target.resolver = counting();
    target.scope = 'names';
    await inState(target, 'ready');
  });

  it('a change in cancelled does not', async () => {
    const resolver = counting();
    const target = await element({ resolver });
    await inState(target, 'ready');
    await target.cancel();
    target.scope = 'names';
    await target.updateComplete;
    expect(target.state).to.equal('cancelled');
  });

  it('start() after a change in the same task asks once', async () => {
    const resolver = counting();
    const target = await element({ manual: true });
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      target.resolver = resolver;
      target.scope = 'names';
      const started = target.start();
      clock.tick(0);
      expect(await started).to.equal('ready');
      clock.tick(1000);
    } finally {
      clock.restore();
    }
    expect(reasons(resolver)).to.deep.equal(['initial']);
  });
});

describe('SessionController, moving and removing', () => {
  afterEach(fixtureCleanup);

  it('moving the node is no second session, while loading or ready', async () => {
    const { url, requests } = endpoint('ok');
    const target = await element({ resolverUrl: url });
    const place = document.createElement('div');
    document.body.append(place);
    place.append(target);
    await inState(target, 'ready');
    document.body.append(target);
    await nextTask();
    await nextTask();
    expect(target.state).to.equal('ready');
    expect(await requests()).to.have.length(1);
    place.remove();
    target.remove();
  });

  it('removing and putting back in one task is no second session', async () => {
    const { resolver, answers } = byHand();
    const target = await element({ resolver });
    const parent = target.parentElement!;
    await nextTask();
    target.remove();
    await Promise.resolve();
    parent.append(target);
    await nextTask();
    await nextTask();
    expect(resolver.args[0]![0].signal.aborted).to.equal(false);
    answers[0]!.resolve(answer());
    await inState(target, 'ready');
    expect(resolver.callCount).to.equal(1);
  });

  it('leaves no listener behind in the task after removal', async () => {
    const listening = new Set<unknown>();
    const media: { listening: number } = { listening: 0 };
    const add = sinon.stub(document, 'addEventListener').callsFake((type, listener, options) => {
      listening.add(listener);
      (options as AddEventListenerOptions).signal!.addEventListener('abort', () => {
        listening.delete(listener);
      });
      EventTarget.prototype.addEventListener.call(document, type, listener, options);
    });
    const query = sinon.stub(window, 'matchMedia').callsFake(
      () =>
        ({
          addEventListener: (
            _type: string,
            _listener: unknown,
            { signal }: { signal: AbortSignal },
          ) => {
            media.listening++;
            signal.addEventListener('abort', () => media.listening--);
          },
        }) as unknown as MediaQueryList,
    );
    try {
      const target = create({ resolver: byHand().resolver });
      document.body.append(target);
      await nextTask();
      document.body.append(target);
      expect(listening.size).to.equal(1);
      expect(media.listening).to.equal(1);
      target.remove();
      await nextTask();
      expect(listening.size).to.equal(0);
      expect(media.listening).to.equal(0);
    } finally {
      add.restore();
      query.restore();
    }
  });

  it('asks nothing after removal', async () => {
    const resolver = counting();
    const target = create({ resolver });
    document.body.append(target);
    target.remove();
    await nextTask();
    await nextTask();
    expect(resolver.callCount).to.equal(0);
  });

  it('aborts in the next task after removal, and drops a late answer', async () => {
    const { resolver, answers } = byHand();
    const target = await element({ resolver });
    await nextTask();
    const created = sinon.spy();
    target.addEventListener('session-created', created);
    const pending = target.start();
    target.remove();
    await nextTask();
    expect(resolver.args[0]![0].signal.aborted).to.equal(true);
    expect(await pending).to.equal('loading');
    answers[0]!.resolve(answer());
    await nextTask();
    expect(created.called).to.equal(false);
    expect(target.state).to.equal('loading');
  });

  it('an answer between removal and release is asked for again when put back', async () => {
    const { resolver, answers } = byHand();
    const target = await element({ resolver });
    const parent = target.parentElement!;
    await nextTask();
    target.remove();
    answers[0]!.resolve(answer('dropped'));
    for (let microtask = 0; microtask < 20; microtask++) await Promise.resolve();
    parent.append(target);
    await nextTask();
    await nextTask();
    answers[1]!.resolve(answer('again'));
    await inState(target, 'ready');
    expect(target.session!.sessionId).to.equal('session-again');
  });

  it('removed while loading and put back: the same intent, the same key', async () => {
    const { url, requests } = endpoint('silence,ok');
    const target = await element({ resolverUrl: url });
    const parent = target.parentElement!;
    while ((await requests()).length === 0);
    target.remove();
    await nextTask();
    await nextTask();
    const event = oneEvent(target, 'session-created');
    parent.append(target);
    expect(((await event) as CustomEvent<{ reason: string }>).detail.reason).to.equal('initial');
    const [first, second] = await keys(requests);
    expect(second).to.equal(first);
  });

  it('kept out of the page it keeps its session', async () => {
    const resolver = counting();
    const target = await element({ resolver });
    const parent = target.parentElement!;
    await inState(target, 'ready');
    target.remove();
    await nextTask();
    await nextTask();
    expect(target.session!.sessionId).to.equal('session-1');
    parent.append(target);
    await nextTask();
    await nextTask();
    expect(target.state).to.equal('ready');
    expect(resolver.callCount).to.equal(1);
  });

  it('changed while out of the page it starts anew when put back', async () => {
    const resolver = counting();
    const target = await element({ resolver });
    const parent = target.parentElement!;
    await inState(target, 'ready');
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      target.remove();
      clock.tick(1);
      target.scope = 'names';
      await target.updateComplete;
      clock.tick(1000);
      expect(resolver.callCount).to.equal(1);
      expect(target.state).to.equal('loading');
    } finally {
      clock.restore();
    }
    parent.append(target);
    await inState(target, 'ready');
    expect(reasons(resolver)).to.deep.equal(['initial', 'change']);
  });

  it('start() while out of the page is kept until it is put in', async () => {
    const resolver = counting();
    const target = create({ resolver, manual: true });
    expect(await target.start()).to.equal('idle');
    expect(resolver.callCount).to.equal(0);
    document.body.append(target);
    await inState(target, 'ready');
    target.remove();
  });
});

describe('SessionController, intents', () => {
  afterEach(fixtureCleanup);

  it('trying again after an unknown outcome is the same intent, with the same key', async () => {
    const { url, requests } = endpoint('500,ok');
    const target = await element({ resolverUrl: url, maxRetries: 0 });
    await inState(target, 'error');
    expect(await target.start()).to.equal('ready');
    const [first, second] = await keys(requests);
    expect(second).to.equal(first);
  });

  it('trying again after a refusal is a new one', async () => {
    const { url, requests } = endpoint('401,ok');
    const target = await element({ resolverUrl: url });
    await inState(target, 'error');
    expect(await target.start()).to.equal('ready');
    const [first, second] = await keys(requests);
    expect(second).to.not.equal(first);
  });

  it('restart() is a new one', async () => {
    const { url, requests } = endpoint('ok');
    const target = await element({ resolverUrl: url });
    await inState(target, 'ready');
    await target.restart();
    const [first, second] = await keys(requests);
    expect(second).to.not.equal(first);
  });

  it('another question has another key, even in the same wish', async () => {
    const { url, requests } = endpoint('500,ok');
    const target = await element({ resolverUrl: url, maxRetries: 0 });
    await inState(target, 'error');
    target.scope = 'names';
    expect(await target.start()).to.equal('ready');
    const [first, second] = await keys(requests);
    expect(second).to.not.equal(first);
  });

  it('put back with another question it has another key', async () => {
    const { url, requests } = endpoint('silence,ok');
    const target = await element({ resolverUrl: url });
    const parent = target.parentElement!;
    while ((await requests()).length === 0);
    target.remove();
    await nextTask();
    await nextTask();
    parent.append(target);
    target.scope = 'names';
    await inState(target, 'ready');
    const [first, second] = await keys(requests);
    expect(second).to.not.equal(first);
  });

  it('is qr-failed when the code cannot be drawn', async () => {
    const encode = sinon.stub(TextEncoder.prototype, 'encode').throws(new Error('no memory'));
    try {
      const target = await element({ resolver: counting() });
      await inState(target, 'error');
      expect(target.error!.code).to.equal('qr-failed');
      expect(target.session).to.equal(null);
    } finally {
      encode.restore();
    }
  });
});
