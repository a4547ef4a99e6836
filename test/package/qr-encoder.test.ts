import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type * as Encoder from 'qrcode/lib/core/qrcode.js';

type Level = 'L' | 'M' | 'H';

/** Qrcode's own tables of capacities. */
interface Version {
  getCapacity(version: number, level: object): number;
}

const core = createRequire(import.meta.url);
const original = core('qrcode/lib/core/qrcode.js') as typeof Encoder;
const { getCapacity } = core('qrcode/lib/core/version.js') as Version;
const levels = core('qrcode/lib/core/error-correction-level.js') as Record<Level, object>;

const built = pathToFileURL(path.resolve('dist/qr-encoder.js')).href;
const { create } = (await import(built)) as typeof Encoder;

/** Bytes that look as if by chance, others for each length. */
function bytes(length: number): Uint8Array {
  let state = length;
  return Uint8Array.from({ length }, () => (state = (state * 1_103_515_245 + 12_345) >>> 0) >> 16);
}

function code(by: typeof Encoder.create, data: Uint8Array, errorCorrectionLevel: Level) {
  const { size, data: modules } = by([{ data, mode: 'byte' }], { errorCorrectionLevel }).modules;
  return { size, modules: Buffer.from(modules).toString('hex') };
}

describe('the QR encoder of the build', () => {
  for (const level of ['L', 'M', 'H'] as const) {
    it(`makes the codes that qrcode makes, from each version's first to its last, at ${level}`, () => {
      const capacities = Array.from({ length: 41 }, (_, i) => i && getCapacity(i, levels[level]));
      for (const [version, capacity] of capacities.entries()) {
        if (version === 0) continue;
        const shortest = capacities[version - 1]! + 1;
        for (const length of new Set([shortest, (shortest + capacity) >> 1, capacity])) {
          const made = code(create, bytes(length), level);
          assert.deepEqual(made, code(original.create, bytes(length), level), `${length} bytes`);
          assert.equal(made.size, version * 4 + 17);
        }
      }
    });

    it(`refuses what does not fit at ${level}`, () => {
      const tooLong = bytes(getCapacity(40, levels[level]) + 1);
      assert.throws(() => code(create, tooLong, level), Error);
    });
  }

  it('makes the codes that qrcode makes of texts in any language, and of nothing', () => {
    for (const text of ['', 'a', 'https://app.didit.me/é漢字🙂', 'ÿ'.repeat(300), '\0\0\0']) {
      const data = new TextEncoder().encode(text);
      assert.deepEqual(code(create, data, 'M'), code(original.create, data, 'M'), text);
    }
  });
});
