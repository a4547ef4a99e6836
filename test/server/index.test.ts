import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import * as server from '../../src/server/index.js';

const SOURCES = new URL('../../src/server/', import.meta.url);

describe('didit-verify/server', () => {
  it('exports createDidit and nothing else at run time', () => {
    assert.deepEqual(Object.keys(server), ['createDidit']);
  });

  it('imports its own files alone and needs nothing of Node', async () => {
    for (const file of await readdir(SOURCES)) {
      const source = await readFile(new URL(file, SOURCES), 'utf8');
      for (const [, specifier = ''] of source.matchAll(/(?:from|import)\s*\(?'([^']+)'/g)) {
        assert.match(specifier, /^\.\/[a-z-]+\.js$/, `${file} imports ${specifier}`);
      }
      assert.doesNotMatch(source, /\bBuffer\b|(?<!\.)\bprocess\.|\brequire\(/, file);
    }
  });
});
