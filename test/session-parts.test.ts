import { expect } from '@open-wc/testing';
import * as parts from '../src/session-parts.js';

describe('what is needed once there is a session', () => {
  it('is there from the start', () => {
    const { loadParts, ...rest } = parts;
    expect(loadParts()).to.equal(undefined);
    for (const part of Object.values(rest)) expect(part).to.be.a('function');
  });
});
