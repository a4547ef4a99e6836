import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { apiFiles, REPORTS } from '../../scripts/api-files.mjs';

/** What to do, for whoever meant to change something. */
const ADVICE = 'Run `npm run api`, look at what has changed, and tell of it in CHANGELOG.md.';

describe('what the package promises, as the repository has it', () => {
  const made = apiFiles();

  for (const [file, text] of made) {
    it(`${file} is what the sources say`, () => {
      const kept = existsSync(file) ? readFileSync(file, 'utf8') : '';
      assert.ok(kept === text, `${file}: ${ADVICE}\n${changes(kept, text)}`);
    });
  }

  it('is of every entry that has types, and of no other', () => {
    const kept = readdirSync(REPORTS).map((name) => path.posix.join(REPORTS, name));
    const reports = [...made.keys()].filter((file) => file.startsWith(REPORTS));
    assert.deepEqual(kept.sort(), reports.sort(), ADVICE);
  });
});

/** Lines that went, and lines that came. */
function changes(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const gone = old.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
  const come = now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`);
  return [...gone, ...come].join('\n');
}
