import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { Gate } from '../src/gate.js';
import { nextTask } from './helpers.js';

describe('Gate', () => {
  let isOpen: boolean;
  let gate: Gate;
  beforeEach(() => {
    isOpen = false;
    gate = new Gate(() => isOpen);
  });

  /** Whoever wants to pass, and whether they have. */
  function waiting(signal = new AbortController().signal) {
    const passed = sinon.fake();
    void gate.pass(signal).then(passed);
    return passed;
  }

  it('lets pass at once while it is open', async () => {
    isOpen = true;
    await gate.pass(new AbortController().signal);
  });

  it('holds back until it is looked at and open, and then lets all pass', async () => {
    const all = [waiting(), waiting(), waiting()];
    gate.check();
    await nextTask();
    expect(all.map(({ callCount }) => callCount)).to.deep.equal([0, 0, 0]);
    isOpen = true;
    gate.check();
    await nextTask();
    expect(all.map(({ callCount }) => callCount)).to.deep.equal([1, 1, 1]);
  });

  it('holds back those who come after it has closed again', async () => {
    isOpen = true;
    gate.check();
    isOpen = false;
    const passed = waiting();
    gate.check();
    await nextTask();
    expect(passed.called).to.equal(false);
  });

  it('holds back nobody whose signal aborts, before or meanwhile', async () => {
    await gate.pass(AbortSignal.abort());
    const controller = new AbortController();
    const [aborted, other] = [waiting(controller.signal), waiting()];
    controller.abort();
    await nextTask();
    expect([aborted.callCount, other.callCount]).to.deep.equal([1, 0]);
  });

  it('keeps nothing of whoever has passed, and no listener on their signal', async () => {
    const { signal } = new AbortController();
    const added = sinon.spy(signal, 'addEventListener');
    const removed = sinon.spy(signal, 'removeEventListener');
    const pending = gate.pass(signal);
    isOpen = true;
    gate.check();
    await pending;
    gate.check();
    expect(added.callCount).to.equal(1);
    expect(removed.args).to.deep.equal(added.args);
  });
});
