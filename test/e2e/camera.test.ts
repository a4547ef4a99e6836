import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { create } from 'qrcode/lib/core/qrcode.js';
import { seenByCamera } from './camera.js';
import { brightness, pngOf, type Picture } from './picture.js';
import { readJsQR, readQr, readZXing } from './read-qr.js';

const TEXT = 'https://app.didit.me/authorize/abcdefghijklmnopqrstuvwxyz';
/** In modules, on each side: the quiet zone, and some of the ground. */
const AROUND = 6;
const [BLACK, WHITE] = [0, 255];

describe('a decoder', () => {
  it('says what a code is', async () => {
    const read = await readZXing(codeOf(TEXT, { level: 'H', module: 3 }));
    assert.deepEqual(read, { text: TEXT, version: 6, level: 'H', spare: 1 });
    assert.equal(readJsQR(codeOf(TEXT, { level: 'M', module: 3 })), TEXT);
    const png = pngOf(codeOf(TEXT, { level: 'L', module: 3 }));
    assert.deepEqual(await readQr(png), { zxing: TEXT, jsQR: TEXT });
  });

  it('says how much of a correction is left', async () => {
    const picture = codeOf(TEXT, { level: 'H', module: 4, covered: 9 });
    const { text, spare } = (await readZXing(picture))!;
    assert.equal(text, TEXT);
    assert.ok(spare > 0.5 && spare < 1, String(spare));
  });

  it('reads nothing light on dark, and nothing where nothing is', async () => {
    const inverted = codeOf(TEXT, { level: 'H', module: 4, dark: WHITE, light: BLACK });
    const empty = codeOf(TEXT, { level: 'H', module: 4, dark: WHITE });
    for (const picture of [inverted, empty]) {
      assert.deepEqual(await readQr(pngOf(picture)), { zxing: null, jsQR: null });
    }
  });
});

describe('what a camera sees', () => {
  it('is read, however large the modules are', async () => {
    for (const module of [2, 3, 4, 5, 8, 13, 24]) {
      const seen = seenByCamera(codeOf(TEXT, { level: 'M', module }), module);
      assert.equal((await readZXing(seen))?.text, TEXT, `${module} pixels`);
    }
  });

  it('is not far from what cannot be read', async () => {
    for (const module of [3, 8, 24]) {
      const seen = seenByCamera(codeOf(TEXT, { level: 'M', module }), module, 0.6);
      assert.equal(await readZXing(seen), null, `${module} pixels`);
    }
  });

  it('is at 60 % contrast', () => {
    const picture = codeOf(TEXT, { level: 'M', module: 8, covered: 12, ground: BLACK });
    const values = greysOf(seenByCamera(picture, 8));
    assert.deepEqual([Math.min(...values), Math.max(...values)], [51, 204]);
  });

  it('is tilted by 10 degrees, on the ground that the picture has', () => {
    const picture = codeOf(TEXT, { level: 'M', module: 3, ground: BLACK });
    const seen = seenByCamera(picture, 3);
    const radians = (10 * Math.PI) / 180;
    const side = Math.ceil(picture.width * (Math.cos(radians) + Math.sin(radians)));
    assert.deepEqual([seen.width, seen.height], [side, side]);
    assert.equal(Math.round(brightness(seen, 0)), 51);
    // The light square's upper corners: the right one is lower, as it is turned clockwise.
    const [upper, right] = lightCorners(seen);
    const angle = Math.atan2(right.y - upper.y, right.x - upper.x) / radians;
    assert.ok(Math.abs(angle - 1) < 0.1, `${10 * angle} degrees`);
  });

  it('is blurred by a third of a module', () => {
    // From dark to light, a Gaussian has 16 and 84 % one standard deviation off the edge.
    const picture = codeOf(TEXT, { level: 'M', module: 4, dark: WHITE, ground: BLACK });
    const seen = seenByCamera(picture, 4);
    const middle = Math.floor(seen.height / 2) * seen.width;
    const row = greysOf(seen).slice(middle, middle + seen.width / 2);
    const at = (share: number) => row.findIndex((value) => value > 51 + share * 153);
    const across = (at(0.84) - at(0.16)) * Math.cos((10 * Math.PI) / 180);
    assert.ok(Math.abs(across - (2 * 4) / 3) <= 1, `${across} pixels`);
  });
});

interface Drawn {
  level: 'L' | 'M' | 'H';
  /** In pixels. */
  module: number;
  /** In modules: a dark square in the middle. */
  covered?: number;
  dark?: number;
  light?: number;
  ground?: number;
}

function codeOf(text: string, drawn: Drawn): Picture {
  const { level, module, covered = 0, dark = BLACK, light = WHITE, ground = light } = drawn;
  const data = new TextEncoder().encode(text);
  const { modules } = create([{ data, mode: 'byte' }], { errorCorrectionLevel: level });
  const { size } = modules;
  const greyAt = (x: number, y: number) => {
    const outside = Math.max(-x, -y, x - size + 1, y - size + 1);
    if (outside > 0) return outside > 4 ? ground : light;
    const offMiddle = Math.max(Math.abs(x - (size - 1) / 2), Math.abs(y - (size - 1) / 2));
    return offMiddle < covered / 2 || modules.data[y * size + x] ? dark : light;
  };
  const width = (size + 2 * AROUND) * module;
  const pixels = new Uint8Array(width * width * 4).fill(255);
  for (let i = 0; i < width ** 2; i++) {
    const [x, y] = [i % width, Math.floor(i / width)].map((at) => Math.floor(at / module) - AROUND);
    pixels.fill(greyAt(x!, y!), i * 4, i * 4 + 3);
  }
  return { data: pixels, width, height: width };
}

function greysOf(picture: Picture): number[] {
  const starts = Array.from({ length: picture.width * picture.height }, (_, i) => i * 4);
  return starts.map((start) => Math.round(brightness(picture, start)));
}

/** The topmost and the rightmost light pixel. */
function lightCorners(picture: Picture): [Corner, Corner] {
  const corners = greysOf(picture).flatMap((value, i) =>
    value > 128 ? [{ x: i % picture.width, y: Math.floor(i / picture.width) }] : [],
  );
  const rightmost = corners.reduce((most, corner) => (corner.x > most.x ? corner : most));
  return [corners[0]!, rightmost];
}

interface Corner {
  x: number;
  y: number;
}
