import path from 'node:path';
import license from 'rollup-plugin-license';

const FILE = path.resolve('dist/THIRD-PARTY-LICENSES.txt');

/**
 * Rollup plugin: writes down whose code is bundled, and on what terms.
 *
 * @throws where the terms of one of them are not known to be those of a permissive licence.
 */
export function thirdPartyLicenses() {
  return license({
    thirdParty: {
      output: { file: FILE, template: textOf },
      allow: { test: '(MIT OR BSD-3-Clause)', failOnUnlicensed: true, failOnViolation: true },
    },
  });
}

/** @param {import('rollup-plugin-license').Dependency[]} dependencies */
function textOf(dependencies) {
  const entries = dependencies
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
    .map(({ name, version, license, licenseText }) =>
      [`${name} ${version} (${license})`, licenseText?.trim()].join('\n\n'),
    );
  const head = 'The single files, and the QR encoder beside the others, include:';
  return [head, ...entries].join(`\n\n${'-'.repeat(80)}\n\n`);
}
