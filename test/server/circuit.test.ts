import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Circuit } from '../../src/server/circuit.js';
import { DiditApiError, type UpstreamFailure } from '../../src/server/didit-api-error.js';
import { clock, deferred } from './helpers.js';

/** A circuit on a clock that stands still, with how often a call went through. */
function circuit() {
  const { now, pass } = clock();
  const circuit = new Circuit(now);
  let sent = 0;
  const call = (outcome: () => Promise<string> | string) =>
    circuit.run(async () => {
      sent++;
      return outcome();
    });
  const fail = async (reason: UpstreamFailure = 'failed', times = 1) => {
    for (let time = 0; time < times; time++) {
      const outcome = () => Promise.reject(new DiditApiError(reason, { status: 500, detail: 'x' }));
      await assert.rejects(call(outcome), { reason });
    }
  };
  const succeed = () => call(() => 'answer');
  return { call, fail, succeed, pass, sent: () => sent };
}

describe('Circuit', () => {
  it('lets every call through, and gives what comes of it', async () => {
    const { succeed, sent } = circuit();
    for (let time = 0; time < 10; time++) assert.equal(await succeed(), 'answer');
    assert.equal(sent(), 10);
  });

  for (const reason of ['failed', 'timeout', 'unreachable'] as const) {
    it(`tells ${reason} again at once after five in a row`, async () => {
      const { fail, call, sent } = circuit();
      await fail(reason, 5);
      for (let time = 0; time < 10; time++) {
        await assert.rejects(
          call(() => 'answer'),
          { name: 'DiditApiError', reason, status: 500, detail: 'x' },
        );
      }
      assert.equal(sent(), 5);
    });
  }

  it('lets one call through after five seconds, and all once Didit is back', async () => {
    const { fail, succeed, call, pass, sent } = circuit();
    await fail('failed', 5);
    pass(4.999);
    await fail();
    assert.equal(sent(), 5);
    pass(0.001);
    const probe = deferred<string>();
    const first = call(() => probe.promise);
    await fail();
    assert.equal(sent(), 6);
    probe.resolve('answer');
    assert.equal(await first, 'answer');
    await succeed();
    await fail('failed', 4);
    await succeed();
    assert.equal(sent(), 12);
  });

  it('waits as long again where that one fails', async () => {
    const { fail, succeed, pass, sent } = circuit();
    await fail('failed', 5);
    pass(5);
    await fail();
    pass(4.999);
    await fail();
    assert.equal(sent(), 6);
    pass(0.001);
    assert.equal(await succeed(), 'answer');
  });

  it('lets another through where that one never ends', async () => {
    const { fail, succeed, call, pass } = circuit();
    await fail('failed', 5);
    pass(5);
    void call(() => new Promise<string>(() => undefined));
    await fail();
    pass(5);
    assert.equal(await succeed(), 'answer');
  });

  it('counts failures in a row alone', async () => {
    const { fail, succeed, sent } = circuit();
    await fail('failed', 4);
    await succeed();
    await fail('timeout', 4);
    assert.equal(sent(), 9);
    await succeed();
  });

  for (const reason of ['refused', 'rate-limited', 'redirected', 'invalid-answer'] as const) {
    it(`takes ${reason} for an answer`, async () => {
      const { fail, sent } = circuit();
      await fail(reason, 20);
      await fail('failed', 4);
      await fail(reason, 1);
      await fail('failed', 4);
      assert.equal(sent(), 29);
    });
  }

  it('takes what is no failure of Didit’s for none', async () => {
    const { call, sent } = circuit();
    for (let time = 0; time < 10; time++) {
      await assert.rejects(
        call(() => Promise.reject(new TypeError('ours'))),
        TypeError,
      );
    }
    assert.equal(sent(), 10);
  });
});
