import { expect } from '@open-wc/testing';
import type * as Errors from '../src/errors.js';
import { detailOf, VerifyError, type VerifyErrorCode } from '../src/errors.js';

/** Whether asking again, with nothing changed, may help. */
const RETRYABLE: Record<VerifyErrorCode, boolean> = {
  'resolver-missing': false,
  'resolver-unreachable': true,
  'resolver-timeout': true,
  'resolver-rejected': false,
  'resolver-failed': true,
  'rate-limited': true,
  'invalid-response': false,
  'unsafe-url': false,
  'status-unavailable': true,
  'qr-failed': false,
};

describe('VerifyError', () => {
  for (const [code, retryable] of Object.entries(RETRYABLE)) {
    it(`${code}: ${retryable ? 'may be tried again' : 'need not be tried again'}`, () => {
      const error = new VerifyError(code as VerifyErrorCode, 'A sentence.');
      expect(error).to.be.instanceOf(Error);
      expect(error.message).to.equal('A sentence.');
      expect(error.detail).to.deep.equal({ code, message: 'A sentence.', retryable });
    });
  }

  it('carries what else is known, which wins over what is usual', () => {
    const extras = { retryable: false, retryAfter: 5, httpStatus: 503, cause: 'why' };
    const { detail } = new VerifyError('rate-limited', '', extras);
    expect(detail).to.deep.equal({ code: 'rate-limited', message: '', ...extras });
  });
});

describe('VerifyError, in two copies', () => {
  it('knows those of the other copy, and nothing else', async () => {
    const address = '../src/errors.ts?copy';
    const copy = (await import(address)) as typeof Errors;
    expect(copy.VerifyError).to.not.equal(VerifyError);
    const error = new copy.VerifyError('qr-failed', 'No.');
    expect(error).to.be.instanceOf(VerifyError);
    expect(detailOf(error, 'resolver-failed', 'Other.')).to.equal(error.detail);
    for (const other of [new Error('No.'), { ...error.detail }, 'No.', null])
      expect(other instanceof VerifyError).to.equal(false);
  });
});

describe('detailOf', () => {
  it('gives what one of our own errors carries', () => {
    const error = new VerifyError('unsafe-url', 'No.');
    expect(detailOf(error, 'resolver-failed', 'Other.')).to.equal(error.detail);
  });

  const thrown = { 'an error': new TypeError('boom'), 'a text': 'boom', nothing: undefined };
  for (const [name, cause] of Object.entries(thrown)) {
    it(`takes ${name} for the cause of what failed`, () => {
      const detail = detailOf(cause, 'resolver-failed', 'It failed.');
      const { code, message, retryable } = detail;
      expect([code, message, retryable]).to.deep.equal(['resolver-failed', 'It failed.', true]);
      expect(detail.cause).to.equal(cause);
    });
  }
});
