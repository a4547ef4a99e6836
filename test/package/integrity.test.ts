import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { readJson } from './described.js';

const FILE = 'dist/integrity.json';
const integrity = readJson(FILE) as Record<string, string>;

/** All that a build reads. */
const SOURCES = [
  ...['src', 'scripts', 'package.json', 'tsconfig.json', 'rollup.config.mjs', 'README.md'],
];

function publishedFiles(): string[] {
  return readdirSync('dist', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.posix.join(entry.parentPath.replaceAll(path.sep, '/'), entry.name))
    .filter((file) => file !== FILE)
    .sort();
}

describe('dist/integrity.json', () => {
  it('has every other file of dist, with its SHA-384 digest', () => {
    assert.deepEqual(Object.keys(integrity), publishedFiles());
    for (const [file, digest] of Object.entries(integrity)) {
      const own = createHash('sha384').update(readFileSync(file)).digest('base64');
      assert.equal(digest, `sha384-${own}`, file);
    }
  });

  it('is the same wherever it is built', { timeout: 300_000 }, (t) => {
    const place = mkdtempSync(path.join(tmpdir(), 'built elsewhere '));
    t.after(() => rmSync(place, { recursive: true, force: true }));
    for (const source of SOURCES) cpSync(source, path.join(place, source), { recursive: true });
    symlinkSync(path.resolve('node_modules'), path.join(place, 'node_modules'), 'junction');
    const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], {
      cwd: place,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.deepEqual(JSON.parse(readFileSync(path.join(place, FILE), 'utf8')), integrity);
  });
});

describe('published scripts', () => {
  const scripts = publishedFiles().filter((file) => file.endsWith('.js'));
  const { version } = readJson('package.json') as { version: string };

  it('begin with name, version and licence', () => {
    for (const file of scripts) {
      const text = readFileSync(file, 'utf8').replace(/^#!.*\n/, '');
      assert.ok(text.startsWith(`/*! didit-verify ${version} | MIT`), file);
    }
  });

  it('say whose code they include, on terms that are published with them', () => {
    const terms = readFileSync('dist/THIRD-PARTY-LICENSES.txt', 'utf8');
    const including = scripts.filter((file) => /^\/\*!.*includes/.test(readFileSync(file, 'utf8')));
    assert.deepEqual(including.map((file) => path.posix.basename(file)).sort(), [
      ...['didit-verify.esm.js', 'didit-verify.min.js', 'didit-verify.split.js'],
      'session-parts.js',
    ]);
    for (const name of ['@lit/reactive-element', 'lit-element', 'lit-html', 'qrcode'])
      assert.match(terms, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|BSD-3-Clause)\\)$`, 'm'));
    assert.match(terms, /Copyright \(c\) 2017 Google LLC/);
    assert.match(terms, /Copyright \(c\) 2012 Ryan Day/);
  });

  it('have source maps, with the sources in them', () => {
    for (const file of scripts) {
      const text = readFileSync(file, 'utf8');
      const [, name = ''] = /\n\/\/# sourceMappingURL=(.+)\s*$/.exec(text) ?? [];
      assert.equal(name, `${path.posix.basename(file)}.map`, file);
      const { sources, sourcesContent } = readJson(`${file}.map`) as Record<string, unknown[]>;
      assert.equal(sourcesContent?.length, sources?.length, file);
      const isEmpty = sources!.length === 0;
      assert.ok(!isEmpty || /^dist\/(index|element)\.js$/.test(file), file);
      for (const content of sourcesContent!) assert.equal(typeof content, 'string', file);
    }
  });
});
