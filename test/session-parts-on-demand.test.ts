import { expect } from '@open-wc/testing';
import { VerifyError } from '../src/errors.js';
import type * as OnDemand from '../src/qr-encoder-on-demand.js';
import * as encoder from '../src/qr-encoder.js';

let copies = 0;

/** A copy of the module that has loaded nothing yet. */
async function freshModule(): Promise<typeof OnDemand> {
  const address = `../src/qr-encoder-on-demand.ts?${++copies}`;
  return (await import(address)) as typeof OnDemand;
}

describe('the encoder on demand', () => {
  it('is not there before it is loaded, and is the same then', async () => {
    const module = await freshModule();
    expect(module.create).to.equal(undefined);
    await module.loadEncoder();
    expect(module.create).to.equal(encoder.create);
  });

  it('is loaded once, by whoever asks for it first', async () => {
    const { loadEncoder } = await freshModule();
    let loads = 0;
    const load = async () => {
      loads++;
      return encoder;
    };
    await Promise.all([loadEncoder(load), loadEncoder(load)]);
    await loadEncoder(load);
    expect(loads).to.equal(1);
  });

  it('fails with qr-failed where it cannot be loaded, and is loaded when asked for again', async () => {
    const module = await freshModule();
    const cause = new TypeError('no network');
    const error: unknown = await module
      .loadEncoder(() => Promise.reject(cause))
      .catch((each: unknown) => each);
    expect(error).to.be.instanceOf(VerifyError);
    expect((error as VerifyError).detail).to.deep.equal({
      code: 'qr-failed',
      message: 'The QR encoder could not be loaded.',
      retryable: true,
      cause,
    });
    await module.loadEncoder();
    expect(module.create).to.equal(encoder.create);
  });
});
