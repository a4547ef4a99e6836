/** The second file of the split build; see `session-parts-on-demand.ts`. */
export { giveLit } from './lit-given.js';
export * from './session-parts.js';
export { sessionStyles } from './session-styles.js';
