import { readFileSync } from 'node:fs';

/** A published list, as it is carried here; NOTICE.txt beside it has the licences. */
interface Corpus {
  readonly source: string;
  readonly licence: string;
  readonly copyright: string;
  readonly payloads: readonly string[];
}

const FILES = ['naughty-strings', 'sanitiser-payloads', 'filter-seeds'];

export const corpora: readonly Corpus[] = FILES.map(
  (name) =>
    JSON.parse(readFileSync(new URL(`./corpus/${name}.json`, import.meta.url), 'utf8')) as Corpus,
);

/** Every payload of all lists, once. */
export const payloads: readonly string[] = [
  ...new Set(corpora.flatMap((corpus) => corpus.payloads)),
];

/** Those with a number that leaves the rest when divided: a share of them that is the same each time. */
export function share(parts: number, part: number): string[] {
  return payloads.filter((_, index) => index % parts === part);
}
