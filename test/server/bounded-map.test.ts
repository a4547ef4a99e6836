import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedMap } from '../../src/server/bounded-map.js';

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

test('an entry that is deleted makes room', () => {
  const map = new BoundedMap<number>(2);
  map.add('a', 1);
  map.add('b', 2);
  map.delete('b');
  map.add('c', 3);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => map.get(key)),
    [1, undefined, 3],
  );
});

test('an entry that is deleted and added again is the newest', () => {
  const map = new BoundedMap<number>(2);
  map.add('a', 1);
  map.add('b', 2);
  map.delete('a');
  map.add('a', 10);
  map.add('c', 3);
  assert.deepEqual([map.get('a'), map.get('b')], [10, undefined]);
});

test('deleting what is not there is nothing', () => {
  const map = new BoundedMap<number>(2);
  map.delete('a');
  assert.equal(map.get('a'), undefined);
});

test('the values come from the oldest to the newest', () => {
  const map = new BoundedMap<string>(3);
  for (const key of ['a', 'b', 'c', 'd']) map.add(key, key);
  map.add('b', 'B');
  assert.deepEqual([...map.values()], ['B', 'c', 'd']);
});
