const MAX_CHARACTERS = 300;

/**
 * What Didit says in the body of an error: `message`, `error` or `detail`, or the list of strings
 * that each wrong field has (Didit documentation), or else the text as it is. A page of HTML comes
 * from something in between, and only echoes the request.
 */
export function wordsOfBody(body: string, secrets: readonly string[]): string {
  return redact(/^\s*</.test(body) ? '(a page of HTML)' : wordsOf(body), secrets);
}

/** Takes the secrets out of a text, however JSON, URLs and forms spell them, then cuts it. */
export function redact(text: string, secrets: readonly string[]): string {
  const all = secrets
    .filter((secret) => secret !== '')
    .flatMap(spellings)
    .sort((one, other) => other.length - one.length);
  if (all.length === 0) return text.slice(0, MAX_CHARACTERS);
  const pattern = all.map((spelling) => spelling.replace(/[^\w]/gu, escapeForPattern)).join('|');
  return text.replace(new RegExp(pattern, 'giu'), '[redacted]').slice(0, MAX_CHARACTERS);
}

function escapeForPattern(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

function spellings(secret: string): string[] {
  const wellFormed = secret.toWellFormed();
  const asJson = JSON.stringify(secret).slice(1, -1);
  // As Python's `json.dumps` writes it by default.
  const asAsciiJson = asJson.replace(/[^ -~]/g, unicodeEscape);
  const asForm = new URLSearchParams([['', wellFormed]]).toString().slice(1);
  return [...new Set([secret, asJson, asAsciiJson, encodeURIComponent(wellFormed), asForm])];
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
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
