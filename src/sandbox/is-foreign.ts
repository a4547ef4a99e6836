/**
 * Whether a browser sends it from a page of another origin. The host alone counts: behind a TLS
 * proxy the request itself looks like `http`.
 */
export function isForeign(request: Request, url: URL): boolean {
  const site = request.headers.get('Sec-Fetch-Site');
  if (site !== null && site !== 'same-origin') return true;
  const origin = request.headers.get('Origin');
  if (origin === null) return false;
  const host = request.headers.get('Host') ?? url.host;
  return !URL.canParse(origin) || new URL(origin).host !== host.toLowerCase();
}
