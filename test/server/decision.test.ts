import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDecided, judge, type Cause } from '../../src/server/decision.js';
import type { DiditDecision } from '../../src/server/didit-client.js';
import { HookError } from '../../src/server/hooks.js';
import type { Incident } from '../../src/server/log.js';
import type { DecisionContext, DecisionResult, DiditSettings } from '../../src/server/options.js';
import { deferred, pageRequest, SESSION_ID, settle, USER_DATA, VENDOR_DATA } from './helpers.js';

const DECISION: DiditDecision = {
  session_id: SESSION_ID,
  status: 'Confirmed',
  vendor_data: VENDOR_DATA,
  user_data: USER_DATA,
};

interface Case {
  onDecision?: DiditSettings['onDecision'];
  decision?: Partial<Record<keyof DiditDecision, unknown>>;
  vendorData?: string | null | undefined;
  cause?: Partial<Cause>;
}

async function judged(differing: Case = {}) {
  const incidents: Incident[] = [];
  const vendorData = 'vendorData' in differing ? differing.vendorData : VENDOR_DATA;
  const report = (incident: Incident) => void incidents.push(incident);
  const verdict = judge(
    differing.onDecision,
    { sessionId: SESSION_ID, vendorData },
    { ...DECISION, ...differing.decision },
    'approved',
    { source: 'settle', report, ...differing.cause },
  );
  return { verdict, incidents };
}

describe('isDecided', () => {
  it('is so where there is a decision to be fetched', () => {
    const stages = [
      ...(['ready', 'in-progress', 'approved', 'declined', 'in-review'] as const),
      ...(['cancelled', 'expired'] as const),
      null,
    ];
    assert.deepEqual(stages.filter(isDecided), ['approved', 'declined', 'in-review']);
  });
});

describe('judge, whose decision it is', () => {
  type Row = [string, Case, 'session_id' | 'vendor_data' | null];
  const rows: Row[] = [
    ['the session’s own', {}, null],
    ['another session’s', { decision: { session_id: 'another' } }, 'session_id'],
    ['another person’s', { decision: { vendor_data: 'somebody else' } }, 'vendor_data'],
    ['nobody’s', { decision: { vendor_data: null } }, 'vendor_data'],
    ['one without a person', { decision: { vendor_data: undefined } }, 'vendor_data'],
    ['an object’s', { decision: { vendor_data: { id: VENDOR_DATA } } }, 'vendor_data'],
    ['a list’s', { decision: { vendor_data: [VENDOR_DATA] } }, 'vendor_data'],
    ['a person’s for an anonymous session', { vendorData: null }, 'vendor_data'],
    ['an empty one for an anonymous session', ofNobody(''), null],
    ['null for an anonymous session', ofNobody(null), null],
    ['undefined for an anonymous session', ofNobody(undefined), null],
    ['anybody’s for a session not known', { vendorData: undefined }, null],
    [
      'another session’s for one not known',
      { vendorData: undefined, decision: { session_id: 'another' } },
      'session_id',
    ],
  ];
  for (const [whose, differing, member] of rows) {
    it(`${member ? 'refuses' : 'takes'} ${whose}`, async () => {
      let calls = 0;
      const onDecision = () => {
        calls++;
      };
      const { verdict, incidents } = await judged({ ...differing, onDecision });
      assert.equal(await verdict, member ? 'mismatched' : 'accepted');
      assert.equal(calls, member ? 0 : 1);
      const expected = member
        ? { type: 'decision.mismatched', sessionId: SESSION_ID, member }
        : { type: 'decision.accepted', sessionId: SESSION_ID, status: 'Confirmed' };
      assert.deepEqual(incidents, [expected]);
    });
  }

  function ofNobody(vendor_data: unknown): Case {
    return { vendorData: null, decision: { vendor_data } };
  }
});

describe('judge, onDecision', () => {
  it('gets Didit’s decision as it is, and all that is known', async () => {
    const seen: unknown[] = [];
    const onDecision = (...given: unknown[]) => void seen.push(...given);
    const request = pageRequest();
    const { verdict } = await judged({ onDecision, cause: { source: 'status', request } });
    await verdict;
    assert.deepEqual(seen, [
      DECISION,
      {
        sessionId: SESSION_ID,
        status: 'Confirmed',
        source: 'status',
        vendorData: VENDOR_DATA,
        idempotencyKey: `${SESSION_ID}:approved`,
        request,
      },
    ]);
  });

  it('gets no request where there is none, and no person of an anonymous session', async () => {
    const contexts: DecisionContext[] = [];
    const onDecision = (_: DiditDecision, context: DecisionContext) => void contexts.push(context);
    const { verdict } = await judged({
      onDecision,
      vendorData: null,
      decision: { vendor_data: null },
    });
    await verdict;
    assert.equal(contexts[0]?.vendorData, undefined);
    assert.ok(!('request' in contexts[0]!));
  });

  const ACCEPTED: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['{ accept: true }', { accept: true }],
  ];
  for (const [what, result] of ACCEPTED) {
    it(`accepts by ${what}`, async () => {
      const { verdict } = await judged({ onDecision: async () => result as DecisionResult });
      assert.equal(await verdict, 'accepted');
    });
  }

  it('accepts where the site has none', async () => {
    assert.equal(await (await judged()).verdict, 'accepted');
  });

  it('refuses by { accept: false }', async () => {
    const { verdict, incidents } = await judged({ onDecision: () => ({ accept: false }) });
    assert.equal(await verdict, 'refused');
    assert.deepEqual(incidents, [
      { type: 'decision.refused', sessionId: SESSION_ID, status: 'Confirmed' },
    ]);
  });

  const FAILING: [string, () => unknown, RegExp][] = [
    ['throws', () => assert.fail(VENDOR_DATA), /^AssertionError$/],
    ['rejects', () => Promise.reject(new RangeError(VENDOR_DATA)), /^RangeError$/],
    ...[
      ...[false, true, 0, 'declined', {}, [], [false], { accpet: false }, { accepted: false }],
      ...[{ accept: 'no' }, { accept: undefined }, { accept: null }],
    ].map((result): [string, () => unknown, RegExp] => [
      `gives ${JSON.stringify(result)}`,
      () => result,
      /neither nothing nor/,
    ]),
  ];
  for (const [what, hook, reason] of FAILING) {
    it(`fails where it ${what}, and nobody is let in`, async () => {
      const { verdict, incidents } = await judged({ onDecision: hook as () => DecisionResult });
      await assert.rejects(verdict, (error) => {
        assert.ok(error instanceof HookError && error.hook === 'onDecision');
        assert.match(error.reason, reason);
        return true;
      });
      assert.deepEqual(incidents, []);
    });
  }

  it('fails where it does not answer in 20 seconds', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const called = deferred();
    const onDecision = () => {
      called.resolve();
      return new Promise<never>(() => undefined);
    };
    const { verdict } = await judged({ onDecision });
    let failed = false;
    const done = verdict.catch((error: unknown) => {
      failed = error instanceof HookError;
    });
    await called.promise;
    test.mock.timers.tick(19_999);
    await settle();
    assert.equal(failed, false);
    test.mock.timers.tick(1);
    await done;
    assert.equal(failed, true);
  });
});
