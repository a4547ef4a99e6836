import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedMap } from '../../src/sandbox/bounded-map.js';

test('the oldest entry goes first, and none before the limit', () => {
  const map = new BoundedMap<number>(2);
  map.add('a', 1);
  map.add('b', 2);
  assert.equal(map.get('a'), 1);
  map.add('c', 3);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => map.get(key)),
    [undefined, 2, 3],
  );
});

test('an entry that is replaced neither counts twice nor becomes younger', () => {
  const map = new BoundedMap<number>(2);
  map.add('a', 1);
  map.add('b', 2);
  map.add('a', 10);
  assert.deepEqual([map.get('a'), map.get('b')], [10, 2]);
  map.add('c', 3);
  assert.equal(map.get('a'), undefined);
});

test('10,000 entries by default', () => {
  const map = new BoundedMap<number>();
  for (let i = 0; i <= 10_000; i++) map.add(`${i}`, i);
  assert.equal(map.get('0'), undefined);
  assert.equal(map.get('1'), 1);
});
