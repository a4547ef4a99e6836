/**
 * Writes `dist/integrity.json`: for each published file of `dist/`, by its path in the package, the
 * digest that pages name in `integrity` (W3C, Subresource Integrity).
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = 'dist';
const FILE = 'dist/integrity.json';

const files = readdirSync(FOLDER, { recursive: true })
  .map((name) => path.join(FOLDER, name).replaceAll(path.sep, '/'))
  .filter((file) => file !== FILE && statSync(file).isFile())
  .sort();

const digests = files.map((file) => [file, digestOf(readFileSync(file))]);
writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(digests), null, 2)}\n`);

function digestOf(content) {
  return `sha384-${createHash('sha384').update(content).digest('base64')}`;
}
