/** What a release writes into the documentation: its version, and the digests of its files. */

/** A file of the package on a CDN; without a file, the address is a short one, and stays. */
const ADDRESS =
  /(https:\/\/(?:cdn\.jsdelivr\.net\/npm|unpkg\.com)\/didit-verify)@\d+\.\d+\.\d+(?:-[\w.]+)?(\/[\w./-]+)?/g;

/** The tag that loads one, and an entry of an import map's `integrity`. */
const TAG =
  /<(?:script|link)\b[^>]*?\b(?:src|href)="[^"]*\/didit-verify@[^"]*\/(dist\/[^"]+)"[^>]*>/g;
const ENTRY = /("[^"]*\/didit-verify@[^"]*\/(dist\/[^"]+)": )"sha384-[^"]*"/g;

/**
 * A page of the documentation as it is to be for a version.
 *
 * @param {string} text
 * @param {{ version: string, integrity: Record<string, string> }} release
 *   `integrity`: what `dist/integrity.json` has
 * @throws where the page names a file that there is none of
 */
export function stamped(text, { version, integrity }) {
  const digestOf = (file) => {
    if (!(file in integrity)) throw new Error(`${file} is not in the package.`);
    return integrity[file];
  };
  return text
    .replace(ADDRESS, (_, name, file = '') => `${name}@${version}${file}`)
    .replace(TAG, (tag, file) => withIntegrity(tag, digestOf(file)))
    .replace(ENTRY, (_, start, file) => `${start}"${digestOf(file)}"`);
}

/** Without CORS, the browser cannot compare (W3C, Subresource Integrity, 3.5). */
function withIntegrity(tag, digest) {
  if (/\bintegrity="/.test(tag)) return tag.replace(/\bintegrity="[^"]*"/, `integrity="${digest}"`);
  const crossOrigin = /\bcrossorigin\b/.test(tag) ? '' : attribute(tag, 'crossorigin="anonymous"');
  return tag.replace(/\s*>$/, (end) => {
    const close = end.includes('\n') ? '\n>' : '>';
    return `${attribute(tag, `integrity="${digest}"`)}${crossOrigin}${close}`;
  });
}

/** On a line of its own where the tag's others are. */
function attribute(tag, text) {
  const [, indent] = /\n([ \t]+)\w/.exec(tag) ?? [];
  return indent === undefined ? ` ${text}` : `\n${indent}${text}`;
}

/**
 * The change log, with what was not released yet under the version.
 *
 * @param {string} text
 * @param {{ version: string, date: string }} release
 *   `date`: as `2026-01-31`
 */
export function released(text, { version, date }) {
  if (text.includes(`\n## [${version}]`)) return text;
  return text.replace('\n## [Unreleased]\n', `\n## [Unreleased]\n\n## [${version}] - ${date}\n`);
}
