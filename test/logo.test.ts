import { expect } from '@open-wc/testing';
import jsqr from 'jsqr';
import { logoCode, type LogoCode } from '../src/logo.js';
import { QUIET_ZONE } from '../src/qr.js';

// Its types say `default`, but its module is the function.
const jsQR = jsqr as unknown as typeof jsqr.default;

const sideOf = (module: number) => (modules: number) => modules * module;
const urlOf = (length: number) => `https://app.didit.me/authorize/${'a7-Z'.repeat(length / 4)}`;

/** What is read where every pixel of the middle is of that colour, or null. */
function readWith({ qr, plate }: LogoCode, colour: string): string | null {
  const side = qr.size * 4;
  const context = new OffscreenCanvas(side, side).getContext('2d')!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, side, side);
  context.scale(4, 4);
  context.fillStyle = '#000';
  context.fill(new Path2D(qr.path));
  context.fillStyle = colour;
  context.fillRect((qr.size - plate) / 2, (qr.size - plate) / 2, plate, plate);
  const { data } = context.getImageData(0, 0, side, side);
  return jsQR(data, side, side)?.data ?? null;
}

describe('logoCode', () => {
  for (const length of [4, 26, 60, 100, 200, 400, 800, 1200]) {
    it(`${length} characters: can do without its middle, at most 22 % of its side`, () => {
      const code = logoCode(urlOf(length), sideOf(3))!;
      expect(code.plate).to.be.at.most((code.qr.size - 2 * QUIET_ZONE) * 0.22);
      expect(code.plate).to.be.at.least(3);
      // As the number of modules is: it ends where modules do.
      expect(code.plate % 2).to.equal(1);
      for (const colour of ['#000', '#fff']) {
        expect(readWith(code, colour), colour).to.equal(urlOf(length));
      }
    });
  }

  it('is null where a module would be under three pixels', () => {
    expect(logoCode(urlOf(26), sideOf(3))).to.not.equal(null);
    expect(logoCode(urlOf(26), sideOf(2.99))).to.equal(null);
  });

  it('is null for a text that is too long for its level', () => {
    expect(logoCode(urlOf(1600), sideOf(3))).to.equal(null);
  });

  it('draws each text once, and another one anew', () => {
    const first = logoCode(urlOf(26), sideOf(3));
    expect(logoCode(urlOf(26), sideOf(4))).to.equal(first);
    expect(logoCode(urlOf(60), sideOf(3))!.qr.path).to.not.equal(first!.qr.path);
  });
});
