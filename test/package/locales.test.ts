import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { localeLoaders } from '../../src/locale-loaders.js';
import { localeLoaders as beside } from '../../src/locale-loaders-beside.js';
import { matchLocale } from '../../src/match-locale.js';
import { english, type PluralForms, type Strings } from '../../src/strings.js';
import { compile, inNode } from './strangers.js';

/** The languages of Didit's own flow, English apart, which is built in. */
const TAGS =
  `ar bg bn ca cnr cs da de el es et fa fi fr he hi hr hu hy id it ja ka ko lt lv mk ms nl
  no pl pt pt-BR ro ru sk sl so sr sv th tr uk uz vi zh zh-CN zh-TW`.split(/\s+/);

/** What `Intl` knows it by, where that is another name. */
const INTL_NAMES: Readonly<Record<string, string>> = { cnr: 'sr' };

/** The last minute is counted down. */
const SECONDS = Array.from({ length: 61 }, (_, second) => second);

const MAX_BYTES = 1500;

/** Those that load a language by itself from beside them. */
const MINIFIED = ['didit-verify.min.js', 'didit-verify.esm.js', 'didit-verify.split.js'];

/** Control and format characters, those of direction included; Persian writes with one of them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/u;
const ZERO_WIDTH_NON_JOINER = /\u200c/g;

describe('the words of each language', () => {
  let words: Record<string, Strings>;
  let registered: Record<string, Strings>;

  before(async () => {
    // As an application without a page, say on a server, has them: by the package's name.
    const code = `const words = {};
      for (const tag of ${JSON.stringify(TAGS)})
        words[tag] = (await import('didit-verify/locales/' + tag)).default;
      const registered = globalThis[Symbol.for('didit-verify locales')].words;
      console.log(JSON.stringify({ words, registered: Object.fromEntries(registered) }));`;
    ({ words, registered } = JSON.parse(await inNode(code)) as Record<
      'words' | 'registered',
      typeof words
    >);
  });

  it('are those of Didit’s own flow, no more', () => {
    const files = readdirSync('dist/locales').map((file) =>
      file.replace(/(\.d\.ts|\.js(\.map)?)$/, ''),
    );
    assert.deepEqual([...new Set(files)].sort(), [...TAGS].sort());
    assert.equal(files.length, 3 * TAGS.length, 'a module, its source map and its declaration');
  });

  it('are known to the element once they are imported', () => {
    const entries = Object.entries(words).map(([tag, each]) => [tag.toLowerCase(), each] as const);
    assert.deepEqual(registered, Object.fromEntries(entries));
  });

  it('are each within 1.5 kB', () => {
    const bytes = TAGS.map((tag) => {
      const code = readFileSync(`dist/locales/${tag}.js`);
      return [tag, gzipSync(code, { level: 9 }).length] as const;
    });
    console.log(tableOf(bytes));
    assert.deepEqual(
      bytes.filter(([, size]) => size > MAX_BYTES),
      [],
    );
  });

  it('import nothing, so that they do beside any bundle', () => {
    for (const tag of TAGS) {
      const code = readFileSync(`dist/locales/${tag}.js`, 'utf8');
      assert.doesNotMatch(code, /\bimport\b|\bfrom\s*["']|\brequire\(/, tag);
    }
  });

  it('are all found by bundlers, at addresses that are written out', () => {
    const code = readFileSync('dist/didit-verify-element.js', 'utf8');
    const imports = [...code.matchAll(/\bimport\(([^)]*)\)/g)].map(([, what]) => what!);
    assert.deepEqual(imports.sort(), TAGS.map((tag) => `'./locales/${tag}.js'`).sort());
  });

  for (const bundle of MINIFIED) {
    it(`are all found by ${bundle}, by names that are written out`, () => {
      const code = readFileSync(`dist/${bundle}`, 'utf8');
      // The classic script puts the address of its own folder in front.
      const ours = code.match(/\bimport\((\w+\+)?`\.\/locales\/\$\{\w+\}\.js`\)/g);
      assert.equal(ours?.length, 1);
      assert.ok(code.includes(`"${TAGS.join(' ')}"`));
    });
  }

  it('are known by their own tag', () => {
    assert.deepEqual(
      TAGS.map(matchLocale),
      TAGS.map((tag) => tag.toLowerCase()),
    );
  });

  for (const [where, loaders] of Object.entries({ bundled: localeLoaders, beside })) {
    it(`are loaded for their own tag, ${where}`, async () => {
      const keys = TAGS.map((tag) => tag.toLowerCase());
      assert.deepEqual(Object.keys(loaders).sort(), keys.sort());
      for (const tag of TAGS) {
        const { default: loaded } = (await loaders[tag.toLowerCase()]!()) as { default: Strings };
        assert.deepEqual(loaded, words[tag], tag);
      }
    });
  }

  it('can be imported by a strict project', async () => {
    const imports = TAGS.map((tag) => `import 'didit-verify/locales/${tag}';`).join('\n');
    const uses = `
      import german from 'didit-verify/locales/de';
      import { DiditVerifyElement } from 'didit-verify';
      const tag: DiditVerifyElement = document.createElement('didit-verify');
      tag.strings = { ...german, heading: 'Hallo' };
      german['rate-limited'] satisfies string;`;
    await compile(`${imports}\n${uses}`);
    await assert.rejects(compile(`import 'didit-verify/locales/xx';`));
    await assert.rejects(compile(`${uses}\ngerman['rate-limit'] satisfies string;`));
  });

  for (const tag of TAGS) {
    it(`${tag}: every one is there, whole, and in its own language`, () => {
      const { countdown, ...sentences } = words[tag]!;
      assert.deepEqual(
        Object.keys({ ...sentences, countdown }).sort(),
        Object.keys(english).sort(),
      );
      for (const [key, text] of Object.entries(sentences)) {
        assertSound(text, key === 'rate-limited-until' ? ['{time}'] : [], `${tag}, ${key}`);
        assert.notEqual(text, english[key as keyof Strings], `${tag}, ${key}`);
      }
      const forms = Object.entries(countdown as PluralForms);
      assert.deepEqual(forms.map(([form]) => form).sort(), formsOf(tag), `${tag}, countdown`);
      for (const [form, text] of forms) {
        assertSound(text, ['{seconds}'], `${tag}, countdown, ${form}`);
        assert.ok(!Object.values(english.countdown).includes(text), `${tag}, countdown, ${form}`);
      }
    });
  }
});

/** A text that can be shown as it is, with exactly these places to fill in. */
function assertSound(text: unknown, places: string[], where: string): void {
  assert.ok(typeof text === 'string', where);
  assert.notEqual(text, '', where);
  assert.equal(text, text.trim(), where);
  assert.equal(text, text.normalize(), where);
  assert.doesNotMatch(text, / {2}/, where);
  assert.doesNotMatch(text.replace(ZERO_WIDTH_NON_JOINER, ''), UNSEEN, where);
  assert.doesNotMatch(text, /[<>&]/, where);
  assert.deepEqual(text.match(/\{[^}]*\}?|\}/g) ?? [], places, where);
}

/** The forms that its whole numbers take in a countdown, and the one that stands for all. */
function formsOf(tag: string): string[] {
  const name = INTL_NAMES[tag] ?? tag;
  assert.deepEqual(Intl.PluralRules.supportedLocalesOf(name), [name]);
  const rules = new Intl.PluralRules(name);
  return [...new Set(['other', ...SECONDS.map((second) => rules.select(second))])].sort();
}

function tableOf(rows: (readonly [tag: string, bytes: number])[]): string {
  const cells = rows.map(([tag, bytes]) => `${tag.padEnd(6)}${String(bytes).padStart(5)}`);
  const lines = cells
    .map((_, i) => cells.slice(i, i + 8).join('   '))
    .filter((_, i) => i % 8 === 0);
  return [`dist/locales/*.js, bytes gzip, of ${MAX_BYTES}:`, ...lines].join('\n');
}
