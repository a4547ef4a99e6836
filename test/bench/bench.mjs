/**
 * `npm run bench`: this project and what people would pick instead, measured in one run, on one
 * machine, in one Chromium. Nothing fails on speed: it exits with 1 only if something broke.
 *
 *     npm run bench                    everything
 *     npm run bench -- sizes paint     only these measures
 *     npm run bench -- --quick         with few rounds, to try it out
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launch } from './browser.mjs';
import { installPeers } from './peers.mjs';
import { toText } from './table.mjs';

/** In the order in which they run and are shown, the long ones last: modules of `measures/`. */
const MEASURES = [
  'sizes',
  'encode',
  'handler',
  'elements',
  'growth',
  'storage',
  'streams',
  'paint',
  'idle',
  'confirmation',
];

/** Of each measure, after its warm-up. */
const ROUNDS = 15;
const QUICK_ROUNDS = 3;

// Paths are from the root of the repository, wherever this is started.
process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const FOLDER = 'test/bench/results';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const { quick } = values;
const rounds = quick ? QUICK_ROUNDS : ROUNDS;

async function run(name) {
  const started = performance.now();
  const log = (text) => console.log(`  ${text}`);
  console.log(`${name} …`);
  const result = { name };
  try {
    const { title, measure } = await import(`./measures/${name}.mjs`);
    const tables = await measure({ rounds, quick, browser: { launch }, log });
    Object.assign(result, { title, tables: [tables].flat() });
  } catch (error) {
    console.error(error);
    Object.assign(result, { broke: String(error).split('\n')[0] });
  }
  result.seconds = Math.round((performance.now() - started) / 1000);
  return result;
}

async function machine() {
  const browser = await launch();
  const chromium = browser.version();
  await browser.close();
  return {
    cpu: cpus()[0].model,
    cores: availableParallelism(),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    chromium,
  };
}

function write(report, text) {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/bench.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${FOLDER}/bench.txt`, text);
}

function demandKnown(names) {
  const unknown = names.find((name) => !MEASURES.includes(name));
  if (unknown) throw new Error(`No measure is named ${unknown}: there are ${MEASURES.join(', ')}.`);
}

try {
  demandKnown(positionals);
  installPeers();
  const report = { date: new Date().toISOString(), machine: await machine(), rounds, measures: [] };
  const chosen = MEASURES.filter((name) => !positionals.length || positionals.includes(name));
  for (const name of chosen) {
    report.measures.push(await run(name));
    // Each time, so that nothing is lost where a long run is broken off.
    write(report, toText(report));
  }
  console.log(`\n${toText(report)}\n${FOLDER}/bench.txt, bench.json`);
  if (report.measures.some(({ broke }) => broke)) process.exitCode = 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
