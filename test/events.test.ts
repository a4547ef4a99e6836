import { expect } from '@open-wc/testing';
import { errorEvent, eventsOf } from '../src/events.js';
import { INITIAL_STATE, type Action, type StateName, type VerifyState } from '../src/state.js';
import { transition } from '../src/transition.js';
import { sampleSession } from './sample-session.js';

const session = sampleSession({ sessionId: 'own', expiresAt: new Date(1000), lifetime: 500 });
const other = sampleSession({ sessionId: 'other' });
const later = { ...session, expiresAt: new Date(2000) };
const error = { code: 'rate-limited', message: '', retryable: true, retryAfter: 5 } as const;

/** The state that these actions lead to. */
function after(...actions: Action[]): VerifyState {
  return actions.reduce(transition, INITIAL_STATE);
}

function hear(status: string, refreshing = false, of = session): Action {
  return { type: 'status', session: of, status, refreshing };
}

const load: Action = { type: 'load', reason: 'initial' };
const resolve: Action = { type: 'resolve', session, reason: 'initial' };
const expire: Action = { type: 'expire', refreshing: false };
const refresh: Action = { type: 'load', reason: 'refresh' };

const loading = after(load);
const ready = after(load, resolve);
const heard = after(load, resolve, hear('Not Started'));
const inProgress = after(load, resolve, hear('In Progress'));
const expired = after(load, resolve, expire);
const refreshing = after(load, resolve, { type: 'expire', refreshing: true });
const approved = after(load, resolve, hear('Approved'));
const looking = after(load, resolve, expire, refresh);
const notFound = after(load, resolve, expire, refresh, { type: 'reject', error });

type Told = [type: string, detail: object];

const created = (reason: string): Told => [
  'session-created',
  { sessionId: 'own', url: session.url, expiresAt: session.expiresAt, reason },
];
const createdOther: Told = [
  'session-created',
  { sessionId: 'other', url: other.url, expiresAt: null, reason: 'refresh' },
];
const changed = (
  previousState: StateName,
  state: StateName,
  status: string | null,
  sessionId = 'own',
): Told => ['status-changed', { sessionId, state, previousState, status }];
const ended = (willRefresh: boolean): Told => [
  'session-expired',
  { sessionId: 'own', willRefresh },
];
const completed = (state: StateName, status: string | null, sessionId = 'own'): Told => [
  'session-completed',
  { sessionId, state, status },
];

type Row = [name: string, from: VerifyState, action: Action, told: Told[]];

function completing(name: string, from: VerifyState, state: StateName, status: string): Row {
  const told = [changed(from.name, state, status), completed(state, status)];
  return [name, from, hear(status), told];
}

/** Each transition with all that is told of it, in order. */
const TABLE: Row[] = [
  ['a session is there', loading, resolve, [created('initial')]],
  ['it is an old one', loading, { ...resolve, reason: 'resume' }, [created('resume')]],
  [
    'its answer has a word, which is told by itself',
    loading,
    { type: 'resolve', session: { ...session, status: 'Approved' }, reason: 'restart' },
    [created('restart')],
  ],
  ['there is none', loading, { type: 'reject', error }, [['error', error]]],

  ['the first word', ready, hear('Not Started'), [changed('ready', 'ready', 'Not Started')]],
  ['another word', heard, hear('initialized'), [changed('ready', 'ready', 'initialized')]],
  ['an unknown word', heard, hear('paused'), [changed('ready', 'ready', 'paused')]],
  ['taken up', heard, hear('retrieved'), [changed('ready', 'in-progress', 'retrieved')]],
  [
    'another word while under way',
    inProgress,
    hear('Awaiting User'),
    [changed('in-progress', 'in-progress', 'Awaiting User')],
  ],
  ['sent back', inProgress, hear('Resubmitted'), [changed('in-progress', 'ready', 'Resubmitted')]],
  completing('approved', inProgress, 'approved', 'confirmed'),
  completing('declined without having been seen under way', ready, 'declined', 'Declined'),
  completing('in review', inProgress, 'in-review', 'In Review'),
  completing('cancelled on the phone', inProgress, 'cancelled', 'cancelled'),
  [
    'cancelled here',
    inProgress,
    { type: 'cancel' },
    [changed('in-progress', 'cancelled', 'In Progress'), completed('cancelled', 'In Progress')],
  ],
  [
    'cancelled here before any word',
    ready,
    { type: 'cancel' },
    [changed('ready', 'cancelled', null), completed('cancelled', null)],
  ],

  [
    'the end by the clock',
    heard,
    expire,
    [changed('ready', 'expired', 'Not Started'), ended(false)],
  ],
  [
    'the end while the next one is asked for',
    ready,
    { type: 'expire', refreshing: true },
    [changed('ready', 'expired', null), ended(true)],
  ],
  [
    'the end by a word',
    heard,
    hear('expired', true),
    [changed('ready', 'expired', 'expired'), ended(true)],
  ],
  [
    'the end of one that was taken up',
    inProgress,
    hear('Abandoned', true),
    [changed('in-progress', 'expired', 'Abandoned'), ended(false)],
  ],
  [
    'the word for an end that was told',
    expired,
    hear('Expired', true),
    [changed('expired', 'expired', 'Expired')],
  ],
  [
    'the phone was faster than the clock',
    expired,
    hear('In Progress'),
    [changed('expired', 'in-progress', 'In Progress')],
  ],

  ['the swap', heard, { type: 'replace', session: other }, [ended(true), createdOther]],
  [
    'the swap for an answer that has a word',
    heard,
    { type: 'replace', session: { ...other, status: 'Approved' } },
    [ended(true), createdOther],
  ],
  ['the swap after the end', refreshing, { type: 'replace', session: other }, [createdOther]],
  ['a later end of the same session', heard, { type: 'replace', session: later }, []],
  [
    'an earlier session is taken up in place of the new one',
    heard,
    hear('In Progress', true, other),
    [changed('ready', 'in-progress', 'In Progress', 'other')],
  ],
  [
    'an earlier session is done',
    heard,
    hear('Approved', true, other),
    [changed('ready', 'approved', 'Approved', 'other'), completed('approved', 'Approved', 'other')],
  ],
  [
    'the old session is done while a new one is asked for',
    looking,
    hear('Approved'),
    [changed('loading', 'approved', 'Approved'), completed('approved', 'Approved')],
  ],

  ['no new one can be had for the old', looking, { type: 'reject', error }, [['error', error]]],
  ['the old one is given up, too', notFound, { type: 'cancel' }, []],
  [
    'the old session is taken up where no new one could be had',
    notFound,
    hear('In Progress'),
    [changed('error', 'in-progress', 'In Progress')],
  ],

  ['a start is kept', INITIAL_STATE, { type: 'wait' }, []],
  ['a session is asked for', INITIAL_STATE, load, []],
  ['a new one is asked for', approved, { type: 'load', reason: 'restart' }, []],
  ['a start is given up', loading, { type: 'cancel' }, []],
  ['all is taken away', inProgress, { type: 'clear' }, []],
  ['the end has passed unseen', heard, { type: 'overdue' }, []],
  ['the code is shown', ready, { type: 'show-code' }, []],
  ['the code is shown again', inProgress, { type: 'show-code' }, []],
  ['no next one can be had', refreshing, { type: 'refresh-failed' }, []],
  ['no next one is wanted', refreshing, { type: 'cancel' }, []],
];

describe('eventsOf', () => {
  for (const [name, from, action, told] of TABLE) {
    const types = told.map(([type]) => type).join(', ') || 'nothing';
    it(`${name}: ${types}`, () => {
      const state = transition(from, action);
      expect(state, 'a transition').to.not.equal(from);
      const events = eventsOf(state, from, action) as CustomEvent<object>[];
      expect(events.map(({ type, detail }) => [type, detail])).to.deep.equal(told);
      for (const { type, bubbles, composed } of events) {
        expect([bubbles, composed], type).to.deep.equal([type !== 'error', type !== 'error']);
      }
    });
  }

  it('gives the page a date of its own', () => {
    const [event] = eventsOf(ready, loading, resolve) as CustomEvent<{ expiresAt: Date }>[];
    event!.detail.expiresAt.setTime(0);
    expect(session.expiresAt!.getTime()).to.equal(1000);
  });
});

describe('errorEvent', () => {
  it('does not bubble to the page’s global error handlers', () => {
    const event = errorEvent(error) as CustomEvent;
    expect(event.type).to.equal('error');
    expect(event.detail).to.deep.equal(error);
    expect(event.bubbles).to.equal(false);
    expect(event.composed).to.equal(false);
  });
});
