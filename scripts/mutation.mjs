/**
 * Changes the source in each small way that could be a mistake, one at a time, and runs its tests:
 * they should fail. Fails for each mutant that survives without being explained in
 * `test/mutation/explained.mjs`. With names of files as arguments, only these.
 */
import { EXPLAINED } from '../test/mutation/explained.mjs';
import { mutantsOf } from './mutants.mjs';
import { runInNode } from './mutation-in-node.mjs';
import { runInPage } from './mutation-in-page.mjs';

/** Those that are likelier to fail come first: with one that does, the others are not run. */
const TARGETS = [
  ...['src/state.ts', 'src/transition.ts', 'src/session-transition.ts'].map((file) => ({
    file,
    tests: ['test/state.test.ts'],
    run: runInPage,
  })),
  { file: 'src/session.ts', tests: ['test/session.test.ts'], run: runInPage },
  { file: 'src/resolver.ts', tests: ['test/resolver.test.ts'], run: runInPage },
  { file: 'src/server/webhook.ts', tests: ['test/server/webhook.test.ts'], run: runInNode },
  {
    file: 'src/server/webhook-event.ts',
    tests: ['test/server/webhook-event.test.ts', 'test/server/webhook.test.ts'],
    run: runInNode,
  },
  {
    file: 'src/server/webhook-signature.ts',
    tests: ['test/server/webhook-signature.test.ts', 'test/server/webhook.test.ts'],
    run: runInNode,
  },
];

/** Where the mutants of one file have ended. */
async function examine({ file, tests, run }) {
  const start = performance.now();
  const { code, mutants } = await mutantsOf(file);
  const outcomes = await run({ file, code, tests, ids: mutants.map(({ id }) => id) });
  const ended = (how) => mutants.filter(({ id }) => outcomes.get(id) === how);
  const survivors = ended('passed');
  const explained = survivors.filter((mutant) => EXPLAINED.some(isAbout(mutant)));
  const seconds = (performance.now() - start) / 1000;
  return {
    ...{ file, seconds, mutants, explained },
    endless: ended('endless'),
    unexplained: survivors.filter((mutant) => !explained.includes(mutant)),
    stale: EXPLAINED.filter((one) => one.file === file && !explained.some((m) => isAbout(m)(one))),
  };
}

function isAbout(mutant) {
  return (one) => ['file', 'text', 'from', 'to'].every((key) => one[key] === mutant[key]);
}

function print({ file, seconds, mutants, endless, explained, unexplained, stale }) {
  const survived = explained.length + unexplained.length;
  const killed = mutants.length - survived;
  console.log(
    `${file}: ${mutants.length} mutants, ${killed} killed (${endless.length} of them endless), ` +
      `${explained.length} explained, ${unexplained.length} survived; ` +
      `${((100 * killed) / mutants.length).toFixed(1)} %, in ${seconds.toFixed(0)} s`,
  );
  for (const { line, column, kind, from, to } of unexplained) {
    console.log(`  survived: ${file}:${line}:${column} ${kind}\n    - ${from}\n    + ${to}`);
  }
  for (const { text, from, to } of stale) {
    console.log(`  explained, but killed or gone: ${text}\n    - ${from}\n    + ${to}`);
  }
}

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !TARGETS.some(({ file }) => file === name));
if (unknown.length > 0) throw new Error(`Nothing is known of the tests of ${unknown.join(', ')}.`);
const results = [];
for (const target of TARGETS) {
  if (chosen.length > 0 && !chosen.includes(target.file)) continue;
  const result = await examine(target);
  print(result);
  results.push(result);
}
const sum = (key) => results.reduce((total, result) => total + result[key].length, 0);
console.log(
  `${sum('mutants')} mutants: ${sum('mutants') - sum('explained') - sum('unexplained')} killed, ` +
    `${sum('explained')} explained, ${sum('unexplained')} survived.`,
);
process.exitCode = sum('unexplained') + sum('stale') > 0 ? 1 : 0;
