import { expect } from '@open-wc/testing';
import type { LiveSession } from '../src/live-session.js';
import {
  endsByClock,
  INITIAL_STATE,
  isFinalName,
  isOver,
  isReplacing,
  type Action,
  type FinalName,
  type SessionReason,
  type VerifyState,
} from '../src/state.js';
import { transition } from '../src/transition.js';
import { sampleSession } from './sample-session.js';

const own = sampleSession({ sessionId: 'own', expiresAt: new Date(1000), lifetime: 500 });
const other = sampleSession({ sessionId: 'other' });
const later = { ...own, expiresAt: new Date(2000), qr: { size: 29, path: '' } };
const error = { code: 'resolver-failed', message: '', retryable: true } as const;

function ready(status: string | null, flags: object = {}): VerifyState {
  const session = { ...own, status };
  return { name: 'ready', session, opened: false, codeShown: false, overdue: false, ...flags };
}

function inProgress(codeShown: boolean): VerifyState {
  return { name: 'in-progress', session: { ...own, status: 'In Progress' }, codeShown };
}

function expired(status: string | null, final: boolean, refreshing: boolean): VerifyState {
  return { name: 'expired', session: { ...own, status }, final, refreshing };
}

function finished(name: FinalName, status: string | null): VerifyState {
  return { name, session: { ...own, status } };
}

/** `replacing`: the one that was to be replaced may still be taken up. */
function failed(replacing: boolean): VerifyState {
  return { name: 'error', error, replacing };
}

function loading(reason: SessionReason, replacing = false): VerifyState {
  return { name: 'loading', reason, replacing };
}

/** The columns of the tables. Several states in one: there each of them does the same. */
const STATES: Record<string, VerifyState[]> = {
  idle: [INITIAL_STATE],
  waiting: [{ name: 'idle', waiting: true }],
  loading: (['initial', 'change', 'retry', 'restart', 'resume'] as const).map((reason) =>
    loading(reason),
  ),
  'loading-refresh': [loading('refresh', true), loading('retry', true)],
  error: [failed(false)],
  'error-refresh': [failed(true)],
  ready: [ready(null), ready('Not Started'), ready('paused')],
  'ready-code': [ready('Not Started', { codeShown: true })],
  overdue: [ready('Not Started', { overdue: true })],
  opened: [ready('Resubmitted', { opened: true })],
  'opened-code': [ready('Resubmitted', { opened: true, codeShown: true })],
  'in-progress': [inProgress(false)],
  'in-progress-code': [inProgress(true)],
  expired: [expired(null, false, false)],
  'expired-next': [expired('Not Started', false, true)],
  final: [expired('Abandoned', true, false)],
  'final-next': [expired('Expired', true, true)],
  done: [
    finished('approved', 'Approved'),
    finished('declined', 'declined'),
    finished('in-review', 'In Review'),
    finished('cancelled', 'cancelled'),
    finished('cancelled', null),
  ],
};

/** What Didit's words mean, from both of its APIs and as sources spell them. */
const WORDS: Record<string, string[]> = {
  unopened: ['initialized', 'Initialized', 'not_started', ' NOT  STARTED\n'],
  resubmitted: ['resubmitted', 'RESUBMITTED'],
  'in-progress': ['retrieved', 'Retrieved', 'IN_PROGRESS', 'in-progress', 'Awaiting User'],
  approved: ['confirmed', 'Confirmed', 'approved', 'APPROVED'],
  declined: ['Declined', 'DECLINED'],
  'in-review': ['in review', 'IN_REVIEW', 'in-review'],
  cancelled: ['Cancelled', 'CANCELLED'],
  expired: ['expired', ' EXPIRED '],
  abandoned: ['abandoned', 'ABANDONED'],
  'kyc-expired': ['Kyc Expired', 'KYC_EXPIRED', 'kyc-expired'],
  unknown: ['suspended', 'Expired soon', 'not approved', 'constructor'],
};

function hear(session: LiveSession, words: string[], ...refreshing: boolean[]): Action[] {
  return words.flatMap((status) =>
    refreshing.map((each) => ({ type: 'status', session, status, refreshing: each }) as const),
  );
}

/** The rows that hear of one session; `+next` where a new one would follow by itself. */
function heardOf(name: string, session: LiveSession): Record<string, () => Action[]> {
  const rows: Record<string, () => Action[]> = {};
  for (const [meaning, words] of Object.entries(WORDS)) {
    rows[`${name} ${meaning}`] = () => hear(session, words, false, true);
  }
  rows[`${name} expired`] = () => hear(session, WORDS.expired!, false);
  rows[`${name} expired+next`] = () => hear(session, WORDS.expired!, true);
  return rows;
}

/** None where no word has been heard yet. */
function sameWord(state: VerifyState, session: LiveSession): Action[] {
  const status = 'session' in state ? state.session.status : null;
  return status === null ? [] : hear(session, [status], false, true);
}

/** The rows of the tables. Several actions in one: each of them does the same. */
const ACTIONS: Record<string, (state: VerifyState) => Action[]> = {
  wait: () => [{ type: 'wait' }],
  load: () => [{ type: 'load', reason: 'change' }],
  'load retry': () => [{ type: 'load', reason: 'retry' }],
  'load refresh': () => [{ type: 'load', reason: 'refresh' }],
  resolve: () => [
    { type: 'resolve', session: { ...other, status: 'Approved' }, reason: 'initial' },
  ],
  reject: () => [{ type: 'reject', error: { ...error, code: 'rate-limited' } }],
  overdue: () => [{ type: 'overdue' }],
  expire: () => [{ type: 'expire', refreshing: false }],
  'expire+next': () => [{ type: 'expire', refreshing: true }],
  'replace by other': () => [{ type: 'replace', session: { ...other, status: 'Approved' } }],
  'replace by later': () => [{ type: 'replace', session: { ...later, status: 'Approved' } }],
  'refresh-failed': () => [{ type: 'refresh-failed' }],
  'show-code': () => [{ type: 'show-code' }],
  cancel: () => [{ type: 'cancel' }],
  clear: () => [{ type: 'clear' }],
  ...heardOf('own', own),
  'own same word': (state) => sameWord(state, own),
  ...heardOf('other', other),
  'other same word': (state) => sameWord(state, other),
};

/**
 * What becomes of each state (column) by each action (row). `-` is the very same object again; every
 * other cell is one of the {@link OUTCOMES}.
 */
const TABLES = [
  `
                      idle     waiting  loading  loading-refresh  error    error-refresh
  wait                waiting  -        waiting  waiting          waiting  waiting
  load                loading  loading  loading  loading          loading  loading
  load retry          retry    retry    retry    retry-refresh    retry    retry-refresh
  load refresh        refresh  refresh  refresh  refresh          refresh  refresh
  resolve             -        -        new      new              -        -
  reject              -        -        error    error-refresh    -        -
  overdue             -        -        -        -                -        -
  expire              -        -        -        -                -        -
  expire+next         -        -        -        -                -        -
  replace by other    -        -        -        -                -        -
  replace by later    -        -        -        -                -        -
  refresh-failed      -        -        -        -                -        -
  show-code           -        -        -        -                -        -
  cancel              -        idle     idle     idle             -        given-up
  clear               -        idle     idle     idle             idle     idle

  own unopened        -        -        -        -                -        -
  own resubmitted     -        -        -        -                -        -
  own in-progress     -        -        -        in-progress      -        in-progress
  own approved        -        -        -        approved         -        approved
  own declined        -        -        -        declined         -        declined
  own in-review       -        -        -        in-review        -        in-review
  own cancelled       -        -        -        cancelled        -        cancelled
  own expired         -        -        -        -                -        -
  own expired+next    -        -        -        -                -        -
  own abandoned       -        -        -        -                -        -
  own kyc-expired     -        -        -        -                -        -
  own unknown         -        -        -        -                -        -
  own same word       -        -        -        -                -        -

  other unopened      -        -        -        -                -        -
  other resubmitted   -        -        -        -                -        -
  other in-progress   -        -        -        in-progress      -        in-progress
  other approved      -        -        -        approved         -        approved
  other declined      -        -        -        declined         -        declined
  other in-review     -        -        -        in-review        -        in-review
  other cancelled     -        -        -        cancelled        -        cancelled
  other expired       -        -        -        -                -        -
  other expired+next  -        -        -        -                -        -
  other abandoned     -        -        -        -                -        -
  other kyc-expired   -        -        -        -                -        -
  other unknown       -        -        -        -                -        -
  other same word     -        -        -        -                -        -
`,
  `
                      ready         ready-code    overdue       opened       opened-code
  wait                waiting       waiting       waiting       waiting      waiting
  load                loading       loading       loading       loading      loading
  load retry          retry         retry         retry         retry        retry
  load refresh        refresh       refresh       refresh       refresh      refresh
  resolve             -             -             -             -            -
  reject              -             -             -             -            -
  overdue             overdue       overdue       -             -            -
  expire              expired       expired       expired       -            -
  expire+next         expired-next  expired-next  expired-next  -            -
  replace by other    new           new-code      new           -            -
  replace by later    later         later-code    later         -            -
  refresh-failed      -             -             -             -            -
  show-code           code          -             code          code         -
  cancel              by-person     by-person     by-person     by-person    by-person
  clear               idle          idle          idle          idle         idle

  own unopened        word          word          word          -            -
  own resubmitted     opened        opened        opened        opened       opened
  own in-progress     in-progress   in-progress   in-progress   in-progress  in-progress
  own approved        approved      approved      approved      approved     approved
  own declined        declined      declined      declined      declined     declined
  own in-review       in-review     in-review     in-review     in-review    in-review
  own cancelled       cancelled     cancelled     cancelled     cancelled    cancelled
  own expired         final         final         final         final        final
  own expired+next    final-next    final-next    final-next    final        final
  own abandoned       final         final         final         final        final
  own kyc-expired     final         final         final         final        final
  own unknown         word          word          word          word         word
  own same word       -             -             -             -            -

  other unopened      -             -             -             -            -
  other resubmitted   -             -             -             -            -
  other in-progress   in-progress   in-progress   in-progress   -            -
  other approved      approved      approved      approved      -            -
  other declined      declined      declined      declined      -            -
  other in-review     in-review     in-review     in-review     -            -
  other cancelled     cancelled     cancelled     cancelled     -            -
  other expired       -             -             -             -            -
  other expired+next  -             -             -             -            -
  other abandoned     -             -             -             -            -
  other kyc-expired   -             -             -             -            -
  other unknown       -             -             -             -            -
  other same word     -             -             -             -            -
`,
  `
                      in-progress  in-progress-code  expired      expired-next
  wait                waiting      waiting           waiting      waiting
  load                loading      loading           loading      loading
  load retry          retry        retry             retry        retry
  load refresh        refresh      refresh           refresh      refresh
  resolve             -            -                 -            -
  reject              -            -                 -            -
  overdue             -            -                 -            -
  expire              -            -                 -            -
  expire+next         -            -                 -            -
  replace by other    -            -                 new          new
  replace by later    -            -                 later        later
  refresh-failed      -            -                 -            expired
  show-code           code         -                 -            -
  cancel              by-person    by-person         final        final
  clear               idle         idle              idle         idle

  own unopened        -            -                 -            -
  own resubmitted     opened       opened            opened       opened
  own in-progress     word         word              in-progress  in-progress
  own approved        approved     approved          approved     approved
  own declined        declined     declined          declined     declined
  own in-review       in-review    in-review         in-review    in-review
  own cancelled       cancelled    cancelled         cancelled    cancelled
  own expired         final        final             final        final
  own expired+next    final        final             final-next   final-next
  own abandoned       final        final             final        final
  own kyc-expired     final        final             final        final
  own unknown         word         word              word         word
  own same word       -            -                 -            -

  other unopened      -            -                 -            -
  other resubmitted   -            -                 -            -
  other in-progress   -            -                 in-progress  in-progress
  other approved      -            -                 approved     approved
  other declined      -            -                 declined     declined
  other in-review     -            -                 in-review    in-review
  other cancelled     -            -                 cancelled    cancelled
  other expired       -            -                 -            -
  other expired+next  -            -                 -            -
  other abandoned     -            -                 -            -
  other kyc-expired   -            -                 -            -
  other unknown       -            -                 -            -
  other same word     -            -                 -            -
`,
  `
                      final    final-next  done
  wait                waiting  waiting     waiting
  load                loading  loading     loading
  load retry          retry    retry       retry
  load refresh        refresh  refresh     refresh
  resolve             -        -           -
  reject              -        -           -
  overdue             -        -           -
  expire              -        -           -
  expire+next         -        -           -
  replace by other    new      new         -
  replace by later    -        final       -
  refresh-failed      -        final       -
  show-code           -        -           -
  cancel              -        final       -
  clear               idle     idle        idle

  own unopened        -        -           -
  own resubmitted     -        -           -
  own in-progress     -        -           -
  own approved        -        -           -
  own declined        -        -           -
  own in-review       -        -           -
  own cancelled       -        -           -
  own expired         -        -           -
  own expired+next    -        -           -
  own abandoned       -        -           -
  own kyc-expired     -        -           -
  own unknown         -        -           -
  own same word       -        -           -

  other unopened      -        -           -
  other resubmitted   -        -           -
  other in-progress   -        -           -
  other approved      -        -           -
  other declined      -        -           -
  other in-review     -        -           -
  other cancelled     -        -           -
  other expired       -        -           -
  other expired+next  -        -           -
  other abandoned     -        -           -
  other kyc-expired   -        -           -
  other unknown       -        -           -
  other same word     -        -           -
`,
];

type Open = Extract<VerifyState, { session: LiveSession }>;

/** Nothing of an answer but its session: what it says of the status is told by a status action. */
function shown(session: LiveSession, status: string | null, codeShown = false): VerifyState {
  return ready(status, { session: { ...session, status }, codeShown });
}

/** With Didit's word, where that is what happened. */
function told({ session }: Open, action: Action): LiveSession {
  return action.type === 'status' ? { ...session, status: action.status } : session;
}

/** The session that was heard of, whichever was on show. */
function heard(action: Action): LiveSession {
  const { session, status } = action as Extract<Action, { type: 'status' }>;
  return { ...session, status };
}

function ended(final: boolean, refreshing: boolean) {
  return (state: Open, action: Action): VerifyState => {
    return { name: 'expired', session: told(state, action), final, refreshing };
  };
}

function over(name: FinalName) {
  return (_: Open, action: Action): VerifyState => ({ name, session: heard(action) });
}

/** What the cells of the tables stand for. */
const OUTCOMES: Record<string, (state: Open, action: Action) => unknown> = {
  idle: () => ({ name: 'idle', waiting: false }),
  waiting: () => ({ name: 'idle', waiting: true }),
  loading: () => loading('change'),
  retry: () => loading('retry'),
  'retry-refresh': () => loading('retry', true),
  refresh: () => loading('refresh', true),
  error: () => ({ ...failed(false), error: { ...error, code: 'rate-limited' } }),
  'given-up': () => failed(false),
  'error-refresh': () => ({ ...failed(true), error: { ...error, code: 'rate-limited' } }),
  new: () => shown(other, null),
  'new-code': () => shown(other, null, true),
  later: ({ session }) => shown(later, session.status),
  'later-code': ({ session }) => shown(later, session.status, true),
  word: (state, action) => ({ ...state, session: told(state, action) }),
  code: (state) => ({ ...state, codeShown: true }),
  overdue: (state) => ({ ...state, overdue: true }),
  opened: (_, action) => ready(heard(action).status, { opened: true }),
  'in-progress': (_, action) => ({
    ...{ name: 'in-progress', session: heard(action), codeShown: false },
  }),
  approved: over('approved'),
  declined: over('declined'),
  'in-review': over('in-review'),
  cancelled: over('cancelled'),
  'by-person': ({ session }) => ({ name: 'cancelled', session }),
  expired: ended(false, false),
  'expired-next': ended(false, true),
  final: ended(true, false),
  'final-next': ended(true, true),
};

type Row = readonly [action: string, cells: ReadonlyMap<string, string>];

/** Cells are apart by two spaces or more. */
function read(table: string): { columns: string[]; rows: Row[] } {
  const lines = table.split('\n').filter((line) => line.trim());
  const [columns, ...cells] = lines.map((line) => line.trim().split(/ {2,}/));
  const rows = cells.map(([action, ...outcomes]): Row => {
    expect(outcomes, action).to.have.length(columns!.length);
    return [action!, new Map(columns!.map((column, index) => [column, outcomes[index]!]))];
  });
  return { columns: columns!, rows };
}

/** What changes it throws. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

describe('transition', () => {
  const tables = TABLES.map(read);

  for (const { rows } of tables) {
    for (const [row, cells] of rows) {
      for (const [column, outcome] of cells) {
        it(`${column}, ${row}: ${outcome}`, () => {
          for (const state of STATES[column]!.map(frozen)) {
            for (const action of ACTIONS[row]!(state).map(frozen)) {
              const next = transition(state, action);
              const message = `${JSON.stringify(state)} by ${JSON.stringify(action)}`;
              if (outcome === '-') expect(next, message).to.equal(state);
              else expect(next, message).to.deep.equal(OUTCOMES[outcome]!(state as Open, action));
            }
          }
        });
      }
    }
  }

  it('has a cell for every state and every action', () => {
    const columns = tables.flatMap((table) => table.columns);
    expect(columns).to.have.members(Object.keys(STATES));
    for (const { rows } of tables) {
      expect(rows.map(([action]) => action)).to.have.members(Object.keys(ACTIONS));
    }
  });

  it('keeps the reason for which a session is asked for', () => {
    for (const reason of ['initial', 'change', 'retry', 'restart', 'resume'] as const) {
      expect(transition(INITIAL_STATE, { type: 'load', reason })).to.deep.equal(loading(reason));
    }
  });

  it('keeps a later end when the older answer of the same session is heard', () => {
    const state = transition(ready(null), { type: 'replace', session: later });
    const [action] = hear(own, ['In Progress'], false);
    const next = transition(state, action!);
    expect('session' in next && next.session).to.deep.equal({ ...later, status: 'In Progress' });
  });
});

describe('isFinalName', () => {
  it('is so for what a session completes with', () => {
    const finals = ['approved', 'declined', 'in-review', 'cancelled'] as const;
    const others = ['idle', 'loading', 'ready', 'in-progress', 'expired', 'error'] as const;
    expect([...finals, ...others].filter(isFinalName)).to.deep.equal(finals);
  });
});

describe('what is asked of a state', () => {
  const endingByClock = ['ready', 'ready-code', 'overdue'];
  const over = ['idle', 'waiting', 'error', 'final', 'final-next', 'done'];
  const replacing = ['loading-refresh', 'error-refresh'];
  for (const [column, states] of Object.entries(STATES)) {
    const ends = endingByClock.includes(column);
    const isEnd = over.includes(column);
    const replaces = replacing.includes(column);
    const words = [ends && 'ends by the clock', isEnd && 'is over', replaces && 'replaces another'];
    it(`${column}: ${words.filter(Boolean).join(', ') || 'goes on'}`, () => {
      for (const state of states) {
        expect(endsByClock(state)).to.equal(ends);
        expect(isOver(state)).to.equal(isEnd);
        expect(isReplacing(state)).to.equal(replaces);
      }
    });
  }
});
