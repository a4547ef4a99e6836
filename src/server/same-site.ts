const TOKEN_LIST = /^[\w!#$%&'*+.^`|~-]+([ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*$/;
const PREFLIGHT_SECONDS = '600';

/**
 * Whether a request comes from a page of the site itself or of an allowed origin, or from no page
 * at all. Browsers that send `Sec-Fetch-Site` are taken at their word (Fetch Metadata); for others
 * the hosts are compared and the scheme is not, since behind a TLS proxy every request looks like
 * `http:`. `X-Forwarded-Host` is anybody's claim, so it does not count.
 */
export function isSameSite(request: Request, allowedOrigins: ReadonlySet<string>): boolean {
  const origin = request.headers.get('Origin');
  if (origin !== null && allowedOrigins.has(origin)) return true;
  const site = request.headers.get('Sec-Fetch-Site');
  if (site !== null) return site === 'same-origin' || site === 'none';
  return origin === null || isOwnHost(origin, request, allowedOrigins);
}

function isOwnHost(origin: string, request: Request, allowedOrigins: ReadonlySet<string>): boolean {
  // A sandboxed frame sends the word `null`, an extension a scheme of its own.
  if (!/^https?:/.test(origin) || !URL.canParse(origin)) return false;
  const { host, protocol } = new URL(origin);
  const own = request.headers.get('Host') ?? new URL(request.url).host;
  return (
    // Parsed with the page's scheme, so that its default port is dropped from both.
    hostOf(`${protocol}//${own}`) === host ||
    [...allowedOrigins].some((allowed) => hostOf(allowed) === host)
  );
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}

/** CORS headers of every answer to a page of an allowed origin; none for others. */
export function corsHeaders(
  { headers }: Request,
  allowedOrigins: ReadonlySet<string>,
): Record<string, string> {
  const origin = headers.get('Origin');
  if (origin === null || !allowedOrigins.has(origin)) return {};
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': 'Retry-After',
  };
}

/** What more an allowed origin's preflight is told. */
export function preflightHeaders({ headers }: Request): Record<string, string> {
  const asked = headers.get('Access-Control-Request-Headers') ?? '';
  return {
    'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
    ...(TOKEN_LIST.test(asked) ? { 'Access-Control-Allow-Headers': asked } : {}),
    'Access-Control-Max-Age': PREFLIGHT_SECONDS,
  };
}
