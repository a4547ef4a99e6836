const MAX_CHARACTERS = 300;

/**
 * What Didit says in the body of an error: `message`, `error` or `detail`, or the list of strings
 * that each wrong field has (Didit documentation), or else the text as it is. A page of HTML comes
 * from something in between, and only echoes the request.
 */
export function wordsOfBody(body: string, secrets: readonly string[]): string {
  return redact(/^\s*</.test(body) ? '(a page of HTML)' : wordsOf(body), secrets);
}

/** Takes the secrets out of a text, as they are and as JSON and URLs spell them, then cuts it. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .flatMap(spellings)
    .sort((one, other) => other.length - one.length)
    .reduce((rest, spelling) => rest.replaceAll(spelling, '[redacted]'), text)
    .slice(0, MAX_CHARACTERS);
}

function spellings(secret: string): string[] {
  const asJson = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, asJson, encodeURIComponent(secret.toWellFormed())])];
}

function wordsOf(body: string): string {
  const answer = parse(body);
  if (typeof answer !== 'object' || answer === null) return String(answer);
  const fields = answer as Record<string, unknown>;
  const words = [fields.message, fields.error, fields.detail].find(isText);
  return words ?? Object.entries(fields).flatMap(fieldError).join('; ');
}

function fieldError([field, errors]: [string, unknown]): string[] {
  return Array.isArray(errors) ? [`${field}: ${errors.filter(isText).join(' ')}`] : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
