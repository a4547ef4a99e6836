import { expect } from '@open-wc/testing';
import { isUnopened, stageOf, type Stage } from '../src/didit-status.js';

const STAGES: [string, Stage | null][] = [
  ['initialized', 'ready'],
  ['Not Started', 'ready'],
  ['Resubmitted', 'ready'],
  ['retrieved', 'in-progress'],
  ['In Progress', 'in-progress'],
  ['Awaiting User', 'in-progress'],
  ['confirmed', 'approved'],
  ['Approved', 'approved'],
  ['declined', 'declined'],
  ['In Review', 'in-review'],
  ['cancelled', 'cancelled'],
  ['expired', 'expired'],
  ['Abandoned', 'expired'],
  ['Kyc Expired', 'expired'],
  ['Confirmed', 'approved'],
  ['IN_PROGRESS', 'in-progress'],
  ['in-review', 'in-review'],
  [' Not  started\n', 'ready'],
  ['NOTSTARTED', null],
  ['paused', null],
  ['', null],
  ['constructor', null],
];

describe('stageOf', () => {
  for (const [status, stage] of STAGES) {
    it(`takes ${JSON.stringify(status)} for ${stage}`, () => {
      expect(stageOf(status)).to.equal(stage);
    });
  }
});

describe('isUnopened', () => {
  it('is so until the phone opens the session for the first time', () => {
    const unopened = STAGES.map(([status]) => status).filter(isUnopened);
    expect(unopened).to.deep.equal(['initialized', 'Not Started', ' Not  started\n']);
  });
});
