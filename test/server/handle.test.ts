import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HandleSeal, type SessionFacts } from '../../src/server/handle.js';
import { SESSION_ID, SESSION_TOKEN, VENDOR_DATA } from './helpers.js';

const SECRET = 'a secret of at least 32 bytes, one';
const OTHER_SECRET = 'a secret of at least 32 bytes, two';

const FACTS: SessionFacts = {
  sessionId: SESSION_ID,
  sessionToken: SESSION_TOKEN,
  vendorData: VENDOR_DATA,
  createdAt: 1_750_000_000_000,
  expiresAt: 1_750_000_300_000,
};

function sealOf(secrets: string[] = [SECRET], audience = 'one'): HandleSeal {
  return new HandleSeal(secrets, audience);
}

describe('HandleSeal', () => {
  it('opens what it sealed', async () => {
    const seal = sealOf();
    assert.deepEqual(await seal.open(await seal.seal(FACTS), VENDOR_DATA), FACTS);
    const bare = { ...FACTS, sessionToken: undefined, vendorData: null };
    assert.deepEqual(await seal.open(await seal.seal(bare), VENDOR_DATA), bare);
  });

  it('opens what another instance with the same secret sealed', async () => {
    assert.deepEqual(await sealOf().open(await sealOf().seal(FACTS), VENDOR_DATA), FACTS);
  });

  it('gives nothing away: URL-safe, another one each time', async () => {
    const seal = sealOf();
    const [one, other] = [await seal.seal(FACTS), await seal.seal(FACTS)];
    assert.match(one, /^[\w-]+$/);
    assert.notEqual(one, other);
    const bytes = Buffer.from(one, 'base64url').toString('latin1');
    for (const member of [SESSION_ID, SESSION_TOKEN, VENDOR_DATA])
      assert.ok(!bytes.includes(member));
  });

  it('seals with the first secret and opens with all', async () => {
    const old = await sealOf([OTHER_SECRET]).seal(FACTS);
    const rotated = sealOf([SECRET, OTHER_SECRET]);
    assert.deepEqual(await rotated.open(old, VENDOR_DATA), FACTS);
    assert.equal(await sealOf([SECRET]).open(old, VENDOR_DATA), null);
    assert.deepEqual(await sealOf([SECRET]).open(await rotated.seal(FACTS), VENDOR_DATA), FACTS);
  });

  it('opens for the person it belongs to, and nobody’s for all', async () => {
    const seal = sealOf();
    const own = await seal.seal(FACTS);
    for (const other of ['another', '', 'null', undefined]) {
      assert.equal(await seal.open(own, other), null, other);
    }
    const nobodys = { ...FACTS, vendorData: null };
    for (const anybody of [VENDOR_DATA, 'null', undefined]) {
      assert.deepEqual(await seal.open(await seal.seal(nobodys), anybody), nobodys);
    }
  });

  it('does not open what was sealed for another API or application', async () => {
    assert.equal(await sealOf([SECRET], 'two').open(await sealOf().seal(FACTS), VENDOR_DATA), null);
  });

  it('does not open a handle of which any one character was changed', async () => {
    const seal = sealOf();
    const handle = await seal.seal(FACTS);
    for (let index = 0; index < handle.length; index++) {
      const changed = handle[index] === 'A' ? 'B' : 'A';
      const forged = handle.slice(0, index) + changed + handle.slice(index + 1);
      assert.equal(await seal.open(forged, VENDOR_DATA), null, `character ${index}`);
    }
  });

  it('does not open another spelling of the same bytes', async () => {
    const seal = sealOf();
    // 1 byte more than a multiple of 3 leaves 4 bits of the last character unused.
    const facts = { ...FACTS, sessionId: 'x' };
    for (const pad of ['', 'y', 'yy']) {
      const handle = await seal.seal({ ...facts, sessionId: `x${pad}` });
      const last = handle.at(-1)!;
      for (const other of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
        if (other !== last)
          assert.equal(await seal.open(handle.slice(0, -1) + other, VENDOR_DATA), null);
      }
      assert.equal(await seal.open(`${handle}=`, VENDOR_DATA), null);
    }
  });

  it('does not open what is too short, too long, or no handle at all', async () => {
    const seal = sealOf();
    const handle = await seal.seal(FACTS);
    const wrong = ['', 'A', 'AAAA', handle.slice(0, -1), handle.slice(1), handle.slice(0, 16)];
    wrong.push(`${handle}A`, `${handle}AAAA`, `${handle}.`, ` ${handle}`, 'A'.repeat(4097), 'é');
    for (const text of wrong)
      assert.equal(await seal.open(text, VENDOR_DATA), null, text.slice(0, 40));
  });

  it('opens 4,096 characters and no more', async () => {
    const seal = sealOf();
    const sealOfId = (sessionId: string) => seal.seal({ ...FACTS, sessionId });
    const own = Buffer.from(await sealOfId(''), 'base64url').length;
    // Base64 makes 4 characters of 3 bytes.
    for (const [bytes, opens] of [
      [3072, true],
      [3073, false],
    ] as const) {
      const handle = await sealOfId('x'.repeat(bytes - own));
      const facts = await seal.open(handle, VENDOR_DATA);
      assert.equal(facts !== null, opens, `${handle.length} characters`);
    }
  });

  it('derives its keys by HKDF with its own info', async () => {
    // Reckoned apart from the code under test: HKDF-SHA-256 without salt, then AES-256-GCM.
    const { hkdfSync, createDecipheriv } = await import('node:crypto');
    const bytes = Buffer.from(await sealOf().seal(FACTS), 'base64url');
    const key = Buffer.from(hkdfSync('sha256', SECRET, '', 'didit-verify/handle/v1', 32));
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(JSON.stringify(['one', VENDOR_DATA])));
    decipher.setAuthTag(bytes.subarray(-16));
    const plain = decipher.update(bytes.subarray(12, -16), undefined, 'utf8');
    decipher.final();
    assert.ok(plain.includes(SESSION_TOKEN));
  });
});

describe('HandleSeal, what a store keeps', () => {
  it('opens for the same person alone', async () => {
    const seal = sealOf();
    for (const person of [VENDOR_DATA, null]) {
      const sealed = await seal.sealText('a text', person);
      assert.ok(!Buffer.from(sealed, 'base64url').includes('a text'));
      assert.equal(await seal.openText(sealed, person), 'a text');
      assert.equal(await seal.openText(sealed, person === null ? VENDOR_DATA : null), null);
    }
  });

  it('opens with every secret, and for one application', async () => {
    const sealed = await sealOf([OTHER_SECRET]).sealText('a text', null);
    assert.equal(await sealOf([SECRET, OTHER_SECRET]).openText(sealed, null), 'a text');
    assert.equal(await sealOf([SECRET]).openText(sealed, null), null);
    assert.equal(await sealOf([OTHER_SECRET], 'two').openText(sealed, null), null);
  });

  it('is no handle, and a handle is nothing for a store', async () => {
    const seal = sealOf();
    const members = JSON.stringify([SESSION_ID, SESSION_TOKEN, 1, 2]);
    assert.equal(await seal.open(await seal.sealText(members, VENDOR_DATA), VENDOR_DATA), null);
    assert.equal(await seal.openText(await seal.seal(FACTS), VENDOR_DATA), null);
  });

  it('may be longer than a handle', async () => {
    const text = 'x'.repeat(10_000);
    assert.equal(await sealOf().openText(await sealOf().sealText(text, null), null), text);
  });

  for (const broken of ['', 'undefined', 'AAAA', '!']) {
    it(`is nothing for ${JSON.stringify(broken)}`, async () => {
      assert.equal(await sealOf().openText(broken, null), null);
    });
  }
});
