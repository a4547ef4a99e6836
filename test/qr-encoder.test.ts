import { expect } from '@open-wc/testing';
import { create, loadEncoder } from '../src/qr-encoder.js';

describe('the encoder', () => {
  it('is there from the start', () => {
    expect(create).to.be.a('function');
    expect(loadEncoder()).to.equal(undefined);
  });
});
