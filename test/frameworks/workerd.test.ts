import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { promisify } from 'node:util';
import { layOutRecipe } from '../recipes/workers-files.js';

const FOLDER = path.resolve('.cache/frameworks/workerd');

const WORKER = `
  import { DiditVerifyElement } from 'didit-verify';
  import { DiditVerifyElement as unregistered } from 'didit-verify/element';
  import 'didit-verify/locales/de';
  import { createDidit } from 'didit-verify/server';
  import { createSandbox } from 'didit-verify/sandbox';

  export default {
    async test() {
      DiditVerifyElement.define();
      unregistered.define('my-verify');
      const account = { clientId: 'a', clientSecret: 'b' };
      createSandbox(account).close();
      createDidit({ ...account, getUser: () => null }).close();
    },
  };`;

const CONFIG = `
  using Workerd = import "/workerd/workerd.capnp";
  const imports :Workerd.Config = (services = [(name = "main", worker = .worker)]);
  const worker :Workerd.Worker = (
    modules = [(name = "worker.js", esModule = embed "worker.js")],
    compatibilityDate = "2026-11-17"
  );`;

it('workerd imports all of the package', { timeout: 120_000 }, async () => {
  const stdin = { contents: WORKER, resolveDir: '.' };
  const conditions = ['workerd', 'worker', 'browser'];
  const options = { bundle: true, format: 'esm', write: false, conditions } as const;
  const { outputFiles } = await build({ stdin, ...options });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path.join(FOLDER, 'worker.js'), outputFiles[0]!.text);
  writeFileSync(path.join(FOLDER, 'config.capnp'), CONFIG);
  // Fails where a test in the worker does.
  await promisify(execFile)(layOutRecipe(), ['test', 'config.capnp'], { cwd: FOLDER });
});
