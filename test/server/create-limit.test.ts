import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { Refusal } from '../../src/server/answers.js';
import { CreateLimit } from '../../src/server/create-limit.js';
import { HookError } from '../../src/server/hooks.js';
import type { DiditSettings, User } from '../../src/server/options.js';
import { clock, pageRequest, settings } from './helpers.js';

const ZOE: User = { vendorData: 'zoe' };
const ADAM: User = { vendorData: 'adam' };

/** The limit by default, with a clock to move. */
function ownLimit() {
  const time = clock();
  const limit = new CreateLimit(settings({ now: time.now }));
  const request = pageRequest();
  const take = (user: User) => limit.take(request, user);
  const takeMany = async (count: number, user: User) => {
    for (let i = 0; i < count; i++) await take(user);
  };
  return { take, takeMany, pass: time.pass };
}

/** The seconds that a refused create is told to wait. */
async function refusedFor(taking: Promise<unknown>): Promise<string | undefined> {
  const error = await taking.then(
    () => assert.fail('nothing was refused'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Refusal, `a Refusal, not ${String(error)}`);
  assert.equal(error.code, 'rate-limited');
  assert.equal(error.status, 429);
  return error.headers['Retry-After'];
}

describe('CreateLimit, by default', () => {
  it('lets a person create 20 sessions in an hour', async () => {
    const { take, takeMany } = ownLimit();
    await takeMany(20, ZOE);
    assert.equal(await refusedFor(take(ZOE)), '3600');
  });

  it('tells when the next one is free, and keeps its word', async () => {
    const { take, pass } = ownLimit();
    for (let i = 0; i < 20; i++) {
      await take(ZOE);
      pass(60);
    }
    assert.equal(await refusedFor(take(ZOE)), '2400');
    pass(2399.999);
    assert.equal(await refusedFor(take(ZOE)), '1');
    pass(0.001);
    await take(ZOE);
    assert.equal(await refusedFor(take(ZOE)), '60');
  });

  it('does not count what it refused', async () => {
    const { take, takeMany, pass } = ownLimit();
    await takeMany(20, ZOE);
    pass(1800);
    for (let i = 0; i < 100; i++) await refusedFor(take(ZOE));
    pass(1800);
    await takeMany(20, ZOE);
  });

  it('counts each person alone', async () => {
    const { take, takeMany } = ownLimit();
    await takeMany(20, ZOE);
    await takeMany(20, ADAM);
    await refusedFor(take(ADAM));
  });

  it('lets all people without vendor data together create 20 in a minute', async () => {
    const { take, takeMany, pass } = ownLimit();
    await takeMany(20, {});
    assert.equal(await refusedFor(take({})), '60');
    pass(59.999);
    assert.equal(await refusedFor(take({})), '1');
    pass(0.001);
    await takeMany(20, {});
  });

  it('does not take a person for those without vendor data, whatever the name', async () => {
    const { takeMany } = ownLimit();
    for (const user of [{}, { vendorData: 'null' }, { vendorData: 'undefined' }, ZOE]) {
      await takeMany(20, user);
    }
  });

  it('counts at once, so that those who come together are counted too', async () => {
    const { take } = ownLimit();
    const taken = await Promise.allSettled(Array.from({ length: 50 }, () => take(ZOE)));
    assert.equal(taken.filter(({ status }) => status === 'fulfilled').length, 20);
  });

  it('takes back a create that failed', async () => {
    const { take, takeMany } = ownLimit();
    await takeMany(19, ZOE);
    for (let i = 0; i < 5; i++) {
      const giveBack = await take(ZOE);
      await refusedFor(take(ZOE));
      giveBack();
    }
    await take(ZOE);
    await refusedFor(take(ZOE));
  });

  it('takes back the very create that failed', async () => {
    for (const [failing, seconds] of [
      [0, '3000'],
      [1, '2400'],
    ] as const) {
      const { take, takeMany, pass } = ownLimit();
      const creates = [await take(ZOE)];
      pass(600);
      creates.push(await take(ZOE));
      pass(600);
      await takeMany(18, ZOE);
      creates[failing]?.();
      await take(ZOE);
      assert.equal(await refusedFor(take(ZOE)), seconds);
    }
  });

  it('takes nothing back for a create that counts no more', async () => {
    const { take, takeMany, pass } = ownLimit();
    const giveBack = await take(ZOE);
    pass(3600);
    await takeMany(20, ZOE);
    giveBack();
    await refusedFor(take(ZOE));
  });

  it('locks nobody out where the clock was put back', async () => {
    const { takeMany, pass } = ownLimit();
    await takeMany(20, ZOE);
    pass(-3600);
    await takeMany(20, ZOE);
  });

  it('forgets the person who was last here longest ago', async () => {
    const { take, takeMany } = ownLimit();
    await takeMany(19, ZOE);
    await takeMany(20, ADAM);
    for (let i = 0; i < 9998; i++) await take({ vendorData: `${i}` });
    await takeMany(1, ZOE);
    await take({ vendorData: 'one too many' });
    await refusedFor(take(ZOE));
    await take(ADAM);
  });
});

describe('CreateLimit, by the site', () => {
  type Limit = NonNullable<DiditSettings['limit']>;

  function taking(limit: Limit, user = ZOE, request = pageRequest()) {
    return new CreateLimit(settings({ limit })).take(request, user);
  }

  it('asks with the request and the person', async () => {
    const request = pageRequest();
    const seen: unknown[] = [];
    const limit: Limit = (...given) => {
      seen.push(...given);
      return true;
    };
    await taking(limit, ZOE, request);
    assert.deepEqual(seen, [request, ZOE]);
    assert.equal(seen[0], request);
  });

  it('asks each time, and then counts nothing itself', async () => {
    let calls = 0;
    const limit = new CreateLimit(settings({ limit: async () => ++calls > 0 || 60 }));
    for (let i = 0; i < 100; i++) (await limit.take(pageRequest(), ZOE))();
    assert.equal(calls, 100);
  });

  const SECONDS: [number, string][] = [
    [30, '30'],
    [0.5, '1'],
    [89.1, '90'],
    [0, '1'],
  ];
  for (const [given, told] of SECONDS) {
    it(`refuses with ${told} s for ${given}`, async () => {
      assert.equal(await refusedFor(taking(() => given)), told);
      assert.equal(await refusedFor(taking(async () => given)), told);
    });
  }

  for (const nonsense of [
    false,
    undefined,
    null,
    NaN,
    -1,
    -Infinity,
    Infinity,
    1e21,
    '30',
    {},
    [30],
  ]) {
    it(`calls ${inspect(nonsense)} a failure of limit`, async () => {
      await assert.rejects(
        taking(() => nonsense as number),
        (error) => {
          assert.ok(error instanceof HookError);
          assert.equal(error.hook, 'limit');
          assert.equal(error.reason, 'it gave neither true nor seconds');
          return true;
        },
      );
    });
  }

  it('calls a throw a failure of limit', async () => {
    const limit = () => {
      throw new RangeError('Zoë came too often');
    };
    await assert.rejects(taking(limit), { name: 'HookError', hook: 'limit', reason: 'RangeError' });
  });
});
