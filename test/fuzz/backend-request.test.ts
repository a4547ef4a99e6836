import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { retryAfterOf } from '../../src/backend-request.js';
import { hostileHeader } from './hostile.js';
import { property } from './property.js';

function retryAfter(value: string | null, status = 429): number | null {
  const headers = new Headers(value === null ? {} : { 'Retry-After': value });
  return retryAfterOf({ status, headers } as Response);
}

const status = fc.oneof(fc.constantFrom(429, 503), fc.integer({ min: 200, max: 599 }));

const value = fc.oneof(
  hostileHeader,
  fc.nat().map(String),
  fc.stringMatching(/^\d{1,400}$/),
  fc.stringMatching(/^[-+ ]?\d+([.e]\d+)?( s)?$/),
  // Nearly a date.
  fc
    .tuple(fc.date({ noInvalidDate: true }), fc.constantFrom('', 'GMT', ' GMT', ' UTC'))
    .map(([date, end]) => date.toUTCString().replace(' GMT', end)),
  hostileHeader.map((text) => `${text} GMT`),
);

describe('retryAfterOf', () => {
  property('gives whole seconds or nothing', [status, fc.option(value)], (code, text) => {
    const seconds = retryAfter(text, code);
    if (seconds === null) return;
    assert.ok(code === 429 || code === 503);
    assert.ok(Number.isInteger(seconds) && seconds >= 0, `${seconds}`);
  });

  property('takes seconds as they are', [fc.nat({ max: 1e9 })], (seconds) => {
    assert.equal(retryAfter(String(seconds)), seconds);
  });

  property(
    'takes a date, and none that has passed',
    [fc.integer({ min: -10_000_000, max: 10_000_000 }).filter((seconds) => seconds !== 0)],
    (seconds) => {
      const now = Date.now();
      const date = new Date(now + seconds * 1000).toUTCString();
      const found = retryAfter(date);
      if (seconds < 0) assert.equal(found, null);
      // A date has no milliseconds.
      else
        assert.ok(
          Number.isInteger(found) && found! <= seconds && found! >= seconds - 5,
          `${found}`,
        );
    },
  );
});
