import { Refusal } from './answers.js';
import { callHook, HookError } from './hooks.js';
import type { DiditOptions, User } from './options.js';

/**
 * Asks the site who sends this request.
 *
 * @throws Refusal `unauthorized` for nobody.
 * @throws HookError for a `getUser` that throws, or gives anything but a {@link User}.
 */
export async function identify(getUser: DiditOptions['getUser'], request: Request): Promise<User> {
  const user = await callHook('getUser', () => getUser(request));
  if (user === null || user === undefined) throw new Refusal('unauthorized');
  const flaw = flawOf(user);
  if (flaw) throw new HookError('getUser', flaw);
  return user;
}

/** An undefined `vendorData` is a bug of the site, not a person without one: that would be `{}`. */
function flawOf(user: unknown): string | null {
  if (typeof user !== 'object' || user === null || Array.isArray(user)) return 'it gave no object';
  if (!('vendorData' in user)) return null;
  const { vendorData } = user;
  if (typeof vendorData !== 'string') return `vendorData is ${typeof vendorData}, not a string`;
  return vendorData === '' ? 'vendorData is empty' : null;
}
