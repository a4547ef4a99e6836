import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StatusBudget } from '../../src/server/status-budget.js';
import { clock } from './helpers.js';

function budgetOf(perMinute: number) {
  const { now, pass } = clock();
  const budget = new StatusBudget(perMinute, now);
  /** How many of so many calls were granted. */
  const take = (calls: number) =>
    Array.from({ length: calls }, () => budget.take()).filter((granted) => granted).length;
  return { budget, take, pass };
}

describe('StatusBudget', () => {
  it('gives so many calls in a minute and no more, a sixth of them in ten seconds', () => {
    const { take, pass } = budgetOf(60);
    const granted = [];
    for (let part = 0; part < 12; part++) {
      granted.push(take(100));
      pass(10);
    }
    assert.deepEqual(granted, Array(12).fill(10));
  });

  it('gives no more in any minute, however the calls lie', () => {
    const { take, pass } = budgetOf(7);
    const grantedAt: number[] = [];
    for (let second = 0; second < 600; second++) {
      const granted = take((second * 7919) % 5);
      grantedAt.push(...Array<number>(granted).fill(second));
      pass(1);
    }
    for (const at of grantedAt) {
      const inMinute = grantedAt.filter((other) => other >= at && other < at + 60);
      assert.ok(inMinute.length <= 7, `${inMinute.length} from second ${at} on`);
    }
    assert.ok(grantedAt.length > 60, `${grantedAt.length} in all`);
  });

  it('gives a call back a minute after it was taken, not at the turn of a minute', () => {
    const { budget, take, pass } = budgetOf(1);
    assert.equal(take(2), 1);
    assert.equal(budget.left, 0);
    pass(59.999);
    assert.equal(take(1), 0);
    pass(0.001);
    assert.equal(budget.left, 1);
    assert.equal(take(2), 1);
  });

  it('counts calls as of now where the clock is put back', () => {
    const { take, pass } = budgetOf(1);
    take(1);
    pass(-3600);
    assert.equal(take(1), 0);
    pass(59.999);
    assert.equal(take(1), 0);
    pass(0.001);
    assert.equal(take(1), 1);
  });
});
