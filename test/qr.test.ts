import { expect } from '@open-wc/testing';
import jsqr from 'jsqr';
import type { VerifyError } from '../src/errors.js';
import { encodeQr, type QrCode } from '../src/qr.js';

// Its types say `default`, but its module is the function.
const jsQR = jsqr as unknown as typeof jsqr.default;

/** Draws the path with the platform's own means and reads it with a decoder that did not draw it. */
function read({ size, path }: QrCode): string | undefined {
  const scale = 4;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size * scale;
  const context = canvas.getContext('2d')!;
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  context.fillStyle = 'black';
  context.fill(new Path2D(path));
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return jsQR(data, canvas.width, canvas.height)?.data;
}

const urlOf = (length: number) =>
  'https://app.didit.me/authorize/'.padEnd(length, '0aB9-_zYxW7cD3eF');

describe('encodeQr', () => {
  for (const length of [40, 100, 200, 201, 400, 600, 1000, 2000]) {
    it(`makes a readable code of a URL of ${length} characters`, () => {
      expect(read(encodeQr(urlOf(length)))).to.equal(urlOf(length));
    });
  }

  it('encodes what is not ASCII as UTF-8', () => {
    expect(read(encodeQr('https://app.didit.me/é漢字🙂'))).to.equal('https://app.didit.me/é漢字🙂');
  });

  it('leaves four light modules on each side', () => {
    const { size, path } = encodeQr(urlOf(40));
    const coordinates = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map((run) => run.map(Number));
    expect(Math.min(...coordinates.map(([, x]) => x!))).to.equal(4);
    expect(Math.min(...coordinates.map(([, , y]) => y!))).to.equal(4);
    expect(Math.max(...coordinates.map(([, x, , run]) => x! + run!))).to.equal(size - 4);
    expect(Math.max(...coordinates.map(([, , y]) => y! + 1))).to.equal(size - 4);
  });

  it('takes level M up to 200 bytes and L beyond, where modules would get small', () => {
    // Capacities of ISO/IEC 18004, table 7: 213 bytes fit into version 10-M, 230 into 9-L.
    expect(encodeQr(urlOf(200)).size).to.equal(57 + 8);
    expect(encodeQr(urlOf(201)).size).to.equal(53 + 8);
  });

  it('fails with qr-failed when a text does not fit', () => {
    let error: VerifyError | undefined;
    try {
      encodeQr('a'.repeat(3000));
    } catch (thrown) {
      error = thrown as VerifyError;
    }
    expect(error?.detail.code).to.equal('qr-failed');
  });
});
