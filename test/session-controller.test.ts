import { expect, fixture, fixtureCleanup, html, oneEvent } from '@open-wc/testing';
import sinon from 'sinon';
import type { DiditVerifyElement } from '../src/index.js';
import type { ResolverContext } from '../src/resolver.js';
import { SavedSessions } from '../src/saved-sessions.js';
import type { StatusResolverContext } from '../src/status-request.js';
import {
  ADOPTION,
  MOVE_BEFORE,
  adoptionKeepsClasses,
  answer,
  canMoveBefore,
  create,
  deferred,
  element,
  elsewhere,
  endpoint,
  fakeClock,
  inState,
  leaveOut,
  looked,
  nextTask,
  part,
  restoreVisibility,
  setHidden,
  spoken,
  until,
} from './helpers.js';
import { FakeSite, never, refusal } from './fake-site.js';
import { NOTHING, PlatformCounter } from './platform-counter.js';
import { sampleSession } from './sample-session.js';

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
    await looked(target);
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
    await looked(target);
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

  for (const comes of [true, false]) {
    it(`in a page that loads, warns ${comes ? 'not where a script brings it' : 'once it is loaded'}`, async () => {
      const warn = sinon.stub(console, 'warn');
      const readyState = sinon.stub(document, 'readyState').value('interactive');
      try {
        const target = await element();
        await nextTask();
        const own = () => warn.args.filter(([first]) => first === target).length;
        expect(own()).to.equal(0);
        if (comes) target.resolver = counting();
        window.dispatchEvent(new Event('load'));
        await nextTask();
        await nextTask();
        expect(own()).to.equal(comes ? 0 : 1);
        target.remove();
      } finally {
        readyState.restore();
        warn.restore();
      }
    });
  }

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
    const { url, requests, asked } = endpoint('silence,ok');
    const target = await element({ resolverUrl: url });
    const pending = target.start();
    await asked(1);
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

  for (const [word, state] of [
    ['In Progress', 'in-progress'],
    ['Approved', 'approved'],
    ['Declined', 'declined'],
    ['In Review', 'in-review'],
    ['Resubmitted', 'ready'],
  ] as const) {
    it(`after ${word} neither another question nor start() asks again, and restart() does`, async () => {
      const site = new FakeSite();
      const target = await site.show({ presentation: 'dialog', open: true });
      site.statuses.set('s1', word);
      await site.pass(3000);
      target.scope = 'names';
      expect(await target.start()).to.equal(state);
      target.open = false;
      await target.updateComplete;
      expect(await target.showModal()).to.equal(state);
      await site.pass(1000);
      expect([target.state, site.count('create')]).to.deep.equal([state, 1]);
      void target.restart();
      await site.pass(1);
      expect([target.state, site.count('create')]).to.deep.equal(['ready', 2]);
      site.close();
    });
  }

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

  it('listens as often after a move as before, and to nothing in the task after removal', async () => {
    const counter = new PlatformCounter();
    try {
      const target = create({ resolver: byHand().resolver });
      document.body.append(target);
      await nextTask();
      const { listeners } = counter.counts;
      expect(listeners).to.be.greaterThan(1);
      document.body.append(target);
      await nextTask();
      expect(counter.counts.listeners).to.equal(listeners);
      target.remove();
      await nextTask();
      expect(counter.counts).to.deep.equal(NOTHING);
    } finally {
      counter.restore();
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

  it('an answer between removal and release is not lost: it has been paid for', async () => {
    const { resolver, answers } = byHand();
    const target = await element({ resolver });
    const parent = target.parentElement!;
    await nextTask();
    target.remove();
    answers[0]!.resolve(answer());
    for (let microtask = 0; microtask < 200; microtask++) await Promise.resolve();
    parent.append(target);
    await inState(target, 'ready');
    await nextTask();
    await nextTask();
    expect(target.session!.sessionId).to.equal('session-1');
    expect(resolver.callCount).to.equal(1);
  });

  it('removed while loading and put back: the same intent, the same key', async () => {
    const { url, requests, asked } = endpoint('silence,ok');
    const target = await element({ resolverUrl: url });
    const parent = target.parentElement!;
    await asked(1);
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
    const { url, requests, asked } = endpoint('silence,ok');
    const target = await element({ resolverUrl: url });
    const parent = target.parentElement!;
    await asked(1);
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

/** An hour in which nothing may happen any more. */
const HOUR = 60 * 60_000;

describe('SessionController, letting go', () => {
  let site: FakeSite;
  let counter: PlatformCounter;

  beforeEach(() => {
    site = new FakeSite();
    counter = new PlatformCounter();
  });

  afterEach(() => {
    counter.restore();
    site.close();
  });

  for (const hasEvents of [false, true]) {
    for (const [status, state] of [
      ['Approved', 'approved'],
      ['Declined', 'declined'],
      ['In Review', 'in-review'],
      ['cancelled', 'cancelled'],
      ['Kyc Expired', 'expired'],
    ] as const) {
      it(`${state} ends what ${hasEvents ? 'the stream' : 'polling'} needs`, async () => {
        site.hasEvents = hasEvents;
        const target = await site.show();
        site.statuses.set('s1', status);
        site.openStreams[0]?.tell(status);
        await site.pass(3000);
        expect(target.state).to.equal(state);
        expect(counter.counts).to.include({ timers: 0, requests: 0 });
        const before = site.asked.length;
        await site.pass(HOUR);
        expect(site.asked.length).to.equal(before);
      });
    }
  }

  it('cancel() and an error do, too', async () => {
    site.hasEvents = true;
    const target = await site.show();
    void target.cancel();
    await site.pass(0);
    expect(counter.counts).to.include({ timers: 0, requests: 0 });
    site.onCreate = () => refusal(403);
    void target.restart();
    await site.pass(1);
    expect(target.state).to.equal('error');
    expect(counter.counts).to.include({ timers: 0, requests: 0 });
  });

  it('a final state ends what the replaced session needs', async () => {
    const target = await site.show();
    await site.until(95_000);
    expect(target.session!.sessionId).to.equal('s2');
    site.statuses.set('s2', 'Approved');
    await site.pass(3000);
    expect(target.state).to.equal('approved');
    expect(counter.counts).to.include({ timers: 0, requests: 0 });
  });

  it('hidden there is neither timer nor request', async () => {
    site.hasEvents = true;
    await site.show();
    await site.show();
    setHidden(true);
    await site.pass(0);
    expect(counter.counts).to.include({ timers: 0, requests: 0 });
    setHidden(false);
    await site.pass(0);
    expect(counter.counts.requests).to.be.greaterThan(0);
  });

  /** Shown, and what has to happen until the moment of the removal. */
  const moments: Record<string, () => Promise<DiditVerifyElement>> = {
    'idle, manual': () => site.show({ manual: true }),
    'idle, without a resolver': () => site.show({ resolverUrl: '' }),
    'idle, far from the viewport': async () => {
      const target = site.element({ loading: 'lazy' });
      // Also for a page that was scrolled just before.
      target.style.marginBlockStart = '50000px';
      document.body.append(target);
      await site.pass(1);
      expect(counter.counts.observers).to.be.greaterThan(1);
      return target;
    },
    'idle, kept while hidden': () => {
      setHidden(true);
      return site.show();
    },
    'in the task of connecting': async () => {
      const target = site.element();
      document.body.append(target);
      return target;
    },
    loading: () => {
      site.onCreate = never;
      return site.show();
    },
    'between two attempts': () => {
      site.onCreate = () => refusal(503);
      return site.show();
    },
    'in the quiet after a change': async () => {
      const target = await site.show();
      target.scope = 'names';
      await site.pass(100);
      return target;
    },
    'looking for a session of before': async () => {
      const before = await site.show();
      before.remove();
      await site.pass(1);
      site.onStatus = never;
      return site.show();
    },
    'ready, between two polls': async () => {
      const target = await site.show();
      await site.pass(4000);
      return target;
    },
    'ready, in a poll': async () => {
      site.onStatus = never;
      const target = await site.show();
      await site.pass(4000);
      return target;
    },
    'ready, in a stream': () => {
      site.hasEvents = true;
      return site.show();
    },
    'ready, connecting to a stream': () => {
      site.hasEvents = true;
      site.onEvents = never;
      return site.show();
    },
    'ready, between two streams': async () => {
      site.hasEvents = true;
      const target = await site.show();
      site.streams[0]!.end();
      await site.pass(1);
      return target;
    },
    'in an outage': async () => {
      site.onStatus = () => refusal(500);
      const target = await site.show();
      await site.pass(60_000);
      return target;
    },
    'waiting for a Retry-After': async () => {
      site.onStatus = () => refusal(429, { 'Retry-After': '60' });
      const target = await site.show();
      await site.pass(4000);
      return target;
    },
    'with the countdown running': async () => {
      const target = await site.show({ refreshExpired: 'manual' });
      await site.pass(50_500);
      expect(part(target, 'countdown')!.textContent).to.not.equal('');
      return target;
    },
    'in the refresh, asking for the old status': async () => {
      const target = await site.show({ pollInterval: HOUR });
      site.onStatus = never;
      await site.pass(90_000);
      return target;
    },
    'in the refresh, creating': async () => {
      const target = await site.show({ pollInterval: HOUR });
      site.onCreate = never;
      await site.pass(90_000);
      expect(site.count('create')).to.equal(2);
      return target;
    },
    'in the refresh, between two attempts': async () => {
      const target = await site.show({ pollInterval: HOUR });
      site.onCreate = () => refusal(503);
      await site.pass(90_000);
      return target;
    },
    'in the refresh, asking again': async () => {
      const target = await site.show({ pollInterval: HOUR });
      site.onCreate = (session) => {
        site.onStatus = never;
        return site.created(session);
      };
      await site.pass(90_000);
      expect(site.count('status')).to.equal(2);
      return target;
    },
    'with a replaced session polled': async () => {
      const target = await site.show();
      await site.pass(95_000);
      expect(target.session!.sessionId).to.equal('s2');
      return target;
    },
    'past the end, before its status is known': async () => {
      const target = await site.show();
      setHidden(true);
      await site.pass(HOUR);
      site.onStatus = never;
      setHidden(false);
      await site.pass(1);
      return target;
    },
    'expired, still watched': async () => {
      const target = await site.show({ refreshExpired: 'manual' });
      await site.pass(110_000);
      expect(target.state).to.equal('expired');
      return target;
    },
    'expired, with a new one asked for': async () => {
      const target = await site.show();
      site.onCreate = never;
      await site.pass(102_000);
      expect(target.state).to.equal('expired');
      return target;
    },
    'in-progress': async () => {
      const target = await site.show();
      site.statuses.set('s1', 'In Progress');
      await site.pass(3000);
      expect(target.state).to.equal('in-progress');
      return target;
    },
    approved: async () => {
      const target = await site.show();
      site.statuses.set('s1', 'Approved');
      await site.pass(3000);
      return target;
    },
    error: () => {
      site.onCreate = () => refusal(403);
      return site.show();
    },
    'with the dialog open': async () => {
      const target = await site.show({ presentation: 'dialog' });
      void target.showModal();
      await site.pass(1);
      expect(target.state).to.equal('ready');
      return target;
    },
  };

  for (const [name, arrive] of Object.entries(moments)) {
    it(`removed ${name}: nothing is left, and nothing is asked any more`, async () => {
      const target = await arrive();
      target.remove();
      await site.pass(1);
      expect(counter.counts).to.deep.equal(NOTHING);
      const before = site.asked.length;
      dispatchEvent(new Event('online'));
      setHidden(true);
      setHidden(false);
      await site.pass(HOUR);
      expect(site.asked.length).to.equal(before);
      expect(counter.counts).to.deep.equal(NOTHING);
    });
  }

  /** What has been asked for with a session in the answer is not lost: it has its time, and no more. */
  const asking = [
    'loading',
    'between two attempts',
    'looking for a session of before',
    'in the refresh, creating',
    'in the refresh, between two attempts',
    'expired, with a new one asked for',
  ];

  for (const [name, arrive] of Object.entries(moments)) {
    it(`hidden ${name}: nothing is asked any more, and nothing wakes up for an hour`, async () => {
      const target = await arrive();
      setHidden(true);
      await site.pass(asking.includes(name) ? 16_000 : 1);
      const before = site.asked.length;
      expect(counter.counts).to.include({ timers: 0, requests: 0 });
      Object.assign(target, { vendorData: 'another', strings: {}, pollInterval: 1000 });
      await target.updateComplete;
      expect(counter.counts).to.include({ timers: 0, requests: 0 });
      await site.pass(HOUR);
      expect(counter.counts).to.include({ timers: 0, requests: 0 });
      expect(site.asked.length).to.equal(before);
    });
  }

  it('put in and out a hundred times: one session, and nothing is left', async () => {
    site.hasEvents = true;
    const target = site.element();
    for (let times = 0; times < 100; times++) {
      document.body.append(target);
      if (times % 3 === 0) await site.pass(1);
      target.remove();
      if (times % 2 === 0) await site.pass(1);
    }
    await site.pass(1);
    expect(counter.counts).to.deep.equal(NOTHING);
    expect(site.count('create')).to.equal(1);
  });
});

describe('SessionController, moving', () => {
  afterEach(async () => {
    sinon.restore();
    fixtureCleanup();
    await nextTask();
  });

  interface Places {
    readonly target: DiditVerifyElement;
    readonly parent: Element;
    readonly place: HTMLElement;
    readonly frame: HTMLIFrameElement;
  }

  type Move = (places: Places) => unknown;
  const moves: [name: string, move: Move, isReleased?: true][] = [
    ['within a task', ({ target, place }) => place.append(target)],
    [
      'back and forth',
      ({ target, parent, place }) => {
        for (let turn = 0; turn < 100; turn++) (turn % 2 ? parent : place).append(target);
      },
    ],
    [
      'after a microtask',
      async ({ target, place }) => {
        target.remove();
        await Promise.resolve();
        place.append(target);
      },
    ],
    [
      'in a later task',
      async ({ target, place }) => {
        target.remove();
        await nextTask();
        await nextTask();
        place.append(target);
      },
      true,
    ],
    [
      'with all that is around it',
      ({ parent, place }) => {
        parent.remove();
        place.append(parent);
      },
    ],
    ['by moveBefore()', ({ target, place }) => place.moveBefore(target, null)],
    ['into another document', ({ target, frame }) => frame.contentDocument!.body.append(target)],
    [
      'into another document and back',
      async ({ target, place, frame }) => {
        frame.contentDocument!.body.append(target);
        await nextTask();
        await nextTask();
        place.append(target);
      },
    ],
  ];
  /** What an engine cannot do, and why. */
  const impossible: Record<string, string | false> = {
    'by moveBefore()': !canMoveBefore && MOVE_BEFORE,
    'into another document': !adoptionKeepsClasses() && ADOPTION,
    'into another document and back': !adoptionKeepsClasses() && ADOPTION,
  };

  /** An element that waits for an answer, and places to move it to. */
  async function placed() {
    const { resolver, answers } = byHand();
    const { say, ...status } = spoken();
    const place = document.createElement('div');
    const frame = document.createElement('iframe');
    const target = create({ resolver, ...status });
    const told = sinon.spy();
    for (const type of ['session-created', 'error', 'session-expired', 'session-completed']) {
      target.addEventListener(type, told);
    }
    const parent = document.createElement('div');
    parent.append(target);
    document.body.append(parent, place, frame);
    await target.updateComplete;
    const events = () => told.args.map(([{ type }]) => type as string);
    return { places: { target, parent, place, frame }, target, resolver, answers, say, events };
  }

  for (const [name, move, isReleased] of moves) {
    for (const moment of ['before it asks', 'while it asks', 'ready', 'in-progress'] as const) {
      it(`${name}, ${moment}: one session, and it is still followed`, async function () {
        const reason = impossible[name];
        if (reason) leaveOut(this, reason);
        const { places, target, resolver, answers, say, events } = await placed();
        const isAnswered = moment === 'ready' || moment === 'in-progress';
        if (moment !== 'before it asks') await until(() => resolver.called);
        if (isAnswered) answers[0]!.resolve(answer());
        if (moment === 'in-progress') say('In Progress');
        if (isAnswered) await inState(target, moment);
        await move(places);
        // What was asked for and let go is asked for again.
        const calls = isReleased && moment === 'while it asks' ? 2 : 1;
        await until(() => resolver.callCount === calls);
        answers.at(-1)!.resolve(answer());
        await until(() => ['ready', 'in-progress'].includes(target.state));
        expect(resolver.lastCall.args[0].signal.aborted && !isAnswered).to.equal(false);
        expect(target.session!.sessionId).to.equal('session-1');

        say('Approved');
        await inState(target, 'approved');
        await nextTask();
        expect(resolver.callCount).to.equal(calls);
        expect(events()).to.deep.equal(['session-created', 'session-completed']);
        for (const each of Object.values(places) as Element[]) each.remove();
      });
    }
  }

  it('a thousand changes of what is no question are no new session', async () => {
    const resolver = counting();
    const target = await element({ resolver });
    await inState(target, 'ready');
    for (let turn = 0; turn < 1000; turn++) {
      const isOdd = turn % 2 === 1;
      Object.assign(target, {
        resolver: (context: ResolverContext) => resolver(context),
        headers: () => ({ 'X-Turn': String(turn) }),
        strings: { heading: `Turn ${turn}` },
        statusUrl: `/status/${turn}`,
        withCredentials: isOdd,
        manual: isOdd,
        loading: isOdd ? 'lazy' : 'eager',
        timeout: 1000 + turn,
        maxRetries: turn,
        pollInterval: 10_000 + turn,
        refreshExpired: isOdd ? 'never' : 'auto',
        noResume: isOdd,
        presentation: isOdd ? 'dialog' : 'inline',
        theme: isOdd ? 'dark' : 'light',
        name: `name-${turn}`,
        required: isOdd,
        allowedHosts: `${turn}.example`,
      } satisfies Partial<DiditVerifyElement>);
      if (turn % 3 === 0) await target.updateComplete;
    }
    await nextTask();
    expect(target.state).to.equal('ready');
    expect(target.session!.sessionId).to.equal('session-1');
    expect(resolver.callCount).to.equal(1);
  });

  it('cancel() takes back a start() of the same task', async () => {
    const resolver = counting();
    const target = create({ resolver });
    document.body.append(target);
    void target.start();
    expect(await target.cancel()).to.equal('idle');
    await nextTask();
    await nextTask();
    expect([target.state, resolver.callCount]).to.deep.equal(['idle', 0]);
    target.remove();
  });

  it('start() is heeded, also where the page then waits for one', async () => {
    const resolver = counting();
    const target = create({ resolver });
    document.body.append(target);
    await target.updateComplete;
    void target.start();
    target.manual = true;
    await target.updateComplete;
    await nextTask();
    await nextTask();
    expect(resolver.callCount).to.equal(1);
    target.remove();
  });
});

describe('SessionController, resuming', () => {
  afterEach(async () => {
    sinon.restore();
    restoreVisibility();
    fixtureCleanup();
    await nextTask();
  });

  /** A site whose pages can be loaded again; `say` is what its backend says of the status. */
  function site(fields: object = {}) {
    let sessions = 0;
    const { say, ...status } = spoken();
    const log: string[] = [];
    const resolver = sinon.fake((_context: ResolverContext) => {
      log.push('create');
      return { ...answer(++sessions), ...fields };
    });
    const statusResolver = ({ sessionId }: StatusResolverContext) => {
      log.push(`status of ${sessionId}`);
      return status.statusResolver();
    };
    const properties = { resolver, statusResolver, pollInterval: 100_000 };
    return { say, log, resolver, properties };
  }

  type Site = ReturnType<typeof site>;

  /** A page with so many elements, in the state that they come to. */
  async function load(
    { properties, log }: Site,
    changes: Partial<DiditVerifyElement> = {},
    state = 'ready',
  ): Promise<DiditVerifyElement> {
    const target = create({ ...properties, ...changes });
    for (const type of ['session-created', 'session-completed', 'error']) {
      target.addEventListener(type, ((event: CustomEvent<{ reason?: string; state?: string }>) => {
        log.push([type, event.detail.reason ?? event.detail.state].join(' '));
      }) as EventListener);
    }
    (await emptyPage()).append(target);
    await inState(target, state);
    return target;
  }

  async function emptyPage(): Promise<HTMLElement> {
    return fixture<HTMLElement>(html`<main></main>`);
  }

  /** Leaves the page, as a reload does. */
  async function leave(...targets: DiditVerifyElement[]): Promise<void> {
    for (const target of targets) target.remove();
    await nextTask();
  }

  /** Loads a page, does something there, and loads it again. */
  async function reloaded(here: Site, changes: Partial<DiditVerifyElement> = {}, state = 'ready') {
    await leave(await load(here));
    here.log.length = 0;
    return load(here, changes, state);
  }

  const stored = () =>
    Object.keys(sessionStorage)
      .map((key) => `${key}: ${sessionStorage.getItem(key)}`)
      .join('\n');

  it('a reload finds the session again, and asks its status first', async () => {
    const here = site({ expires_in: 60 });
    const before = await load(here);
    const { session } = before;
    await leave(before);
    const target = await load(here);
    expect(here.log).to.deep.equal([
      'create',
      'session-created initial',
      'status of session-1',
      'session-created resume',
    ]);
    expect(target.session!.sessionId).to.equal(session!.sessionId);
    expect(target.session!.url).to.equal(session!.url);
    expect(target.session!.expiresAt).to.deep.equal(session!.expiresAt);
    expect(target.status).to.equal('Not Started');
    expect(target.shadowRoot!.querySelector('.code')).to.not.equal(null);
  });

  it('shows nothing of it before its status is known', async () => {
    const here = site();
    await leave(await load(here));
    const { promise, resolve } = deferred<string>();
    const target = await load(here, { statusResolver: () => promise }, 'loading');
    await nextTask();
    expect(target.session).to.equal(null);
    expect(target.shadowRoot!.querySelector('.code, a')).to.equal(null);
    resolve('In Progress');
    await inState(target, 'in-progress');
    expect(here.resolver.callCount).to.equal(1);
  });

  for (const [word, state] of [
    ['In Progress', 'in-progress'],
    ['Approved', 'approved'],
    ['Declined', 'declined'],
    ['In Review', 'in-review'],
  ] as const) {
    it(`finds one that is ${state} by now, and tells it once`, async () => {
      const here = site();
      await leave(await load(here));
      here.say(word);
      here.log.length = 0;
      const target = await load(here, {}, state);
      const told = ['status of session-1', 'session-created resume'];
      const isOver = state !== 'in-progress';
      expect(here.log).to.deep.equal(isOver ? [...told, `session-completed ${state}`] : told);
      expect(target.value).to.equal(state === 'approved' ? 'session-1' : '');
      expect(here.resolver.callCount).to.equal(1);
    });
  }

  it('what was approved before the reload is so after it, by its status', async () => {
    const here = site();
    const before = await load(here, { pollInterval: 100 });
    here.say('Approved');
    await inState(before, 'approved');
    await leave(before);
    here.log.length = 0;
    const target = await load(here, {}, 'approved');
    expect(target.value).to.equal('session-1');
    expect(here.log).to.deep.equal([
      'status of session-1',
      'session-created resume',
      'session-completed approved',
    ]);
  });

  it('what was approved is not, where nobody says so', async () => {
    const here = site();
    const before = await load(here, { pollInterval: 100 });
    here.say('Approved');
    await inState(before, 'approved');
    await leave(before);
    const target = await load(here, { statusResolver: () => Promise.reject(new Error('down')) });
    expect(target.value).to.equal('');
    expect(target.session!.sessionId).to.equal('session-2');
  });

  for (const status of ['401', '403', '404', '410']) {
    it(`${status}: gone without a word, and a new one comes`, async () => {
      const warned = [sinon.spy(console, 'warn'), sinon.spy(console, 'error')];
      const here = site({ status_url: endpoint(status).url });
      const target = await reloaded(here, { statusResolver: undefined });
      expect(here.log).to.deep.equal(['create', 'session-created initial']);
      expect(target.session!.sessionId).to.equal('session-2');
      expect(stored()).to.contain('session-2');
      expect(stored()).to.not.contain('session-1');
      expect(warned.some(({ called }) => called)).to.equal(false);
    });
  }

  for (const word of ['Expired', 'Abandoned', 'Kyc Expired']) {
    it(`${word}: gone without a word, and a new one comes`, async () => {
      const here = site();
      await leave(await load(here));
      here.log.length = 0;
      const statusResolver = ({ sessionId }: StatusResolverContext) =>
        sessionId === 'session-1' ? word : 'Not Started';
      const target = await load(here, { statusResolver });
      expect(here.log).to.deep.equal(['create', 'session-created initial']);
      expect(target.session!.sessionId).to.equal('session-2');
      expect(stored()).to.not.contain('session-1');
    });
  }

  for (const status of ['500', '503', '429', 'reset']) {
    it(`${status}: shown while its lifetime lasts`, async () => {
      const here = site({ status_url: endpoint(status).url, expires_in: 60 });
      const target = await reloaded(here, { statusResolver: undefined });
      expect(here.log).to.deep.equal(['session-created resume']);
      expect(target.session!.sessionId).to.equal('session-1');
    });
  }

  it('with nobody to ask it is shown while its lifetime lasts, and only then', async () => {
    const lasting = site({ expires_in: 60 });
    lasting.properties.statusResolver = undefined!;
    const target = await reloaded(lasting);
    expect(lasting.log).to.deep.equal(['session-created resume']);
    await leave(target);

    sessionStorage.clear();
    const unknown = site();
    unknown.properties.statusResolver = undefined!;
    await reloaded(unknown);
    expect(unknown.log).to.deep.equal(['create', 'session-created initial']);
  });

  for (const [word, state, sessions] of [
    ['Not Started', 'ready', 2],
    ['In Progress', 'in-progress', 1],
    ['Approved', 'approved', 1],
  ] as const) {
    it(`its end has passed while the page was away, its status is ${word}: ${state}`, async () => {
      const here = site({ expires_in: 60 });
      await leave(await load(here));
      const page = await emptyPage();
      const clock = fakeClock();
      await clock.tickAsync(61_000);
      here.say(word);
      const target = create(here.properties);
      page.append(target);
      await clock.tickAsync(10);
      expect(target.state).to.equal(state);
      expect(here.resolver.callCount).to.equal(sessions);
    });
  }

  it('knows a finished one for ten minutes, however often the page is loaded', async () => {
    const here = site();
    const before = await load(here, { pollInterval: 100 });
    here.say('Approved');
    await inState(before, 'approved');
    await leave(before);
    const page = await emptyPage();
    const clock = fakeClock();
    for (const [minutes, sessions] of [
      [6, 1],
      [3, 1],
      [3, 2],
    ] as const) {
      await clock.tickAsync(minutes * 60_000);
      const target = create(here.properties);
      page.append(target);
      await clock.tickAsync(10);
      expect(here.resolver.callCount, `after ${minutes} more minutes`).to.equal(sessions);
      target.remove();
      await clock.tickAsync(10);
    }
  });

  it('no-resume: keeps nothing, and looks for nothing', async () => {
    const here = site();
    await leave(await load(here, { noResume: true }));
    expect(sessionStorage).to.have.length(0);
    await leave(await load(here));
    const target = await load(here, { noResume: true });
    expect(target.session!.sessionId).to.equal('session-3');
  });

  for (const [name, end] of [
    ['cancel()', (target) => target.cancel()],
    ['a status that ends it', (target) => inState(target, 'expired')],
    ['both resolvers taken away', (target) => Object.assign(target, { resolver: undefined })],
  ] as [string, (target: DiditVerifyElement) => unknown][]) {
    it(`after ${name} there is nothing to be found`, async () => {
      const here = site();
      const before = await load(here, { pollInterval: 100, refreshExpired: 'never' });
      if (name.includes('status')) here.say('Expired');
      await end(before);
      await before.updateComplete;
      expect(sessionStorage).to.have.length(0);
      await leave(before);
      here.say('Not Started');
      const target = await load(here);
      expect(target.session!.sessionId).to.equal('session-2');
    });
  }

  it('after restart() it is the new one that is found', async () => {
    const here = site();
    const before = await load(here);
    await before.restart();
    await leave(before);
    const target = await load(here);
    expect(target.session!.sessionId).to.equal('session-2');
    expect(here.resolver.callCount).to.equal(2);
  });

  it('two elements have two sessions, and find one each', async () => {
    const here = site();
    const before = [await load(here), await load(here)];
    expect(before.map(({ session }) => session!.sessionId)).to.deep.equal([
      'session-1',
      'session-2',
    ]);
    await leave(...before);
    const after = await Promise.all([load(here), load(here)]);
    expect(after.map(({ session }) => session!.sessionId)).to.have.members([
      'session-1',
      'session-2',
    ]);
    const third = await load(here);
    expect(third.session!.sessionId).to.equal('session-3');
    expect(here.resolver.callCount).to.equal(3);
  });

  it('two elements never take up the same one, though both ask at once', async () => {
    const here = site();
    await leave(await load(here));
    const after = await Promise.all([load(here), load(here)]);
    const ids = after.map(({ session }) => session!.sessionId);
    expect(ids).to.have.members(['session-1', 'session-2']);
    expect(here.resolver.callCount).to.equal(2);
  });

  const waiting: [name: string, properties: Partial<DiditVerifyElement>][] = [
    ['manual', { manual: true }],
    ['dialog', { presentation: 'dialog' }],
  ];
  for (const [name, properties] of waiting) {
    it(`${name}: finds its session with nobody pressing, and creates none`, async () => {
      const here = site();
      const first = await load(here, properties, 'idle');
      await nextTask();
      expect(here.log).to.deep.equal([]);
      expect(await first.start()).to.equal('ready');
      await leave(first);

      here.log.length = 0;
      const target = await load(here, properties);
      expect(here.log).to.deep.equal(['status of session-1', 'session-created resume']);
      expect(target.open).to.equal(false);
      await target.showModal();
      expect(here.resolver.callCount).to.equal(1);
    });

    it(`${name}: where it is gone, there is the button again, and no new one`, async () => {
      const here = site();
      const first = await load(here, { ...properties, manual: true }, 'idle');
      await first.start();
      await leave(first);
      here.say('Expired');
      here.log.length = 0;
      const target = await load(here, properties, 'idle');
      await until(() => here.log.length > 0);
      await inState(target, 'idle');
      await nextTask();
      expect(here.log).to.deep.equal(['status of session-1']);
      expect(part(target, 'start-button')).to.not.equal(null);
    });
  }

  it('start() while it is looked for: a new one where it is gone', async () => {
    const here = site();
    const first = await load(here, { manual: true }, 'idle');
    await first.start();
    await leave(first);
    const { promise, resolve } = deferred<string>();
    const target = await load(here, { manual: true, statusResolver: () => promise }, 'loading');
    const started = target.start();
    resolve('Expired');
    expect(await started).to.equal('ready');
    expect(target.session!.sessionId).to.equal('session-2');
    expect(here.log.at(-1)).to.equal('session-created initial');
  });

  it('restart() while it is looked for: a new one, whatever its status', async () => {
    const here = site();
    await leave(await load(here));
    const { promise, resolve } = deferred<string>();
    const target = await load(here, { statusResolver: () => promise }, 'loading');
    const restarted = target.restart();
    resolve('In Progress');
    await restarted;
    expect(target.session!.sessionId).to.equal('session-2');
    expect(here.log.at(-1)).to.equal('session-created restart');
  });

  it('restart() takes up no other session that is kept, either', async () => {
    const here = site();
    await leave(await load(here), await load(here));
    const target = await load(here);
    expect(target.session!.sessionId).to.equal('session-1');
    await target.restart();
    expect(target.session!.sessionId).to.equal('session-3');
  });

  it('waits for the page to be seen, and for the element to be enabled', async () => {
    const here = site();
    await leave(await load(here));
    here.log.length = 0;
    setHidden(true);
    const target = await load(here, {}, 'idle');
    await nextTask();
    expect(here.log).to.deep.equal([]);
    setHidden(false);
    await inState(target, 'ready');
    await leave(target);

    here.log.length = 0;
    const disabled = await load(here, { disabled: true }, 'idle');
    await nextTask();
    expect(here.log).to.deep.equal([]);
    disabled.removeAttribute('disabled');
    await inState(disabled, 'ready');
    expect(here.resolver.callCount).to.equal(1);
  });

  it('restart() forgets nothing where it does nothing', async () => {
    const here = site();
    await leave(await load(here));
    const before = stored();
    const statusResolver = () => new Promise<never>(() => undefined);
    const target = await load(here, { statusResolver }, 'loading');
    await nextTask();
    target.disabled = true;
    void target.restart();
    expect(stored()).to.equal(before);
  });

  it('looks for nothing where nobody can be asked', async () => {
    const resolver = new URL('', document.baseURI).href;
    new SavedSessions(create({})).keep({ resolver }, sampleSession(), false);
    const target = await element({});
    await nextTask();
    expect([target.state, target.error]).to.deep.equal(['idle', null]);
  });

  const questions: [name: string, changes: Partial<DiditVerifyElement>][] = [
    ['scope', { scope: 'names' }],
    ['vendor data', { vendorData: 'user-2' }],
    ['resolver-url', { resolverUrl: '/backend/another/ok', resolver: undefined }],
  ];
  for (const [name, changes] of questions) {
    it(`another ${name} is another session, and the first is still there`, async () => {
      const here = site();
      await leave(await load(here, { vendorData: 'user-1' }));
      const { url } = endpoint('ok');
      const asked = { vendorData: 'user-1', ...changes };
      if (changes.resolverUrl) asked.resolverUrl = url;
      const other = await load(here, asked);
      expect(here.log.at(-1)).to.equal('session-created initial');
      await leave(other);
      const target = await load(here, { vendorData: 'user-1' });
      expect(here.log.at(-1)).to.equal('session-created resume');
      expect(target.session!.sessionId).to.equal('session-1');
      await leave(target);
      await load(here, asked);
      expect(here.log.at(-1)).to.equal('session-created resume');
    });
  }

  it('with a function for the resolver it belongs to the page’s path', async () => {
    const { pathname, search } = location;
    try {
      const here = site();
      await leave(await load(here));
      history.replaceState(null, '', '/another/page');
      const other = await load(here);
      expect(other.session!.sessionId).to.equal('session-2');
      await leave(other);
      history.replaceState(null, '', `${pathname}?other=query`);
      const target = await load(here);
      expect(target.session!.sessionId).to.equal('session-1');
    } finally {
      history.replaceState(null, '', pathname + search);
    }
  });

  it('writes down neither the person nor the bare token', async () => {
    const here = site({ session_token: 'bare-token', vendor_data: 'anna@example.org' });
    const target = await load(here, { vendorData: 'anna@example.org' });
    expect(stored()).to.contain('session-1');
    expect(stored()).to.not.match(/anna|example\.org|bare-token/);
    await leave(target);
    await load(here, { vendorData: 'anna@example.org' });
    expect(here.log.at(-1)).to.equal('session-created resume');
  });

  /** What somebody has made of what was stored. */
  function tamper(change: (saved: Record<string, unknown>) => unknown): void {
    for (const key of Object.keys(sessionStorage)) {
      const saved = JSON.parse(sessionStorage.getItem(key)!) as Record<string, unknown>[];
      sessionStorage.setItem(key, JSON.stringify(saved.map(change)));
    }
  }

  for (const url of [
    'https://evil.example/authorize/1',
    'javascript:alert(1)',
    'http://app.didit.me/authorize/1',
    'https://a:b@app.didit.me/',
    '/authorize/1',
    null,
  ]) {
    it(`does not show ${url} out of the store`, async () => {
      const here = site({ expires_in: 60 });
      await leave(await load(here));
      tamper((saved) => ({ ...saved, url }));
      const target = await load(here);
      expect(target.session!.sessionId).to.equal('session-2');
      expect((part(target, 'link') as HTMLAnchorElement).href).to.equal(answer(2).url);
      expect(here.log).to.not.include('error');
    });
  }

  it('does not show what allowed-hosts does not allow any more', async () => {
    const here = site();
    await leave(await load(here));
    const target = await load(here, { allowedHosts: 'other.example' }, 'error');
    expect(target.error!.code).to.equal('unsafe-url');
    expect(target.session).to.equal(null);
  });

  it('sends the page’s headers to no address that somebody has stored', async () => {
    const body = { ...answer(), status_url: endpoint('status').url, expires_in: 60 };
    const { url, requests } = endpoint('json');
    const properties = {
      resolver: undefined,
      statusResolver: undefined,
      resolverUrl: `${url}?body=${encodeURIComponent(JSON.stringify(body))}`,
      headers: { 'X-Csrf-Token': 'secret' },
    };
    const here = site();
    await leave(await load(here, properties));
    const away = endpoint('cors-status', await elsewhere());
    tamper((saved) => ({ ...saved, status_url: away.url }));
    await load(here, properties);
    expect(await away.requests()).to.deep.equal([]);
    expect(await requests()).to.have.length(2);
  });

  const nonsense = ['', 'x', 'null', '7', '{}', '[]', '[null]', '[7]', '[[]]', '[{}]', '["x"]'];
  for (const text of [...nonsense, '[{"session_id":5,"url":5,"finished":null}]']) {
    it(`bears ${text || 'an empty text'} in the store`, async () => {
      const here = site();
      await leave(await load(here));
      for (const key of Object.keys(sessionStorage)) sessionStorage.setItem(key, text);
      const target = await load(here);
      expect(target.session!.sessionId).to.equal('session-2');
      await leave(target);
      await load(here);
      expect(here.log.at(-1)).to.equal('session-created resume');
    });
  }

  it('bears a store that refuses everything', async () => {
    for (const method of ['getItem', 'setItem', 'removeItem'] as const) {
      sinon.stub(Storage.prototype, method).throws(new DOMException('full', 'QuotaExceededError'));
    }
    const here = site();
    const target = await load(here);
    await target.cancel();
    expect(await target.start()).to.equal('ready');
    expect(here.log).to.not.include('error');
  });

  it('bears a page that has no store', async () => {
    sinon.stub(window, 'sessionStorage').get(() => {
      throw new DOMException('forbidden', 'SecurityError');
    });
    const here = site();
    const target = await load(here, { manual: true }, 'idle');
    expect(await target.start()).to.equal('ready');
    await target.restart();
    expect(target.session!.sessionId).to.equal('session-2');
  });
});

describe('SessionController, twelve on one page', () => {
  afterEach(fixtureCleanup);

  it('all are answered and followed, and so is what the page asks for itself', async () => {
    const streams = Array.from({ length: 12 }, () => endpoint('events'));
    const targets = streams.map((stream, index) => {
      const body = {
        ...answer(index),
        status_url: endpoint('status').url,
        events_url: stream.url,
      };
      const resolverUrl = `${endpoint('json').url}?body=${encodeURIComponent(JSON.stringify(body))}`;
      return create({ resolverUrl, pollInterval: 100 });
    });
    (await fixture<HTMLElement>(html`<main></main>`)).append(...targets);
    await until(() => targets.every(({ status }) => status === 'Not Started'));

    const own = Array.from({ length: 12 }, () =>
      fetch(endpoint('ok').url, { method: 'POST', body: '{}' }),
    );
    const answers = await Promise.all(own);
    expect(answers.map(({ status }) => status)).to.deep.equal(own.map(() => 201));
    const connections = (await Promise.all(streams.map(({ requests }) => requests()))).flat();
    expect(connections.filter(({ open }) => open)).to.have.length(1);
    expect(new Set(targets.map(({ session }) => session!.sessionId)).size).to.equal(12);
  });
});
