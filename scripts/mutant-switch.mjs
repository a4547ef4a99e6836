/** Stryker's names for the mutant that is switched on: in any program, and in Node's environment. */
const NAMESPACE = '__stryker__';
export const ACTIVE_VARIABLE = '__STRYKER_ACTIVE_MUTANT__';

/**
 * How often a mutant may be come by: what goes round for ever throws, and so ends. More than any test
 * does that ends by itself.
 */
const MAX_HITS = 100_000;

/** A script for the head of a page, before any module. Without an id nothing is mutated. */
export function switchingScript(id) {
  return `globalThis.${NAMESPACE} = ${JSON.stringify(switched(id))};`;
}

/** In Node, as the environment says. */
export function switchByEnvironment() {
  globalThis[NAMESPACE] = switched(process.env[ACTIVE_VARIABLE]);
}

function switched(id) {
  return { activeMutant: id, hitCount: 0, hitLimit: MAX_HITS };
}
