/** Loaded before the tests of a mutant in Node: puts the source with mutants in place. */
import { register } from 'node:module';
import { switchByEnvironment } from './mutant-switch.mjs';

register('./mutation-hooks.mjs', import.meta.url, {
  data: JSON.parse(process.env.MUTATED_SOURCES),
});
switchByEnvironment();
