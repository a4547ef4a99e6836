/**
 * What the second file of the split build has in place of Lit: the first file's, which that gives
 * it. Lit is to be evaluated once: Trusted Types forbid a second policy of its name.
 */
import type * as Lit from 'lit';
import type * as Keyed from 'lit/directives/keyed.js';

interface Given {
  readonly html: typeof Lit.html;
  readonly nothing: typeof Lit.nothing;
  readonly keyed: typeof Keyed.keyed;
}

/** Not there before `giveLit()`. */
export let html: Given['html'];
export let nothing: Given['nothing'];
export let keyed: Given['keyed'];

export function giveLit(given: Given): void {
  ({ html, nothing, keyed } = given);
}

/** The first file makes the sheet. */
export function unsafeCSS(cssText: string): Pick<Lit.CSSResult, 'cssText'> {
  return { cssText };
}
