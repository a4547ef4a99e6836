import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../../src/server/answers.js';
import { HookError } from '../../src/server/hooks.js';
import type { DiditOptions } from '../../src/server/options.js';
import { identify } from '../../src/server/user.js';
import { pageRequest, VENDOR_DATA } from './helpers.js';

function giving(user: unknown): DiditOptions['getUser'] {
  return () => user as { vendorData: string };
}

describe('identify', () => {
  it('hands the request over and gives the user back', async () => {
    const request = pageRequest();
    const seen: Request[] = [];
    const user = await identify(async (given) => {
      seen.push(given);
      return { vendorData: VENDOR_DATA };
    }, request);
    assert.deepEqual(user, { vendorData: VENDOR_DATA });
    assert.equal(seen[0], request);
  });

  it('takes a user without vendor data', async () => {
    assert.deepEqual(await identify(giving({}), pageRequest()), {});
  });

  for (const nobody of [null, undefined]) {
    it(`refuses ${nobody} as unauthorized`, async () => {
      await assert.rejects(identify(giving(nobody), pageRequest()), (error) => {
        assert.ok(error instanceof Refusal);
        assert.equal(error.code, 'unauthorized');
        return true;
      });
    });
  }

  const FLAWS: [unknown, RegExp][] = [
    [{ vendorData: '' }, /empty/],
    [{ vendorData: undefined }, /undefined/],
    [{ vendorData: null }, /not a string/],
    [{ vendorData: 4711 }, /number/],
    [{ vendorData: { id: 4711 } }, /object/],
    ['4711', /no object/],
    [4711, /no object/],
    [true, /no object/],
    [false, /no object/],
    [['4711'], /no object/],
  ];
  for (const [user, reason] of FLAWS) {
    it(`calls ${JSON.stringify(user)} a failure of getUser, without the value`, async () => {
      await assert.rejects(identify(giving(user), pageRequest()), (error) => {
        assert.ok(error instanceof HookError);
        assert.equal(error.hook, 'getUser');
        assert.match(error.reason, reason);
        assert.ok(!error.reason.includes('4711'));
        return true;
      });
    });
  }

  it('calls a throw a failure of getUser, without its message', async () => {
    const getUser = () => {
      throw new RangeError('no user 4711');
    };
    const failure = identify(getUser, pageRequest());
    await assert.rejects(failure, { name: 'HookError', hook: 'getUser', reason: 'RangeError' });
  });

  it('takes a user of a class, and one with further members', async () => {
    class Account {
      vendorData = VENDOR_DATA;
      name = 'Zoë';
    }
    const account = new Account();
    assert.equal(await identify(() => account, pageRequest()), account);
  });

  it('calls vendor data that a prototype has undefined a flaw, too', async () => {
    const user = Object.create({ vendorData: undefined }) as object;
    await assert.rejects(identify(giving(user), pageRequest()), { name: 'HookError' });
  });
});
