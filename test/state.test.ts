import { expect } from '@open-wc/testing';
import { INITIAL_STATE, transition, type Action, type VerifyState } from '../src/state.js';
import type { Session } from '../src/session.js';

const session: Session = {
  sessionId: '1',
  url: 'https://app.didit.me/authorize/1',
  expiresAt: null,
  status: null,
  statusUrl: null,
  eventsUrl: null,
};
const qr = { size: 29, path: '' };
const error = { code: 'resolver-failed', message: '', retryable: true } as const;

const states: Record<string, VerifyState> = {
  idle: INITIAL_STATE,
  waiting: { name: 'idle', waiting: true },
  loading: { name: 'loading', reason: 'retry' },
  ready: { name: 'ready', reason: 'initial', session, qr },
  cancelled: { name: 'cancelled', session },
  error: { name: 'error', error },
};

const actions: Record<string, Action> = {
  wait: { type: 'wait' },
  load: { type: 'load', reason: 'change' },
  resolve: { type: 'resolve', session, qr },
  reject: { type: 'reject', error },
  cancel: { type: 'cancel' },
  clear: { type: 'clear' },
};

/** For each state what each action makes of it; `-` is the same object again. */
const table: Record<string, Record<string, string>> = {
  idle: { wait: 'waiting', load: 'loading', resolve: '-', reject: '-', cancel: '-', clear: '-' },
  waiting: {
    ...{ wait: 'waiting', load: 'loading', resolve: '-' },
    ...{ reject: '-', cancel: 'idle', clear: 'idle' },
  },
  loading: {
    ...{ wait: 'waiting', load: 'loading', resolve: 'ready' },
    ...{ reject: 'error', cancel: 'idle', clear: 'idle' },
  },
  ready: {
    ...{ wait: 'waiting', load: 'loading', resolve: '-' },
    ...{ reject: '-', cancel: 'cancelled', clear: 'idle' },
  },
  cancelled: {
    ...{ wait: 'waiting', load: 'loading', resolve: '-' },
    ...{ reject: '-', cancel: '-', clear: 'idle' },
  },
  error: {
    ...{ wait: 'waiting', load: 'loading', resolve: '-' },
    ...{ reject: '-', cancel: '-', clear: 'idle' },
  },
};

describe('transition', () => {
  for (const [from, row] of Object.entries(table)) {
    for (const [action, to] of Object.entries(row)) {
      it(`${from}, ${action}: ${to}`, () => {
        const state = states[from]!;
        const next = transition(state, actions[action]!);
        if (to === '-') expect(next).to.equal(state);
        else expect(next.name).to.equal(states[to]!.name);
      });
    }
  }

  it('knows a start that is kept from one that was not asked for', () => {
    expect(transition(INITIAL_STATE, { type: 'wait' })).to.deep.equal(states.waiting);
    expect(transition(states.waiting!, { type: 'cancel' })).to.equal(INITIAL_STATE);
  });

  it('keeps the reason of the request that was answered', () => {
    const ready = transition(states.loading!, actions.resolve!);
    expect(ready).to.deep.equal({ name: 'ready', reason: 'retry', session, qr });
  });

  it('has no combination without a row', () => {
    expect(Object.keys(table)).to.have.members(Object.keys(states));
    for (const row of Object.values(table)) {
      expect(Object.keys(row)).to.have.members(Object.keys(actions));
    }
  });
});
