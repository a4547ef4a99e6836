import { expect } from '@open-wc/testing';
import { VerifyError } from '../src/errors.js';
import * as parts from '../src/session-parts.js';
import type * as OnDemand from '../src/session-parts-on-demand.js';

let copies = 0;

/** A copy of the module that has loaded nothing yet. */
async function freshModule(): Promise<typeof OnDemand> {
  const address = `../src/session-parts-on-demand.ts?${++copies}`;
  return (await import(address)) as typeof OnDemand;
}

/** What a module has of its parts so far. */
function partsOf({ loadParts: _, ...rest }: object & { loadParts: unknown }): object {
  return rest;
}

describe('what is needed once there is a session, on demand', () => {
  it('is not there before it is loaded, and is the same then', async () => {
    const module = await freshModule();
    expect(Object.keys(module)).to.have.members(Object.keys(parts));
    for (const part of Object.values(partsOf(module))) expect(part).to.equal(undefined);
    await module.loadParts();
    expect(partsOf(module)).to.deep.equal(partsOf(parts));
  });

  it('is loaded once, by whoever asks for it first', async () => {
    const { loadParts } = await freshModule();
    let loads = 0;
    const load = async () => {
      loads++;
      return parts;
    };
    await Promise.all([loadParts(load), loadParts(load)]);
    await loadParts(load);
    expect(loads).to.equal(1);
  });

  it('fails with qr-failed where it cannot be loaded, and is loaded when asked for again', async () => {
    const module = await freshModule();
    const cause = new TypeError('no network');
    const error: unknown = await module
      .loadParts(() => Promise.reject(cause))
      .catch((each: unknown) => each);
    expect(error).to.be.instanceOf(VerifyError);
    expect((error as VerifyError).detail).to.deep.equal({
      code: 'qr-failed',
      message: 'The QR encoder could not be loaded.',
      retryable: true,
      cause,
    });
    await module.loadParts();
    expect(partsOf(module)).to.deep.equal(partsOf(parts));
  });
});
