import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { VerifyError } from '../src/errors.js';
import * as parts from '../src/session-parts.js';
import type * as OnDemand from '../src/session-parts-on-demand.js';
import { sampleSession } from './sample-session.js';

let copies = 0;

/** A copy of the module that has loaded nothing yet. */
async function freshModule(): Promise<typeof OnDemand> {
  const address = `../src/session-parts-on-demand.ts?${++copies}`;
  return (await import(address)) as typeof OnDemand;
}

/** What a module has of its parts so far. */
function partsOf({ hasSaved: _, loadParts: __, ...rest }: typeof OnDemand | typeof parts): object {
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

  it('knows before it is loaded whether there is a list, and then what is in it', async () => {
    sessionStorage.clear();
    const { hasSaved, loadParts } = await freshModule();
    const [host, other] = [document.createElement('div'), document.createElement('div')];
    const key = { resolver: 'https://shop.example/session', scope: 'names', vendorData: 'user-1' };
    expect(hasSaved(host, key)).to.equal(false);
    const saved = new parts.SavedSessions(other);
    saved.keep(key, sampleSession(), false);
    saved.release();
    expect(hasSaved(host, key)).to.equal(true);
    expect(hasSaved(host, { ...key, vendorData: undefined })).to.equal(true);
    expect(hasSaved(host, { ...key, scope: undefined })).to.equal(false);
    expect(hasSaved(host, { ...key, resolver: 'https://shop.example/' })).to.equal(false);
    await loadParts();
    expect(hasSaved(host, key)).to.equal(true);
    expect(hasSaved(host, { ...key, vendorData: undefined })).to.equal(false);
  });

  it('finds nothing where the page may not store anything', async () => {
    const { hasSaved } = await freshModule();
    const storage = sinon.stub(window, 'sessionStorage').get(() => {
      throw new DOMException('no', 'SecurityError');
    });
    try {
      expect(hasSaved(document.createElement('div'), { resolver: '/' })).to.equal(false);
    } finally {
      storage.restore();
    }
  });
});
