import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SAMPLE_PERSON } from '../../src/sandbox/sample-person.js';
import { askedFor, scopeView, valueText } from '../../src/sandbox/scopes.js';

test('every scope of the sample person has words and an icon of its own kind', () => {
  for (const scope of Object.keys(SAMPLE_PERSON)) {
    const { label, icon } = scopeView(scope);
    assert.notEqual(label, scope);
    assert.match(icon, /^[MmLlHhVvCcSsAaZz\d .-]+$/);
  }
});

test('an unknown scope is shown as it is', () => {
  assert.equal(scopeView('favourite_colour').label, 'favourite_colour');
  assert.equal(scopeView('constructor').label, 'constructor');
});

test('what is asked for is told once, in order, with what the person has of it', () => {
  const asked = askedFor(' b  a b\tunknown __proto__ ', { a: 1, b: null, c: 3 });
  assert.deepEqual(asked, [
    ['b', null],
    ['a', 1],
    ['unknown', undefined],
    ['__proto__', undefined],
  ]);
  assert.deepEqual(askedFor('', { a: 1 }), []);
});

const VALUES: readonly (readonly [unknown, string])[] = [
  ['text', 'text'],
  [true, 'Yes'],
  [false, 'No'],
  [7, '7'],
  [undefined, ''],
  [null, ''],
  [['a', 'b'], 'a, b'],
  [{ first_name: 'Alex', full_name: 'Alex Sample', is_verified: true }, 'Alex Sample'],
  [{ email: 'a@example.com', is_verified: true }, 'a@example.com'],
  [{ street: '1 Street', city: 'Town' }, '1 Street · Town'],
];

for (const [value, text] of VALUES) {
  test(`${JSON.stringify(value)} reads “${text}”`, () => assert.equal(valueText(value), text));
}
