/** @throws TypeError with what a site's developer has to mend; it never quotes a value. */
export function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new TypeError(`didit-verify/server: ${message}.`);
}

/** Whether it is a string with something in it. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** @throws TypeError where one of these is there and no function. */
export function checkFunctions<Name extends string>(
  options: Readonly<Partial<Record<Name, unknown>>>,
  names: readonly Name[],
): void {
  for (const name of names) {
    demand(['undefined', 'function'].includes(typeof options[name]), `${name} must be a function`);
  }
}

/**
 * The base URL without a slash at the end.
 *
 * @throws TypeError for one over which secrets could be read.
 */
export function checkApiUrl(value: unknown): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  const safe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  demand(
    url !== null && safe && !url.username && !url.password && !url.search && !url.hash,
    'apiUrl must be an https URL, or an http one on loopback, without user, query or fragment',
  );
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/** The loopback names and addresses of the Secure Contexts specification. */
function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
