import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { REACHED } from '../package/reached.js';
import { Guide } from './guide.js';
import { tableRows } from './table-rows.js';

const guide = new Guide('docs/performance.md');
const run = guide.take('The last run', 'text');
guide.cannotRun('It takes half an hour, and an idle machine.', 'Performance', 'sh');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Record<string, string>;
};

function titleOf(measure: string): string {
  const code = readFileSync(`test/bench/measures/${measure}`, 'utf8');
  return /export const title = '(.+)';/.exec(code)![1]!;
}

describe('docs/performance.md', () => {
  it('has the sizes that the files are held to', () => {
    const told = tableRows(guide.text, 'Bytes')
      .filter(([file = '']) => file in REACHED)
      .map(([file, bytes]) => [file, Number(bytes!.replace(',', ''))]);
    assert.deepEqual(Object.fromEntries(told), REACHED);
  });

  for (const page of ['README.md', 'docs/cdn.md']) {
    it(`${page} has the size of the single file`, () => {
      const [, told] = /nder ([\d.]+) kB gzip/.exec(readFileSync(page, 'utf8'))!;
      const least = REACHED['didit-verify.min.js'] / 1000;
      assert.ok(Number(told) >= least && Number(told) < least * 1.03, told);
    });
  }

  for (const measure of readdirSync('test/bench/measures')) {
    it(`has what ${measure} measured in the last run`, () => {
      assert.ok(run.includes(`\n## ${titleOf(measure)} (`));
    });
  }

  it('has commands that there are', () => {
    const commands = [...guide.text.matchAll(/`npm run ([\w:]+)(?: -- ([\w ]+))?`/g)];
    assert.ok(commands.length > 0);
    for (const [, script, measures] of commands) {
      assert.ok(scripts[script!], script);
      for (const measure of measures?.split(' ') ?? []) {
        assert.ok(existsSync(`test/bench/measures/${measure}.mjs`), measure);
      }
    }
  });
});

guide.leavesNothing();
