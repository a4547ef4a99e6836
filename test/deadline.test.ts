import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { Deadline } from '../src/deadline.js';
import { fakeClock } from './helpers.js';

const NOW = Date.UTC(2030, 0, 1);
const DAY = 24 * 60 * 60_000;
const MINUTE = 60_000;

describe('Deadline', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => (clock = fakeClock(NOW)));
  afterEach(() => {
    sinon.restore();
    clock.restore();
  });

  it('comes nearer as time passes, and goes below nothing', () => {
    const deadline = new Deadline(NOW + MINUTE);
    expect(deadline.remaining).to.equal(MINUTE);
    clock.tick(MINUTE - 1);
    expect(deadline.remaining).to.equal(1);
    clock.tick(11);
    expect(deadline.remaining).to.equal(-10);
  });

  it('may be over from the start', () => {
    expect(new Deadline(NOW - 5).remaining).to.equal(-5);
  });

  it('is over where the wall clock is set forward a day', () => {
    const deadline = new Deadline(NOW + MINUTE);
    clock.setSystemTime(NOW + DAY);
    expect(deadline.remaining).to.equal(MINUTE - DAY);
  });

  it('is not put off where the wall clock is set back a day', () => {
    const deadline = new Deadline(NOW + MINUTE);
    clock.setSystemTime(NOW - DAY);
    expect(deadline.remaining).to.equal(MINUTE);
    clock.tick(2 * MINUTE);
    expect(deadline.remaining).to.equal(-MINUTE);
  });

  it('passes while the monotonic clock stands still, as it may while the computer sleeps', () => {
    clock.restore();
    clock = sinon.useFakeTimers({ now: NOW, toFake: ['Date'] });
    sinon.stub(performance, 'now').returns(7);
    const deadline = new Deadline(NOW + MINUTE);
    clock.tick(2 * MINUTE);
    expect(deadline.remaining).to.equal(-MINUTE);
  });
});
