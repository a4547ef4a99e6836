import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { sleep } from '../src/sleep.js';

describe('sleep', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => (clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })));
  afterEach(() => clock.restore());

  it('lasts as long as it is told to', async () => {
    const awake = sinon.fake();
    void sleep(1000, new AbortController().signal).then(awake);
    await clock.tickAsync(999);
    expect(awake.called).to.equal(false);
    await clock.tickAsync(1);
    expect(awake.callCount).to.equal(1);
  });

  it('ends at once, and without a throw, when its signal aborts, and leaves no timer', async () => {
    const controller = new AbortController();
    const slept = sleep(1000, controller.signal);
    controller.abort();
    await slept;
    expect(clock.countTimers()).to.equal(0);
  });

  it('leaves no listener when it is over', async () => {
    const { signal } = new AbortController();
    const added = sinon.spy(signal, 'addEventListener');
    const removed = sinon.spy(signal, 'removeEventListener');
    const slept = sleep(1000, signal);
    await clock.tickAsync(1000);
    await slept;
    expect(added.callCount).to.equal(1);
    expect(removed.args).to.deep.equal(added.args);
  });

  for (const milliseconds of [0, -1, -Infinity]) {
    it(`of ${milliseconds} ms is none`, async () => {
      await sleep(milliseconds, new AbortController().signal);
      expect(clock.countTimers()).to.equal(0);
    });
  }

  it('is none where its signal has aborted', async () => {
    await sleep(1000, AbortSignal.abort());
    expect(clock.countTimers()).to.equal(0);
  });
});
