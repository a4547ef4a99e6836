import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { npm } from '../scripts/npm.mjs';

/** Contents of files by their names, with folders. */
export type Files = ReadonlyMap<string, string>;

const LOCK = 'package-lock.json';

/** What a working copy was made of, so that the next run need not make it again. */
const MADE_OF = '.made-of';

export function readFolder(folder: string): Files {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => fs.statSync(path.join(folder, name)).isFile());
  return new Map(files.map((name) => [name, read(path.join(folder, name))]));
}

export function inFolder(folder: string, files: readonly [name: string, text: string][]): Files {
  return new Map(files.map(([name, text]) => [path.join(folder, name), text]));
}

/**
 * Writes files, installs what their lock says, and finishes; nothing of it where the same was done
 * before, with the same package.
 */
export function makeWorkingCopy(
  place: string,
  files: Files,
  { ownPackage, finish }: { ownPackage: string; finish: () => void },
): void {
  once(path.join(place, MADE_OF), digest([...files].flat(), ownPackage), () => {
    writeAfresh(place, files);
    once(path.join(place, 'node_modules', MADE_OF), read(path.join(place, LOCK)), () =>
      install(place),
    );
    finish();
  });
}

/** Does something unless it was done before, for the same reason. */
function once(mark: string, reason: string, act: () => void): void {
  if (fs.existsSync(mark) && read(mark) === reason) return;
  act();
  fs.mkdirSync(path.dirname(mark), { recursive: true });
  fs.writeFileSync(mark, reason);
}

function read(file: string): string {
  return fs.readFileSync(file, 'utf8');
}

/** Of the package, a file that changes whenever it does. */
function digest(texts: readonly string[], ownPackage: string): string {
  return createHash('sha256')
    .update(JSON.stringify(texts))
    .update(fs.readFileSync(ownPackage))
    .digest('hex');
}

/** Nothing stays of before, but for what npm has installed. */
function writeAfresh(place: string, files: Files): void {
  fs.mkdirSync(place, { recursive: true });
  for (const name of fs.readdirSync(place)) {
    if (name !== 'node_modules') fs.rmSync(path.join(place, name), { recursive: true });
  }
  for (const [name, text] of files) {
    const file = path.join(place, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

function install(place: string): void {
  const options = ['--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const code = npm(['ci', '--prefix', place, ...options], { quiet: true });
  if (code !== 0) throw new Error(`npm ci ended with ${code}: ${place}`);
}
