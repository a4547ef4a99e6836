import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SAMPLE_PERSON } from '../../src/sandbox/sample-person.js';
import { scopeView, valueText } from '../../src/sandbox/scopes.js';

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
