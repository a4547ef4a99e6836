/**
 * `npm run bench:server`: what the server part costs, against the smallest handler by hand, and the
 * code of Didit's documentation. Nothing fails on speed: it exits with 1 only if an answer was not
 * 201 or a process broke.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { start, stopAll, usageOf } from './children.mjs';
import { options } from './options.mjs';
import { summarize, toText } from './report.mjs';
import { runRounds } from './rounds.mjs';
import { countUpstreamCalls } from './upstream-calls.mjs';

/** By module; the second is what all are compared with. */
const SERVERS = ['ours', 'hand-written', 'documentation'];
const BASE = 1;

// Paths are from the root of the repository, wherever this is started.
process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const FOLDER = 'test/bench/results';
const FILE = `${FOLDER}/server.json`;

async function measure() {
  const upstream = await start('fake-didit');
  const calls = [];
  for (const name of SERVERS) calls.push(await countUpstreamCalls(name, upstream, options));
  const servers = await Promise.all(SERVERS.map((name) => start(name, upstream.url)));
  const rounds = await runRounds(servers, options);
  const usages = await Promise.all(servers.map(usageOf));
  return SERVERS.map((name, index) => ({
    name,
    calls: calls[index],
    rss: usages[index].rss,
    ...summarize(rounds[index], rounds[BASE]),
  }));
}

function write(results) {
  const machine = { node: process.version, cores: availableParallelism() };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(FILE, `${JSON.stringify({ machine, options, results }, null, 2)}\n`);
}

try {
  const results = await measure();
  write(results);
  console.log(`\n${toText(results, options.seconds)}\n${FILE}`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await stopAll();
}
