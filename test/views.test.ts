import { render } from 'lit';
import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import type { VerifyErrorCode } from '../src/errors.js';
import { encodeQr } from '../src/qr.js';
import type { Session } from '../src/session.js';
import type { VerifyState } from '../src/state.js';
import { english } from '../src/strings.js';
import { view, type ViewModel } from '../src/views.js';

const session: Session = {
  sessionId: '1',
  url: 'https://app.didit.me/authorize/1',
  expiresAt: null,
  status: null,
  statusUrl: null,
  eventsUrl: null,
};
const qr = encodeQr(session.url);

function draw(state: VerifyState, changes: Partial<ViewModel> = {}) {
  const place = document.createElement('div');
  const model: ViewModel = {
    state,
    strings: english,
    startable: true,
    sideOf: (modules) => modules * 3,
    onPress: () => undefined,
    ...changes,
  };
  render(view(model), place);
  const find = (name: string) => place.querySelector(`[part~="${name}"]`);
  const parts = Array.from(place.querySelectorAll('[part]'), (node) => node.getAttribute('part'));
  return { place, find, parts };
}

const frame = ['base', 'heading', 'description', 'qr', 'message'];

describe('view', () => {
  const table: [name: string, state: VerifyState, parts: string[]][] = [
    ['idle', { name: 'idle', waiting: false }, ['status-icon', 'start-button']],
    ['a kept start', { name: 'idle', waiting: true }, ['spinner']],
    ['loading', { name: 'loading', reason: 'initial' }, ['spinner']],
    ['ready', { name: 'ready', reason: 'initial', session, qr }, ['link']],
    ['cancelled', { name: 'cancelled', session }, ['status-icon', 'start-button']],
    [
      'error',
      { name: 'error', error: { code: 'qr-failed', message: '', retryable: false } },
      ['status-icon', 'retry-button'],
    ],
  ];
  for (const [name, state, own] of table) {
    it(`${name}: ${own.join(', ')} in the same frame`, () => {
      expect(draw(state).parts).to.have.members([...frame, ...own]);
    });
  }

  it('offers no start where there is nobody to ask', () => {
    expect(draw({ name: 'idle', waiting: false }, { startable: false }).parts).to.have.members([
      ...frame,
      'status-icon',
    ]);
  });

  it('draws the code as one path on a ground of its own, with crisp edges', () => {
    const { place } = draw({ name: 'ready', reason: 'initial', session, qr });
    const code = place.querySelector('svg')!;
    expect(code.getAttribute('viewBox')).to.equal(`0 0 ${qr.size} ${qr.size}`);
    expect(code.getAttribute('width')).to.equal(String(qr.size * 3));
    expect(code.getAttribute('shape-rendering')).to.equal('crispEdges');
    expect(code.querySelectorAll('path')).to.have.length(1);
    expect(code.querySelector('path')!.getAttribute('d')).to.equal(qr.path);
    expect(code.querySelector('rect')!.getAttribute('width')).to.equal(String(qr.size));
  });

  for (const code of Object.keys(english).filter(
    (key) => key.includes('-') && key !== 'qr-label',
  )) {
    it(`says what ${code} means`, () => {
      const error = { code: code as VerifyErrorCode, message: 'internal', retryable: true };
      const { find } = draw({ name: 'error', error });
      expect(find('message')!.textContent).to.equal(english[code as VerifyErrorCode]);
    });
  }

  it('shows words as text', () => {
    const strings = { ...english, heading: '<img src=x onerror=alert(1)>' };
    const { place, find } = draw({ name: 'idle', waiting: false }, { strings });
    expect(place.querySelector('img')).to.equal(null);
    expect(find('heading')!.textContent).to.contain('<img');
  });

  it('calls back on a press', () => {
    const onPress = sinon.spy();
    const { find } = draw({ name: 'idle', waiting: false }, { onPress });
    (find('start-button') as HTMLButtonElement).click();
    expect(onPress.callCount).to.equal(1);
  });

  it('keeps the same nodes for the same state', () => {
    const place = document.createElement('div');
    const model: ViewModel = {
      state: { name: 'ready', reason: 'initial', session, qr },
      strings: english,
      startable: true,
      sideOf: (modules) => modules,
      onPress: () => undefined,
    };
    render(view(model), place);
    const link = place.querySelector('a');
    render(view({ ...model, state: { ...model.state, reason: 'change' } as VerifyState }), place);
    expect(place.querySelector('a')).to.equal(link);
  });
});
