import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { isSource, sourceFiles, untouched, withCounters } from '../../scripts/coverage-source.mjs';

const FILE = path.resolve('src', 'parsed-url.ts');

describe('coverage', () => {
  it('is of all sources, and of no declarations', () => {
    const files = sourceFiles();
    assert.ok(files.includes(FILE));
    assert.ok(files.includes(path.resolve('src', 'server', 'webhook.ts')));
    assert.ok(!files.some((file) => file.endsWith('.d.ts')));
    assert.ok(!isSource(path.resolve('test', 'helpers.ts')));
  });

  it('counts in TypeScript, by the lines of the source', () => {
    const code = withCounters('export const one: number = 1;\n', FILE);
    assert.match(code, /const one: number =/);
    assert.match(code, /__coverage__/);
  });

  it('counts nothing for what nothing has loaded', () => {
    const { path: of, s } = untouched(FILE);
    assert.equal(of, FILE);
    assert.ok(Object.keys(s).length > 0);
    assert.ok(Object.values(s).every((count) => count === 0));
  });
});
