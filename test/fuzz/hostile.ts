import fc, { type Arbitrary } from 'fast-check';

/** Names that every object has, and what is taken for nothing or for everything. */
const NASTY = [
  ...['', ' ', '\0', '\t', '\r\n', '\ufeff', '\u2028', '\ud800', '💥', 'null', 'undefined', 'NaN'],
  ...['../..', '%00', '%2e%2e', 'length', 'constructor', 'hasOwnProperty'],
  ...[
    '-1',
    '1e400',
    '9'.repeat(400),
    '<script>',
    '"',
    "'",
    '\\',
    '&',
    '#',
    '?',
    '*',
    'x'.repeat(3000),
  ],
];

/** Members by which an object says what it is to be taken for. */
const DISGUISES = ['__proto__', 'toString', 'valueOf', 'toJSON', 'then'];

export const hostileText: Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 2, arbitrary: fc.constantFrom(...NASTY, ...DISGUISES) },
);

/** What a header can carry: Latin-1, without line ends. */
export const hostileHeader: Arbitrary<string> = hostileText.map((text) =>
  text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim(),
);

/** Whatever JSON can say, with members that objects have of their own. */
export const hostileJson: Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' }) },
  { weight: 1, arbitrary: hostileText },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom(...DISGUISES, 'length'), fc.jsonValue({ maxDepth: 1 })), {
        maxLength: 3,
      })
      // As `JSON.parse` does it: `__proto__` is a member like any other.
      .map((members) => JSON.parse(textOf(members)) as unknown),
  },
);

function textOf(members: readonly [string, unknown][]): string {
  const texts = members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${texts.join(',')}}`;
}

/** A change of a text that is not known yet. */
export interface Change {
  /** Where, from 0 to 1. */
  readonly place: number;
  readonly how: 'change' | 'leave-out' | 'double' | 'put-in' | 'cut' | 'case' | 'swap';
  readonly character: string;
}

/** One to three of them: any of the characters is met alike. */
export const changes: Arbitrary<readonly Change[]> = fc.array(
  fc.record({
    place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    how: fc.constantFrom<Change['how'][]>(
      ...(['change', 'leave-out', 'double', 'put-in', 'cut', 'case', 'swap'] as const),
    ),
    character: fc.oneof(fc.string({ minLength: 1, maxLength: 1 }), fc.constantFrom('A', '_', '0')),
  }),
  { minLength: 1, maxLength: 3 },
);

/** A text with characters changed, left out, doubled, put in or moved; it may be the same in the end. */
export function changedBy(text: string, made: readonly Change[]): string {
  return made.reduce(oneChange, text);
}

function oneChange(text: string, { place, how, character }: Change): string {
  const at = Math.floor(place * text.length);
  const [before, own, after] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)];
  switch (how) {
    case 'change':
      return before + character + after;
    case 'leave-out':
      return before + after;
    case 'double':
      return before + own + own + after;
    case 'put-in':
      return before + character + own + after;
    case 'cut':
      return before;
    case 'case':
      return before + (own === own.toUpperCase() ? own.toLowerCase() : own.toUpperCase()) + after;
    case 'swap':
      return before + after.charAt(0) + own + after.slice(1);
    default:
      return how satisfies never;
  }
}
