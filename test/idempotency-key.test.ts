import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { newKey } from '../src/idempotency-key.js';

describe('newKey', () => {
  it('is a UUID of version 4 (RFC 9562, 5.4)', () => {
    for (let count = 0; count < 200; count++) {
      expect(newKey()).to.match(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    }
  });

  it('is another one each time, in every digit that is free', () => {
    const keys = Array.from({ length: 200 }, newKey);
    expect(new Set(keys).size).to.equal(200);
    const digits = Array.from(keys[0]!, (_, at) => new Set(keys.map((key) => key[at])).size);
    const fixed = [8, 13, 14, 18, 23];
    digits.forEach((size, at) => {
      // Of the digit of the variant two bits are free. 200 keys hardly miss one value of 16.
      const free = at === 19 ? 4 : 14;
      if (!fixed.includes(at)) expect(size, `digit ${at}`).to.be.at.least(free);
    });
  });

  it('needs nothing that only pages with HTTPS have', () => {
    Object.defineProperty(crypto, 'randomUUID', { configurable: true, value: undefined });
    const random = sinon.spy(crypto, 'getRandomValues');
    try {
      expect(newKey()).to.have.length(36);
      expect(random.called).to.equal(true);
    } finally {
      random.restore();
      Reflect.deleteProperty(crypto, 'randomUUID');
    }
  });
});
