import { render } from 'lit';
import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import type { VerifyErrorCode, VerifyErrorDetail } from '../src/errors.js';
import { drawn, type LiveSession } from '../src/live-session.js';
import { logoCode } from '../src/logo.js';
import type { VerifyState } from '../src/state.js';
import { countdownText, english, waitText, type StringKey, type Strings } from '../src/strings.js';
import { dialogView, inlineView, type Presses, type ViewModel } from '../src/views.js';
import { sampleSession } from './sample-session.js';

const session = sessionOf('1');

/** With the code of its own URL. */
function sessionOf(id: string): LiveSession {
  return drawn(sampleSession({ sessionId: id }));
}

const errorOf = (code: VerifyErrorCode): VerifyErrorDetail => ({
  code,
  message: 'internal',
  retryable: true,
});

function errorState(code: VerifyErrorCode) {
  return { name: 'error', replacing: false, error: errorOf(code) } as const;
}

const readyState = { session, opened: false, codeShown: false, overdue: false } as const;

/** Every state that can be told apart on the screen. */
const states = {
  idle: { name: 'idle', waiting: false },
  'a kept start': { name: 'idle', waiting: true },
  loading: { name: 'loading', reason: 'initial', replacing: false },
  ready: { name: 'ready', ...readyState },
  'ready, with the code asked for': { name: 'ready', ...readyState, codeShown: true },
  'ready, its end passed unseen': { name: 'ready', ...readyState, overdue: true },
  'in-progress': { name: 'in-progress', session, codeShown: false },
  'in-progress, with the code asked for': { name: 'in-progress', session, codeShown: true },
  expired: { name: 'expired', session, final: true, refreshing: false },
  'expired, with a new one on its way': {
    name: 'expired',
    session,
    final: false,
    refreshing: true,
  },
  approved: { name: 'approved', session },
  declined: { name: 'declined', session },
  'in-review': { name: 'in-review', session },
  cancelled: { name: 'cancelled', session },
  error: errorState('resolver-failed'),
} satisfies Record<string, VerifyState>;

type StateKey = keyof typeof states;
const stateKeys = Object.keys(states) as StateKey[];

type Presentation = 'inline' | 'dialog';
const presentations: Presentation[] = ['inline', 'dialog'];

const noPresses: Presses = {
  start() {},
  showCode() {},
  copy() {},
  open() {},
  close() {},
};

interface Drawing extends Partial<ViewModel> {
  readonly presentation?: Presentation;
  readonly onClose?: () => void;
  readonly place?: HTMLElement;
}

function draw(state: VerifyState, drawing: Drawing = {}) {
  const {
    presentation = 'inline',
    onClose = () => {},
    place = document.createElement('div'),
    ...changes
  } = drawing;
  const model: ViewModel = {
    state,
    strings: english,
    locales: ['en'],
    isPending: false,
    startable: true,
    refreshable: true,
    disabled: false,
    isTouch: false,
    copied: 'no',
    secondsLeft: null,
    retryAt: null,
    hasLogo: false,
    sideOf: (modules) => modules * 3,
    presses: noPresses,
    ...changes,
  };
  render(presentation === 'dialog' ? dialogView(model, onClose) : inlineView(model), place);
  const find = (name: string) => place.querySelector<HTMLElement>(`[part~="${name}"]`);
  const code = place.querySelector<SVGSVGElement>('svg[role="img"]');
  return { place, find, code };
}

/** What is on the screen: the parts, and `code` for the code itself. */
function partsOf({ place, code }: ReturnType<typeof draw>): string[] {
  const nodes = Array.from(place.querySelectorAll('[part]'));
  const names = nodes.map((node) => node.getAttribute('part')!);
  return code ? [...names, 'code'] : names;
}

/** Whether its classes leave it to be seen. */
function isSeen(node: Element): boolean {
  return !node.matches('.spoken, .unsaid');
}

/** What a screen reader calls it. */
function nameOf(node: Element): string {
  return node.getAttribute('aria-label') ?? node.textContent.trim();
}

const frame = ['base', 'heading', 'description', 'qr', 'message'];
const code = ['code', 'link', 'copy-button'];

type Row = [state: StateKey, mouse: string[], finger: string[], disabled: string[]];

const table: Row[] = [
  ['idle', ...alike(['status-icon', 'start-button']), ['status-icon']],
  ['a kept start', ...alike(['spinner']), ['status-icon']],
  ['loading', ...alike(['spinner']), ['status-icon']],
  ['ready', code, ['status-icon', 'link', 'show-code-button', 'copy-button'], ['status-icon']],
  ['ready, with the code asked for', ...alike(code), ['status-icon']],
  ['ready, its end passed unseen', ...alike(['spinner']), ['status-icon']],
  [
    'in-progress',
    ['status-icon', 'show-code-button'],
    ['status-icon', 'link', 'show-code-button'],
    ['status-icon'],
  ],
  ['in-progress, with the code asked for', ...alike(code), ['status-icon']],
  ['expired', ...alike(['status-icon', 'start-button']), ['status-icon']],
  ['expired, with a new one on its way', ...alike(['spinner']), ['status-icon']],
  ['approved', ...alike(['status-icon']), ['status-icon']],
  ['declined', ...alike(['status-icon']), ['status-icon']],
  ['in-review', ...alike(['status-icon']), ['status-icon']],
  ['cancelled', ...alike(['status-icon', 'start-button']), ['status-icon']],
  ['error', ...alike(['status-icon', 'retry-button']), ['status-icon']],
];

function alike(parts: string[]): [mouse: string[], finger: string[]] {
  return [parts, parts];
}

/** What a dialog adds: the button that opens it, and what closes it. */
function around(key: StateKey, presentation: Presentation): string[] {
  if (presentation === 'inline') return [];
  const opener = ['start-button', 'dialog', 'close-button'];
  return key === 'approved' ? [...opener, 'close-button'] : opener;
}

/** Every drawing there can be. */
function* drawings(changes: Partial<ViewModel> = {}) {
  for (const key of stateKeys) {
    for (const presentation of presentations) {
      for (const isTouch of [false, true]) {
        for (const disabled of [false, true]) {
          for (const copied of ['no', 'yes', 'refused'] as const) {
            const drawing = { presentation, isTouch, disabled, copied, secondsLeft: 42 };
            const shown = draw(states[key], { ...drawing, ...changes });
            yield { key, presentation, disabled, ...shown };
          }
        }
      }
    }
  }
}

describe('views, what is on show', () => {
  it('has a row for every state', () => {
    expect(table.map(([key]) => key)).to.deep.equal(stateKeys);
  });

  for (const [key, mouse, finger, none] of table) {
    for (const presentation of presentations) {
      const expected = (own: string[]) => [...frame, ...around(key, presentation), ...own];

      it(`${key}, ${presentation}, with a mouse: ${mouse.join(', ')}`, () => {
        const shown = draw(states[key], { presentation });
        expect(partsOf(shown)).to.have.members(expected(mouse));
      });

      it(`${key}, ${presentation}, with a finger: ${finger.join(', ')}`, () => {
        const shown = draw(states[key], { presentation, isTouch: true });
        expect(partsOf(shown)).to.have.members(expected(finger));
      });

      for (const isTouch of [false, true]) {
        it(`${key}, ${presentation}, disabled, ${isTouch ? 'finger' : 'mouse'}: no code, nothing to press`, () => {
          const shown = draw(states[key], { presentation, isTouch, disabled: true });
          expect(partsOf(shown)).to.have.members(expected(none));
          const base = shown.find('base')!;
          expect(base.querySelector('a, input, svg[role="img"]')).to.equal(null);
          expect(base.querySelector('button:not([part="close-button"])')).to.equal(null);
        });
      }
    }
  }

  it('offers no start where there is nobody to ask', () => {
    const shown = draw(states.idle, { startable: false });
    expect(partsOf(shown)).to.have.members([...frame, 'status-icon']);
  });

  it('offers no new code where the page wants none', () => {
    const shown = draw(states.expired, { refreshable: false });
    expect(partsOf(shown)).to.have.members([...frame, 'status-icon']);
  });

  it('keeps the live region, whatever comes next: only then is it spoken', () => {
    for (const presentation of presentations) {
      const place = document.createElement('div');
      const message = draw(states.idle, { presentation, place }).find('message')!;
      expect(message.getAttribute('role')).to.equal('status');
      for (const key of stateKeys) {
        expect(draw(states[key], { presentation, place }).find('message'), key).to.equal(message);
      }
    }
  });

  it('swaps a code in the same nodes, so the focus stays', () => {
    const place = document.createElement('div');
    const before = draw(states.ready, { place });
    const [link, copy] = [before.find('link'), before.find('copy-button')];
    const next = sessionOf('another');
    const after = draw({ ...states.ready, session: next }, { place });
    expect(after.code).to.equal(before.code);
    expect(after.find('link')).to.equal(link);
    expect(after.find('copy-button')).to.equal(copy);
    expect((link as HTMLAnchorElement).href).to.equal(next.url);
    expect(after.code!.querySelector('path')!.getAttribute('d')).to.equal(next.qr.path);
  });

  it('has neither inline styles nor scripts nor data URLs, and no id twice', () => {
    for (const { place } of drawings()) {
      expect(place.querySelector('[style], script, iframe, img, form')).to.equal(null);
      expect(place.innerHTML).to.not.match(/(data|javascript):/);
      const ids = Array.from(place.querySelectorAll('[id]'), ({ id }) => id);
      expect(ids).to.have.length(new Set(ids).size);
    }
  });
});

describe('views, the code', () => {
  it('is one path on a ground of its own, with crisp edges', () => {
    const { code: drawing } = draw(states.ready);
    const { qr } = session;
    expect(drawing!.getAttribute('viewBox')).to.equal(`0 0 ${qr.size} ${qr.size}`);
    expect(drawing!.getAttribute('width')).to.equal(String(qr.size * 3));
    expect(drawing!.getAttribute('height')).to.equal(String(qr.size * 3));
    expect(drawing!.getAttribute('shape-rendering')).to.equal('crispEdges');
    expect(drawing!.querySelectorAll('path')).to.have.length(1);
    expect(drawing!.querySelector('path')!.getAttribute('d')).to.equal(qr.path);
    expect(drawing!.querySelector('rect')!.getAttribute('width')).to.equal(String(qr.size));
    expect(nameOf(drawing!)).to.equal(english['qr-label']);
  });

  for (const isTouch of [false, true]) {
    const pointer = isTouch ? 'a finger' : 'a mouse';

    it(`stands alone in its frame, as every figure does, with ${pointer}`, () => {
      for (const key of stateKeys) {
        const { find, code: drawing } = draw(states[key], { isTouch });
        const qr = find('qr')!;
        const figures = qr.querySelectorAll('svg, [part="spinner"]');
        expect(figures, key).to.have.length(1);
        expect(isSeen(find('message')!), key).to.equal(
          !drawing && !['idle', 'a kept start', 'ready'].includes(key),
        );
      }
    });
  }

  it('counts down where it is told to, in place of what to do', () => {
    const counting = draw(states.ready, { secondsLeft: 42 });
    expect(counting.find('countdown')!.textContent).to.equal(countdownText(english, 42, ['en']));
    expect(isSeen(counting.find('description')!)).to.equal(false);
    const quiet = draw(states.ready);
    expect(quiet.find('countdown')).to.equal(null);
    expect(isSeen(quiet.find('description')!)).to.equal(true);
    const link = draw(states.ready, { secondsLeft: 42, isTouch: true });
    expect(link.find('countdown')).to.equal(null);
  });
});

describe('views, the logo', () => {
  const hasLogo = true;

  it('has its place in the middle of the code, out of reach, and on a plate of its own', () => {
    const { place, code: drawing } = draw(states.ready, { hasLogo });
    const { qr, plate } = logoCode(session.url, (modules) => modules * 3)!;
    expect(drawing!.querySelector('path')!.getAttribute('d')).to.equal(qr.path);
    const slot = place.querySelector<HTMLSlotElement>('slot[name="logo"]')!;
    expect(slot.hidden).to.equal(false);
    expect(slot.closest('[inert]')).to.not.equal(null);
    const ground = place.querySelector('.plate')!;
    expect(ground.getAttribute('width')).to.equal(String(plate * 3));
    expect(ground.getAttribute('height')).to.equal(String(plate * 3));
  });

  for (const [why, drawing] of [
    ['no logo', { hasLogo: false }],
    ['modules too small', { hasLogo, sideOf: (modules: number) => modules * 2.9 }],
  ] as const) {
    it(`${why}: the code as ever, and a slot that tells when one comes`, () => {
      const { place, code: drawn } = draw(states.ready, drawing);
      expect(drawn!.querySelector('path')!.getAttribute('d')).to.equal(session.qr.path);
      const slots = place.querySelectorAll<HTMLSlotElement>('slot[name="logo"]');
      expect(Array.from(slots, ({ hidden }) => hidden)).to.deep.equal([true]);
      expect(place.querySelector('.plate')).to.equal(null);
    });
  }
});

describe('views, what is spoken', () => {
  const spoken = (key: StateKey, drawing: Drawing = {}) =>
    draw(states[key], drawing).find('message')!.textContent;

  it('by one live region, and nothing else', () => {
    for (const { key, place } of drawings()) {
      const live = place.querySelectorAll('[role="status"], [role="alert"], [aria-live]');
      expect(live, key).to.have.length(1);
    }
  });

  it('that the code is there, or the link', () => {
    expect(spoken('ready')).to.equal(english.ready);
    expect(spoken('ready', { isTouch: true })).to.equal(english['ready-touch']);
  });

  it('that the last minute has begun, and no second of it', () => {
    const texts = [60, 42, 1].map((secondsLeft) => spoken('ready', { secondsLeft }));
    expect(texts).to.deep.equal(Array(3).fill(english.ending));
  });

  it('that the link is copied', () => {
    expect(spoken('ready', { copied: 'yes' })).to.equal(english.copied);
  });

  it('nothing where there is nothing new', () => {
    expect(spoken('idle')).to.equal('');
    expect(spoken('a kept start')).to.equal('');
    expect(spoken('ready', { disabled: true })).to.equal('');
  });
});

describe('views, the language', () => {
  for (const presentation of presentations) {
    it(`${presentation}: what has words says which language they are in`, () => {
      const { place, find } = draw(states.ready, { presentation, lang: 'ar', dir: 'rtl' });
      const outer = [find('base')!, ...place.querySelectorAll(':scope > button')];
      for (const node of outer) {
        expect([node.getAttribute('lang'), node.getAttribute('dir')]).to.deep.equal(['ar', 'rtl']);
      }
      expect(place.querySelector('dialog')?.getAttribute('dir') ?? 'rtl').to.equal('rtl');
    });

    it(`${presentation}: and is silent on it where they are the page’s own`, () => {
      const { place } = draw(states.ready, { presentation });
      expect(place.querySelector('[lang], [dir]')).to.equal(null);
    });
  }

  it('numbers are written as it writes them', () => {
    const { find } = draw(states.ready, { secondsLeft: 42, locales: ['ar-EG'] });
    expect(find('countdown')!.textContent).to.contain('٤٢');
  });

  it('words that are on their way are waited for', () => {
    for (const isPending of [true, false]) {
      const { place } = draw(states.ready, { presentation: 'dialog', isPending });
      expect(place.querySelectorAll('.pending')).to.have.length(isPending ? 2 : 0);
    }
  });
});

describe('views, the link', () => {
  function linkOf(state: VerifyState, drawing: Drawing = {}): HTMLAnchorElement {
    return draw(state, drawing).find('link') as HTMLAnchorElement;
  }

  for (const presentation of presentations) {
    it(`${presentation}: with a finger it comes first, and opens in the same tab`, () => {
      const { place, find } = draw(states.ready, { presentation, isTouch: true });
      const link = find('link') as HTMLAnchorElement;
      const base = find('base')!;
      expect(base.querySelector('a, button')).to.equal(link);
      expect(link.hasAttribute('target')).to.equal(false);
      expect(place.querySelectorAll('a')).to.have.length(1);
      expect(nameOf(link)).to.equal(english['link-touch']);
      expect(link.classList.contains('quiet')).to.equal(false);
    });

    it(`${presentation}: with a mouse it opens a tab of its own`, () => {
      const link = linkOf(states.ready, { presentation });
      expect(link.target).to.equal('_blank');
      expect(nameOf(link)).to.equal(english.link);
    });
  }

  it('is the session’s own address, and keeps the page’s to itself', () => {
    for (const isTouch of [false, true]) {
      const link = linkOf(states.ready, { isTouch });
      expect(link.getAttribute('href')).to.equal(session.url);
      expect([...link.relList]).to.include.members(['noopener', 'noreferrer']);
      expect(link.referrerPolicy).to.equal('no-referrer');
    }
  });

  it('is never there without an address', () => {
    for (const { key, place } of drawings()) {
      const hasCode = key.startsWith('ready') || key.startsWith('in-progress');
      for (const link of place.querySelectorAll('a')) {
        expect(hasCode, key).to.equal(true);
        expect(link.getAttribute('href'), key).to.equal(session.url);
      }
    }
  });

  it('can be copied by a button, which keeps its name, and shows when it is done', () => {
    const button = draw(states.ready).find('copy-button')!;
    const copied = draw(states.ready, { copied: 'yes' }).find('copy-button')!;
    expect([nameOf(button), nameOf(copied)]).to.deep.equal([english.copy, english.copy]);
    expect(copied.innerHTML).to.not.equal(button.innerHTML);
  });

  it('where the clipboard refuses: as text that can be selected, and not be changed', () => {
    const { find, place } = draw(states.ready, { copied: 'refused' });
    expect(find('copy-button')).to.equal(null);
    const field = place.querySelector('input')!;
    document.body.append(place);
    expect(field.value).to.equal(session.url);
    expect(field.readOnly).to.equal(true);
    expect(nameOf(field)).to.equal(english['url-label']);
    field.focus();
    expect([field.selectionStart, field.selectionEnd]).to.deep.equal([0, session.url.length]);
    place.remove();
  });
});

describe('views, the dialog', () => {
  const openers: Partial<Record<StateKey, StringKey>> = {
    ready: 'reopen',
    'in-progress': 'reopen',
    approved: 'approved',
    'in-review': 'in-review',
  };

  for (const key of ['idle', 'loading', 'ready', 'in-progress', 'approved', 'error'] as const) {
    it(`its button says where it stands: ${key}`, () => {
      const { find } = draw(states[key], { presentation: 'dialog' });
      const opener = find('start-button')!;
      expect(opener.closest('dialog')).to.equal(null);
      expect(opener.getAttribute('aria-haspopup')).to.equal('dialog');
      expect(nameOf(opener)).to.equal(english[openers[key] ?? 'open']);
    });
  }

  it('is the platform’s own, named by its heading', () => {
    const { place, find } = draw(states.ready, { presentation: 'dialog' });
    const dialog = find('dialog')!;
    expect(dialog).to.be.instanceOf(HTMLDialogElement);
    expect((dialog as HTMLDialogElement).open).to.equal(false);
    const heading = place.querySelector(`#${dialog.getAttribute('aria-labelledby')}`);
    expect(heading).to.equal(find('heading'));
    expect(find('base')!.closest('dialog')).to.equal(dialog);
  });

  it('tells when it was closed', () => {
    const onClose = sinon.spy();
    const { find } = draw(states.ready, { presentation: 'dialog', onClose });
    find('dialog')!.dispatchEvent(new Event('close'));
    expect(onClose.callCount).to.equal(1);
  });

  it('says “Done” where the person is approved, and nowhere else', () => {
    for (const key of stateKeys) {
      const { find } = draw(states[key], { presentation: 'dialog' });
      const closers = Array.from(
        find('base')!.querySelectorAll('[part="close-button"]'),
        (button) => nameOf(button),
      );
      expect(closers, key).to.deep.equal(key === 'approved' ? [english.done] : []);
    }
  });

  it('cannot be opened where it is disabled, and still be closed', () => {
    const { find } = draw(states.ready, { presentation: 'dialog', disabled: true });
    expect((find('start-button') as HTMLButtonElement).disabled).to.equal(true);
    expect((find('close-button') as HTMLButtonElement).disabled).to.equal(false);
  });
});

describe('views, what is pressed', () => {
  type Press = keyof Presses;
  const rows: [part: string, press: Press, key: StateKey, drawing?: Drawing][] = [
    ['start-button', 'start', 'idle'],
    ['start-button', 'start', 'cancelled'],
    ['start-button', 'start', 'expired'],
    ['retry-button', 'start', 'error'],
    ['copy-button', 'copy', 'ready'],
    ['show-code-button', 'showCode', 'ready', { isTouch: true }],
    ['show-code-button', 'showCode', 'in-progress'],
    ['start-button', 'open', 'idle', { presentation: 'dialog' }],
    ['close-button', 'close', 'ready', { presentation: 'dialog' }],
  ];

  for (const [name, press, key, drawing] of rows) {
    it(`${key}${drawing?.presentation ? ', dialog' : ''}: ${name} is ${press}`, () => {
      const presses = {
        start: sinon.spy(),
        showCode: sinon.spy(),
        copy: sinon.spy(),
        open: sinon.spy(),
        close: sinon.spy(),
      };
      draw(states[key], { ...drawing, presses })
        .find(name)!
        .click();
      const called = Object.entries(presses).filter(([, spy]) => spy.called);
      expect(called.map(([called]) => called)).to.deep.equal([press]);
      expect(presses[press].callCount).to.equal(1);
    });
  }

  it('“Done” closes', () => {
    const close = sinon.spy();
    const presses = { ...noPresses, close };
    const { find } = draw(states.approved, { presentation: 'dialog', presses });
    find('base')!.querySelector<HTMLElement>('[part="close-button"]')!.click();
    expect(close.callCount).to.equal(1);
  });

  it('never sends a form: every button says that it is one', () => {
    for (const { place } of drawings()) {
      for (const button of place.querySelectorAll('button')) {
        expect(button.getAttribute('type')).to.equal('button');
      }
    }
  });

  it('has a name wherever there is something to press', () => {
    for (const { key, place } of drawings()) {
      for (const control of place.querySelectorAll('a, button, input, svg[role]')) {
        expect(nameOf(control), `${key}: ${control.outerHTML}`).to.not.equal('');
      }
    }
  });
});

describe('views, words', () => {
  const codes: VerifyErrorCode[] = [
    'resolver-missing',
    'resolver-unreachable',
    'resolver-timeout',
    'resolver-rejected',
    'resolver-failed',
    'rate-limited',
    'invalid-response',
    'unsafe-url',
    'status-unavailable',
    'qr-failed',
  ];

  for (const code of codes) {
    it(`says what ${code} means, and nothing of what is inside`, () => {
      const { place, find } = draw(errorState(code));
      expect(find('message')!.textContent).to.equal(english[code]);
      expect(place.textContent).to.not.contain('internal');
    });
  }

  it('says when to try again, where that is known, and what it is about a limit', () => {
    const retryAt = new Date(2026, 0, 1, 14, 5);
    const message = (code: VerifyErrorCode) =>
      draw(errorState(code), { retryAt }).find('message')!.textContent;
    expect(message('rate-limited')).to.equal(waitText(english, retryAt, ['en']));
    expect(message('resolver-failed')).to.equal(english['resolver-failed']);
  });

  const keys = Object.keys(english) as StringKey[];
  const every = (textOf: (key: StringKey) => string) =>
    Object.fromEntries(keys.map((key) => [key, textOf(key)])) as Strings;

  it('shows every word somewhere, but that for the form and those for other errors', () => {
    const strings = every((key) => `«${key}»`);
    const shown = new Set<string>(['value-missing', ...codes]);
    const wait = { strings, retryAt: new Date() };
    const limited = draw(errorState('rate-limited'), wait);
    for (const { place } of [
      limited,
      ...drawings({ strings }),
      ...drawings({ strings, secondsLeft: null }),
    ]) {
      for (const [, key] of place.innerHTML.matchAll(/«([a-z-]+)»/g)) shown.add(key!);
    }
    expect([...shown]).to.have.members(keys);
  });

  it('shows words as text, whatever they are', () => {
    const strings = every((key) => `<img src=x alt="${key}" onerror=alert(1)>`);
    for (const { place } of drawings({ strings })) {
      expect(place.querySelector('img')).to.equal(null);
      expect(place.textContent).to.contain('<img src=x alt="heading"');
    }
  });

  it('says what to do with a finger in other words than with a mouse, until there is a code', () => {
    const said = (key: StateKey, isTouch: boolean) =>
      draw(states[key], { isTouch }).find('description')!.textContent.trim();
    expect(said('ready', false)).to.equal(english.description);
    expect(said('ready', true)).to.equal(english['description-touch']);
    expect(said('ready, with the code asked for', true)).to.equal(english.description);
  });

  it('says nothing of what to do where there is nothing to do', () => {
    const nothings = [
      draw(states.idle, { startable: false }),
      draw(states['a kept start']),
      ...stateKeys.map((key) => draw(states[key], { disabled: true })),
    ];
    for (const { find } of nothings) expect(isSeen(find('description')!)).to.equal(false);
  });

  it('has a place for the page’s own heading, description and footer', () => {
    for (const presentation of presentations) {
      const { place } = draw(states.ready, { presentation });
      const slots = Array.from(place.querySelectorAll('slot'), ({ name }) => name);
      expect(slots).to.include.members(['heading', 'description', 'footer']);
    }
  });
});
