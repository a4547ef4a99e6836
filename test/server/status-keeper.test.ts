import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DiditDecision } from '../../src/server/didit-client.js';
import type { SharedSession } from '../../src/server/shared-sessions.js';
import type { DecisionResult } from '../../src/server/options.js';
import { StatusKeeper } from '../../src/server/status-keeper.js';
import { trackedSession } from '../../src/server/tracked-session.js';
import { clock, SESSION_ID, VENDOR_DATA } from './helpers.js';

/** A session that somebody listens to, and what writes it down. */
function kept(onDecision?: () => DecisionResult | Promise<DecisionResult>) {
  const { now, pass } = clock();
  const keeper = new StatusKeeper({ onDecision, now });
  const session = trackedSession({
    ...{ sessionId: SESSION_ID, sessionToken: undefined, vendorData: VENDOR_DATA },
    ...{ createdAt: now(), expiresAt: now() + 1e6, firstWaitMs: 0 },
    ...{ background: true, status: 'Not Started' },
  });
  const heard: string[] = [];
  const listening = new AbortController();
  keeper.listen(session, () => heard.push(session.status), listening.signal);
  const told: string[] = [];
  const report = ({ type }: { type: string }) => void told.push(type);
  const set = (status: string) => keeper.set(session, status, report);
  const decide = (status: string, vendor_data = VENDOR_DATA) => {
    const decision: DiditDecision = { session_id: SESSION_ID, status, vendor_data };
    const stage = status === 'In Review' ? 'in-review' : 'approved';
    return keeper.decide(session, decision, stage, { source: 'status', report });
  };
  const adopt = (differing: Partial<SharedSession>) => {
    const { status, changedAt, asOf, decided, over, webhooks } = session;
    const shared = { status, changedAt, asOf, decided, over, webhooks, vendorData: VENDOR_DATA };
    keeper.adopt(session, { ...shared, ...differing }, report);
  };
  return { session, heard, told, listening, set, decide, adopt, now, pass };
}

describe('StatusKeeper, set()', () => {
  it('wakes who listens, and writes down when', () => {
    const { set, session, heard, told, pass, now } = kept();
    pass(5);
    set('In Progress');
    set('In Progress');
    assert.deepEqual([heard, told], [['In Progress'], ['session.status']]);
    assert.deepEqual([session.changedAt, session.unshared], [now(), true]);
  });

  it('is later than what was known before, whatever the clock says', () => {
    const { set, session, pass, now } = kept();
    pass(-10);
    set('In Progress');
    assert.equal(session.changedAt, now() + 10_001);
  });

  it('wakes nobody who has stopped to listen', () => {
    const { set, session, heard, listening } = kept();
    listening.abort();
    set('In Progress');
    assert.deepEqual([heard, session.listeners], [[], null]);
  });
});

describe('StatusKeeper, decide()', () => {
  it('ends the session with what the site accepts', async () => {
    const { decide, session } = kept();
    await decide('Approved');
    assert.deepEqual(session.decided, { stage: 'approved', status: 'Approved' });
    assert.deepEqual(
      [session.status, session.over, session.decisionDue],
      ['Approved', true, false],
    );
  });

  it('has something to tell, although the word is the same', async () => {
    const { decide, session } = kept();
    session.status = 'Approved';
    await decide('Approved');
    assert.equal(session.unshared, true);
  });

  it('leaves an end as it is that another instance has told of meanwhile', async () => {
    const { decide, session, adopt, now } = kept(() => {
      const decided = { stage: 'declined', status: 'Declined' } as const;
      adopt({ status: 'Declined', changedAt: now(), decided, over: true });
    });
    await decide('In Review');
    assert.deepEqual([session.status, session.decided?.stage], ['Declined', 'declined']);
    assert.deepEqual([session.over, session.decisionDue], [true, false]);
  });

  it('takes up another decision on what has ended', async () => {
    const { decide, session, heard } = kept();
    await decide('Approved');
    await decide('In Review');
    assert.deepEqual([heard, session.over], [['Approved', 'In Review'], false]);
  });

  it('goes on after a review', async () => {
    const { decide, session } = kept();
    await decide('In Review');
    assert.deepEqual([session.status, session.over], ['In Review', false]);
  });

  it('is declined where the site refuses, and where it is somebody else’s', async () => {
    const { decide, session } = kept(() => ({ accept: false }));
    await decide('Approved');
    assert.deepEqual([session.status, session.over], ['declined', true]);
    const others = kept(() => assert.fail('was asked'));
    await others.decide('In Review', 'somebody else');
    assert.deepEqual([others.session.status, others.session.over], ['declined', true]);
  });

  it('stays due where the site fails', async () => {
    const { decide, session, heard } = kept(() => Promise.reject(new Error('down')));
    await assert.rejects(decide('Approved'));
    assert.deepEqual([session.decisionDue, session.decided, heard], [true, null, []]);
  });
});

describe('StatusKeeper, adopt()', () => {
  it('takes over what another instance has decided, and has nothing to tell it', () => {
    const { adopt, session, heard, now } = kept();
    session.decisionDue = true;
    session.failure = { error: null, at: 0, waitMs: 1, count: 1 };
    const decided = { stage: 'approved', status: 'Approved' } as const;
    adopt({ status: 'Approved', changedAt: now() + 5, asOf: 7, decided, over: true });
    assert.deepEqual(heard, ['Approved']);
    assert.deepEqual(
      [session.changedAt, session.asOf, session.decided, session.over],
      [now() + 5, 7, decided, true],
    );
    assert.deepEqual([session.decisionDue, session.failure], [false, null]);
    assert.equal(session.unshared, false);
  });

  it('still has to tell what it had to tell', () => {
    const { adopt, session, now } = kept();
    session.unshared = true;
    adopt({ status: 'In Progress', changedAt: now() + 5 });
    assert.equal(session.unshared, true);
  });

  it('leaves what is newer here as it is', () => {
    const { adopt, set, session, pass, now } = kept();
    pass(5);
    set('Awaiting User');
    session.webhooks = { at: 9, keys: ['b', 'a'] };
    adopt({ status: 'In Progress', changedAt: now() - 1, webhooks: { at: 8, keys: ['a'] } });
    assert.equal(session.status, 'Awaiting User');
    assert.deepEqual(session.webhooks.keys, ['b', 'a']);
  });

  it('learns whose it is, and of webhooks, where it stands as far', () => {
    const { adopt, session, heard } = kept();
    session.vendorData = undefined;
    adopt({ webhooks: { at: 8, keys: ['a'] } });
    assert.deepEqual([session.vendorData, session.webhooks.at, heard], [VENDOR_DATA, 8, []]);
  });

  it('takes over an end, although it was written by a clock that is behind', () => {
    const { adopt, set, session, now, pass } = kept();
    pass(5);
    set('In Progress');
    adopt({ status: 'Expired', changedAt: now() - 4000, over: true });
    assert.deepEqual([session.status, session.over], ['Expired', true]);
  });

  it('takes over that it was opened, although that was written by a clock that is behind', () => {
    const { adopt, session, now } = kept();
    adopt({ status: 'In Progress', changedAt: now() - 4000 });
    assert.equal(session.status, 'In Progress');
  });

  it('leaves what has ended as it is, but for webhooks', () => {
    const { adopt, session, heard, now } = kept();
    Object.assign(session, { status: 'Approved', over: true });
    const webhooks = { at: 8, keys: ['a'] };
    adopt({ status: 'Declined', changedAt: now() + 5000, over: true, webhooks });
    assert.deepEqual([session.status, heard, session.webhooks], ['Approved', [], webhooks]);
  });

  it('leaves it as it is where a word is as old as its own', () => {
    const { adopt, set, session } = kept();
    set('In Progress');
    adopt({ status: 'Awaiting User' });
    assert.equal(session.status, 'In Progress');
  });

  it('leaves a failure as it is where nobody has opened it, there as here', () => {
    const { adopt, session } = kept();
    const failure = { error: null, at: 0, waitMs: 1, count: 1 };
    session.failure = failure;
    adopt({ status: 'Not Started' });
    assert.equal(session.failure, failure);
  });

  it('does not go back to unopened by what is older', () => {
    const { adopt, set, session, pass, now } = kept();
    pass(5);
    set('In Progress');
    adopt({ status: 'Not Started', changedAt: now() - 1 });
    assert.equal(session.status, 'In Progress');
  });

  for (const [what, own, seconds, expected] of [
    ['what is newer there', 1, 2, 2],
    ['nothing older', 3, 2, 3],
    ['no time to come', 1, 999, 10],
  ] as const) {
    it(`takes over when Didit said it: ${what}`, () => {
      const { adopt, session, now, pass } = kept();
      const start = now();
      pass(10);
      session.asOf = start + own * 1000;
      adopt({ status: 'In Progress', changedAt: now(), asOf: start + seconds * 1000 });
      assert.equal(session.asOf, start + expected * 1000);
    });
  }

  it('still waits for a decision that is due, and for the end of a failure of it', () => {
    const { adopt, session, now } = kept();
    const failure = { error: null, at: 0, waitMs: 1, count: 1 };
    Object.assign(session, { decisionDue: true, failure });
    adopt({ status: 'In Progress', changedAt: now() + 5 });
    assert.deepEqual([session.decisionDue, session.failure], [true, failure]);
    session.decisionDue = false;
    adopt({ status: 'Awaiting User', changedAt: now() + 6 });
    assert.equal(session.failure, null);
  });

  for (const [what, shared, expected] of [
    ['a newer one', { at: 9, keys: ['c'] }, { at: 9, keys: ['c', 'b', 'a'] }],
    ['more of them', { at: 1, keys: ['x', 'y', 'z'] }, { at: 8, keys: ['x', 'y', 'z', 'b', 'a'] }],
    ['one that is as old', { at: 8, keys: ['a'] }, { at: 8, keys: ['b', 'a'] }],
    ['as many', { at: 7, keys: ['a', 'b'] }, { at: 8, keys: ['b', 'a'] }],
  ] as const) {
    it(`knows of webhooks, where another has heard ${what}`, () => {
      const { adopt, session } = kept();
      session.webhooks = { at: 8, keys: ['b', 'a'] };
      adopt({ webhooks: shared });
      assert.deepEqual(session.webhooks, expected);
    });
  }
});
