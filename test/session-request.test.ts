import { expect } from '@open-wc/testing';
import { encodeQr } from '../src/qr.js';
import type { Resolver } from '../src/resolver.js';
import { DEFAULT_ALLOWED_HOSTS } from '../src/session.js';
import { requestSession } from '../src/session-request.js';
import { answer } from './helpers.js';

function request(resolver: Resolver, signal = new AbortController().signal) {
  const options = {
    ...{ resolver, resolverUrl: '', withCredentials: false, timeout: 5000, maxRetries: 0 },
    allowedHosts: DEFAULT_ALLOWED_HOSTS,
  };
  return requestSession(() => options, { key: 'key-1', reason: 'initial' }, signal);
}

describe('requestSession', () => {
  it('gives the session of the answer, drawn', async () => {
    const { sessionId, url, qr } = await request(() => answer());
    expect({ session_id: sessionId, url }).to.deep.equal(answer());
    expect(qr).to.deep.equal(encodeQr(url));
  });

  it('fails as the resolver does, and rejects with the reason of an abort', async () => {
    const failed = request(() => ({ session_id: '1', url: 'https://evil.example/' }));
    const error = await failed.catch((each: unknown) => each);
    expect(error).to.have.nested.property('detail.code', 'unsafe-url');
    const reason = new Error('not wanted any more');
    const aborted = request(() => answer(), AbortSignal.abort(reason));
    expect(await aborted.catch((each: unknown) => each)).to.equal(reason);
  });
});
