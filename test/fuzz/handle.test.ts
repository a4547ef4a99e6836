import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { HandleSeal, type SessionFacts } from '../../src/server/handle.js';
import { changedBy, changes, hostileText } from './hostile.js';
import { property } from './property.js';

const SECRETS = [
  'a secret of at least 32 bytes, the new one',
  'a secret of at least 32 bytes, the old one',
];
const AUDIENCE = 'data-transfer:client';

const seal = new HandleSeal(SECRETS, AUDIENCE);
const strangers = {
  'of other secrets': new HandleSeal(['a secret of at least 32 bytes, of somebody else'], AUDIENCE),
  'of another application': new HandleSeal(SECRETS, 'data-transfer:another'),
};

const short = hostileText.map((text) => text.slice(0, 300));
const person = short.filter((text) => text !== '');

const facts: fc.Arbitrary<SessionFacts> = fc.record(
  {
    sessionId: short,
    sessionToken: fc.option(short, { nil: undefined }),
    vendorData: fc.option(person),
    createdAt: fc.nat({ max: 4e12 }),
    expiresAt: fc.nat({ max: 4e12 }),
  },
  { noNullPrototype: true },
);

/** Whom a handle is opened for that is good for the person it was sealed for. */
const own = ({ vendorData }: SessionFacts) => vendorData ?? undefined;

describe('HandleSeal', () => {
  property('opens what it has sealed, also by the secret of before', [facts], async (sealed) => {
    const handle = await seal.seal(sealed);
    assert.match(handle, /^[\w-]+$/);
    assert.deepEqual(await seal.open(handle, own(sealed)), sealed);
    const before = await new HandleSeal(SECRETS.slice(1), AUDIENCE).seal(sealed);
    assert.deepEqual(await seal.open(before, own(sealed)), sealed);
  });

  property('opens nothing that was changed', [facts, changes], async (sealed, made) => {
    const handle = await seal.seal(sealed);
    const other = changedBy(handle, made);
    fc.pre(other !== handle);
    assert.equal(await seal.open(other, own(sealed)), null, other);
  });

  property(
    'has one spelling alone: what the last character says beyond its bytes counts, too',
    [
      facts,
      fc.constantFrom(
        ...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_0123456789'),
      ),
    ],
    async (sealed, character) => {
      const handle = await seal.seal(sealed);
      const other = handle.slice(0, -1) + character;
      fc.pre(other !== handle);
      assert.equal(await seal.open(other, own(sealed)), null, other);
    },
  );

  property('opens for no other person', [facts, person], async (sealed, stranger) => {
    fc.pre(sealed.vendorData !== null && stranger !== sealed.vendorData);
    const handle = await seal.seal(sealed);
    assert.equal(await seal.open(handle, stranger), null);
    assert.equal(await seal.open(handle, undefined), null);
  });

  property(
    'opens nothing of others',
    [facts, fc.constantFrom(...(Object.keys(strangers) as (keyof typeof strangers)[]))],
    async (sealed, stranger) => {
      assert.equal(await seal.open(await strangers[stranger].seal(sealed), own(sealed)), null);
    },
  );

  property(
    'opens nothing that is kept in a store',
    [fc.json(), person],
    async (text, vendorData) => {
      const stored = await seal.sealText(text, vendorData);
      assert.equal(await seal.openText(stored, vendorData), text);
      assert.equal(await seal.open(stored, vendorData), null);
    },
  );

  property(
    'opens nothing that is made up',
    [fc.oneof(hostileText, fc.stringMatching(/^[\w-]{0,200}$/)), fc.option(person)],
    async (text, vendorData) => {
      assert.equal(await seal.open(text, vendorData ?? undefined), null);
    },
  );
});
