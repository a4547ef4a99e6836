import type { VerifyErrorCode } from './errors.js';

/** The words of the element, by what they are for; those of errors by their code. */
export type StringKey =
  | 'heading'
  | 'description'
  | 'qr-label'
  | 'link'
  | 'start'
  | 'retry'
  | 'loading'
  | 'cancelled'
  | VerifyErrorCode;

/** A complete set of words. */
export type Strings = Readonly<Record<StringKey, string>>;

/** The built-in words. */
export const english: Strings = {
  heading: 'Verify with Didit',
  description: 'Scan the code with your phone’s camera and confirm in the Didit app.',
  'qr-label': 'QR code that opens Didit on your phone',
  link: 'Continue on this device',
  start: 'Get a code',
  retry: 'Try again',
  loading: 'Getting your code…',
  cancelled: 'Cancelled. You can start again at any time.',
  'resolver-missing': 'This page is not set up for verification yet. Please tell its owner.',
  'resolver-unreachable': 'No connection. Check your internet, then try again.',
  'resolver-timeout': 'This takes longer than it should. Please try again.',
  'resolver-rejected': 'You can’t get a code right now. Sign in again, then try once more.',
  'resolver-failed': 'Something went wrong on our side. Please try again in a moment.',
  'rate-limited': 'Too many tries. Wait a little, then try again.',
  'invalid-response': 'We could not get a code. Please try again, or reload the page.',
  'unsafe-url':
    'The link we got is not a safe one, so we don’t show it. Please tell the site’s owner.',
  'status-unavailable': 'We can’t see how far you are right now. The code still works.',
  'qr-failed': 'The code could not be drawn. Please try again.',
};

/** The built-in words, with those that the page replaces. Whatever is not text is passed over. */
export function withReplaced(replacements: unknown): Strings {
  const given = Object.entries(replacements ?? {}).filter(
    ([key, value]) => Object.hasOwn(english, key) && typeof value === 'string',
  );
  return { ...english, ...Object.fromEntries(given) };
}
