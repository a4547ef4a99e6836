import fc, { type Arbitrary } from 'fast-check';
import { allowedHosts } from '../hostile-url.js';
import { hostileJson, hostileText } from '../hostile.js';

/** What markup may say, by attribute; the first of each is a good one. */
const MARKUP: Record<string, string[]> = {
  'resolver-url': [
    ...[
      '/site/session',
      '/site/session?again',
      '',
      'javascript:1',
      'https://user@elsewhere.example/site/session',
    ],
    ...['https://elsewhere.example/site/session', '//', 'http://['],
  ],
  'status-url': [
    ...['/site/status/{session_id}', '', 'data:,{"status":"Approved"}', 'http://[', '#'],
  ],
  scope: ['names', 'names email', ''],
  'vendor-data': ['u-1', 'u-2', ''],
  'with-credentials': ['', 'false'],
  manual: [''],
  loading: ['lazy', 'eager', 'LAZY'],
  presentation: ['dialog', 'inline', 'popover'],
  open: [''],
  'refresh-expired': ['auto', 'manual', 'never', 'AUTO'],
  'no-resume': [''],
  timeout: ['15000', '1', '300', '0', '-1', '1e9', '99999999999', 'NaN', '2s'],
  'max-retries': ['2', '0', '5', '-1', '1.5', 'Infinity'],
  'poll-interval': ['3000', '60000', '100', '1', '0', '-5', '1e12', 'x'],
  theme: ['dark', 'light', 'auto', 'blue'],
  name: ['identity', '', 'isindex', '_charset_'],
  required: [''],
  disabled: ['', 'false'],
};

/** Properties that are not attributes' alone. */
const PROPERTIES: Record<string, string> = {
  resolverUrl: 'resolver-url',
  statusUrl: 'status-url',
  scope: 'scope',
  vendorData: 'vendor-data',
  withCredentials: 'with-credentials',
  manual: 'manual',
  loading: 'loading',
  presentation: 'presentation',
  open: 'open',
  refreshExpired: 'refresh-expired',
  noResume: 'no-resume',
  timeout: 'timeout',
  maxRetries: 'max-retries',
  pollInterval: 'poll-interval',
  theme: 'theme',
  name: 'name',
  required: 'required',
  disabled: 'disabled',
};

/** One of the element's attributes, and what it becomes; null takes it away. */
export type Markup = readonly [name: string, value: string | null];

function markupOf(name: string, values: readonly string[]): Arbitrary<Markup> {
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.constant(values[0]!) },
    { weight: 3, arbitrary: fc.constantFrom(...values) },
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: hostileText },
  );
  return value.map((given) => [name, given] as const);
}

export const markup: Arbitrary<Markup> = fc.oneof(
  ...Object.entries(MARKUP).map(([name, values]) => markupOf(name, values)),
  allowedHosts.map((hosts) => ['allowed-hosts', hosts] as const),
);

/** A property that a script or a framework sets, to whatever there is in JavaScript. */
export type Assignment = readonly [name: string, value: unknown];

/**
 * What has a text, since the platform's own controls throw for anything else, too: `input.name =
 * Symbol()`.
 */
const anything = fc
  .oneof(fc.anything({ withBigInt: true, withDate: true, withMap: true }), hostileJson)
  .filter((value) => {
    try {
      return typeof (value as string) === 'string';
    } catch {
      return false;
    }
  });

export const assignment: Arbitrary<Assignment> = fc
  .constantFrom(...Object.keys(PROPERTIES), 'allowedHosts', 'headers', 'strings')
  .chain((name) =>
    fc
      .oneof(
        fc.constantFrom(undefined, null, true, false, 0, 1, 5000, NaN, ''),
        anything,
        fc.constantFrom(...(MARKUP[PROPERTIES[name] ?? ''] ?? [''])),
      )
      .map((value) => [name, value] as const),
  );

/** Words that a page replaces, by keys that there are and that there are not. */
export const words: Arbitrary<unknown> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.dictionary(
      fc.oneof(
        fc.constantFrom(
          ...['heading', 'description', 'link', 'copy', 'start', 'retry', 'refresh', 'loading'],
          ...['ready', 'in-progress', 'approved', 'declined', 'in-review', 'cancelled', 'expired'],
          ...[
            'value-missing',
            'rate-limited-until',
            'rate-limited',
            'resolver-failed',
            'countdown',
          ],
          ...['qr-label', 'open', 'close', 'done', 'url-label', 'ending', 'checking'],
        ),
        hostileText,
      ),
      fc.oneof(
        { weight: 3, arbitrary: hostileText },
        { weight: 1, arbitrary: hostileJson },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            ...['<img src=x onerror=alert(1)>', '{seconds}{seconds}', '$&$`{time}'],
            ...[{ other: '{seconds} s' }, { one: 'x' }, { other: 1 }],
          ),
        },
      ),
      { noNullPrototype: true, maxKeys: 6 },
    ),
  },
  { weight: 1, arbitrary: fc.anything() },
);
