import { Refusal } from './refusal.js';

/** A whole create request is a few hundred bytes. */
const MAX_CHARACTERS = 16_384;

/**
 * The JSON object of a request.
 *
 * @throws Refusal for anything else, or one that is too long.
 */
export async function requestObject(request: Request): Promise<Record<string, unknown>> {
  const value = await requestJson(request);
  if (isObject(value)) return value;
  throw new Refusal(400, 'Send a JSON object.');
}

/**
 * The JSON of a request; undefined if it is none.
 *
 * @throws Refusal for one that is too long.
 */
export async function requestJson(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text.length > MAX_CHARACTERS) throw new Refusal(413, 'The body is too long.');
  return parsed(text);
}

/** Whether it is an object as JSON knows it. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
