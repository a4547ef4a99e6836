/**
 * Loaded before anything else by each Node process of `npm run coverage`: gives sources their
 * counters, and writes down what these say when the process ends, in the folder `COVERAGE_FOLDER`.
 */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { register } from 'node:module';
import path from 'node:path';
import process from 'node:process';

register('./coverage-hooks.mjs', import.meta.url);

process.on('exit', () => {
  const counted = globalThis.__coverage__;
  if (!counted) return;
  writeFileSync(
    path.join(process.env.COVERAGE_FOLDER, `${randomUUID()}.json`),
    JSON.stringify(counted),
  );
});
