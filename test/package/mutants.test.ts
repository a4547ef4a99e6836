import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mutantsOf } from '../../scripts/mutants.mjs';
import { EXPLAINED } from '../mutation/explained.mjs';

const FILES = new Set(EXPLAINED.map(({ file }) => file));

describe('the mutants that are explained', () => {
  for (const file of FILES) {
    it(`are among those of ${file}`, async () => {
      const { mutants } = await mutantsOf(file);
      for (const { text, from, to } of EXPLAINED.filter((one) => one.file === file)) {
        const fits = mutants.filter(
          (one) => one.text === text && one.from === from && one.to === to,
        );
        assert.equal(fits.length, 1, `${text}: ${from} → ${to}`);
      }
    });
  }
});

describe('a mutated source', () => {
  it('has each of its mutants behind a switch', async () => {
    const { code, mutants } = await mutantsOf('src/parsed-url.ts');
    assert.ok(mutants.length > 0);
    for (const { id } of mutants) assert.ok(code.includes(`stryMutAct_9fa48("${id}")`), id);
  });
});
