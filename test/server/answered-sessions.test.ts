import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnsweredSessions, type Question } from '../../src/server/answered-sessions.js';
import { HandleSeal } from '../../src/server/handle.js';
import type { DiditStorage } from '../../src/server/index.js';
import { Storage } from '../../src/server/storage.js';
import { AUTHORIZE_URL, clock, SESSION_ID, SESSION_TOKEN, VENDOR_DATA } from './helpers.js';
import { sharedStore } from './stores.js';

const SECRET = 'a secret of at least 32 bytes, one';
const QUESTION: Question = { by: 'key', text: 'what was asked', vendorData: VENDOR_DATA };

/** What one instance keeps. */
function instance(given: DiditStorage | null, audience = 'one', secret = SECRET) {
  const { now, pass } = clock();
  const seal = new HandleSeal([secret], audience);
  const storage = given && new Storage(given, now);
  const sessions = new AnsweredSessions({ storage, audience }, seal);
  const report = () => assert.fail('nothing fails');
  const keep = async (question = QUESTION, differing: { handle?: string } = {}) => {
    const { vendorData } = question;
    const facts = { sessionId: SESSION_ID, sessionToken: SESSION_TOKEN, vendorData };
    const all = { ...facts, createdAt: now(), expiresAt: now() + 1e6 };
    const handle = await seal.seal(all);
    const answered = { url: AUTHORIZE_URL, createdAt: now(), handle, ...differing };
    await sessions.keep(question, answered, { expiresAt: now() + 10_000, report });
    return { ...answered, facts: all };
  };
  const find = (question = QUESTION) => sessions.find(question, report);
  return { keep, find, pass };
}

describe('AnsweredSessions', () => {
  for (const vendorData of [VENDOR_DATA, null]) {
    it(`gives what another instance has kept, for ${vendorData}`, async () => {
      const { storage } = sharedStore();
      const question = { ...QUESTION, vendorData };
      const kept = await instance(storage).keep(question);
      assert.deepEqual(await instance(storage).find(question), kept);
    });
  }

  it('forgets it in time', async () => {
    const { keep, find, pass } = instance(sharedStore().storage);
    await keep();
    pass(10);
    assert.equal(await find(), null);
  });

  it('gives nothing to another question, person or application', async () => {
    const { storage } = sharedStore();
    await instance(storage).keep();
    for (const other of [{ by: 'wish' }, { text: 'else' }, { vendorData: null }] as const) {
      assert.equal(await instance(storage).find({ ...QUESTION, ...other }), null);
    }
    assert.equal(await instance(storage, 'two').find(), null);
  });

  it('keeps the answers to each question, person and application apart', async () => {
    const store = sharedStore();
    for (const other of [{}, { by: 'wish' }, { text: 'else' }, { vendorData: null }] as const) {
      await instance(store.storage).keep({ ...QUESTION, ...other });
    }
    await instance(store.storage, 'two').keep();
    assert.equal(store.keys().length, 5);
  });

  it('gives nothing whose handle does not open', async () => {
    const { keep, find } = instance(sharedStore().storage);
    await keep(QUESTION, { handle: 'AAAA' });
    assert.equal(await find(), null);
  });

  it('gives nothing that another secret has sealed, nor what was put in its place', async () => {
    const store = sharedStore();
    await instance(store.storage).keep();
    const [key = ''] = store.keys();
    assert.equal(await instance(store.storage, 'one', `${SECRET}, or two`).find(), null);
    for (const sealed of [undefined, 5, 'AAAA']) {
      store.items.set(key, JSON.stringify({ sealed, expiresAt: 9e15 }));
      assert.equal(await instance(store.storage).find(), null);
    }
  });

  it('keeps and gives nothing without a store', async () => {
    const { keep, find } = instance(null);
    await keep();
    assert.equal(await find(), null);
  });
});
