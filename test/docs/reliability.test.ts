import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { TABLE } from '../e2e/fault-table.js';
import { payloads } from '../e2e/hostile-corpus.js';
import { URLS } from '../e2e/hostile-urls.js';
import { STYLES } from '../e2e/odd-styles.js';
import { POLICY } from '../e2e/strict-site.js';
import { EXPLAINED } from '../mutation/explained.mjs';
import { Guide } from './guide.js';
import { tableRows } from './table-rows.js';

const guide = new Guide('docs/reliability.md');
const QUESTIONS = ['create', 'status', 'events'] as const;
/** Headings whose tables have a command in the last column. */
const MEASURED = [...guide.text.matchAll(/^## (.+)$/gm)]
  .map(([, title]) => title!)
  .filter((title) => sectionOf(title).includes('| by '));
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Record<string, string>;
};

function sectionOf(title: string): string {
  return guide.text.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
}

/** Whatever stands before some words, as a number. */
function countOf(words: string): number {
  const [, count] = new RegExp(`([\\d,]+) ${words}`).exec(guide.text) ?? [];
  return Number(count?.replaceAll(',', ''));
}

describe('docs/reliability.md, its figures', () => {
  it('has the rows of the table of faults, kind by kind', () => {
    const kinds = [...new Set(TABLE.map(({ kind }) => kind))];
    const counted = kinds.map((kind) => [
      kind,
      ...QUESTIONS.map(
        (question) =>
          `${TABLE.filter((row) => row.kind === kind && row.question === question).length}`,
      ),
    ]);
    const told = tableRows(guide.text, 'A server that misbehaves')
      .filter((cells) => cells.length === 5)
      .map((cells) => cells.slice(0, 4));
    assert.deepEqual(told.sort(), counted.sort());
    assert.equal(countOf('rows; limits'), TABLE.length);
  });

  it('has as many payloads, addresses and style sheets as there are', () => {
    assert.equal(countOf('payloads of'), payloads.length);
    assert.equal(countOf('addresses\nthat try'), Object.keys(URLS).length);
    assert.equal(countOf('style sheets'), Object.keys(STYLES).length);
  });

  it('has as many mutants as are explained', () => {
    assert.match(sectionOf('Coverage and mutants'), new RegExp(`The ${EXPLAINED.length} that are`));
  });

  it('has the policy that pages are tried with', () => {
    const [, policy] = guide.take('Strict pages', 'http').split('Content-Security-Policy: ');
    const directives = (text: string) => text.trim().split('; ').sort();
    assert.deepEqual(directives(policy!), directives(POLICY));
  });
});

describe('docs/reliability.md, its commands', () => {
  for (const section of MEASURED) {
    it(`are there, in “${section}”`, () => {
      for (const cells of tableRows(guide.text, section)) {
        if (cells.length === 5) continue;
        assertCommand(cells.at(-1)!);
      }
    });
  }
});

function assertCommand(command: string): void {
  const [, script] = /^npm (?:run )?(\S+)$/.exec(command) ?? [];
  if (script) return assert.ok(scripts[script], command);
  const [, files] = /^(?:node --import tsx --test|bash) (.+)$/.exec(command) ?? [];
  if (!files) return assert.equal(command, 'the same');
  for (const file of files.split(' ')) assert.ok(existsSync(file), file);
}

guide.leavesNothing();
