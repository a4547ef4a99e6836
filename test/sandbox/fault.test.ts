import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFaults } from '../../src/sandbox/fault.js';

test('good faults are given as they are', () => {
  const faults = [
    ...['slow', 'unauthorized', 'rate-limited', 'failing', 'broken-json', 'cut'].map((kind) => ({
      kind,
    })),
    ...['token', 'create', 'status', 'decision', 'delete'].map((call) => ({ kind: 'cut', call })),
    { kind: 'slow', delay: 0 },
    { kind: 'slow', delay: 0.25, times: 1, call: undefined },
    { kind: 'rate-limited', retryAfter: 0, times: 20 },
  ];
  assert.deepEqual(checkFaults(faults), faults);
  assert.deepEqual(checkFaults([]), []);
});

for (const [value, message] of [
  [null, 'A fault must be an object.'],
  ['cut', 'A fault must be an object.'],
  [[], 'A fault must be an object.'],
  [
    {},
    "A fault's kind must be one of slow, unauthorized, rate-limited, failing, broken-json, cut.",
  ],
  [{ kind: 'toString' }, /kind must be one of slow/],
  [
    { kind: 'cut', tmes: 1 },
    'A fault has no member "tmes", but kind, call, times, delay, retryAfter.',
  ],
  [
    { kind: 'cut', call: 'phone' },
    "A fault's call must be one of token, create, status, decision, delete.",
  ],
  ...[0, -1, 1.5, '2', NaN, Infinity, null].map((times) => [{ kind: 'cut', times }, /times must/]),
  ...[-1, NaN, Infinity, 86_401, '1', null].map((delay) => [{ kind: 'slow', delay }, /delay must/]),
  ...[-1, 0.5, NaN, '1', null].map((retryAfter) => [
    { kind: 'rate-limited', retryAfter },
    /retryAfter must/,
  ]),
] as [unknown, string | RegExp][]) {
  test(`${JSON.stringify(value)} is refused`, () => {
    assert.throws(() => checkFaults([{ kind: 'cut' }, value]), { name: 'TypeError', message });
  });
}
