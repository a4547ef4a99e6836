import { expect } from '@open-wc/testing';
import { create } from '../src/qr-encoder.js';

describe('the encoder', () => {
  it('is qrcode’s own', () => {
    const data = new TextEncoder().encode('https://app.didit.me/authorize/1');
    expect(create([{ data, mode: 'byte' }], { errorCorrectionLevel: 'M' }).modules.size).to.equal(
      29,
    );
  });
});
