import fc, { type Arbitrary } from 'fast-check';
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { stageOf } from '../../src/didit-status.js';
import type { LiveSession } from '../../src/live-session.js';
import {
  endsByClock,
  INITIAL_STATE,
  isFinalName,
  isOver,
  type Action,
  type SessionReason,
  type VerifyState,
} from '../../src/state.js';
import { transition } from '../../src/transition.js';
import { sampleSession } from '../sample-session.js';
import { hostileText } from './hostile.js';
import { property } from './property.js';

const REASONS: SessionReason[] = ['initial', 'change', 'retry', 'restart', 'refresh', 'resume'];

/** Words after which a session goes on. */
const OPEN = [
  ...['initialized', 'Not Started', 'retrieved', 'In Progress', 'Awaiting User', 'Resubmitted'],
  ...['paused', ''],
];

const ENDS = [
  ...['confirmed', 'declined', 'expired', 'cancelled', 'In Review', 'Approved', 'Declined'],
  ...['EXPIRED', 'Abandoned', 'Kyc Expired', 'kyc_expired'],
];

/** The members of each state, besides its name. */
const MEMBERS: Record<VerifyState['name'], string[]> = {
  idle: ['waiting'],
  loading: ['reason', 'replacing'],
  ready: ['session', 'opened', 'codeShown', 'overdue'],
  'in-progress': ['session', 'codeShown'],
  expired: ['session', 'final', 'refreshing'],
  error: ['error', 'replacing'],
  approved: ['session'],
  declined: ['session'],
  'in-review': ['session'],
  cancelled: ['session'],
};

const error = { code: 'resolver-failed', message: '', retryable: true } as const;
const session: Arbitrary<LiveSession> = fc
  .tuple(fc.constantFrom('one', 'one', 'one', 'two', 'three'), fc.constantFrom(null, 1000, 2000))
  .map(([sessionId, lifetime]) => sampleSession({ sessionId, lifetime }));
const status = fc.oneof(
  { weight: 7, arbitrary: fc.constantFrom(...OPEN) },
  { weight: 2, arbitrary: fc.constantFrom(...ENDS) },
  { weight: 1, arbitrary: hostileText },
);
const refreshing = fc.boolean();
const reason = fc.constantFrom(...REASONS);

const hearing: Arbitrary<Action> = fc
  .tuple(session, status, refreshing)
  .map(([about, word, next]) => ({
    type: 'status',
    session: about,
    status: word,
    refreshing: next,
  }));

const action: Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: hearing },
  { weight: 1, arbitrary: reason.map((why): Action => ({ type: 'load', reason: why })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(session, reason)
      .map(([answer, why]): Action => ({ type: 'resolve', session: answer, reason: why })),
  },
  { weight: 2, arbitrary: session.map((next): Action => ({ type: 'replace', session: next })) },
  {
    weight: 1,
    arbitrary: refreshing.map((next): Action => ({ type: 'expire', refreshing: next })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Action>(
      ...([{ type: 'overdue' }, { type: 'refresh-failed' }, { type: 'show-code' }] as const),
      { type: 'reject', error },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Action>({ type: 'wait' }, { type: 'cancel' }, { type: 'clear' }),
  },
);

const life = fc.array(action, { minLength: 1, maxLength: 25 });

/** From a code on show, which is where most begin. */
const started = fc
  .tuple(session, life)
  .map(([answer, actions]): Action[] => [
    { type: 'load', reason: 'initial' },
    { type: 'resolve', session: answer, reason: 'initial' },
    ...actions,
  ]);

/** With one session, of which most is heard. */
const followed = fc
  .array(fc.oneof({ weight: 5, arbitrary: status }, { weight: 1, arbitrary: action }), {
    maxLength: 25,
  })
  .map((heard): Action[] => {
    const own = sampleSession({ sessionId: 'one' });
    const about = { type: 'status', session: own, refreshing: false } as const;
    return [
      { type: 'load', reason: 'initial' },
      { type: 'resolve', session: own, reason: 'initial' },
      ...heard.map((each) => (typeof each === 'string' ? { ...about, status: each } : each)),
    ];
  });

const lives = fc.oneof(life, started, followed);

/** One step, with what was before. */
interface Step {
  readonly before: VerifyState;
  readonly action: Action;
  readonly after: VerifyState;
}

/** Nothing that is handed over may be written to. */
function stepsOf(actions: readonly Action[]): Step[] {
  let state = deepFrozen(INITIAL_STATE);
  return actions.map((each) => {
    const before = state;
    state = deepFrozen(transition(before, deepFrozen(each)));
    return { before, action: each, after: state };
  });
}

function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) deepFrozen(member);
  return Object.freeze(value);
}

function idOf(state: VerifyState): string | null {
  return 'session' in state ? state.session.sessionId : null;
}

/** Holds of every step of every life. */
function always(name: string, holds: (step: Step) => void): void {
  property(name, [lives], (actions) => stepsOf(actions).forEach(holds));
}

describe('transition', () => {
  always('gives a state with the members of its name, and no more', ({ after }) => {
    const { name, ...rest } = after;
    assert.deepEqual(Object.keys(rest).sort(), MEMBERS[name]?.toSorted());
    for (const [member, value] of Object.entries(rest) as [string, unknown][]) {
      const type = { session: 'object', error: 'object', reason: 'string' }[member] ?? 'boolean';
      assert.equal(typeof value, type, member);
    }
  });

  always('gives the same for the same', ({ before, action: each, after }) => {
    assert.deepEqual(transition(before, each), after);
  });

  always('lets nothing but a new beginning out of a final state', ({ before, action, after }) => {
    if (!isFinalName(before.name)) return;
    if (['load', 'wait', 'clear'].includes(action.type)) assert.ok(!isFinalName(after.name));
    else assert.equal(after, before);
  });

  always('has nothing heard where all is over', ({ before, action, after }) => {
    if (isOver(before) && action.type === 'status') assert.equal(after, before);
  });

  always('takes a session only by an answer or by Didit’s word', ({ before, action, after }) => {
    const id = idOf(after);
    if (id === null || id === idOf(before)) return;
    assert.ok(['resolve', 'replace', 'status'].includes(action.type), action.type);
    assert.equal(id, 'session' in action ? action.session.sessionId : null);
  });

  always('has no second session beside one that the phone has', ({ before, action, after }) => {
    const isTaken =
      before.name === 'in-progress' ||
      (before.name === 'ready' && before.opened) ||
      isFinalName(before.name);
    if (!isTaken || ['load', 'wait', 'clear'].includes(action.type)) return;
    assert.equal(idOf(after), idOf(before));
  });

  always('shows an earlier session again only where the phone has it', (step) => {
    const { before, action, after } = step;
    if (action.type !== 'status' || idOf(after) === idOf(before)) return;
    assert.ok(after.name === 'in-progress' || isFinalName(after.name), after.name);
  });

  always('goes back from the phone by Resubmitted alone', ({ before, action, after }) => {
    const isBack = before.name === 'in-progress' && after.name === 'ready';
    if (isBack) assert.equal(action.type === 'status' && action.status, 'Resubmitted');
  });

  always('ends by the clock only what nobody has opened', ({ before, action, after }) => {
    if (!['expire', 'overdue'].includes(action.type) || after === before) return;
    assert.ok(endsByClock(before));
  });

  always('approves by Didit’s word alone', ({ before, action, after }) => {
    if (after.name !== 'approved' || before.name === 'approved') return;
    assert.equal(action.type === 'status' && stageOf(action.status), 'approved');
  });

  always('refreshes by itself only where that was said', ({ before, action, after }) => {
    const begins = isRefreshing(after) && !isRefreshing(before);
    if (begins) assert.ok('refreshing' in action && action.refreshing);
  });

  always('changes nothing for a word that it does not know', ({ before, action, after }) => {
    if (action.type !== 'status' || stageOf(action.status) !== null) return;
    if (after === before) return;
    assert.ok('session' in before && before.session.sessionId === action.session.sessionId);
    assert.deepEqual(after, { ...before, session: { ...before.session, status: action.status } });
  });

  always('gives the same object where a word is repeated', ({ action, after }) => {
    if (action.type === 'status') assert.equal(transition(after, action), after);
  });

  property('is fit for a new beginning after whatever was', [lives, session], (actions, answer) => {
    const { after } = stepsOf(actions).at(-1)!;
    const loading = transition(after, { type: 'load', reason: 'restart' });
    const ready = transition(loading, { type: 'resolve', session: answer, reason: 'restart' });
    assert.equal(ready.name, 'ready');
    assert.equal(idOf(ready), answer.sessionId);
    assert.equal(transition(after, { type: 'clear' }), INITIAL_STATE);
  });
});

function isRefreshing(state: VerifyState): boolean {
  return state.name === 'expired' && state.refreshing;
}
