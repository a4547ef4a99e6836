/**
 * Prints what CHANGELOG.md says of the version that a tag marks, for the release's notes. Fails where
 * the tag is not that of package.json's version, or the changelog has nothing to say of it.
 */
import { readFileSync } from 'node:fs';

const [tag] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

if (tag !== `v${version}`) fail(`The tag is ${tag}, but package.json has version ${version}.`);
const notes = notesOf(version, readFileSync('CHANGELOG.md', 'utf8'));
if (!notes) fail(`CHANGELOG.md has no section “## [${version}]”, or nothing in it.`);
console.log(notes);

/** The text below the heading of a version, up to the next one or the links of the headings. */
function notesOf(version, changelog) {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((text) => text.startsWith(`[${version}]`)) ?? '';
  const [, ...lines] = section.split('\n');
  return lines
    .filter((line) => !/^\[[^\]]+\]: /.test(line))
    .join('\n')
    .trim();
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
