import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { repositoryFiles } from '../../scripts/links.mjs';
import { readJson } from '../package/described.js';
import { Guide } from './guide.js';
import { missing } from './missing-program.js';

const guide = new Guide('CONTRIBUTING.md');
const { version } = readJson('package.json') as { version: string };

const GIT = {
  ...{ GIT_AUTHOR_NAME: 'Somebody', GIT_AUTHOR_EMAIL: 'somebody@example.org' },
  ...{ GIT_COMMITTER_NAME: 'Somebody', GIT_COMMITTER_EMAIL: 'somebody@example.org' },
};

describe('CONTRIBUTING.md', () => {
  it('makes a release by its commands', { timeout: 400_000 }, (t) => {
    const commands = guide.take('A release', 'sh');
    if (missing('git')) return t.skip(missing('git'));
    const place = mkdtempSync(path.join(tmpdir(), 'release-'));
    t.after(() => rmSync(place, { recursive: true, force: true }));
    const clone = path.join(place, 'clone');
    const run = (command: string, cwd = clone) =>
      execFileSync('sh', ['-c', command], {
        cwd,
        env: { ...process.env, ...GIT, npm_config_yes: 'true' },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    copyRepository(clone);
    run('git init --quiet --bare origin', place);
    run('git init --quiet --initial-branch main && git add . && git commit --quiet -m Before');
    run('git remote add origin ../origin && git push --quiet --set-upstream origin main');

    run(commands);
    const [major, minor] = version.split('.').map(Number) as [number, number];
    const next = `${major}.${minor + 1}.0`;
    assert.equal(run('git status --porcelain'), '');
    assert.match(run('git ls-remote --tags origin'), new RegExp(`refs/tags/v${next}$`, 'm'));
    run('node scripts/stamp-release.mjs --check');

    const read = (file: string) => readFileSync(path.join(clone, file), 'utf8');
    const integrity = JSON.parse(read('dist/integrity.json')) as Record<string, string>;
    const file = 'dist/didit-verify.min.js';
    for (const page of ['README.md', 'docs/cdn.md']) {
      const [tag] = /<script[^>]*didit-verify\.min\.js"[^>]*>/.exec(read(page))!;
      assert.ok(tag.includes(`didit-verify@${next}/${file}"`), tag);
      assert.ok(tag.includes(`integrity="${integrity[file]}"`), tag);
      assert.match(tag, /crossorigin="anonymous"/);
    }
    assert.ok(read(file).startsWith(`/*! didit-verify ${next} | MIT`));
    assert.match(
      read('CHANGELOG.md'),
      new RegExp(`^## \\[${next}\\] - \\d{4}-\\d\\d-\\d\\d$`, 'm'),
    );
  });

  guide.cannotRun(
    'changes the machine; what it installs is what tests use',
    'What tests use',
    'sh',
  );
  guide.cannotRun('is no code, but a list of folders', 'Where things are', '');
  guide.leavesNothing();
});

/** All that a clone would have, and what is not committed yet. */
function copyRepository(to: string): void {
  for (const file of repositoryFiles()) {
    mkdirSync(path.dirname(path.join(to, file)), { recursive: true });
    cpSync(file, path.join(to, file));
  }
  symlinkSync(path.resolve('node_modules'), path.join(to, 'node_modules'), 'junction');
}
