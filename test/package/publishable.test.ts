import { checkPackage, createPackageFromTarballData, type Problem } from '@arethetypeswrong/core';
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { readJson } from './described.js';
import { pack, type Packed } from './packed.js';

type Manifest = Record<string, unknown> & { exports: Record<string, Record<string, string>> };

/** What `@arethetypeswrong` says of some ways to import it, and why that is well. */
const ALLOWED: readonly {
  readonly reason: string;
  readonly matches: (problem: Problem) => boolean;
}[] = [
  {
    reason: `ES modules alone, by intent: a second copy in CommonJS would be a second class. Code in
      CommonJS has them by import(), or by require() where Node takes that, from 20.19 on.`,
    matches: (problem) => problem.kind === 'CJSResolvesToESM',
  },
  {
    reason: `As Node 10 resolved, before there was 'exports'. No Node that is supported does so, and
      TypeScript 6 has deprecated it.`,
    matches: (problem) => 'resolutionKind' in problem && problem.resolutionKind === 'node10',
  },
];

describe('the package, packed', () => {
  const packed = pack();

  it('is right for publint, to the last suggestion', async () => {
    assert.deepEqual(await publintSays(packed), []);
  });

  it('has types that are right for @arethetypeswrong, but for what is so by intent', async () => {
    assert.deepEqual(await unexpected(packed), []);
  });

  it('still has what is so by intent', async () => {
    const problems = await typesProblems(packed);
    for (const { reason, matches } of ALLOWED) assert.ok(problems.some(matches), reason);
  });
});

/** Each of them is a slip that one of the two must find. */
const SLIPS: Readonly<Record<string, (manifest: Manifest) => void>> = {
  'an export of a file that is not there': ({ exports }) => {
    exports['./server']!.default = './dist/server/main.js';
  },
  'types that are not there': ({ exports }) => {
    exports['./sandbox']!.types = './dist/sandbox/main.d.ts';
  },
  'types after the code': ({ exports }) => {
    const { types, ...rest } = exports['./server']!;
    exports['./server'] = { ...rest, types: types! };
  },
  'modules that are said to be CommonJS': (manifest) => {
    delete manifest.type;
  },
  'a folder that is not packed': (manifest) => {
    manifest.files = ['custom-elements.json', 'dist/server'];
  },
};

describe('what is wrong with a package is told', () => {
  for (const [slip, make] of Object.entries(SLIPS)) {
    it(slip, async () => {
      const broken = packBroken(make);
      const messages = await publintSays(broken);
      assert.ok(messages.length > 0 || (await unexpected(broken)).length > 0);
    });
  }
});

async function publintSays({ tarball }: Packed): Promise<(string | undefined)[]> {
  const { buffer, byteOffset, byteLength } = tarball;
  const bytes = (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
  const { messages, pkg } = await publint({ pack: { tarball: bytes }, strict: true });
  return messages.map((message) => formatMessage(message, pkg, { color: false }));
}

async function unexpected(packed: Packed): Promise<Problem[]> {
  const problems = await typesProblems(packed);
  return problems.filter((problem) => !ALLOWED.some(({ matches }) => matches(problem)));
}

async function typesProblems({ tarball }: Packed): Promise<readonly Problem[]> {
  const options = { includeEntrypoints: ['./locales/de'] };
  const result = await checkPackage(createPackageFromTarballData(tarball), options);
  assert.ok(result.types, 'it has types');
  return result.problems;
}

function packBroken(make: (manifest: Manifest) => void): Packed {
  const folder = mkdtempSync(path.join(tmpdir(), 'broken-'));
  try {
    for (const part of ['dist', 'custom-elements.json', 'README.md', 'LICENSE']) {
      cpSync(part, path.join(folder, part), { recursive: true });
    }
    const manifest = readJson('package.json') as Manifest;
    make(manifest);
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
    return pack(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
