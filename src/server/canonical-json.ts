/** Deeper than any webhook is; what is deeper would exhaust the stack. */
const MAX_DEPTH = 100;

/** More than any webhook has: it is written before it is known who sent it. */
const MAX_TOKENS = 100_000;

/** How characters beyond ASCII are written: as they are, or as `\u` and four digits. */
export type Writing = 'unicode' | 'ascii';

/**
 * A JSON text in the form that `X-Signature-V2` is made over (Didit documentation, Webhooks): as
 * Python's `json.dumps(value, sort_keys=True, separators=(',', ':'))` writes it, whole floats as
 * integers. It goes by the text, since numbers and the order of keys do not survive `JSON.parse`.
 *
 * @throws SyntaxError for what is no JSON, is nested more than 100 levels deep, or has more than
 * 100,000 tokens.
 */
export function canonicalJson(text: string, writing: Writing): string {
  const written = new Canonicalizer(text).run();
  return writing === 'unicode' ? written : escaped(written);
}

/** Both ways of writing it, or the one where they are the same. */
export function canonicalForms(text: string): string[] {
  const written = canonicalJson(text, 'unicode');
  return [...new Set([written, escaped(written)])];
}

/** There are such characters within strings alone. */
function escaped(written: string): string {
  return written.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const TOKEN = /[\t\n\r ]*([{}[\]:,]|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)/y;

class Canonicalizer {
  #text: string;
  #at = 0;
  #tokens = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): string {
    // The platform says whether it is JSON at all; what follows may then be simple.
    JSON.parse(this.#text);
    return this.#value(this.#token(), 0);
  }

  #token(): string {
    if (++this.#tokens > MAX_TOKENS) throw new SyntaxError('too long');
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.#text)?.[1];
    if (token === undefined) throw new SyntaxError('no JSON');
    this.#at = TOKEN.lastIndex;
    return token;
  }

  #value(token: string, depth: number): string {
    if (depth > MAX_DEPTH) throw new SyntaxError('nested too deep');
    if (token === '{') return this.#object(depth);
    if (token === '[') return this.#array(depth);
    if (token.startsWith('"')) return JSON.stringify(JSON.parse(token));
    return /^[-\d]/.test(token) ? canonicalNumber(token) : token;
  }

  #array(depth: number): string {
    const items: string[] = [];
    for (let token = this.#token(); token !== ']'; token = this.#token()) {
      if (token === ',') continue;
      items.push(this.#value(token, depth + 1));
    }
    return `[${items.join(',')}]`;
  }

  /** Of members with the same key the last one counts, in Python as in JavaScript. */
  #object(depth: number): string {
    const members = new Map<string, string>();
    for (let token = this.#token(); token !== '}'; token = this.#token()) {
      if (token === ',') continue;
      const key = JSON.parse(token) as string;
      this.#token();
      members.set(key, this.#value(this.#token(), depth + 1));
    }
    const sorted = [...members].sort(([one], [other]) => byCodePoint(one, other));
    return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
  }
}

/** JavaScript compares by UTF-16 units, which puts emoji before some other characters. */
function byCodePoint(one: string, other: string): number {
  for (let at = 0; at < Math.min(one.length, other.length);) {
    const point = one.codePointAt(at)!;
    const difference = point - other.codePointAt(at)!;
    if (difference !== 0) return difference;
    at += point > 0xffff ? 2 : 1;
  }
  return one.length - other.length;
}

/** Integers by their text, however large; floats as Python's `repr`, but whole ones as integers. */
function canonicalNumber(token: string): string {
  // JSON has no other spelling of one.
  if (/^-?\d+$/.test(token)) return token === '-0' ? '0' : token;
  const value = Number(token);
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (Number.isInteger(value)) return String(BigInt(value));
  // Both languages take the fewest digits that tell a float from all others, but JavaScript writes
  // an exponent only below 1e-6, and with no zero before a single digit.
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  if (Number(exponent) >= -4) return String(value);
  return `${digits}e-${exponent.slice(1).padStart(2, '0')}`;
}
