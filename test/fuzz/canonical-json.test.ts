import fc, { type Arbitrary } from 'fast-check';
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { canonicalJson } from '../../src/server/canonical-json.js';
import { hostileText } from './hostile.js';
import { property } from './property.js';

/** What JSON can say, with numbers by their text. */
type Tree =
  | { readonly kind: 'word'; readonly text: 'null' | 'true' | 'false' }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly Tree[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Tree])[] };

const text = hostileText.map((each) => each.slice(0, 60).toWellFormed());

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false').map((word): Tree => ({ kind: 'word', text: word })),
    fc
      .bigInt({ min: -(10n ** 30n), max: 10n ** 30n })
      .map((value): Tree => ({ kind: 'integer', value })),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value): Tree => ({ kind: 'float', value })),
    // Some of them have an exponent in one language and not in the other.
    fc
      .tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -12, max: 25 }))
      .map(([digits, power]): Tree => ({ kind: 'float', value: Number(`${digits}e${power}`) })),
    text.map((value): Tree => ({ kind: 'text', value })),
    fc.array(tie('tree'), { maxLength: 4 }).map((items): Tree => ({ kind: 'list', items })),
    fc
      .uniqueArray(fc.tuple(text, tie('tree')), { maxLength: 5, selector: ([name]) => name })
      .map((members): Tree => ({ kind: 'object', members })),
  ),
}));

/** Ways to write the same, drawn as it is written. */
type Choice = (count: number) => number;

/** A way that is made up, once it is at its end from the start again. */
const choice: Arbitrary<Choice> = fc
  .array(fc.nat({ max: 1000 }), { minLength: 1 })
  .map((numbers) => {
    let at = 0;
    return (count) => numbers[at++ % numbers.length]! % count;
  });

const BLANKS = ['', '', ' ', '\n', '\t', '\r\n  '];

/** JSON as some program would write it. */
function written(value: Tree, choose: Choice): string {
  const blank = () => BLANKS[choose(BLANKS.length)]!;
  const around = (inner: string) => blank() + inner + blank();
  switch (value.kind) {
    case 'word':
      return around(value.text);
    case 'integer':
      return around(String(value.value));
    case 'float':
      return around(floatText(value.value, choose));
    case 'text':
      return around(quoted(value.value, choose));
    case 'list':
      return around(`[${value.items.map((item) => written(item, choose)).join(',') || blank()}]`);
    default: {
      const first = choose(value.members.length + 1);
      // In another order.
      const members = [...value.members.slice(first), ...value.members.slice(0, first)];
      const texts = members.flatMap(([name, member]) => {
        const one = `${around(quoted(name, choose))}:${written(member, choose)}`;
        // Of two with the same name the last one counts.
        return choose(6) > 0 ? [one] : [`${quoted(name, choose)}:[0]`, one];
      });
      return around(`{${texts.join(',') || blank()}}`);
    }
  }
}

/** Always with a point or an exponent: else it would be an integer. */
function floatText(value: number, choose: Choice): string {
  const plain = Object.is(value, -0) ? '-0.0' : String(value);
  const exponential = Object.is(value, -0) ? '-0e0' : value.toExponential();
  const texts = [exponential, exponential.replace('e', 'E')];
  if (plain.includes('.') || plain.includes('e')) texts.push(plain);
  else texts.push(`${plain}.0`, `${plain}.000`);
  return texts[choose(texts.length)]!;
}

function quoted(value: string, choose: Choice): string {
  const inner = Array.from({ length: value.length }, (_, index) => {
    const unit = value.charAt(index);
    const mustEscape = unit < ' ' || unit === '"' || unit === '\\';
    if (!mustEscape && choose(4) > 0) return unit;
    const hex = value.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${choose(2) ? hex : hex.toUpperCase()}`;
  });
  return `"${inner.join('')}"`;
}

/** The one way that is written is known beforehand, but for floats that are not whole. */
function expected(value: Tree): string {
  switch (value.kind) {
    case 'word':
      return value.text;
    case 'integer':
      return String(value.value);
    case 'float':
      return Number.isInteger(value.value) ? String(BigInt(value.value)) : python(value.value);
    case 'text':
      return JSON.stringify(value.value);
    case 'list':
      return `[${value.items.map(expected).join(',')}]`;
    default:
      return `{${value.members
        .toSorted(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
        .map(([name, member]) => `${JSON.stringify(name)}:${expected(member)}`)
        .join(',')}}`;
  }
}

/** `repr` of a float that is not whole: the shortest digits, an exponent below a ten-thousandth. */
function python(value: number): string {
  const [, sign, first, rest = '', exponent] = /^(-?)(\d)(?:\.(\d+))?e([-+]\d+)$/.exec(
    value.toExponential(),
  )!;
  const power = Number(exponent);
  const digits = first! + rest;
  if (power < -4) {
    const mantissa = rest === '' ? first! : `${first}.${rest}`;
    return `${sign}${mantissa}e-${String(-power).padStart(2, '0')}`;
  }
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${digits}`;
  return `${sign}${digits.slice(0, power + 1)}.${digits.slice(power + 1)}`;
}

describe('canonicalJson', () => {
  property(
    'writes the same in one way, however it was written',
    [tree, choice],
    (value, choose) => {
      assert.equal(canonicalJson(written(value, choose), 'unicode'), expected(value));
    },
  );

  property('is canonical once it is', [tree, choice], (value, choose) => {
    const once = canonicalJson(written(value, choose), 'unicode');
    assert.equal(canonicalJson(once, 'unicode'), once);
    const ascii = canonicalJson(once, 'ascii');
    assert.equal(canonicalJson(ascii, 'ascii'), ascii);
    assert.equal(canonicalJson(ascii, 'unicode'), once);
  });

  property('says the same in ASCII', [tree, choice], (value, choose) => {
    const texts = written(value, choose);
    const ascii = canonicalJson(texts, 'ascii');
    assert.match(ascii, /^[ -~]*$/);
    assert.deepEqual(JSON.parse(ascii), JSON.parse(canonicalJson(texts, 'unicode')));
  });

  property('says what was said', [fc.json()], (json) => {
    // Numbers that are whole lose the sign of a zero.
    const plain = (each: string) => JSON.stringify(JSON.parse(each), sorted);
    assert.equal(plain(canonicalJson(json, 'unicode')), plain(json));
  });

  property(
    'takes what is JSON, and throws nothing but a SyntaxError for the rest',
    [fc.oneof(hostileText, fc.json().chain(broken), fc.stringMatching(/^[[\]{}:,"\\0-9eE.+ -]*$/))],
    (any) => {
      const isJson = isParsed(any);
      try {
        canonicalJson(any, 'ascii');
      } catch (error) {
        assert.ok(error instanceof SyntaxError);
        assert.ok(!isJson, 'it is JSON');
        return;
      }
      assert.ok(isJson, 'it is no JSON');
    },
  );
});

function broken(json: string): Arbitrary<string> {
  return fc
    .tuple(fc.nat({ max: json.length }), fc.constantFrom(...Array.from('"{}[]:,\\0-.e \n')))
    .map(([at, character]) => json.slice(0, at) + character + json.slice(at + 1));
}

function isParsed(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

/** For `JSON.stringify`: the members of an object in one order. */
function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
