/**
 * What only the project's own modules call something: in the minified files it has a short name.
 */

/**
 * Names of members, by which modules know each other. Properties are not shortened unless named;
 * none of these is a name of the platform's, of Lit's, of a page's, or in what is stored or sent.
 */
export const internalNames = [
  'arrival',
  'atOnce',
  'autoRefresh',
  'codeShown',
  'deadline',
  'figure',
  'forgetClaimed',
  'forgive',
  'final',
  'gate',
  'hasBox',
  'hasLogo',
  'isCoarse',
  'isKnown',
  'isNear',
  'isOver',
  'isPending',
  'isTouch',
  'keepUp',
  'lazy',
  'locales',
  'onChange',
  'onFailure',
  'onOutage',
  'onStatus',
  'onTick',
  'optionsChanged',
  'overdue',
  'personActed',
  'plate',
  'presses',
  'refreshable',
  'refreshing',
  'remaining',
  'replacing',
  'retryAt',
  'secondsLeft',
  'settled',
  'showCode',
  'sideOf',
  'spoken',
  'startable',
  'startsByItself',
  'statusMoved',
  'statusSource',
  'stopStreaming',
  'watcher',
];

/** Rollup plugin for the custom properties that begin with `--_`: no page sets or reads them. */
export function shortCustomProperties() {
  const names = new Map();
  const shortOf = (name) => {
    if (!names.has(name)) names.set(name, `--_${names.size.toString(36)}`);
    return names.get(name);
  };
  return {
    name: 'short-custom-properties',
    transform: (code) => ({ code: code.replace(/--_[\w-]+/g, shortOf), map: null }),
  };
}
