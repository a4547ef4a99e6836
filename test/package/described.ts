import { readFileSync } from 'node:fs';
import type {
  ClassMethod,
  CustomElementDeclaration,
  CustomElementField,
  Package,
} from 'custom-elements-manifest';

/** A published file of JSON. */
export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

export const MANIFEST = 'custom-elements.json';
export const manifest = readJson(MANIFEST) as Package;

const [declaration] = manifest.modules[0]!.declarations!;

/** What the manifest says of the element. Nothing of it may be missing. */
export const described = declaration as Required<CustomElementDeclaration>;

export const fields = described.members.filter(
  (member): member is CustomElementField => member.kind === 'field' && !member.static,
);

/** Those that a site may set. */
export const settable = fields.filter(({ readonly }) => !readonly);

export const methods = described.members.filter(
  (member): member is ClassMethod => member.kind === 'method',
);

/** Names in an order that does not matter. */
export function names(things: Iterable<string | { readonly name: string }>): string[] {
  return [...things].map((thing) => (typeof thing === 'string' ? thing : thing.name)).sort();
}

/** The texts of a union, `'a' | 'b'`; none for any other type. */
export function valuesOf(type: string): string[] {
  const texts = type.split(' | ').map((text) => /^'(.*)'$/.exec(text)?.[1]);
  return texts.every((text) => text !== undefined) ? texts : [];
}
