/** What all servers know alike of the site they are part of. */
export const clientId = 'bench-client';
export const clientSecret = 'bench-secret-of-the-site';
export const scope = 'names email';
export const apiUrl = process.env.BENCH_API_URL;

/** Who sends a request, by the `Cookie` header. */
export function userOf(cookies) {
  return /(?:^|;\s*)user=([^;]+)/.exec(cookies ?? '')?.[1];
}
