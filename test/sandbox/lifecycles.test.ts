import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stageOf } from '../../src/didit-status.js';
import { DATA_TRANSFER, VERIFICATION, type Lifecycle } from '../../src/sandbox/lifecycles.js';

/** Where everything leads, one line for each. */
function table({ opened, overdue, actions }: Lifecycle<string>): string[] {
  return [['open', opened] as const, ['time', overdue] as const, ...actions]
    .flatMap(([name, steps]) => [...steps].map(([from, to]) => `${name}: ${from} → ${to}`))
    .sort();
}

describe('data transfer', () => {
  test('leads where Didit’s does', () => {
    assert.deepEqual(table(DATA_TRANSFER), [
      'cancel: initialized → cancelled',
      'cancel: retrieved → cancelled',
      'confirm: initialized → confirmed',
      'confirm: retrieved → confirmed',
      'decline: initialized → declined',
      'decline: retrieved → declined',
      'expire: initialized → expired',
      'expire: retrieved → expired',
      'open: initialized → retrieved',
      'time: initialized → expired',
      'time: retrieved → expired',
    ]);
  });
});

describe('verification', () => {
  test('leads where Didit’s does', () => {
    const unfinished = ['Awaiting User', 'In Progress', 'Not Started', 'Resubmitted'];
    const overdue = (from: string) => (from === 'Not Started' ? 'Expired' : 'Abandoned');
    assert.deepEqual(
      table(VERIFICATION),
      [
        ...unfinished.flatMap((from) => [
          `approve: ${from} → Approved`,
          `await: ${from} → Awaiting User`,
          `decline: ${from} → Declined`,
          `expire: ${from} → ${overdue(from)}`,
          `review: ${from} → In Review`,
          `time: ${from} → ${overdue(from)}`,
        ]),
        'approve: In Review → Approved',
        'decline: In Review → Declined',
        'expire-kyc: Approved → Kyc Expired',
        'open: Not Started → In Progress',
        'open: Resubmitted → In Progress',
        'resubmit: In Review → Resubmitted',
      ].sort(),
    );
  });
});

for (const [name, lifecycle] of Object.entries({ DATA_TRANSFER, VERIFICATION })) {
  test(`every word of ${name} is known to the page and the server part`, () => {
    const { first, opened, overdue, actions } = lifecycle as Lifecycle<string>;
    const words = [opened, overdue, ...actions.values()].flatMap((steps) => [...steps].flat());
    for (const word of [first, ...words]) assert.notEqual(stageOf(word), null, word);
  });
}
