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
  | 'ready'
  | 'ready-touch'
  | 'ending'
  | 'in-progress'
  | 'in-progress-touch'
  | 'approved'
  | 'declined'
  | 'in-review'
  | 'cancelled'
  | 'expired'
  | 'value-missing'
  | 'rate-limited-until'
  | VerifyErrorCode;

/** A sentence in the forms that a number asks for in its language (CLDR, plural rules). */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & {
  /** For all numbers that have no form of their own. */
  readonly other: string;
};

/**
 * A complete set of words. In `countdown`, alone with forms by number, `{seconds}` stands for the
 * number; in `rate-limited-until` `{time}` stands for a time of day.
 */
export type Strings = Readonly<Record<StringKey, string>> & {
  /** How many seconds are left, in one sentence or in its forms by number. */
  readonly countdown: string | PluralForms;
};

/** The built-in words. */
export const english: Strings = {
  heading: 'Verify with Didit',
  description: 'Scan the code with your phone’s camera and confirm in the Didit app.',
  'description-touch': 'Open Didit, confirm there, and come back to this page.',
  'qr-label': 'QR code that opens Didit on your phone',
  link: 'Open on this device',
  'link-touch': 'Continue with Didit',
  copy: 'Copy link',
  copied: 'Link copied',
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
  checking: 'Checking your progress…',
  ready: 'Your code is ready. Scan it, or open the link.',
  'ready-touch': 'You can continue with Didit now.',
  ending: 'This code expires in less than a minute.',
  countdown: {
    one: 'This code expires in {seconds} second.',
    other: 'This code expires in {seconds} seconds.',
  },
  'in-progress': 'Continue on your phone.',
  'in-progress-touch': 'Continue in Didit.',
  approved: 'You are verified.',
  declined: 'You could not be verified.',
  'in-review': 'Thank you. Your details are being reviewed.',
  cancelled: 'Cancelled. You can start again at any time.',
  expired: 'This code has expired.',
  'value-missing': 'Please verify with Didit first.',
  'resolver-missing': 'This page is not set up for verification yet. Please tell its owner.',
  'resolver-unreachable': 'No connection. Check your internet, then try again.',
  'resolver-timeout': 'This is taking too long. Please try again.',
  'resolver-rejected': 'You can’t get a code right now. Sign in again, then try once more.',
  'resolver-failed': 'Something went wrong on our side. Please try again in a moment.',
  'rate-limited': 'Too many tries. Wait a little, then try again.',
  'rate-limited-until': 'Too many tries. You can try again at {time}.',
  'invalid-response': 'We could not get a code. Please try again, or reload the page.',
  'unsafe-url': 'The link we got is not safe, so we don’t show it. Please tell the site’s owner.',
  'status-unavailable': 'We can’t see your progress right now. The code still works.',
  'qr-failed': 'The code could not be drawn. Please try again.',
};

/** These words, with those that the page replaces. Whatever is not text is passed over. */
export function withReplaced(words: Strings, replacements: unknown): Strings {
  const given = Object.entries(replacements ?? {}).filter(
    ([key, value]) => Object.hasOwn(english, key) && isFit(key, value),
  );
  return { ...words, ...Object.fromEntries(given) };
}

function isFit(key: string, value: unknown): boolean {
  if (typeof value === 'string') return true;
  // Whatever is no object has no forms, and so not even the one that there must be.
  const forms = { other: 0, ...(value as object) };
  return key === 'countdown' && Object.values(forms).every((form) => isFit('', form));
}

/** The countdown's sentence. `locales`: of the number and its form, the best first. */
export function countdownText(
  { countdown }: Strings,
  seconds: number,
  locales: readonly string[],
): string {
  const rule = new Intl.PluralRules(locales).select(seconds);
  const form = typeof countdown === 'string' ? countdown : (countdown[rule] ?? countdown.other);
  return form.replace('{seconds}', new Intl.NumberFormat(locales as string[]).format(seconds));
}

/** The sentence that says when to try again; to the minute, so the next full one is told. */
export function waitText(strings: Strings, until: Date, locales: readonly string[]): string {
  const minute = 60_000;
  const time = new Intl.DateTimeFormat(locales as string[], { timeStyle: 'short' });
  const next = Math.ceil(until.getTime() / minute) * minute;
  return strings['rate-limited-until'].replace('{time}', time.format(next));
}
