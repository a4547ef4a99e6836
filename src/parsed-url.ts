/** What `URL.parse()` gives: not all engines that this runs in have it. */
export function parsedUrl(text: string, base?: string): URL | null {
  return URL.canParse(text, base) ? new URL(text, base) : null;
}
