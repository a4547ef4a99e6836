import fc, { type Arbitrary } from 'fast-check';
import { DEFAULT_ALLOWED_HOSTS } from '../../src/session.js';
import { hostileText } from './hostile.js';

/** Hosts of Didit, and what somebody may hope to have taken for them. */
const HOSTS = [
  ...[
    'didit.me',
    'app.didit.me',
    'DIDIT.ME',
    'a.b.didit.me',
    'didit.me.',
    '.didit.me',
    'x..didit.me',
  ],
  ...[
    'evil.example',
    'evildidit.me',
    'didit.me.evil.example',
    'didit.me%2eevil.example',
    'ⓓidit.me',
  ],
  ...['didit.me\\@evil.example', 'evil.example#didit.me', 'evil.example?.didit.me', 'didit。me'],
  ...['localhost', 'a.localhost', '127.0.0.1', '0x7f.1', '2130706433', '[::1]', '[::ffff:7f00:1]'],
  ...[
    '127.0.0.1.evil.example',
    'shop.example',
    'app.didit.me\t.evil.example',
    '',
    ' ',
    'xn--didit-',
  ],
];

/** A URL in parts, each with what it may be otherwise; the first of each is good. */
const PARTS = [
  [
    ...[
      'https://',
      'http://',
      'http://',
      'http://',
      'HTTPS://',
      'https:',
      'https:\\\\',
      'https:///',
      '//',
      '',
    ],
    ...['javascript://', 'data:', 'file://', 'ftp://', 'blob:https://', 'ht\ntps://', ' https://'],
  ],
  ['', 'user@', ':b@', '@', 'didit.me@', 'https://didit.me@'],
  ['app.didit.me', ...HOSTS],
  ['', ':443', ':80', ':8443', ':0', ':', ':99999'],
  [
    ...['/authorize/token-1', '', '/', '/a\\b', '/a b', '/\n', '/é', '/\ud800'],
    ...[1900, 1970, 1980, 1981, 2000, 2100].map((length) => `/${'x'.repeat(length)}`),
  ],
];

/** With one flaw, which is what it is refused for; or with several. */
export const hostileUrl: Arbitrary<string> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .constantFrom(...PARTS.keys())
      .chain((flawed) =>
        fc.tuple(
          ...PARTS.map((part, index) =>
            index === flawed ? fc.constantFrom(...part) : fc.constant(part[0]!),
          ),
        ),
      )
      .map((parts) => parts.join('')),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(...PARTS.map((part) => fc.constantFrom(...part)))
      .map((parts) => parts.join('')),
  },
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  hostileText,
);

/** Lists of hosts. */
export const allowedHosts: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(DEFAULT_ALLOWED_HOSTS) },
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc.constantFrom(
          ...[
            'didit.me',
            '*.didit.me',
            'app.didit.me',
            'evil.example',
            '*.example',
            '*.',
            '*',
            '*.*',
          ],
          ...[
            'localhost',
            '*.localhost',
            '127.0.0.1',
            '[::1]',
            'didit.me:8443',
            '*.didit.me:80',
            '',
          ],
        ),
        { maxLength: 4 },
      )
      .map((entries) => entries.join(', ')),
  },
  { weight: 1, arbitrary: hostileText },
);

/** Whether a URL may be shown, as the documentation has it; found out in another way than the code's. */
export function isSafe(url: string, hosts: string): boolean {
  const { href, hostname, username, password, protocol } = new URL(url);
  const isLoopback = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  return (
    href === url &&
    url.length <= 2000 &&
    username + password === '' &&
    isAllowed(new URL(url), hosts) &&
    (protocol === 'https:' || (isLoopback && protocol === 'http:'))
  );
}

/** Label by label. */
function isAllowed({ hostname, host }: URL, hosts: string): boolean {
  return hosts
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (!entry.startsWith('*.')) return [hostname, host].includes(entry);
      const labels = entry.slice(2).split('.');
      return (
        entry !== '*.' &&
        [hostname, host].some((name) => {
          const all = name.split('.');
          return all.length > labels.length && all.slice(-labels.length).join() === labels.join();
        })
      );
    });
}
