import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { repositoryFiles } from '../../scripts/links.mjs';
import { Guide } from './guide.js';

/** Of each release, a list of what is new. */
const NO_GUIDE = ['CHANGELOG.md'];

const pages = repositoryFiles().filter(
  (file) => file.endsWith('.md') && !file.startsWith('docs/api/') && !NO_GUIDE.includes(file),
);

describe('every page of the documentation', () => {
  for (const page of pages) {
    if (new Guide(page).blocks.length === 0) continue;
    const name = path.basename(page, '.md').toLowerCase();
    const test = `test/docs/${name}.test.ts`;
    it(`has a test that runs its code: ${page}`, () => {
      assert.ok(existsSync(test), test);
      const code = readFileSync(test, 'utf8');
      assert.ok(code.includes(`new Guide('${page}')`), page);
      assert.match(code, /\bguide\.leavesNothing\(\)/);
    });
  }

  it('is reached from README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      if (!page.endsWith('.md')) continue;
      for (const [, target] of readFileSync(page, 'utf8').matchAll(
        /\]\(([\w./-]+\.md)(?:#[^)]*)?\)/g,
      ))
        reached.add(path.posix.join(path.posix.dirname(page), target!));
    }
    const guides = pages.filter((page) => !page.startsWith('.github/'));
    assert.deepEqual(
      guides.filter((page) => !reached.has(page)),
      [],
    );
  });
});
