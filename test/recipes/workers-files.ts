import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { npm } from '../../scripts/npm.mjs';

const SOURCE = 'test/recipes/workers';

/** Where the recipe runs. */
export const FOLDER = path.resolve('.cache/recipes/workers');

/** What the page leaves out, besides the package itself. */
const BESIDE = ['config.capnp', 'your-site.js', 'changed-secrets.js', 'package.json'];

/** Lays out the recipe as its page shows it, with what it imports, and gives the runtime's path. */
export function layOutRecipe(): string {
  mkdirSync(FOLDER, { recursive: true });
  for (const file of BESIDE) copyFileSync(`${SOURCE}/${file}`, `${FOLDER}/${file}`);
  copyFileSync('dist/server/index.js', `${FOLDER}/didit-verify-server.js`);
  const worker = shownCode();
  writeFileSync(`${FOLDER}/worker.js`, worker);
  writeFileSync(`${FOLDER}/streaming-worker.js`, replaced(worker, 'events: false', 'events: true'));
  install();
  const { default: runtime } = createRequire(`${FOLDER}/`)('workerd') as { default: string };
  return runtime;
}

/** The worker of the page, what is shown to be put beside `fetch` included. */
function shownCode(): string {
  const [, section = ''] = readFileSync('docs/recipes.md', 'utf8').split('## Cloudflare Workers\n');
  const worker = blockOf(section, 'worker.js');
  const beside = blockOf(section, 'worker.js, beside fetch');
  return replaced(worker, 'export default {\n', `export default {\n${beside}`);
}

/** A block of code, told from others by the comment that it begins with. */
function blockOf(section: string, title: string): string {
  const block = section.split('```js\n').find((text) => text.startsWith(`// ${title}\n`));
  if (block === undefined) throw new Error(`docs/recipes.md shows no "${title}"`);
  return block.slice(0, block.indexOf('```'));
}

function replaced(code: string, from: string, to: string): string {
  if (code.split(from).length !== 2) throw new Error(`"${from}" is to be there once`);
  return code.replace(from, () => to);
}

/** As the lock file says, unless what is there is of the same one. */
function install(): void {
  const lock = `${FOLDER}/package-lock.json`;
  const isSame =
    existsSync(lock) && readFileSync(lock).equals(readFileSync(`${SOURCE}/package-lock.json`));
  // npm writes this one last.
  if (isSame && existsSync(`${FOLDER}/node_modules/.package-lock.json`)) return;
  copyFileSync(`${SOURCE}/package-lock.json`, lock);
  const code = npm(['ci', '--prefix', FOLDER, '--ignore-scripts', '--no-audit', '--no-fund']);
  if (code !== 0) throw new Error(`npm ci ended with ${code}: ${FOLDER}`);
}
