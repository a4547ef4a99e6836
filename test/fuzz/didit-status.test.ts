import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { isPlainlyExpired, isUnopened, stageOf } from '../../src/didit-status.js';
import { hostileText } from './hostile.js';
import { property } from './property.js';

/** Didit's words, of both APIs, with what they mean. */
const MEANINGS = {
  ready: ['initialized', 'not started', 'resubmitted'],
  'in-progress': ['retrieved', 'in progress', 'awaiting user'],
  approved: ['confirmed', 'approved'],
  declined: ['declined'],
  'in-review': ['in review'],
  cancelled: ['cancelled'],
  expired: ['expired', 'abandoned', 'kyc expired'],
};

const WORDS = Object.entries(MEANINGS).flatMap(([stage, words]) =>
  words.map((word) => ({ stage, word })),
);

const space = fc.stringMatching(/^[ _\t-]{1,3}$/);
const blank = fc.stringMatching(/^[ \t\n]{0,3}$/);

describe('stageOf', () => {
  property(
    'knows every word, however it is spelled',
    [
      fc.constantFrom(...WORDS).chain(({ stage, word }) =>
        fc.record({
          stage: fc.constant(stage),
          word: fc.constant(word),
          letters: fc.mixedCase(fc.constant(word)),
          between: space,
          before: blank,
          after: blank,
        }),
      ),
    ],
    ({ stage, word, letters, between, before, after }) => {
      const spelled = before + letters.replace(' ', between) + after;
      assert.equal(stageOf(spelled), stage);
      assert.equal(isUnopened(spelled), ['initialized', 'not started'].includes(word));
      assert.equal(isPlainlyExpired(spelled), word === 'expired');
    },
  );

  property('knows no other word', [hostileText], (text) => {
    const plain = text.toLowerCase().replace(/[\s_-]/g, '');
    fc.pre(WORDS.every(({ word }) => word.replace(' ', '') !== plain));
    assert.equal(stageOf(text), null);
    assert.ok(!isUnopened(text) && !isPlainlyExpired(text));
  });
});
