import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { pack } from './packed.js';

/** What a site downloads: does it need all of that? */
const FILE = 'test/package/snapshots/packed-files.txt';
const IS_NEW = process.env.UPDATE_SNAPSHOTS === '1';

const ADVICE =
  '`npm run build` takes away what is left of before, and UPDATE_SNAPSHOTS=1 takes up what is meant.';

/** Compiled for Node alone, without declarations. */
const PROGRAM = 'bin/';

/** Families of which each member is known from the sources, each told in one line. */
const modules = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => /(?<!\.d)\.ts$/.test(file) && !file.startsWith(PROGRAM))
  .map((file) => file.replace(/\.ts$/, ''));
const languages = modules.filter((name) => name.startsWith('locales/'));
const families: Readonly<Record<string, readonly string[]>> = {
  'dist/{each module of src}.d.ts': modules.map((name) => `dist/${name}.d.ts`),
  'dist/locales/{each language}.js': languages.map((name) => `dist/${name}.js`),
  'dist/locales/{each language}.js.map': languages.map((name) => `dist/${name}.js.map`),
};

describe('what is packed', () => {
  const { files } = pack();

  for (const [family, members] of Object.entries(families)) {
    it(`has ${family}`, () => {
      assert.ok(members.length > 0);
      assert.deepEqual(
        members.filter((file) => !files.includes(file)),
        [],
      );
    });
  }

  it('is what was agreed, no more and no less', () => {
    const members = new Set(Object.values(families).flat());
    const others = files.filter((file) => !members.has(file));
    const list = [...others, ...Object.keys(families)].sort();
    if (IS_NEW) {
      mkdirSync(path.dirname(FILE), { recursive: true });
      writeFileSync(FILE, `${list.join('\n')}\n`);
    }
    const agreed = readFileSync(FILE, 'utf8').trimEnd().split('\n');
    const difference = [
      ...list.filter((file) => !agreed.includes(file)).map((file) => `+ ${file}`),
      ...agreed.filter((file) => !list.includes(file)).map((file) => `- ${file}`),
    ];
    assert.ok(difference.length === 0, `${FILE}: ${ADVICE}\n${difference.join('\n')}`);
  });
});
