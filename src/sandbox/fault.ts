import { isObject } from './request-object.js';

const KINDS = ['slow', 'unauthorized', 'rate-limited', 'failing', 'broken-json', 'cut'] as const;

/** The calls of Didit's APIs; `token` and `status` are of data transfer, `delete` of verification. */
const CALLS = ['token', 'create', 'status', 'decision', 'delete'] as const;

/** A call of Didit's APIs. */
export type SandboxCall = (typeof CALLS)[number];

/** What goes wrong with calls of Didit's APIs; the phone page is never meant. */
export interface SandboxFault {
  /**
   * - `slow`: the call is carried out, but only after a while.
   * - `unauthorized`: 401; the call is not carried out.
   * - `rate-limited`: 429 with `Retry-After`; the call is not carried out.
   * - `failing`: 500; the call is not carried out.
   * - `broken-json`: the call is carried out, but only half of its answer arrives.
   * - `cut`: the call is carried out, but the connection ends without its answer.
   */
  readonly kind: (typeof KINDS)[number];
  /** The one call that is meant; without it, all of them. */
  readonly call?: SandboxCall;
  /** How many calls it is until it is over; without it, until it is healed. */
  readonly times?: number;
  /**
   * `slow`: the seconds until the call is carried out.
   *
   * @default 3
   */
  readonly delay?: number;
  /**
   * `rate-limited`: the seconds of `Retry-After`.
   *
   * @default 5
   */
  readonly retryAfter?: number;
}

/** What is wrong with a value, in words, or null. */
type Check = (value: unknown) => string | null;

const CHECKS: Readonly<Record<keyof SandboxFault, Check>> = {
  kind: oneOf(KINDS),
  call: optional(oneOf(CALLS)),
  times: optional((value) =>
    isWhole(value) && value > 0 ? null : 'must be a whole number of calls, at least 1',
  ),
  // The longest time that platforms have a timer for is 24 days.
  delay: optional((value) =>
    isNumber(value) && value >= 0 && value <= 86_400
      ? null
      : 'must be a number of seconds, at most a day',
  ),
  retryAfter: optional((value) =>
    isWhole(value) && value >= 0 ? null : 'must be a whole number of seconds',
  ),
};

/**
 * The faults in a list.
 *
 * @throws TypeError for what is none.
 */
export function checkFaults(values: readonly unknown[]): readonly SandboxFault[] {
  return values.map(checkFault);
}

function checkFault(value: unknown): SandboxFault {
  if (!isObject(value)) throw new TypeError('A fault must be an object.');
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(CHECKS, name));
  if (unknown !== undefined) {
    const known = Object.keys(CHECKS).join(', ');
    throw new TypeError(`A fault has no member ${JSON.stringify(unknown)}, but ${known}.`);
  }
  for (const [name, check] of Object.entries(CHECKS)) {
    const wrong = check(value[name]);
    if (wrong !== null) throw new TypeError(`A fault's ${name} ${wrong}.`);
  }
  return { ...value } as unknown as SandboxFault;
}

function oneOf(values: readonly unknown[]): Check {
  return (value) => (values.includes(value) ? null : `must be one of ${values.join(', ')}`);
}

function optional(check: Check): Check {
  return (value) => (value === undefined ? null : check(value));
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isWhole(value: unknown): value is number {
  return isNumber(value) && Number.isSafeInteger(value);
}
