/**
 * Writes what a release says of itself into README, guides and change log; part of `npm version`,
 * after the build. With `--check` it writes nothing, and fails where something is to be written.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { released, stamped } from './release-stamp.mjs';

const isCheck = process.argv.includes('--check');
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const integrity = JSON.parse(readFileSync('dist/integrity.json', 'utf8'));
const date = new Date().toISOString().slice(0, 10);

const guides = readdirSync('docs').filter((name) => name.endsWith('.md'));
const pages = ['README.md', ...guides.map((name) => `docs/${name}`)];
const changed = [
  ...pages.filter((page) => change(page, (text) => stamped(text, { version, integrity }))),
  ...['CHANGELOG.md'].filter((page) => change(page, (text) => released(text, { version, date }))),
];

for (const page of changed) console.log(`${page} ${isCheck ? 'is not' : 'is now'} of ${version}.`);
if (isCheck && changed.length > 0) process.exitCode = 1;

/** Whether the page is to be another. */
function change(page, write) {
  const text = readFileSync(page, 'utf8');
  const wanted = write(text);
  if (wanted !== text && !isCheck) writeFileSync(page, wanted);
  return wanted !== text;
}
