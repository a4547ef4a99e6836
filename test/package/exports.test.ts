import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build, type BuildOptions } from 'esbuild';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { rollup } from 'rollup';
import ts from 'typescript';
import { readJson } from './described.js';
import { isValue } from './exported.js';
import { pack } from './packed.js';

interface Entry {
  /** As a site writes it. */
  readonly name: string;
  /** Files of the package, by condition. */
  readonly target: Readonly<Record<string, string>>;
}

type Exports = Readonly<Record<string, Entry['target'] | string>>;

const run = promisify(execFile);

/** Without a page: Lit cannot be loaded there. */
const WORKERS = ['worker', 'workerd'];
const CONDITIONS = [
  [],
  ['browser'],
  ...WORKERS.map((name) => [name]),
  ['development'],
  ['production'],
];

const languages = readdirSync('src/locales').map((file) => path.basename(file, '.ts'));
const entries = Object.entries((readJson('package.json') as { exports: Exports }).exports).flatMap(
  ([subpath, target]) =>
    entriesOf(subpath, typeof target === 'string' ? { default: target } : target),
);
const modules = entries.filter(({ target }) => target.default?.endsWith('.js'));
const data = entries.filter(({ target }) => target.default?.endsWith('.json'));
const typesAlone = entries.filter(({ target }) => target.default === undefined);

/** A pattern stands for one entry of each language. */
function entriesOf(subpath: string, target: Entry['target']): Entry[] {
  if (!subpath.includes('*')) return [{ name: `didit-verify${subpath.slice(1)}`, target }];
  return languages.flatMap((language) => {
    const filled = Object.entries(target).map(([key, file]) => [key, file.replace('*', language)]);
    return entriesOf(subpath.replace('*', language), Object.fromEntries(filled) as typeof target);
  });
}

/** What a site has installed: nothing else of the repository. */
let site: string;
let installed: string;

before(() => {
  mkdirSync('.cache', { recursive: true });
  site = mkdtempSync(path.resolve('.cache/exports-'));
  installed = path.join(site, 'node_modules/didit-verify');
  writeFileSync(path.join(site, 'package.json'), '{ "name": "site", "type": "module" }');
  pack().unpack(installed);
});

after(() => rmSync(site, { recursive: true }));

/** Names of files of the package, by names of entries. */
type Resolved = Readonly<Record<string, string | undefined>>;

function expected(list: readonly Entry[], conditions: readonly string[]): Resolved {
  const isWorker = conditions.some((condition) => WORKERS.includes(condition));
  return Object.fromEntries(
    list.map(({ name, target }) => [
      name,
      (isWorker ? target.worker : undefined) ?? target.default,
    ]),
  );
}

function inPackage(file: string): string {
  return `./${path.relative(installed, file).split(path.sep).join('/')}`;
}

/** A program of the site's own, run by Node, that is given names and tells something. */
async function askNode(
  code: string,
  conditions: readonly string[],
  names = namesOf(modules),
): Promise<unknown> {
  const file = path.join(site, 'program.js');
  const given = `const names = ${JSON.stringify(names)};
    const tell = (what) => console.log(JSON.stringify(what));`;
  writeFileSync(file, `${given}\n${code}`);
  const flags = conditions.map((condition) => `--conditions=${condition}`);
  const { stdout } = await run(process.execPath, [...flags, file]);
  return JSON.parse(stdout);
}

/** Tells what each entry exports. */
const EXPORTED = `const exported = {};
  for (const name of names) exported[name] = Object.keys(await import(name));
  tell(exported);`;

function namesOf(list: readonly Entry[]): string[] {
  return list.map(({ name }) => name);
}

describe('the entries of the package', () => {
  it('are at least those of each part, and of each language', () => {
    assert.equal(modules.length, 4 + languages.length);
    assert.deepEqual(namesOf(data).sort(), [
      'didit-verify/custom-elements.json',
      'didit-verify/package.json',
    ]);
    assert.deepEqual(
      typesAlone.map(({ target }) => Object.keys(target)),
      [['types'], ['types'], ['types']],
    );
  });

  it('say the same of both names for workers', () => {
    for (const { name, target } of entries) assert.equal(target.worker, target.workerd, name);
  });

  it('lead to files that are packed', () => {
    for (const { name, target } of entries) {
      for (const file of Object.values(target)) {
        assert.ok(existsSync(path.join(installed, file)), `${name}: ${file}`);
      }
    }
  });
});

describe('Node', () => {
  for (const conditions of CONDITIONS) {
    it(`finds each entry: ${conditions.join() || 'by default'}`, async () => {
      const found = (await askNode(
        `import { fileURLToPath } from 'node:url';
        const found = names.map((name) => [name, fileURLToPath(import.meta.resolve(name))]);
        tell(Object.fromEntries(found));`,
        conditions,
      )) as Record<string, string>;
      const files = Object.entries(found).map(([name, file]) => [name, inPackage(file)]);
      assert.deepEqual(Object.fromEntries(files), expected(modules, conditions));
    });
  }

  // Where there are the files for browsers, Lit wants a page: those are run in browsers.
  for (const conditions of CONDITIONS.filter((list) => !list.includes('browser'))) {
    it(`runs each entry: ${conditions.join() || 'by default'}`, async () => {
      const exported = (await askNode(EXPORTED, conditions)) as Record<string, string[]>;
      assert.deepEqual(Object.keys(exported), namesOf(modules));
      for (const [name, values] of Object.entries(exported)) assert.ok(values.length > 0, name);
    });
  }

  it('reads the data', async () => {
    const code = `import { createRequire } from 'node:module';
      tell(names.map(createRequire(import.meta.url)));`;
    const [manifest, { name }] = (await askNode(code, [], namesOf(data))) as [
      unknown,
      { name: string },
    ];
    assert.deepEqual(manifest, readJson('custom-elements.json'));
    assert.equal(name, 'didit-verify');
  });

  it('finds nothing to run where there are types alone, and nothing that is not exported', async () => {
    const names = [...namesOf(typesAlone), 'didit-verify/dist/index.js'];
    const code = `const results = await Promise.allSettled(names.map((name) => import(name)));
      tell(results.map(({ reason }) => reason?.code));`;
    const codes = await askNode(code, [], names);
    assert.deepEqual(
      codes,
      names.map(() => 'ERR_PACKAGE_PATH_NOT_EXPORTED'),
    );
  });
});

describe('Rollup', () => {
  for (const conditions of CONDITIONS) {
    it(`finds each entry: ${conditions.join() || 'by default'}`, async () => {
      const bundle = await rollup({
        input: Object.fromEntries(modules.map(({ name }) => [name, name])),
        plugins: [
          nodeResolve({
            rootDir: site,
            browser: conditions.includes('browser'),
            exportConditions: [...conditions],
          }),
        ],
        external: /^lit(\/|$)/,
        onwarn: ({ message }) => assert.fail(message),
      });
      const { output } = await bundle.generate({ format: 'es' });
      const found = output.flatMap((chunk) =>
        chunk.type === 'chunk' && chunk.isEntry
          ? [[chunk.name, inPackage(chunk.facadeModuleId!)]]
          : [],
      );
      assert.deepEqual(Object.fromEntries(found), expected(modules, conditions));
    });
  }
});

describe('esbuild', () => {
  for (const platform of ['browser', 'node', 'neutral'] as const) {
    for (const conditions of CONDITIONS) {
      it(`finds each entry: ${[platform, ...conditions].join(', ')}`, async () => {
        const found = await esbuildFinds({ platform, conditions: [...conditions] });
        assert.deepEqual(found, expected(modules, conditions));
      });
    }
  }
});

async function esbuildFinds(options: BuildOptions): Promise<Resolved> {
  const { metafile } = await build({
    ...options,
    entryPoints: modules.map(({ name }) => ({ in: name, out: name })),
    absWorkingDir: site,
    outdir: '.',
    ...{ bundle: true, write: false, metafile: true, format: 'esm', splitting: true },
    external: ['lit', 'lit/*'],
    logLevel: 'error',
  });
  const found = Object.entries(metafile.outputs).flatMap(([file, { entryPoint }]) =>
    entryPoint ? [[file.replace(/\.js$/, ''), inPackage(path.join(site, entryPoint))]] : [],
  );
  return Object.fromEntries(found) as Resolved;
}

/** How TypeScript may find modules, each with the syntax of modules that goes with it. */
const RESOLUTIONS = {
  bundler: [ts.ModuleResolutionKind.Bundler, ts.ModuleKind.ESNext],
  node16: [ts.ModuleResolutionKind.Node16, ts.ModuleKind.Node16],
  nodenext: [ts.ModuleResolutionKind.NodeNext, ts.ModuleKind.NodeNext],
} as const;

describe('TypeScript', () => {
  for (const [name, [moduleResolution, module]] of Object.entries(RESOLUTIONS)) {
    const options: ts.CompilerOptions = {
      ...{ module, moduleResolution, target: ts.ScriptTarget.ES2022, types: [], noEmit: true },
      // The frameworks, whose types some of these build on, are not installed here.
      ...{ strict: true, skipLibCheck: true, resolveJsonModule: true },
    };

    for (const customConditions of name === 'bundler' ? CONDITIONS : [[]]) {
      it(`finds the types of each entry: ${[name, ...customConditions].join(', ')}`, () => {
        const program = compileSite({ ...options, customConditions: [...customConditions] });
        assert.deepEqual(errorsOf(program), []);
        assert.deepEqual(typesFound(program), typesExpected());
      });
    }
  }

  it('knows what can be imported at run time, no more and no less', async () => {
    const [moduleResolution, module] = RESOLUTIONS.nodenext;
    const program = compileSite({ module, moduleResolution, resolveJsonModule: true, types: [] });
    assert.deepEqual(valuesDeclared(program), await askNode(EXPORTED, []));
  });
});

const SITE_FILE = 'site.ts';

function compileSite(options: ts.CompilerOptions): ts.Program {
  // There were none in the days of Node 16.
  const attributes = options.module === ts.ModuleKind.Node16 ? '' : ` with { type: 'json' }`;
  const imports = entries.map(({ name }, i) => {
    if (data.some((entry) => entry.name === name)) {
      return `import entry${i} from '${name}'${attributes};`;
    }
    const isType = typesAlone.some((entry) => entry.name === name);
    return `import ${isType ? 'type ' : ''}* as entry${i} from '${name}';`;
  });
  const file = path.join(site, SITE_FILE);
  writeFileSync(file, imports.join('\n'));
  return ts.createProgram([file], options);
}

function errorsOf(program: ts.Program): string[] {
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** Each entry of the site's file, as the compiler knows it. */
function entrySymbols(program: ts.Program): [name: string, symbol: ts.Symbol][] {
  const checker = program.getTypeChecker();
  const { statements } = program.getSourceFile(path.join(site, SITE_FILE))!;
  return statements.filter(ts.isImportDeclaration).map(({ moduleSpecifier }) => {
    const { text } = moduleSpecifier as ts.StringLiteral;
    return [text, checker.getSymbolAtLocation(moduleSpecifier)!];
  });
}

function typesFound(program: ts.Program): Resolved {
  const found = entrySymbols(program).map(([name, { declarations }]) => [
    name,
    inPackage(declarations![0]!.getSourceFile().fileName),
  ]);
  return Object.fromEntries(found) as Resolved;
}

function typesExpected(): Resolved {
  return Object.fromEntries(
    entries.map(({ name, target }) => [name, target.types ?? target.default]),
  );
}

function valuesDeclared(program: ts.Program): Record<string, string[]> {
  const checker = program.getTypeChecker();
  const runs = entrySymbols(program).filter(([name]) =>
    modules.some((entry) => entry.name === name),
  );
  const names = runs.map(([name, symbol]) => {
    const values = checker.getExportsOfModule(symbol).filter((each) => isValue(each, checker));
    return [name, values.map((value) => value.name).sort()];
  });
  return Object.fromEntries(names) as Record<string, string[]>;
}
