import type { VerifyErrorCode } from './errors.js';

/** The words of the element, by what they are for; those of errors by their code. */
export type StringKey =
  | 'heading'
  | 'description'
  | 'description-touch'
  | 'qr-label'
  | 'link'
  | 'link-touch'
  | 'copy'
  | 'copied'
  | 'url-label'
  | 'show-code'
  | 'start'
  | 'retry'
  | 'refresh'
  | 'open'
  | 'reopen'
  | 'close'
  | 'done'
  | 'loading'
  | 'checking'
  | 'countdown'
  | 'in-progress'
  | 'in-progress-touch'
  | 'approved'
  | 'declined'
  | 'in-review'
  | 'cancelled'
  | 'expired'
  | 'value-missing'
  | VerifyErrorCode;

/** A complete set of words. */
export type Strings = Readonly<Record<StringKey, string>>;

/** The built-in words. `{seconds}` stands for a number. */
export const english: Strings = {
  heading: 'Verify with Didit',
  description: 'Scan the code with your phone’s camera and confirm in the Didit app.',
  'description-touch': 'Open Didit, confirm there, and come back to this page.',
  'qr-label': 'QR code that opens Didit on your phone',
  link: 'Open on this device',
  'link-touch': 'Continue with Didit',
  copy: 'Copy link',
  copied: 'Copied',
  'url-label': 'Link to copy',
  'show-code': 'Show the code',
  start: 'Get a code',
  retry: 'Try again',
  refresh: 'Get a new code',
  open: 'Verify with Didit',
  reopen: 'Continue verification',
  close: 'Close',
  done: 'Done',
  loading: 'Getting your code…',
  checking: 'Checking how far you are…',
  countdown: 'This code ends in {seconds} s.',
  'in-progress': 'Continue on your phone.',
  'in-progress-touch': 'Continue in Didit.',
  approved: 'You are verified.',
  declined: 'You could not be verified.',
  'in-review': 'Thank you. Your verification is being reviewed.',
  cancelled: 'Cancelled. You can start again at any time.',
  expired: 'This code has ended.',
  'value-missing': 'Please verify with Didit first.',
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
