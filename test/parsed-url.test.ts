import { expect } from '@open-wc/testing';
import { parsedUrl } from '../src/parsed-url.js';

describe('parsedUrl', () => {
  it('is the URL, relative to the base where there is one', () => {
    expect(parsedUrl('https://shop.example/a')?.href).to.equal('https://shop.example/a');
    expect(parsedUrl('../b', 'https://shop.example/a/')?.href).to.equal('https://shop.example/b');
  });

  it('is null for what is none', () => {
    expect(parsedUrl('b')).to.equal(null);
    expect(parsedUrl('https://', 'https://shop.example/')).to.equal(null);
  });
});
