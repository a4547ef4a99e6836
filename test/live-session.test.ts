import { expect } from '@open-wc/testing';
import { VerifyError } from '../src/errors.js';
import { drawn } from '../src/live-session.js';
import { encodeQr } from '../src/qr.js';
import { sampleSession } from './sample-session.js';

describe('drawn', () => {
  it('adds the code of the url, and leaves the session as it is', () => {
    const session = sampleSession({ status: 'In Progress', statusUrl: 'https://shop.example/' });
    expect(drawn(session)).to.deep.equal({ ...session, qr: encodeQr(session.url) });
  });

  it('draws one code for each answer, which tells answers apart', () => {
    expect(drawn(sampleSession()).qr).to.not.equal(drawn(sampleSession()).qr);
  });

  it('is qr-failed for what no code can hold', () => {
    const url = `https://app.didit.me/${'a'.repeat(3000)}`;
    expect(() => drawn(sampleSession({ url })))
      .to.throw(VerifyError)
      .with.nested.property('detail.code', 'qr-failed');
  });
});
