/** Writes what the package promises into the repository: the manifest, and a report of each entry. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { apiFiles, REPORTS } from './api-files.mjs';

const files = apiFiles();
rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });
for (const [file, text] of files) writeFileSync(file, text);
