import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type * as Encoder from 'qrcode/lib/core/qrcode.js';
import { rollup } from 'rollup';
import { qrcodeCore } from '../../scripts/qrcode-core.mjs';
import { QUIET_ZONE, type QrCode } from '../../src/qr.js';
import type { Session } from '../../src/session.js';
import type * as Parts from '../../src/session-parts.js';

type Level = 'L' | 'M' | 'H';

/** Qrcode's own tables of capacities. */
interface Version {
  getCapacity(version: number, level: object): number;
}

const core = createRequire(import.meta.url);
const original = core('qrcode/lib/core/qrcode.js') as typeof Encoder;
const { getCapacity } = core('qrcode/lib/core/version.js') as Version;
const levels = core('qrcode/lib/core/error-correction-level.js') as Record<Level, object>;

const folder = path.resolve('node_modules/qrcode/lib/core');
const warnings: string[] = [];
const bundle = await rollup({
  input: `${folder}/qrcode.js`,
  plugins: qrcodeCore(),
  onwarn: ({ message }) => warnings.push(message),
});
const { output } = await bundle.generate({ format: 'es' });
const bundled = `data:text/javascript,${encodeURIComponent(output[0].code)}`;
const { create } = (await import(bundled)) as typeof Encoder;

const shipped = pathToFileURL(path.resolve('dist/session-parts.js')).href;
const { drawn } = (await import(shipped)) as typeof Parts;

/** A text as the split build draws it: as an address that was answered. */
function encodeQr(url: string): QrCode {
  return drawn({ url } as Session).qr;
}

/** Bytes that look as if by chance, others for each length. */
function bytes(length: number): Uint8Array {
  let state = length;
  return Uint8Array.from({ length }, () => (state = (state * 1_103_515_245 + 12_345) >>> 0) >> 16);
}

function code(by: typeof Encoder.create, data: Uint8Array, errorCorrectionLevel: Level) {
  const { size, data: modules } = by([{ data, mode: 'byte' }], { errorCorrectionLevel }).modules;
  return { size, modules: Buffer.from(modules).toString('hex') };
}

/** A drawing's modules, as `code()` gives them. */
function read({ size: whole, path: runs }: ReturnType<typeof encodeQr>) {
  const size = whole - 2 * QUIET_ZONE;
  const modules = Buffer.alloc(size * size);
  for (const [, x, y, run] of runs.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    const start = (Number(y) - QUIET_ZONE) * size + Number(x) - QUIET_ZONE;
    modules.fill(1, start, start + Number(run));
  }
  return { size, modules: modules.toString('hex') };
}

/** The shortest length of each version, one in the middle, and the longest. */
function lengths(level: Level): [version: number, lengths: Set<number>][] {
  const capacities = Array.from({ length: 41 }, (_, i) => i && getCapacity(i, levels[level]));
  return capacities.slice(1).map((capacity, i) => {
    const shortest = capacities[i]! + 1;
    return [i + 1, new Set([shortest, (shortest + capacity) >> 1, capacity])];
  });
}

describe('the QR encoder of the build', () => {
  for (const level of ['L', 'M', 'H'] as const) {
    it(`makes the codes that qrcode makes, from each version's first to its last, at ${level}`, () => {
      for (const [version, several] of lengths(level)) {
        for (const length of several) {
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

  it('makes them with the short names that it has in the files, at the level of their length', () => {
    const [least, most] = [lengths('M'), lengths('L')].map((rows) =>
      rows.flatMap(([, several]) => [...several]),
    );
    for (const length of [...least!.filter((n) => n <= 200), ...most!.filter((n) => n > 200)]) {
      const text = String.fromCharCode(...bytes(length).map((byte) => byte & 127));
      const level = length > 200 ? 'L' : 'M';
      const made = read(encodeQr(text));
      assert.deepEqual(made, code(original.create, Buffer.from(text), level), `${length} bytes`);
    }
  });

  it('makes the codes that qrcode makes of texts in any language, and of nothing', () => {
    for (const text of ['', 'a', 'https://app.didit.me/é漢字🙂', 'ÿ'.repeat(300), '\0\0\0']) {
      const data = new TextEncoder().encode(text);
      assert.deepEqual(code(create, data, 'M'), code(original.create, data, 'M'), text);
    }
  });

  it('is made of modules of qrcode', () => {
    const draws = (file: string) => output[0].modules[path.join(folder, file)]!.renderedLength > 0;
    for (const file of ['qrcode.js', 'version.js', 'bit-matrix.js', 'reed-solomon-encoder.js']) {
      assert.ok(draws(file), file);
    }
    assert.deepEqual(warnings, []);
    const all = output[0].moduleIds.filter((id) => id.endsWith('.js'));
    assert.deepEqual(new Set(all.map((id) => path.dirname(id))), new Set([folder]));
  });

  it('is refused where it is not the qrcode that was looked at', async () => {
    const file = path.resolve('.cache/other-qrcode/node_modules/qrcode/lib/core/utils.js');
    await mkdir(path.dirname(file), { recursive: true });
    const utils = readFileSync(`${folder}/utils.js`, 'utf8');
    for (const other of [utils.replace('version < 1', 'version < 0'), utils + utils]) {
      await writeFile(file, other);
      const load = rollup({ input: file, plugins: qrcodeCore() });
      await assert.rejects(load, /utils\.js has [02] times, not once/);
    }
  });
});
