import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { PNG } from 'pngjs';
import { described } from '../package/described.js';

const FOLDER = 'docs/images';
const run = promisify(execFile);

const shown = [...described.cssStates.map(({ name }) => name), 'demo'];
const pictures = shown.flatMap((name) => [`${name}-dark.png`, `${name}-light.png`]).sort();
const pages = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)].filter((page) =>
  page.endsWith('.md'),
);

/** What pages show, by their paths in the repository. */
function usedPictures(): string[] {
  return pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/(?:src|srcset)="([^"]+\.png)"/g)].map(([, target]) =>
      path.posix.join(path.posix.dirname(page), target!),
    ),
  );
}

describe('the pictures of the documentation', () => {
  it('are of each state and of the demo, in light and dark', () => {
    assert.deepEqual(readdirSync(FOLDER).sort(), pictures);
  });

  it('are all shown, and no others are', () => {
    const used = new Set(usedPictures());
    assert.deepEqual([...used].sort(), pictures.map((name) => `${FOLDER}/${name}`).sort());
  });

  it('say in words what they show', () => {
    for (const page of pages) {
      for (const [tag] of readFileSync(page, 'utf8').matchAll(/<img\b[^>]*\.png"[^>]*>/g))
        assert.match(tag, /alt="[^"]{8,}"/, `${page}: ${tag}`);
    }
  });

  it('are what the script takes from the demo', { timeout: 300_000 }, async (t) => {
    const place = mkdtempSync(path.join(tmpdir(), 'pictures-'));
    t.after(() => rmSync(place, { recursive: true, force: true }));
    await run(process.execPath, ['scripts/pictures.mjs', place]);
    assert.deepEqual(readdirSync(place).sort(), pictures);
    for (const name of pictures) {
      // Pixels differ with a machine's fonts; what is no picture, or another one, has other sides.
      const [taken, kept] = [place, FOLDER].map((folder) =>
        PNG.sync.read(readFileSync(path.join(folder, name))),
      );
      assert.equal(taken!.width, kept!.width, name);
    }
  });
});
