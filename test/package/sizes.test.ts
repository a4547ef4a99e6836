import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { REACHED } from './reached.js';

/** A file that grows by more does so by a decision: whoever makes it writes the new figure above. */
const ROOM = 1.03;

/** Of each language's words. */
const MOST_WORDS = 1500;

function weigh(file: string): number {
  return gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length;
}

describe('the size of what a page loads', () => {
  for (const [file, reached] of Object.entries(REACHED)) {
    it(`${file} has not grown`, () => {
      const bytes = weigh(file);
      console.log(`dist/${file}: ${bytes} bytes gzip, of ${reached}`);
      assert.ok(bytes <= reached * ROOM, `${bytes} bytes, more than 3 % above ${reached}`);
    });

    it(`${file} has the figure that it has reached`, () => {
      assert.ok(weigh(file) >= reached / ROOM, `${reached} is out of date: write down what it is`);
    });
  }

  for (const file of readdirSync('dist/locales').filter((name) => name.endsWith('.js'))) {
    it(`locales/${file} has at most 1.5 kB`, () => {
      assert.ok(weigh(`locales/${file}`) <= MOST_WORDS);
    });
  }
});
