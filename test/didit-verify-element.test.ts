import { expect, fixture, fixtureCleanup, html, oneEvent } from '@open-wc/testing';
import sinon from 'sinon';
import { DiditVerifyElement } from '../src/didit-verify-element.js';
import type { VerifyErrorCode } from '../src/errors.js';
import type { SessionCreatedDetail, StatusChangedDetail } from '../src/events.js';
import type { ResolverContext } from '../src/resolver.js';
import type { StateName } from '../src/state.js';
import type { StatusResolverContext } from '../src/status-request.js';
import { english } from '../src/strings.js';
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
  finishAnimations,
  inState,
  leaveOut,
  nextTask,
  part,
  press,
  restorePointer,
  setPointer,
  spoken,
  until,
} from './helpers.js';

const resolver = () => Promise.resolve(answer());
const failing = () => Promise.reject(new Error('down'));
const pending = () => new Promise<never>(() => undefined);

/** What leads to each of the states, at once. */
const wayTo: Record<StateName, Partial<DiditVerifyElement>> = {
  idle: { resolver, manual: true },
  loading: { resolver: pending },
  ready: { resolver },
  'in-progress': saying('Retrieved'),
  approved: saying('Confirmed'),
  declined: saying('Declined'),
  'in-review': saying('In Review'),
  cancelled: saying('Cancelled'),
  expired: saying('Expired'),
  error: { resolver: failing },
};
const stateNames = Object.keys(wayTo) as StateName[];

function saying(status: string): Partial<DiditVerifyElement> {
  return { resolver: () => ({ ...answer(), status }), refreshExpired: 'manual' };
}

/** Undoes whatever a test has changed; what is removed lets go of all it has in the next task. */
async function tidy(): Promise<void> {
  sinon.restore();
  restorePointer();
  fixtureCleanup();
  await nextTask();
}

/** Where the browser's driver has no keys: what Escape asks for (HTML, close requests). */
async function pressEscape(dialog: HTMLDialogElement): Promise<void> {
  if (!(await press('Escape'))) dialog.requestClose();
}

function codeOf(target: DiditVerifyElement): Element | null {
  return target.shadowRoot!.querySelector('.code');
}

describe('<didit-verify>, attributes and properties', () => {
  afterEach(tidy);

  it('reads every attribute', async () => {
    const target = await fixture<DiditVerifyElement>(html`
      <didit-verify
        manual
        resolver-url="/session"
        scope="names email"
        vendor-data="u-1"
        with-credentials
        loading="lazy"
        timeout="3000"
        max-retries="0"
        allowed-hosts="localhost"
        theme="dark"
        status-url="/status/{session_id}"
        poll-interval="500"
        refresh-expired="manual"
        no-resume
        presentation="dialog"
        name="identity"
        required
        disabled
      ></didit-verify>
    `);
    expect(target).to.include({
      statusUrl: '/status/{session_id}',
      pollInterval: 500,
      refreshExpired: 'manual',
      noResume: true,
      presentation: 'dialog',
      name: 'identity',
      required: true,
      disabled: true,
      manual: true,
      resolverUrl: '/session',
      scope: 'names email',
      vendorData: 'u-1',
      withCredentials: true,
      loading: 'lazy',
      timeout: 3000,
      maxRetries: 0,
      allowedHosts: 'localhost',
      theme: 'dark',
    });
  });

  it('has the documented defaults, and writes none of them into the markup', async () => {
    const target = await element();
    expect(target).to.include({
      resolverUrl: '',
      resolver: undefined,
      scope: undefined,
      vendorData: undefined,
      headers: undefined,
      withCredentials: false,
      manual: false,
      loading: 'eager',
      timeout: 15_000,
      maxRetries: 2,
      allowedHosts: 'didit.me *.didit.me',
      theme: 'auto',
      statusUrl: undefined,
      statusResolver: undefined,
      pollInterval: 3000,
      refreshExpired: 'auto',
      noResume: false,
      presentation: 'inline',
      open: false,
      name: '',
      required: false,
      disabled: false,
      state: 'idle',
      status: null,
      session: null,
      error: null,
      value: '',
      form: null,
      validationMessage: '',
      willValidate: true,
    });
    expect(target.labels).to.have.length(0);
    expect(target.validity.valid).to.equal(true);
    expect(target.strings).to.deep.equal({});
    expect(target.getAttributeNames()).to.deep.equal([]);
  });

  it('writes nothing into the markup by itself, whatever becomes of the session', async () => {
    const { say, ...status } = spoken();
    const target = await element({ resolver, ...status });
    await inState(target, 'ready');
    say('Approved');
    await inState(target, 'approved');
    await target.restart();
    await target.cancel();
    expect(target.getAttributeNames()).to.deep.equal([]);
  });

  for (const [name, value, markup] of [
    ['theme', 'dark', 'dark'],
    ['presentation', 'dialog', 'dialog'],
    ['name', 'identity', 'identity'],
    ['open', true, ''],
    ['required', true, ''],
    ['disabled', true, ''],
  ] as const) {
    it(`${name} is in the markup where a page sets it, and gone when it is taken back`, async () => {
      const target = await element({ resolver, manual: true });
      const before = target[name];
      Object.assign(target, { [name]: value });
      await target.updateComplete;
      expect(target.getAttribute(name)).to.equal(markup);
      Object.assign(target, { [name]: before });
      await target.updateComplete;
      expect(target.getAttribute(name) ?? '').to.equal(before || '');
      target.setAttribute(name, markup);
      expect(target[name]).to.equal(value);
      target.removeAttribute(name);
      await target.updateComplete;
      expect(target[name] || before).to.equal(before);
    });
  }

  it('lets nobody write what it only tells', async () => {
    const target = await element({ resolver, manual: true });
    const told = ['state', 'status', 'session', 'error', 'value', 'form', 'labels'];
    const asked = ['validity', 'validationMessage', 'willValidate'];
    for (const name of [...told, ...asked]) {
      expect(() => Object.assign(target, { [name]: 'approved' }), name).to.throw(TypeError);
    }
    expect(target).to.include({ state: 'idle', value: '' });
  });

  for (const nonsense of ['abc', '-1', '0', '']) {
    it(`takes timeout="${nonsense}" for the default`, async () => {
      const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      try {
        const target = await element({ resolver: pending });
        target.setAttribute('timeout', nonsense);
        await clock.tickAsync(14_900);
        expect(target.state).to.equal('loading');
        await clock.tickAsync(200);
        expect(target.error?.code).to.equal('resolver-timeout');
      } finally {
        clock.restore();
      }
    });
  }

  for (const [given, least, most] of [
    ['abc', 1, 1],
    ['-1', 1, 1],
    ['0', 1, 1],
    ['', 1, 1],
    ['1e99', 0, 0],
    ['1000', 4, 5],
    // Never a storm.
    ['1', 40, 50],
  ] as const) {
    it(`poll-interval="${given}" asks ${least} to ${most} times in 4 s`, async () => {
      const clock = fakeClock();
      const statusResolver = sinon.fake(() => 'Not Started');
      const target = await element({ resolver, statusResolver });
      target.setAttribute('poll-interval', given);
      await clock.tickAsync(4010);
      expect(target.state).to.equal('ready');
      expect(statusResolver.callCount).to.be.within(least, most);
    });
  }

  it('takes a number as text, as templates give it', async () => {
    const clock = fakeClock();
    const statusResolver = sinon.fake(() => 'Not Started');
    await element({ resolver, statusResolver, ...({ pollInterval: '1000' } as object) });
    const late = await element({ resolver: pending, ...({ timeout: '3000' } as object) });
    await clock.tickAsync(2900);
    expect(late.state).to.equal('loading');
    await clock.tickAsync(1110);
    expect(late.error?.code).to.equal('resolver-timeout');
    expect(statusResolver.callCount).to.be.within(4, 5);
  });

  it('takes no text for no number', async () => {
    const clock = fakeClock();
    const target = await element({ resolver: pending, ...({ timeout: '' } as object) });
    await clock.tickAsync(14_900);
    expect(target.state).to.equal('loading');
  });

  for (const isShownAgain of [true, false]) {
    it(`${isShownAgain ? 'replaces' : 'lets end'} a code ${isShownAgain ? 'once it is shown again' : 'that has no box in the page'}`, async () => {
      const page = await fixture<HTMLElement>(html`<main></main>`);
      const clock = fakeClock();
      let sessions = 0;
      const target = create({ resolver: () => ({ ...answer(++sessions), expires_in: 60 }) });
      // Its own box may be given up: what is in it is seen.
      target.style.display = 'contents';
      page.append(target);
      await clock.tickAsync(10);
      page.style.display = 'none';
      await clock.tickAsync(30_000);
      page.style.display = isShownAgain ? '' : 'none';
      await clock.tickAsync(30_000);
      expect(target.state).to.equal(isShownAgain ? 'ready' : 'expired');
      expect(sessions).to.equal(isShownAgain ? 2 : 1);
    });
  }

  it('asks for no layout on its way to a code that has no end', async () => {
    const looked = sinon.spy(Element.prototype, 'checkVisibility');
    const target = await element({ resolver: () => answer() });
    await inState(target, 'ready');
    expect(looked.callCount).to.equal(0);
  });

  for (const [name, nonsense, same] of [
    ['refresh-expired', 'sometimes', 'auto'],
    ['presentation', 'popup', 'inline'],
    ['loading', 'never', 'eager'],
    ['theme', 'neon', 'auto'],
  ] as const) {
    it(`takes ${name}="${nonsense}" for ${same}`, async () => {
      const page = await fixture<HTMLElement>(html`<main></main>`);
      const clock = fakeClock();
      let sessions = 0;
      const target = create({ resolver: () => ({ ...answer(++sessions), expires_in: 60 }) });
      target.setAttribute(name, nonsense);
      page.append(target);
      await clock.tickAsync(10);
      expect(target.state).to.equal('ready');
      expect(target.shadowRoot!.querySelector('dialog')).to.equal(null);
      expect(getComputedStyle(target).colorScheme).to.equal('normal');
      await clock.tickAsync(60_000);
      expect(sessions).to.equal(2);
    });
  }

  it('takes a timeout longer than timers go for the longest there is', async () => {
    const target = await element({ resolver: pending, timeout: 1e12 });
    await nextTask();
    await nextTask();
    expect(target.state).to.equal('loading');
  });

  it('asks the page’s own status-url, with the session’s id in it', async () => {
    const { url, requests } = endpoint('json');
    const target = await element({
      resolver: () => ({ ...answer('a/b'), status_url: '/never-asked' }),
      statusUrl: `${url}/{session_id}?body={"status":"Retrieved"}`,
      pollInterval: 100,
    });
    await inState(target, 'in-progress');
    const [request] = await requests();
    expect(request).to.include({ method: 'GET' });
    expect(request!.url).to.contain('/session-a%2Fb?');
  });

  it('asks the page’s own function before any URL, and no stream', async () => {
    const asked = sinon.stub(window, 'fetch');
    try {
      const statusResolver = sinon.fake((_context: StatusResolverContext) => 'Retrieved');
      const target = await element({
        resolver: () => ({ ...answer(), status_url: '/status', events_url: '/events' }),
        statusUrl: '/status',
        statusResolver,
        pollInterval: 100,
      });
      await inState(target, 'in-progress');
      const [context] = statusResolver.firstCall.args;
      expect(context.sessionId).to.equal('session-1');
      expect(context.signal).to.be.instanceOf(AbortSignal);
      expect(asked.called).to.equal(false);
    } finally {
      asked.restore();
    }
  });

  it('takes a removed attribute for the default', async () => {
    const { url, requests } = endpoint('503,503,ok');
    const target = await fixture<DiditVerifyElement>(html`
      <didit-verify manual max-retries="0" timeout="1" allowed-hosts="x" scope="x"></didit-verify>
    `);
    for (const name of ['max-retries', 'timeout', 'allowed-hosts', 'scope']) {
      target.removeAttribute(name);
    }
    target.resolverUrl = url;
    expect(await target.start()).to.equal('ready');
    expect((await requests()).map(({ body }) => body)).to.deep.equal(['{}', '{}', '{}']);
  });

  it('shows the session without the token, and the raw status', async () => {
    const target = await element({
      resolver: () => ({
        ...answer(),
        session_token: 'bare-token',
        status: 'Not Started',
        expires_in: 60,
        status_url: '/status?session=handle',
      }),
    });
    await inState(target, 'ready');
    expect(Object.keys(target.session!)).to.have.members(['sessionId', 'url', 'expiresAt']);
    expect(target.session!.expiresAt).to.be.instanceOf(Date);
    expect(target.status).to.equal('Not Started');
  });

  it('tells its state to style sheets: idle, loading, then what Didit says', async () => {
    const target = await element({ resolver: pending, manual: true });
    const matching = () => stateNames.filter((state) => target.matches(`:state(${state})`));
    expect(matching()).to.deep.equal(['idle']);
    void target.start();
    expect(matching()).to.deep.equal(['loading']);
  });

  for (const [state, properties] of Object.entries(wayTo)) {
    it(`tells its state to style sheets: ${state}`, async () => {
      const target = await element({ refreshExpired: 'never', ...properties });
      await inState(target, state);
      const matching = stateNames.filter((name) => target.matches(`:state(${name})`));
      expect(matching).to.deep.equal([state]);
      expect(target.matches(':not(:state(nonsense))')).to.equal(true);
    });
  }
});

describe('<didit-verify>, events', () => {
  afterEach(fixtureCleanup);

  it('session-created bubbles out of shadow roots, with the session and the reason', async () => {
    const outer = document.createElement('div');
    outer.attachShadow({ mode: 'open' });
    document.body.append(outer);
    const target = Object.assign(document.createElement('didit-verify'), { resolver });
    const heard = oneEvent(document, 'session-created');
    outer.shadowRoot!.append(target);
    const event = (await heard) as CustomEvent<SessionCreatedDetail>;
    expect(event.composed).to.equal(true);
    expect(event.detail).to.deep.equal({
      sessionId: 'session-1',
      url: 'https://app.didit.me/authorize/token-1',
      expiresAt: null,
      reason: 'initial',
    });
    outer.remove();
  });

  it('is heard when the state is already told', async () => {
    const target = await element({ resolver, manual: true });
    let state: string | undefined;
    target.addEventListener('session-created', () => (state = target.state));
    await target.start();
    expect(state).to.equal('ready');
  });

  it('error comes once, after the last retry, and does not bubble', async () => {
    const { url } = endpoint('503,503,503,ok');
    const target = await element({ manual: true, resolverUrl: url });
    const heard = sinon.spy();
    const above = sinon.spy();
    target.addEventListener('error', heard);
    target.parentElement!.addEventListener('error', above);
    await target.start();
    expect(heard.callCount).to.equal(1);
    expect(above.called).to.equal(false);
    const event = heard.firstCall.args[0] as CustomEvent;
    expect(event.bubbles || event.composed).to.equal(false);
    expect(event.detail).to.equal(target.error);
    expect(event.detail).to.include({ code: 'resolver-failed', httpStatus: 503, retryable: true });
  });

  it('comes once for each transition, never for a render', async () => {
    const target = await element({ resolver, manual: true });
    const heard = sinon.spy();
    target.addEventListener('session-created', heard);
    await target.start();
    for (const theme of ['dark', 'light'] as const) {
      target.theme = theme;
      target.requestUpdate();
      await target.updateComplete;
    }
    expect(heard.callCount).to.equal(1);
  });

  it('bears a listener that cancels', async () => {
    const target = await element({ resolver, manual: true });
    target.addEventListener('session-created', () => void target.cancel());
    expect(await target.start()).to.equal('cancelled');
  });

  it('bears a listener that throws: the page is told, and the session goes on', async () => {
    const { onerror } = window;
    // In place of the test runner's.
    const told = (window.onerror = sinon.fake.returns(true));
    const { say, ...status } = spoken();
    const target = await element({ resolver, manual: true, ...status });
    target.addEventListener('session-created', () => {
      throw new Error('boom');
    });
    expect(await target.start()).to.equal('ready');
    say('In Progress');
    await inState(target, 'in-progress');
    expect(told.callCount).to.equal(1);
    window.onerror = onerror;
  });
});

describe('<didit-verify>, what is shown', () => {
  afterEach(fixtureCleanup);

  it('loading: a spinner and a message, no link', async () => {
    const target = await element({ resolver: pending });
    expect(part(target, 'spinner')).to.not.equal(null);
    expect(part(target, 'message')!.textContent).to.equal(english.loading);
    expect(part(target, 'link')).to.equal(null);
  });

  it('ready: the code with a name, and the same URL as a real link', async () => {
    const target = await element({ resolver });
    await inState(target, 'ready');
    const code = part(target, 'qr')!.querySelector('svg')!;
    expect(code.getAttribute('role')).to.equal('img');
    expect(code.getAttribute('aria-label')).to.equal(english['qr-label']);
    const link = part(target, 'link') as HTMLAnchorElement;
    expect(link.href).to.equal(target.session!.url);
    expect(link.target).to.equal('_blank');
    expect(link.relList.contains('noopener')).to.equal(true);
    expect(link.referrerPolicy).to.equal('no-referrer');
  });

  it('idle: a start button where somebody has to press it', async () => {
    const target = await element({ resolver, manual: true });
    part(target, 'start-button')!.click();
    await inState(target, 'ready');
  });

  it('error: the sentence of the code and a button that tries again', async () => {
    const target = await element({ resolver: failing });
    await inState(target, 'error');
    expect(part(target, 'message')!.textContent).to.equal(english['resolver-failed']);
    target.resolver = resolver;
    const created = oneEvent(target, 'session-created');
    part(target, 'retry-button')!.click();
    expect(((await created) as CustomEvent<SessionCreatedDetail>).detail.reason).to.equal('retry');
  });

  it('cancelled: a start button', async () => {
    const target = await element({ resolver });
    await inState(target, 'ready');
    await target.cancel();
    expect(part(target, 'message')!.textContent).to.equal(english.cancelled);
    part(target, 'start-button')!.click();
    await inState(target, 'ready');
  });

  it('a press never submits the form around it, and keeps the keyboard’s place', async () => {
    const form = await fixture<HTMLFormElement>(html`
      <form><didit-verify manual .resolver=${resolver}></didit-verify></form>
    `);
    const submitted = sinon.spy((event: Event) => event.preventDefault());
    form.addEventListener('submit', submitted);
    const target = form.querySelector('didit-verify')!;
    const button = part(target, 'start-button')!;
    button.focus();
    button.click();
    await inState(target, 'ready');
    expect(submitted.called).to.equal(false);
    expect(target.shadowRoot!.activeElement).to.equal(part(target, 'base'));
  });

  it('leaves the focus where it is after that, and on a button that stays', async () => {
    const target = await element({ resolver, manual: true });
    part(target, 'start-button')!.click();
    await inState(target, 'ready');
    part(target, 'link')!.focus();
    target.theme = 'dark';
    await target.updateComplete;
    expect(target.shadowRoot!.activeElement).to.equal(part(target, 'link'));

    const lost = await element({ manual: true });
    await lost.start();
    part(lost, 'retry-button')!.focus();
    part(lost, 'retry-button')!.click();
    await lost.updateComplete;
    expect(lost.shadowRoot!.activeElement).to.equal(part(lost, 'retry-button'));
  });

  it('keeps the live region there, unseen, where the code says enough', async () => {
    const target = await element({ resolver });
    await inState(target, 'ready');
    const message = part(target, 'message')!;
    expect(message.textContent).to.equal(english.ready);
    expect(message.checkVisibility({ visibilityProperty: true })).to.equal(true);
    expect(getComputedStyle(message).clipPath).to.equal('inset(50%)');
  });

  it('does not take the focus by itself', async () => {
    const target = await element({ resolver });
    await inState(target, 'ready');
    expect(document.activeElement).to.not.equal(target);
  });

  it('takes words and slots from the page, as text', async () => {
    const target = await fixture<DiditVerifyElement>(html`
      <didit-verify .resolver=${resolver} .strings=${{ link: '<b>Go</b>' }}>
        <h2 slot="heading">Prove your age</h2>
        <p>No script</p>
      </didit-verify>
    `);
    await inState(target, 'ready');
    expect(part(target, 'link')!.textContent.trim()).to.equal('<b>Go</b>');
    const slot = target.shadowRoot!.querySelector<HTMLSlotElement>('slot[name="heading"]')!;
    expect(slot.assignedElements()).to.deep.equal([target.querySelector('h2')]);
    expect(target.querySelector('p')!.assignedSlot).to.equal(null);
  });

  it('has no inline style and no data URL in any state', async () => {
    const target = await element({ resolver, manual: true });
    const check = () => {
      expect(target.shadowRoot!.querySelector('[style]')).to.equal(null);
      expect(target.shadowRoot!.innerHTML).to.not.contain('data:');
    };
    check();
    await target.start();
    check();
    await target.cancel();
    check();
    target.resolver = failing;
    await target.start();
    check();
  });

  it('says what to do, or in its place what is going on', async () => {
    for (const state of stateNames) {
      const target = await element({ refreshExpired: 'never', ...wayTo[state] });
      await inState(target, state);
      const words = part(target, 'description')!;
      const isSaid = words.checkVisibility({ visibilityProperty: true });
      expect(isSaid, state).to.equal(['idle', 'ready'].includes(state));
      const isTold = getComputedStyle(part(target, 'message')!).clipPath === 'none';
      expect(isTold, state).to.equal(!isSaid);
    }
  });

  it('takes the place of what a server has drawn', async () => {
    const page = await fixture<HTMLElement>(html`<main></main>`);
    page.setHTMLUnsafe(`
      <didit-verify manual resolver-url="/session">
        <template shadowrootmode="open"><p part="base">Drawn by a server</p></template>
      </didit-verify>
    `);
    const target = page.querySelector('didit-verify')!;
    await until(() => target.state === 'idle');
    await target.updateComplete;
    expect(target.shadowRoot!.textContent).to.not.contain('Drawn by a server');
    expect(target.shadowRoot!.querySelectorAll('[part~="base"]')).to.have.length(1);
    expect(getComputedStyle(part(target, 'base')!).display).to.equal('grid');
  });

  it('takes its styles along into another document', async function () {
    if (!adoptionKeepsClasses()) leaveOut(this, ADOPTION);
    const target = await element({ resolver });
    await inState(target, 'ready');
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const other = frame.contentDocument!;
    other.body.append(target);
    await nextTask();
    const base = part(target, 'base')!;
    expect(frame.contentWindow!.getComputedStyle(base).display).to.equal('grid');
    expect(target.state).to.equal('ready');
    document.body.append(target);
    expect(getComputedStyle(base).display).to.equal('grid');
    frame.remove();
    target.remove();
  });

  it('is dressed when its first document is not the one it was made in', async function () {
    if (!adoptionKeepsClasses()) leaveOut(this, ADOPTION);
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const target = Object.assign(document.createElement('didit-verify'), { resolver });
    frame.contentDocument!.body.append(target);
    await inState(target, 'ready');
    const { display } = frame.contentWindow!.getComputedStyle(part(target, 'base')!);
    expect(display).to.equal('grid');
    frame.remove();
  });

  it('takes the style sheets of a subclass along, too', async function () {
    if (!adoptionKeepsClasses()) leaveOut(this, ADOPTION);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('.base { order: 7 }');
    class Styled extends DiditVerifyElement {
      static override styles = [DiditVerifyElement.styles, sheet];
    }
    Styled.define('styled-verify');
    const target = new Styled();
    document.body.append(target);
    await target.updateComplete;
    expect(getComputedStyle(part(target, 'base')!).order).to.equal('7');
    const frame = document.createElement('iframe');
    document.body.append(frame);
    frame.contentDocument!.body.append(target);
    expect(frame.contentWindow!.getComputedStyle(part(target, 'base')!).order).to.equal('7');
    frame.remove();
  });

  it('gives out dates that are the page’s own', async () => {
    const target = await element({ resolver: () => ({ ...answer(), expires_in: 60 }) });
    await inState(target, 'ready');
    target.session!.expiresAt!.setTime(0);
    expect(target.session!.expiresAt!.getTime()).to.be.greaterThan(0);
  });
});

describe('<didit-verify>, once the phone has opened it', () => {
  afterEach(tidy);

  it('the code gives way at once to what to do now', async () => {
    const { say, ...status } = spoken();
    const target = await element({ resolver, ...status });
    await inState(target, 'ready');
    const told = oneEvent(target, 'status-changed');
    say('Retrieved');
    const { detail } = (await told) as CustomEvent<StatusChangedDetail>;
    expect(detail).to.deep.equal({
      sessionId: 'session-1',
      state: 'in-progress',
      previousState: 'ready',
      status: 'Retrieved',
    });
    await target.updateComplete;
    expect(codeOf(target)).to.equal(null);
    expect(part(target, 'link')).to.equal(null);
    expect(part(target, 'message')!.textContent).to.equal(english['in-progress']);
  });

  it('the code can be shown again, and is the same session', async () => {
    const calls = sinon.fake(() => ({ ...answer(), status: 'Retrieved' }));
    const target = await element({ resolver: calls });
    await inState(target, 'in-progress');
    part(target, 'show-code-button')!.click();
    await target.updateComplete;
    expect(codeOf(target)).to.not.equal(null);
    expect((part(target, 'link') as HTMLAnchorElement).href).to.equal(answer().url);
    expect(target.state).to.equal('in-progress');
    expect(calls.callCount).to.equal(1);
  });

  it('tells all of the way, in its order, and each step once', async () => {
    const { say, ...status } = spoken();
    const target = await element({ resolver, manual: true, ...status });
    const told: string[] = [];
    for (const type of ['session-created', 'status-changed', 'session-completed', 'change']) {
      target.addEventListener(type, (event) => {
        const { state, status: word } = target;
        told.push(`${event.type}: ${state}, ${word}`);
      });
    }
    await target.start();
    say('Not Started');
    await oneEvent(target, 'status-changed');
    say('In Progress');
    await inState(target, 'in-progress');
    say('Approved');
    await inState(target, 'approved');
    say('Declined');
    await nextTask();
    expect(told).to.deep.equal([
      'session-created: ready, null',
      'status-changed: ready, Not Started',
      'status-changed: in-progress, In Progress',
      'status-changed: approved, Approved',
      'session-completed: approved, Approved',
      'change: approved, Approved',
    ]);
  });
});

describe('<didit-verify>, on a phone', () => {
  afterEach(tidy);

  async function ready(properties: Partial<DiditVerifyElement> = {}) {
    const target = await element({ resolver, ...properties });
    await inState(target, 'ready');
    return target;
  }

  /** Which of the two comes first. */
  function lead(target: DiditVerifyElement): 'code' | 'link' {
    const link = part(target, 'link') as HTMLAnchorElement;
    const isFirst = target.shadowRoot!.querySelector('.base a, .base button') === link;
    return isFirst && !codeOf(target) && !link.hasAttribute('target') ? 'link' : 'code';
  }

  it('the link comes first, in the same tab, and no code', async () => {
    setPointer('finger');
    const target = await ready();
    const link = part(target, 'link') as HTMLAnchorElement;
    expect(lead(target)).to.equal('link');
    expect(link.getAttribute('href')).to.equal(target.session!.url);
    expect([...link.relList]).to.include.members(['noopener', 'noreferrer']);
    expect(link.referrerPolicy).to.equal('no-referrer');
    expect(link.textContent.trim()).to.equal(english['link-touch']);
  });

  it('there is no link before there is an address', async () => {
    setPointer('finger');
    const { promise, resolve } = deferred<ReturnType<typeof answer>>();
    const target = await element({ resolver: () => promise });
    expect(target.state).to.equal('loading');
    expect(target.shadowRoot!.querySelector('a')).to.equal(null);
    resolve(answer());
    await inState(target, 'ready');
    expect((part(target, 'link') as HTMLAnchorElement).href).to.equal(answer().url);
  });

  it('the code is one press away, for another device', async () => {
    setPointer('finger');
    const target = await ready();
    part(target, 'show-code-button')!.focus();
    part(target, 'show-code-button')!.click();
    await target.updateComplete;
    expect(codeOf(target)).to.not.equal(null);
    expect(part(target, 'show-code-button')).to.equal(null);
    expect(part(target, 'link')).to.not.equal(null);
    expect(target.state).to.equal('ready');
    expect(target.shadowRoot!.activeElement).to.not.equal(null);
  });

  it('the link stays while the person is on their way', async () => {
    setPointer('finger');
    const { say, ...status } = spoken();
    const target = await ready(status);
    say('Retrieved');
    await inState(target, 'in-progress');
    expect(part(target, 'message')!.textContent).to.equal(english['in-progress-touch']);
    expect((part(target, 'link') as HTMLAnchorElement).href).to.equal(target.session!.url);
    expect(codeOf(target)).to.equal(null);
  });

  it('with a mouse the code comes first, the link in a tab of its own', async () => {
    setPointer('mouse');
    const target = await ready();
    const link = part(target, 'link') as HTMLAnchorElement;
    expect(codeOf(target)).to.not.equal(null);
    expect(link.target).to.equal('_blank');
    expect([...link.relList]).to.include.members(['noopener', 'noreferrer']);
    expect(link.referrerPolicy).to.equal('no-referrer');
    expect(part(target, 'show-code-button')).to.equal(null);
  });

  it('another pointer, while it is on show, is no new session', async () => {
    setPointer('mouse');
    const asked = sinon.fake(resolver);
    const target = await ready({ resolver: asked });
    for (const [pointer, first] of [
      ['finger', 'link'],
      ['mouse', 'code'],
      ['finger', 'link'],
    ] as const) {
      setPointer(pointer);
      await target.updateComplete;
      expect(lead(target)).to.equal(first);
    }
    expect(asked.callCount).to.equal(1);
  });

  it('another pointer, while it is out of the page, is seen when it is put back', async () => {
    setPointer('mouse');
    const target = await ready();
    const parent = target.parentElement!;
    target.remove();
    setPointer('finger');
    parent.append(target);
    await target.updateComplete;
    expect(lead(target)).to.equal('link');
  });

  it('it is so in the dialog, too', async () => {
    setPointer('finger');
    const target = await element({ resolver, presentation: 'dialog' });
    await target.showModal();
    expect(lead(target)).to.equal('link');
  });

  const agents = {
    iPhone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148',
    Macintosh: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1.15',
  };
  for (const [pointer, first] of [
    ['finger', 'link'],
    ['mouse', 'code'],
  ] as const) {
    for (const [name, agent] of Object.entries(agents)) {
      it(`the ${pointer} counts, not that it is said to be an ${name}`, async () => {
        setPointer(pointer);
        sinon.stub(navigator, 'userAgent').get(() => agent);
        sinon.stub(navigator, 'maxTouchPoints').get(() => (name === 'iPhone' ? 5 : 0));
        expect(lead(await ready())).to.equal(first);
      });
    }

    for (const width of [300, 2000]) {
      it(`the ${pointer} counts, not a width of ${width} px`, async () => {
        setPointer(pointer);
        sinon.stub(window, 'innerWidth').get(() => width);
        const target = await ready();
        target.parentElement!.style.inlineSize = `${width}px`;
        await target.updateComplete;
        expect(lead(target)).to.equal(first);
      });
    }
  }

  it('the browser is asked for the pointer and the resolution, and nothing else', async () => {
    const asked = sinon.spy(window, 'matchMedia');
    await ready();
    const queries = asked.args.map(([query]) => query.replace(/[\d.]+/, '1'));
    expect([...new Set(queries)]).to.have.members(['(pointer: coarse)', '(resolution: 1dppx)']);
  });
});

describe('<didit-verify>, copying the link', () => {
  afterEach(tidy);

  function clipboardIs(clipboard: Partial<Clipboard> | undefined): void {
    sinon.stub(navigator, 'clipboard').get(() => clipboard);
  }

  const nameOf = (node: Element) => node.getAttribute('aria-label') ?? node.textContent.trim();

  const said = (target: Element) => part(target, 'message')!.textContent;

  it('says so when it is done', async () => {
    const writeText = sinon.fake((_text: string) => Promise.resolve());
    clipboardIs({ writeText });
    const target = await element({ resolver });
    await inState(target, 'ready');
    const button = part(target, 'copy-button')!;
    expect(nameOf(button)).to.equal(english.copy);
    button.focus();
    button.click();
    await until(() => said(target) === english.copied);
    expect(writeText.args).to.deep.equal([[target.session!.url]]);
    expect(target.shadowRoot!.activeElement).to.equal(button);
  });

  it('goes on saying so while Didit’s word changes, and leaves the text to be selected', async () => {
    for (const clipboard of [{ writeText: () => Promise.resolve() }, undefined]) {
      clipboardIs(clipboard);
      const { say, ...status } = spoken('initialized');
      const target = await element({ resolver, ...status });
      await until(() => target.status === 'initialized');
      const control = () => target.shadowRoot!.querySelector('input, [part=copy-button]')!;
      part(target, 'copy-button')!.click();
      await until(() => control().matches('input') || said(target) === english.copied);
      const before = [control(), said(target)];
      say('Not Started');
      await until(() => target.status === 'Not Started');
      await target.updateComplete;
      expect([control(), said(target)]).to.deep.equal(before);
    }
  });

  it('says nothing of it beside the next link', async () => {
    clipboardIs({ writeText: () => Promise.resolve() });
    const target = await element({ resolver });
    await inState(target, 'ready');
    part(target, 'copy-button')!.click();
    await until(() => said(target) === english.copied);
    await target.restart();
    expect(said(target)).to.equal(english.ready);
  });

  const refusals: [name: string, clipboard: Partial<Clipboard> | undefined][] = [
    ['is refused', { writeText: () => Promise.reject(new DOMException('no', 'NotAllowedError')) }],
    ['is not there', undefined],
  ];
  for (const [name, clipboard] of refusals) {
    it(`where the clipboard ${name}, the text itself can be selected`, async () => {
      clipboardIs(clipboard);
      const target = await element({ resolver });
      await inState(target, 'ready');
      part(target, 'copy-button')!.focus();
      part(target, 'copy-button')!.click();
      await until(() => target.shadowRoot!.querySelector('input'));
      expect(target.shadowRoot!.activeElement, 'the focus stays inside').to.not.equal(null);
      const field = target.shadowRoot!.querySelector('input')!;
      expect(field.readOnly).to.equal(true);
      expect(field.value).to.equal(target.session!.url);
      expect(nameOf(field)).to.equal(english['url-label']);
      field.focus();
      const { selectionStart, selectionEnd } = field;
      expect([selectionStart, selectionEnd]).to.deep.equal([0, field.value.length]);
    });
  }
});

describe('<didit-verify>, in a dialog', () => {
  afterEach(tidy);

  /** A closed dialog, with the function that it asks. */
  async function closed(properties: Partial<DiditVerifyElement> = {}) {
    let sessions = 0;
    const asked = sinon.fake((_context: ResolverContext) => answer(++sessions));
    const target = await element({ resolver: asked, presentation: 'dialog', ...properties });
    const closings = sinon.spy();
    target.addEventListener('close', closings);
    return { target, asked, closings };
  }

  async function opened(properties: Partial<DiditVerifyElement> = {}) {
    const made = await closed(properties);
    await made.target.showModal();
    return made;
  }

  const dialogOf = (target: Element) => part(target, 'dialog') as HTMLDialogElement;
  const isModal = (target: Element) => dialogOf(target).matches(':modal');

  it('is a button, and asks for nothing before it is pressed', async () => {
    const { target, asked } = await closed();
    await nextTask();
    await nextTask();
    expect(target.state).to.equal('idle');
    expect(asked.called).to.equal(false);
    expect(part(target, 'start-button')!.checkVisibility()).to.equal(true);
    expect(part(target, 'base')!.checkVisibility()).to.equal(false);

    part(target, 'start-button')!.click();
    await inState(target, 'ready');
    expect(isModal(target)).to.equal(true);
    expect(target.open).to.equal(true);
    expect(asked.args.map(([{ reason }]) => reason)).to.deep.equal(['initial']);
    expect(codeOf(target)!.checkVisibility()).to.equal(true);
  });

  it('takes the focus inside, and gives it back to the button', async () => {
    const { target } = await closed();
    const button = part(target, 'start-button')!;
    button.focus();
    button.click();
    await inState(target, 'ready');
    expect(dialogOf(target).contains(target.shadowRoot!.activeElement)).to.equal(true);
    await target.close();
    expect(target.shadowRoot!.activeElement).to.equal(button);
  });

  it('gives the focus back to a button of the page that has opened it', async () => {
    const { target } = await closed();
    const button = document.createElement('button');
    target.before(button);
    button.addEventListener('click', () => void target.showModal());
    button.focus();
    button.click();
    await inState(target, 'ready');
    expect(document.activeElement).to.equal(target);
    part(target, 'close-button')!.click();
    await oneEvent(target, 'close');
    expect(document.activeElement).to.equal(button);
  });

  it('Escape closes it, and the focus goes back', async () => {
    const { target, closings } = await closed();
    const button = part(target, 'start-button')!;
    button.focus();
    button.click();
    await inState(target, 'ready');
    const heard = oneEvent(target, 'close');
    await pressEscape(dialogOf(target));
    await heard;
    await target.updateComplete;
    expect(target.open).to.equal(false);
    expect(target.hasAttribute('open')).to.equal(false);
    expect(isModal(target)).to.equal(false);
    expect(target.shadowRoot!.activeElement).to.equal(button);
    expect(closings.callCount).to.equal(1);
  });

  const openings: [name: string, open: (target: DiditVerifyElement) => unknown][] = [
    ['showModal()', (target) => target.showModal()],
    ['the button', (target) => part(target, 'start-button')!.click()],
    ['the property', (target) => (target.open = true)],
    ['the attribute', (target) => target.setAttribute('open', '')],
  ];
  for (const [name, open] of openings) {
    it(`${name} opens it, and is one session`, async () => {
      const { target, asked, closings } = await closed();
      open(target);
      await inState(target, 'ready');
      expect(target.open).to.equal(true);
      expect(target.hasAttribute('open')).to.equal(true);
      expect(isModal(target)).to.equal(true);
      open(target);
      await target.updateComplete;
      expect(asked.callCount).to.equal(1);
      expect(closings.called).to.equal(false);
    });
  }

  it('is open from the start where the markup says so', async () => {
    const { target, asked } = await closed({ open: true });
    await inState(target, 'ready');
    expect(isModal(target)).to.equal(true);
    expect(asked.callCount).to.equal(1);
  });

  const closings: [name: string, close: (target: DiditVerifyElement) => unknown][] = [
    ['close()', (target) => target.close()],
    ['the button', (target) => part(target, 'close-button')!.click()],
    ['the property', (target) => (target.open = false)],
    ['the attribute', (target) => target.removeAttribute('open')],
    ['the platform', (target) => dialogOf(target).close()],
    ['Escape', (target) => pressEscape(dialogOf(target))],
  ];
  for (const [name, close] of closings) {
    it(`${name} closes it: one close event, and the session goes on`, async () => {
      const { target, asked, closings } = await opened();
      const above = sinon.spy();
      target.parentElement!.addEventListener('close', above);
      const heard = oneEvent(target, 'close');
      close(target);
      const event = await heard;
      await target.updateComplete;
      expect(target.open).to.equal(false);
      expect(target.hasAttribute('open')).to.equal(false);
      expect(dialogOf(target).open).to.equal(false);
      expect(event.bubbles || event.composed).to.equal(false);
      expect(target.state).to.equal('ready');

      await target.showModal();
      expect(target.session!.sessionId).to.equal('session-1');
      expect(asked.callCount).to.equal(1);
      expect(closings.callCount).to.equal(1);
      expect(above.called).to.equal(false);
    });
  }

  it('closed twice, or never opened, tells nothing more', async () => {
    const { target, closings } = await opened();
    void target.close();
    void target.close();
    await oneEvent(target, 'close');
    await target.close();
    await nextTask();
    expect(closings.callCount).to.equal(1);
  });

  it('stays closed when it is drawn in the task of closing', async () => {
    const { target, closings } = await opened();
    const heard = oneEvent(target, 'close');
    // As Escape does: the event comes in a task of its own.
    dialogOf(target).close();
    target.strings = { heading: 'Another' };
    await target.updateComplete;
    expect(dialogOf(target).open).to.equal(false);
    await heard;
    expect(target.open).to.equal(false);
    expect(closings.callCount).to.equal(1);
  });

  it('opened again in the task of closing it stays open', async () => {
    const { target } = await opened();
    const heard = oneEvent(dialogOf(target), 'close');
    target.open = false;
    await target.updateComplete;
    target.open = true;
    await target.updateComplete;
    await heard;
    await target.updateComplete;
    expect(target.open).to.equal(true);
    expect(isModal(target)).to.equal(true);
  });

  it('pressed again before the browser has told of its end it opens', async () => {
    const { target } = await opened();
    const heard = new Promise((resolve) =>
      dialogOf(target).addEventListener('close', resolve, { once: true }),
    );
    // As the Escape key does.
    dialogOf(target).close();
    part(target, 'start-button')!.click();
    expect(isModal(target)).to.equal(true);
    await heard;
    await target.updateComplete;
    expect(target.open).to.equal(true);
    expect(isModal(target)).to.equal(true);
  });

  it('its promises tell the state after it is drawn, and never reject', async () => {
    const { target } = await closed();
    expect(await target.showModal()).to.equal('ready');
    expect(isModal(target)).to.equal(true);
    expect(codeOf(target)).to.not.equal(null);
    expect(await target.close()).to.equal('ready');
    expect(dialogOf(target).open).to.equal(false);
    target.resolver = failing;
    await target.restart();
    expect(await target.showModal()).to.equal('error');
    await target.close();
  });

  for (const method of ['showModal', 'close'] as const) {
    it(`${method}() is answered before it is in a page, too`, async () => {
      const target = create({ resolver, presentation: 'dialog' });
      expect(await target[method]()).to.equal('idle');
    });
  }

  it('in the page’s flow showModal() just starts, and close() is nothing', async () => {
    const target = await element({ resolver, manual: true });
    expect(await target.showModal()).to.equal('ready');
    expect(target.open).to.equal(false);
    expect(await target.close()).to.equal('ready');
  });

  it('a failure is told in it, with a way to go on', async () => {
    const { target, asked } = await closed({ resolver: failing });
    await target.showModal();
    expect(part(target, 'message')!.checkVisibility()).to.equal(true);
    expect(part(target, 'message')!.textContent).to.equal(english['resolver-failed']);
    target.resolver = asked;
    part(target, 'retry-button')!.click();
    await inState(target, 'ready');
    expect(isModal(target)).to.equal(true);
  });

  it('opened after a failure it tries again', async () => {
    const { target, asked } = await opened({ resolver: failing });
    await target.close();
    target.resolver = asked;
    expect(await target.showModal()).to.equal('ready');
    expect(asked.args.map(([{ reason }]) => reason)).to.deep.equal(['retry']);
  });

  it('closed while it asks: what was asked for goes on', async () => {
    const { promise, resolve } = deferred<ReturnType<typeof answer>>();
    const asked = sinon.fake(() => promise);
    const target = await element({ resolver: asked, presentation: 'dialog', open: true });
    await nextTask();
    await target.close();
    resolve(answer());
    await inState(target, 'ready');
    await target.showModal();
    expect(asked.callCount).to.equal(1);
  });

  it('closed while the person is at it, it hears of the end', async () => {
    const { say, ...status } = spoken();
    const { target, asked } = await opened(status);
    say('In Progress');
    await inState(target, 'in-progress');
    await target.close();
    say('Approved');
    await inState(target, 'approved');
    expect(dialogOf(target).open).to.equal(false);
    expect(part(target, 'start-button')!.textContent).to.contain(english.approved);
    await target.showModal();
    expect(part(target, 'message')!.textContent).to.equal(english.approved);
    expect(asked.callCount).to.equal(1);
  });

  it('success stays on show, with a button that closes', async () => {
    const { say, ...status } = spoken();
    const { target } = await opened(status);
    say('Approved');
    await inState(target, 'approved');
    expect(isModal(target)).to.equal(true);
    expect(part(target, 'message')!.textContent).to.equal(english.approved);
    const done = part(target, 'base')!.querySelector<HTMLElement>('button')!;
    expect(done.textContent.trim()).to.equal(english.done);
    done.click();
    await oneEvent(target, 'close');
    expect(target).to.include({ open: false, state: 'approved', value: 'session-1' });
  });

  const short = (sessions: number) => ({ ...answer(sessions), expires_in: 60 });

  it('while it is closed no code is replaced by itself', async () => {
    let sessions = 0;
    const { target } = await closed({ resolver: () => short(++sessions) });
    const clock = fakeClock();
    void target.showModal();
    await clock.tickAsync(10);
    expect(target.state).to.equal('ready');
    void target.close();
    const expired = sinon.spy();
    target.addEventListener('session-expired', expired);
    await clock.tickAsync(120_000);
    expect(sessions).to.equal(1);
    expect(target.state).to.equal('expired');
    const { detail } = expired.firstCall.args[0] as CustomEvent;
    expect(detail).to.deep.equal({ sessionId: 'session-1', willRefresh: false });

    void target.showModal();
    await clock.tickAsync(10);
    expect(sessions).to.equal(2);
    expect(target.state).to.equal('ready');
  });

  it('while it is open they are', async () => {
    let sessions = 0;
    const { target } = await closed({ resolver: () => short(++sessions) });
    const clock = fakeClock();
    void target.showModal();
    await clock.tickAsync(60_000);
    expect(sessions).to.equal(2);
    expect(target.state).to.equal('ready');
  });

  const moves: [name: string, move: (target: Element, place: Element) => void][] = [
    ['append()', (target, place) => place.append(target)],
    [
      'remove() and append()',
      (target, place) => {
        target.remove();
        place.append(target);
      },
    ],
    ['moveBefore()', (target, place) => place.moveBefore(target, null)],
  ];
  for (const [name, move] of moves) {
    it(`moved by ${name} while it is open it is modal again`, async function () {
      if (name === 'moveBefore()' && !canMoveBefore) leaveOut(this, MOVE_BEFORE);
      const place = await fixture<HTMLElement>(html`<div></div>`);
      const { target, asked, closings } = await opened();
      move(target, place);
      await target.updateComplete;
      expect(target.parentElement).to.equal(place);
      expect(target.open).to.equal(true);
      expect(isModal(target)).to.equal(true);
      expect(codeOf(target)!.checkVisibility()).to.equal(true);
      await nextTask();
      await nextTask();
      expect(isModal(target)).to.equal(true);
      expect(closings.called).to.equal(false);
      expect(asked.callCount).to.equal(1);
      void target.close();
      await oneEvent(target, 'close');
      expect(closings.callCount).to.equal(1);
    });
  }

  it('put back later it is modal again, and where it was opened meanwhile', async () => {
    const { target, asked } = await opened();
    const parent = target.parentElement!;
    target.remove();
    await nextTask();
    await nextTask();
    parent.append(target);
    expect(isModal(target)).to.equal(true);

    await target.close();
    target.remove();
    await nextTask();
    target.open = true;
    await target.updateComplete;
    parent.append(target);
    await target.updateComplete;
    expect(isModal(target)).to.equal(true);
    expect(asked.callCount).to.equal(1);
  });

  it('closed while it is out of the page it stays closed', async () => {
    const { target } = await opened();
    const parent = target.parentElement!;
    target.remove();
    target.open = false;
    parent.append(target);
    await target.updateComplete;
    expect(dialogOf(target).open).to.equal(false);
  });

  it('into the page’s flow and back keeps session and code', async () => {
    const { target, asked } = await opened();
    await target.close();
    target.presentation = 'inline';
    await target.updateComplete;
    expect(part(target, 'dialog')).to.equal(null);
    expect(codeOf(target)!.checkVisibility()).to.equal(true);
    target.presentation = 'dialog';
    await target.updateComplete;
    expect(codeOf(target)!.checkVisibility()).to.equal(false);
    await target.showModal();
    expect(codeOf(target)!.checkVisibility()).to.equal(true);
    expect(asked.callCount).to.equal(1);
  });

  it('into the page’s flow its code follows the size of its frame', async () => {
    const { target } = await opened();
    await target.close();
    target.presentation = 'inline';
    await target.updateComplete;
    target.style.setProperty('--didit-qr-size', '400px');
    await until(() => codeOf(target)!.getBoundingClientRect().width > 300);
  });

  it('disabled, nothing opens it', async () => {
    const { target, asked } = await closed({ disabled: true });
    part(target, 'start-button')!.click();
    expect(await target.showModal()).to.equal('idle');
    expect(target.open).to.equal(false);
    expect(dialogOf(target).open).to.equal(false);
    expect(asked.called).to.equal(false);
    target.disabled = false;
    expect(await target.showModal()).to.equal('ready');
    expect(isModal(target)).to.equal(true);
  });
});

describe('<didit-verify>, in a form', () => {
  afterEach(tidy);

  /** A form with an element in it, and what it says when it is sent. */
  async function formWith(properties: Partial<DiditVerifyElement> = {}) {
    const { say, ...status } = spoken();
    const target = create({ resolver, name: 'identity', ...status, ...properties });
    const form = await fixture<HTMLFormElement>(html`
      <form><fieldset>${target}</fieldset></form>
    `);
    const sent: (FormDataEntryValue | null)[] = [];
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      sent.push(new FormData(form).get('identity'));
    });
    const fieldset = form.querySelector('fieldset')!;
    return { form, fieldset, target, say, sent };
  }

  async function approvedForm(properties: Partial<DiditVerifyElement> = {}) {
    const made = await formWith(properties);
    made.say('Approved');
    await inState(made.target, 'approved');
    return made;
  }

  const entries = (form: HTMLFormElement) => [...new FormData(form)];

  it('belongs to it, by the platform’s own means', async () => {
    const { form, target } = await formWith();
    const label = document.createElement('label');
    target.id = 'identity-control';
    label.htmlFor = target.id;
    form.append(label);
    expect(DiditVerifyElement.formAssociated).to.equal(true);
    expect(target.form).to.equal(form);
    expect([...form.elements]).to.include(target);
    expect([...target.labels]).to.deep.equal([label]);
    expect(target.willValidate).to.equal(true);
  });

  it('has a value once the person is approved, and not before', async () => {
    const { form, target, say } = await formWith();
    expect(entries(form)).to.deep.equal([]);
    await inState(target, 'ready');
    expect(entries(form)).to.deep.equal([]);
    say('In Progress');
    await inState(target, 'in-progress');
    expect(entries(form)).to.deep.equal([]);
    expect(target.value).to.equal('');
    say('Approved');
    await inState(target, 'approved');
    expect(entries(form)).to.deep.equal([['identity', 'session-1']]);
    expect(target.value).to.equal('session-1');
  });

  it('sends nothing without a name', async () => {
    const { form, target } = await approvedForm({ name: '' });
    expect(entries(form)).to.deep.equal([]);
    expect(target.value).to.equal('session-1');
  });

  for (const [word, state] of [
    ['Declined', 'declined'],
    ['In Review', 'in-review'],
    ['Cancelled', 'cancelled'],
    ['Expired', 'expired'],
  ] as const) {
    it(`${state} is no approval: no value, and required is not met`, async () => {
      const changed = sinon.spy();
      const { form, target, say, sent } = await formWith({
        required: true,
        refreshExpired: 'never',
      });
      target.addEventListener('change', changed);
      say(word);
      await inState(target, state);
      expect(target.value).to.equal('');
      expect(entries(form)).to.deep.equal([]);
      form.requestSubmit();
      expect(sent).to.deep.equal([]);
      expect(target.validity.valueMissing).to.equal(true);
      expect(changed.called).to.equal(false);
    });
  }

  it('required, it keeps the form until the person is approved', async () => {
    const { form, target, say, sent } = await formWith({ required: true });
    const invalid = sinon.spy();
    target.addEventListener('invalid', invalid);
    await inState(target, 'ready');
    form.requestSubmit();
    expect(sent).to.deep.equal([]);
    expect(invalid.callCount).to.equal(1);
    expect(target.checkValidity()).to.equal(false);
    expect(target.reportValidity()).to.equal(false);
    expect(form.checkValidity()).to.equal(false);
    expect(invalid.callCount).to.equal(4);
    expect(target.validity.valueMissing).to.equal(true);
    expect(target.validationMessage).to.equal(english['value-missing']);
    expect(target.matches(':invalid')).to.equal(true);

    say('Approved');
    await inState(target, 'approved');
    expect(target.checkValidity() && target.reportValidity()).to.equal(true);
    expect(target.validity.valid).to.equal(true);
    expect(target.validationMessage).to.equal('');
    form.requestSubmit();
    expect(sent).to.deep.equal(['session-1']);
  });

  it('not required, it keeps nothing', async () => {
    const { form, target, sent } = await formWith();
    form.requestSubmit();
    expect(sent).to.deep.equal([null]);
    target.required = true;
    await target.updateComplete;
    expect(form.checkValidity()).to.equal(false);
    target.removeAttribute('required');
    await target.updateComplete;
    expect(form.checkValidity()).to.equal(true);
  });

  it('says in the page’s own words what is missing', async () => {
    const { target } = await formWith({ required: true });
    target.strings = { 'value-missing': 'First prove who you are.' };
    await target.updateComplete;
    expect(target.validationMessage).to.equal('First prove who you are.');
  });

  const places: [name: string, properties: Partial<DiditVerifyElement>][] = [
    ...Object.entries(wayTo).filter(([state]) => state !== 'approved'),
    ['dialog', { presentation: 'dialog' }],
  ];
  for (const [name, properties] of places) {
    it(`points at something that can be seen and has the focus: ${name}`, async () => {
      const anchored = sinon.spy(ElementInternals.prototype, 'setValidity');
      const { form, target } = await formWith({
        required: true,
        statusResolver: undefined,
        ...properties,
      });
      if (name !== 'dialog') await inState(target, name);
      const [flags, message, anchor] = anchored.lastCall.args;
      expect(flags).to.deep.equal({ valueMissing: true });
      expect(message).to.equal(english['value-missing']);
      expect(target.shadowRoot!.contains(anchor!)).to.equal(true);
      expect(anchor!.checkVisibility()).to.equal(true);
      form.requestSubmit();
      expect(target.shadowRoot!.activeElement).to.equal(anchor);
    });
  }

  it('tells the browser nothing anew where nothing has changed', async () => {
    const { target } = await formWith({ statusResolver: undefined });
    await inState(target, 'ready');
    const told = (['setFormValue', 'setValidity'] as const).map((name) =>
      sinon.spy(ElementInternals.prototype, name),
    );
    target.requestUpdate();
    await target.updateComplete;
    expect(told.map(({ callCount }) => callCount)).to.deep.equal([0, 0]);
  });

  it('a listener of session-completed can send the form at once', async () => {
    const { form, target, say, sent } = await formWith({ required: true });
    target.addEventListener('session-completed', () => form.requestSubmit());
    say('Approved');
    await inState(target, 'approved');
    expect(sent).to.deep.equal(['session-1']);
  });

  it('tells of the value once, as a control of the platform does', async () => {
    const { form, target, say } = await formWith();
    const changed = sinon.spy();
    form.addEventListener('change', changed);
    say('Approved');
    await inState(target, 'approved');
    target.requestUpdate();
    await target.updateComplete;
    expect(changed.callCount).to.equal(1);
    const event = changed.firstCall.args[0] as Event;
    expect(event.target).to.equal(target);
    expect(event.bubbles).to.equal(true);
    expect(event.composed).to.equal(false);
  });

  it('a form that is reset is as at first, and asks for nothing by itself', async () => {
    const asked = sinon.fake(resolver);
    const { form, target, say } = await approvedForm({ required: true, resolver: asked });
    expect(sessionStorage.length).to.equal(1);
    say('Not Started');
    form.reset();
    expect(target).to.include({ state: 'idle', value: '', session: null });
    expect(entries(form)).to.deep.equal([]);
    expect(form.checkValidity()).to.equal(false);
    expect(sessionStorage.length).to.equal(0);
    await target.updateComplete;
    expect(codeOf(target)).to.equal(null);
    await nextTask();
    await nextTask();
    expect(target.state).to.equal('idle');
    expect(asked.callCount).to.equal(1);

    part(target, 'start-button')!.click();
    await inState(target, 'ready');
    expect(asked.callCount).to.equal(2);
  });

  for (const state of ['loading', 'ready', 'in-progress', 'error', 'expired'] as const) {
    it(`a form that is reset in ${state} leads to idle`, async () => {
      const properties = { statusResolver: undefined, ...wayTo[state] };
      const { form, target } = await formWith({ ...properties, refreshExpired: 'never' });
      await inState(target, state);
      const told = sinon.spy();
      target.addEventListener('status-changed', told);
      target.addEventListener('session-completed', told);
      form.reset();
      await nextTask();
      await nextTask();
      await target.updateComplete;
      expect(target.state).to.equal('idle');
      expect(part(target, 'start-button')).to.not.equal(null);
      expect(sessionStorage.length).to.equal(0);
      expect(told.called).to.equal(false);
    });
  }

  it('two forms have each their own', async () => {
    const first = await formWith({ required: true });
    const second = await formWith({ required: true, resolver: () => answer('second') });
    first.say('Approved');
    await inState(first.target, 'approved');
    expect(entries(first.form)).to.deep.equal([['identity', 'session-1']]);
    expect(entries(second.form)).to.deep.equal([]);
    expect(first.form.checkValidity()).to.equal(true);
    expect(second.form.checkValidity()).to.equal(false);
    first.form.reset();
    await inState(second.target, 'ready');
    expect(second.target.session!.sessionId).to.equal('session-second');
  });

  it('moved into another form it takes its value along', async () => {
    const first = await approvedForm();
    const second = await fixture<HTMLFormElement>(html`<form></form>`);
    second.append(first.target);
    expect(first.target.form).to.equal(second);
    expect(entries(first.form)).to.deep.equal([]);
    expect(entries(second)).to.deep.equal([['identity', 'session-1']]);
  });

  it('outside of a form it can name one', async () => {
    const { form } = await formWith();
    form.id = 'elsewhere';
    const target = await element({ ...wayTo.approved, name: 'identity' });
    target.setAttribute('form', 'elsewhere');
    await inState(target, 'approved');
    expect(target.form).to.equal(form);
    expect(entries(form)).to.deep.equal([['identity', 'session-1']]);
  });

  it('what the browser restores is no approval', async () => {
    const { form, target } = await formWith({ required: true });
    const { formStateRestoreCallback } = target as {
      formStateRestoreCallback?: (state: string, mode: string) => void;
    };
    formStateRestoreCallback?.call(target, 'session-1', 'restore');
    formStateRestoreCallback?.call(target, 'session-1', 'autocomplete');
    await target.updateComplete;
    expect(target.value).to.equal('');
    expect(entries(form)).to.deep.equal([]);
    expect(form.checkValidity()).to.equal(false);
  });

  for (const [name, properties] of [
    ...Object.entries(wayTo),
    ['dialog', { presentation: 'dialog', open: true, ...saying('Approved') }],
  ] as [string, Partial<DiditVerifyElement>][]) {
    it(`nothing that is pressed inside sends it: ${name}`, async () => {
      sinon.stub(navigator, 'clipboard').get(() => undefined);
      const { form, target, sent } = await formWith({ statusResolver: undefined, ...properties });
      if (name !== 'dialog') await inState(target, name);
      const all = () => [...target.shadowRoot!.querySelectorAll('button, input')];
      // What was pressed may put something else in its place.
      for (let round = 0; round < 4; round++) {
        for (const control of all() as HTMLElement[]) {
          control.focus();
          await press('Enter');
          control.click();
        }
        await nextTask();
        await target.updateComplete;
      }
      expect(sent).to.deep.equal([]);
      expect(target.form).to.equal(form);
    });
  }
});

describe('<didit-verify>, disabled', () => {
  afterEach(tidy);

  it('is so also where the property was set before the element was defined', async () => {
    const late = Object.assign(document.createElement('late-control'), {
      resolver,
      disabled: true,
    });
    const target = late as unknown as DiditVerifyElement;
    await fixture(html`${target}`);
    DiditVerifyElement.define('late-control');
    await target.updateComplete;
    expect([target.matches(':disabled'), target.state]).to.deep.equal([true, 'idle']);
    target.disabled = false;
    await inState(target, 'ready');
    expect(target.hasAttribute('disabled')).to.equal(false);
  });

  type Switch = (target: DiditVerifyElement, isDisabled: boolean) => void;
  const switches: [name: string, set: Switch][] = [
    ['the property', (target, isDisabled) => (target.disabled = isDisabled)],
    ['the attribute', (target, isDisabled) => target.toggleAttribute('disabled', isDisabled)],
    [
      'a fieldset',
      (target, isDisabled) => {
        target.closest('fieldset')!.disabled = isDisabled;
      },
    ],
  ];

  async function inFieldset(
    properties: Partial<DiditVerifyElement>,
    isDisabled: boolean,
    set: Switch,
  ) {
    const target = create(properties);
    const place = await fixture<HTMLElement>(html`<form><fieldset></fieldset></form>`);
    place.querySelector('fieldset')!.append(target);
    set(target, isDisabled);
    await target.updateComplete;
    await nextTask();
    await nextTask();
    return target;
  }

  for (const [name, set] of switches) {
    it(`by ${name}: nothing starts, until it is enabled`, async () => {
      const asked = sinon.fake(resolver);
      const target = await inFieldset({ resolver: asked, required: true }, true, set);
      expect(target.state).to.equal('idle');
      expect(await target.start()).to.equal('idle');
      expect(await target.restart()).to.equal('idle');
      expect(asked.called).to.equal(false);
      expect(target.shadowRoot!.querySelector('button, a')).to.equal(null);
      expect(target.willValidate).to.equal(false);
      expect(target.matches(':disabled')).to.equal(true);
      set(target, false);
      await inState(target, 'ready');
      expect(codeOf(target)).to.not.equal(null);
      expect(target.willValidate).to.equal(true);
      expect(asked.callCount).to.equal(1);
    });

    it(`by ${name}: the code is hidden and not replaced, the session goes on`, async () => {
      const asked = sinon.fake(resolver);
      const { say, ...status } = spoken();
      const target = await inFieldset({ resolver: asked, name: 'x', ...status }, false, set);
      await inState(target, 'ready');
      set(target, true);
      await target.updateComplete;
      expect(codeOf(target)).to.equal(null);
      expect(target.shadowRoot!.querySelector('button, a')).to.equal(null);
      say('In Progress');
      await inState(target, 'in-progress');
      expect(target.shadowRoot!.querySelector('button, a')).to.equal(null);
      set(target, false);
      await target.updateComplete;
      await target.updateComplete;
      expect(part(target, 'show-code-button')).to.not.equal(null);
      set(target, true);
      say('Approved');
      await inState(target, 'approved');
      expect(part(target, 'message')!.textContent).to.equal(english.approved);
      expect(new FormData(target.form!).has('x')).to.equal(false);
      set(target, false);
      expect(new FormData(target.form!).get('x')).to.equal('session-1');
      expect(asked.callCount).to.equal(1);
    });

    it(`by ${name}, while it asks: nothing is shown before it is enabled`, async () => {
      const { promise, resolve } = deferred<ReturnType<typeof answer>>();
      const asked = sinon.fake(() => promise);
      const target = await inFieldset({ resolver: asked }, false, set);
      expect(target.state).to.equal('loading');
      set(target, true);
      await target.updateComplete;
      resolve(answer());
      await nextTask();
      await target.updateComplete;
      expect(codeOf(target)).to.equal(null);
      expect(part(target, 'link')).to.equal(null);
      set(target, false);
      await until(() => codeOf(target));
      expect(asked.callCount).to.equal(1);
    });

    it(`by ${name}: a code that ends is not replaced`, async () => {
      let sessions = 0;
      const asked = () => ({ ...answer(++sessions), expires_in: 60 });
      const target = await inFieldset({ resolver: asked, manual: true }, false, set);
      const clock = fakeClock();
      void target.start();
      await clock.tickAsync(1000);
      expect(target.state).to.equal('ready');
      set(target, true);
      await clock.tickAsync(120_000);
      expect(target.state).to.equal('expired');
      expect(sessions).to.equal(1);
      expect(target.shadowRoot!.querySelector('button')).to.equal(null);
    });
  }

  it('switched a thousand times it is one session', async () => {
    const asked = sinon.fake(resolver);
    const target = await element({ resolver: asked });
    for (let turn = 0; turn < 1000; turn++) {
      target.disabled = !target.disabled;
      if (turn % 3) await target.updateComplete;
    }
    await inState(target, 'ready');
    await nextTask();
    expect(asked.callCount).to.equal(1);
  });

  it('manual, enabling starts nothing', async () => {
    const asked = sinon.fake(resolver);
    const target = await element({ resolver: asked, manual: true, disabled: true });
    target.disabled = false;
    await until(() => part(target, 'start-button'));
    await nextTask();
    expect(asked.called).to.equal(false);
  });
});

describe('<didit-verify>, a logo in the code', () => {
  afterEach(tidy);

  function logoOf(colour = 'rebeccapurple'): HTMLElement {
    const logo = document.createElement('div');
    logo.slot = 'logo';
    logo.style.cssText = `inline-size: 40px; block-size: 40px; background: ${colour}`;
    return logo;
  }

  const sizeOf = (target: DiditVerifyElement) =>
    target.shadowRoot!.querySelector<SVGSVGElement>('.code')!.viewBox.baseVal.width;
  const place = (target: DiditVerifyElement) => target.shadowRoot!.querySelector('.logo');

  it('may be there from the start', async () => {
    const target = create({ resolver });
    target.append(logoOf());
    await fixture(html`${target}`);
    await inState(target, 'ready');
    expect(place(target)!.getBoundingClientRect().width).to.be.greaterThan(20);
  });

  it('may come and go: the code has room for it just so long', async () => {
    const target = await element({ resolver });
    await inState(target, 'ready');
    const without = sizeOf(target);
    expect(place(target)).to.equal(null);
    const logo = logoOf();
    target.append(logo);
    await until(() => place(target));
    expect(sizeOf(target)).to.be.greaterThan(without);
    logo.remove();
    await until(() => !place(target));
    expect(sizeOf(target)).to.equal(without);
  });

  it('is left out, and comes, with the size of the code', async () => {
    const target = await element({ resolver, manual: true });
    target.append(logoOf());
    target.style.setProperty('--didit-qr-size', '128px');
    await target.start();
    await until(() => !place(target));
    target.style.setProperty('--didit-qr-size', '240px');
    await until(() => place(target));
  });

  it('is no larger than its place, whatever the page makes of it', async () => {
    const target = await element({ resolver, manual: true });
    const logo = logoOf();
    target.append(logo);
    await target.start();
    await until(() => place(target));
    // What is inert is not found at any point.
    (place(target) as HTMLElement).inert = false;
    const box = place(target)!.getBoundingClientRect();
    const middle = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    expect(middle).to.equal(logo);
    const code = target.shadowRoot!.querySelector('.code')!.getBoundingClientRect();
    expect(box.width / code.width).to.be.at.most(0.22);
    for (const css of [
      'position: fixed; inset: 0; z-index: 9',
      'position: absolute; inset: -999px',
      'inline-size: 999px; block-size: 999px; max-inline-size: none; max-block-size: none',
      'scale: 9',
      'margin: -200px',
    ]) {
      logo.style.cssText = `background: red; ${css}`;
      const corners = [
        [code.left + 12, code.top + 12],
        [box.left - 3, box.top - 3],
        [box.right + 3, box.bottom + 3],
      ] as const;
      for (const [x, y] of corners) {
        expect(document.elementFromPoint(x, y), `${css} at ${x}, ${y}`).to.not.equal(logo);
      }
    }
  });
});

describe('<didit-verify>, for everybody', () => {
  afterEach(tidy);

  interface Variant {
    readonly isDialog?: boolean;
    readonly isClosed?: boolean;
    readonly isDisabled?: boolean;
    readonly isTouch?: boolean;
    readonly states?: readonly StateName[];
  }
  const variants: [name: string, variant: Variant][] = [
    ['in the page’s flow', {}],
    ['with a finger', { isTouch: true }],
    ['in a dialog', { isDialog: true }],
    [
      'with the dialog closed',
      { isDialog: true, isClosed: true, states: ['idle', 'ready', 'approved'] },
    ],
    ['disabled', { isDisabled: true, states: ['idle', 'ready', 'in-progress'] }],
  ];

  async function shown(state: StateName, theme: 'light' | 'dark', variant: Variant) {
    const { isDialog = false, isClosed, isDisabled = false, isTouch } = variant;
    if (isTouch) setPointer('finger');
    const way = wayTo[state];
    const target = await element({ ...way, theme, presentation: isDialog ? 'dialog' : 'inline' });
    // A dialog that is opened starts, so it is idle where that was cancelled.
    if (isDialog && state === 'idle') target.resolver = pending;
    target.open = isDialog;
    await target.updateComplete;
    if (isDialog && state === 'idle') await target.cancel();
    await inState(target, state);
    Object.assign(target, { disabled: isDisabled, open: isDialog && !isClosed });
    await target.updateComplete;
    finishAnimations(target);
    return target;
  }

  for (const theme of ['light', 'dark'] as const) {
    for (const [name, variant] of variants) {
      for (const state of variant.states ?? stateNames) {
        it(`is accessible ${name}, ${theme}: ${state}`, async () => {
          const target = await shown(state, theme, variant);
          expect(part(target, 'base')!.checkVisibility()).to.equal(!variant.isClosed);
          await expect(target).to.be.accessible();
        });
      }
    }

    it(`is accessible with the code asked for, and the link to be copied, ${theme}`, async () => {
      sinon.stub(navigator, 'clipboard').get(() => undefined);
      const target = await element({ ...wayTo['in-progress'], theme });
      await inState(target, 'in-progress');
      part(target, 'show-code-button')!.click();
      await target.updateComplete;
      await expect(target).to.be.accessible();
      part(target, 'copy-button')!.click();
      await until(() => target.shadowRoot!.querySelector('input'));
      await expect(target).to.be.accessible();
    });
  }
});

describe('<didit-verify>, bad input', () => {
  const consoleError = sinon.stub();
  const uncaught = sinon.spy();
  const original = console.error;

  beforeEach(() => {
    consoleError.resetHistory();
    uncaught.resetHistory();
    console.error = consoleError;
    addEventListener('error', uncaught);
    addEventListener('unhandledrejection', uncaught);
  });

  afterEach(() => {
    console.error = original;
    removeEventListener('error', uncaught);
    removeEventListener('unhandledrejection', uncaught);
    fixtureCleanup();
  });

  const json = (body: unknown) =>
    `${endpoint('json').url}?body=${encodeURIComponent(typeof body === 'string' ? body : JSON.stringify(body))}`;
  const withUrl = (url: unknown) => json({ session_id: '1', url });

  type Row = [
    name: string,
    code: VerifyErrorCode,
    resolverUrl: string | (() => string | Promise<string>),
  ];
  const table: Row[] = [
    ['no resolver-url', 'resolver-missing', ''],
    ['a URL that does not parse', 'resolver-unreachable', 'http://'],
    ['a refused connection', 'resolver-unreachable', 'http://localhost:9/session'],
    ['a CORS refusal', 'resolver-unreachable', async () => endpoint('ok', await elsewhere()).url],
    ['a connection that is cut', 'resolver-unreachable', () => endpoint('reset').url],
    ['a redirect to a login page', 'invalid-response', () => endpoint('login').url],
    ['204', 'invalid-response', () => endpoint('204').url],
    ['400', 'resolver-rejected', () => endpoint('400').url],
    ['401', 'resolver-rejected', () => endpoint('401').url],
    ['403', 'resolver-rejected', () => endpoint('403').url],
    ['404', 'resolver-rejected', () => endpoint('404').url],
    ['429', 'rate-limited', () => endpoint('429').url],
    ['500', 'resolver-failed', () => endpoint('500').url],
    ['503', 'resolver-failed', () => endpoint('503').url],
    ['an empty body', 'invalid-response', () => endpoint('empty').url],
    ['half a body', 'resolver-unreachable', () => endpoint('half').url],
    ['half a JSON text', 'invalid-response', () => json('{"session_id":"1","url":"https://app')],
    ['invalid JSON', 'invalid-response', () => json('session')],
    ['a JSON array', 'invalid-response', () => json([])],
    ['a JSON string', 'invalid-response', () => json('"session"')],
    ['null', 'invalid-response', () => json('null')],
    [
      '__proto__',
      'invalid-response',
      () => json('{"__proto__":{"session_id":"1","url":"https://app.didit.me/"}}'),
    ],
    ['no session_id', 'invalid-response', () => json({ url: 'https://app.didit.me/' })],
    [
      'a session_id that is no text',
      'invalid-response',
      () => json({ session_id: 1, url: 'https://app.didit.me/' }),
    ],
    ['no url', 'invalid-response', () => json({ session_id: '1' })],
    ['a url that is no text', 'invalid-response', () => withUrl(5)],
    ['a relative url', 'unsafe-url', () => withUrl('/authorize/1')],
    ['a javascript: url', 'unsafe-url', () => withUrl('javascript:alert(1)')],
    ['a data: url', 'unsafe-url', () => withUrl('data:text/html,x')],
    ['an http: url to a public host', 'unsafe-url', () => withUrl('http://app.didit.me/')],
    ['user info', 'unsafe-url', () => withUrl('https://a:b@app.didit.me/')],
    ['a backslash', 'unsafe-url', () => withUrl('https://app.didit.me\\x')],
    ['a host outside allowed-hosts', 'unsafe-url', () => withUrl('https://evil.example/')],
    ['evildidit.me', 'unsafe-url', () => withUrl('https://evildidit.me/')],
    ['didit.me.evil.example', 'unsafe-url', () => withUrl('https://didit.me.evil.example/')],
    ['5,000 characters', 'unsafe-url', () => withUrl(`https://app.didit.me/${'a'.repeat(5000)}`)],
    ['an answer that never comes', 'resolver-timeout', () => endpoint('silence').url],
    ['a body that never ends', 'resolver-timeout', () => endpoint('endless').url],
    ['a flood', 'invalid-response', () => endpoint('flood').url],
  ];

  for (const [name, code, given] of table) {
    it(`${name}: ${code}, said in words, with a way to go on`, async () => {
      const resolverUrl = typeof given === 'string' ? given : await given();
      const timeout = code === 'resolver-timeout' ? 100 : 5000;
      const target = await element({ resolverUrl, timeout, maxRetries: 0, manual: true });
      expect(await target.start()).to.equal('error');
      expect(target.error!.code).to.equal(code);
      expect(target.error!.message).to.not.equal('');
      expect(part(target, 'message')!.textContent).to.equal(english[code]);
      expect(part(target, 'link')).to.equal(null);
      expect(target.shadowRoot!.querySelector('.code')).to.equal(null);

      // The short limit was for the bad answer: a good one may take its time.
      Object.assign(target, { resolverUrl: endpoint('ok').url, timeout: 5000 });
      part(target, 'retry-button')!.click();
      await inState(target, 'ready');
      await nextTask();
      expect(uncaught.called).to.equal(false);
      expect(consoleError.called).to.equal(false);
    });
  }

  it('leaves no stale code when a later answer is bad', async () => {
    const target = await element({ resolver });
    await inState(target, 'ready');
    target.resolver = undefined;
    target.resolverUrl = withUrl('https://evil.example/');
    await inState(target, 'error');
    expect(target.session).to.equal(null);
    expect(target.shadowRoot!.querySelector('.code')).to.equal(null);
  });

  it('bears nonsense in every property', async () => {
    const nonsense = { timeout: null, maxRetries: {}, allowedHosts: 5, strings: 'x', theme: 7 };
    const target = await element({ resolver, ...(nonsense as object) });
    await inState(target, 'error');
    expect(target.error!.code).to.equal('unsafe-url');
    Object.assign(target, { headers: 7, resolver: 'text', vendorData: 10n, scope: {} });
    expect(await target.restart()).to.equal('error');
    expect(target.error!.code).to.equal('resolver-failed');
    await nextTask();
    expect(uncaught.called).to.equal(false);
  });
});

describe('DiditVerifyElement.define()', () => {
  it('has registered the tag on import', () => {
    expect(customElements.get('didit-verify')).to.equal(DiditVerifyElement);
  });

  it('does nothing where the tag is taken', () => {
    DiditVerifyElement.define();
    expect(customElements.get('didit-verify')).to.equal(DiditVerifyElement);
  });

  it('registers a subclass under a second name', async () => {
    DiditVerifyElement.define('second-verify');
    const target = document.createElement('second-verify');
    if (!(target instanceof DiditVerifyElement)) throw new Error('It is another class.');
    target.resolver = resolver;
    document.body.append(target);
    await inState(target, 'ready');
    target.remove();
  });

  it('throws for a name that is none', () => {
    expect(() => DiditVerifyElement.define('nodash')).to.throw();
  });

  it('does nothing without a registry', () => {
    expect(() => DiditVerifyElement.define('y-verify', null)).to.not.throw();
    expect(customElements.get('y-verify')).to.equal(undefined);
  });
});
