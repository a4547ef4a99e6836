import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { english, type StringKey } from '../../src/strings.js';
import { Declared } from '../docs/declared.js';
import { described, fields, methods, names, readJson } from './described.js';
import { exportedBy } from './exported.js';
import { tableOf } from './sources.js';

/**
 * What is public is documented, and what is documented is there. The tests of the pages on the server
 * part and the sandbox compare their tables, and those of events and errors compare more.
 */

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types?: string }>>;
  readonly scripts: Readonly<Record<string, string>>;
}

const { exports, scripts } = readJson('package.json') as Manifest;

const element = new Declared('dist/element.d.ts');
const sandbox = new Declared('dist/sandbox/index.d.ts');

const ELEMENT = 'docs/element.md';
const THEMING = 'docs/theming.md';
const EVENTS = 'docs/events-and-errors.md';

/** Where the names that an entry exports are explained. */
const PAGES: Readonly<Record<string, string>> = {
  '.': ELEMENT,
  './element': ELEMENT,
  './server': 'docs/server.md',
  './sandbox': 'docs/sandbox.md',
  './vue': 'docs/vue.md',
  './svelte': 'docs/svelte.md',
  './react': 'docs/react.md',
};

/** Pages for whoever uses the package. */
const guides = [
  'README.md',
  ...readdirSync('docs').flatMap((file) => (file.endsWith('.md') ? `docs/${file}` : [])),
];

function read(page: string): string {
  return readFileSync(page, 'utf8');
}

/** The first cells of a table. */
function listed(page: string, column: string): string[] {
  return tableOf(read(page), column).map(([name]) => name!);
}

describe(`${ELEMENT} has`, () => {
  it('the attributes, the properties that can be set, and their defaults', () => {
    const rows = tableOf(read(ELEMENT), 'attribute').flatMap(([attributes, properties, value]) =>
      attributes!.split(', ').map((attribute) => [
        attribute === '–' ? undefined : attribute,
        properties === 'same' ? attribute : properties,
        // As the platform's.
        properties === 'same' ? undefined : value!.replace('–', 'undefined'),
      ]),
    );
    const expected = fields
      .filter(({ readonly }) => !readonly)
      .map(({ name, attribute, default: value }) => {
        const isPlatforms = ['name', 'required', 'disabled'].includes(name);
        return [attribute, name, isPlatforms ? undefined : value!.replace(/^'(.+)'$/, '$1')];
      });
    assert.deepEqual(rows.map(String).sort(), expected.map(String).sort());
  });

  it('the properties that can only be read, and their types', () => {
    const rows = tableOf(read(ELEMENT), 'read only').map(([name, type]) => `${name}: ${type}`);
    const expected = fields.filter(({ readonly }) => readonly);
    assert.deepEqual(
      rows.sort(),
      expected.map(({ name, type }) => `${name}: ${type!.text}`).sort(),
    );
  });

  it('the methods, with what they take', () => {
    const expected = methods.map(({ name, parameters = [], static: isStatic }) => {
      const list = parameters.map((parameter) => parameter.name).join(', ');
      return `${isStatic ? `${described.name}.` : ''}${name}(${list})`;
    });
    assert.deepEqual(names(listed(ELEMENT, 'method')), names(expected));
  });

  it('the states, and all words of Didit’s that lead to them', () => {
    const rows = tableOf(read(ELEMENT), 'state');
    assert.deepEqual(names(rows.map(([name]) => name!)), names(described.cssStates));
    for (const [column, type] of ['DataTransferStatus', 'VerificationStatus'].entries()) {
      const words = rows.flatMap((row) => row[column + 1]!.split(', '));
      const told = words.filter((word) => /\w/.test(word));
      assert.deepEqual(names(told), names(sandbox.texts(type)), type);
    }
  });

  it('the keys of all words but those of errors, which are their codes, and the English ones', () => {
    const ofErrors = element.texts('VerifyErrorCode');
    const rows = tableOf(read(ELEMENT), 'key').map(([key, words]) => `${key}: ${words}`);
    const expected = (Object.keys(english) as (StringKey | 'countdown')[])
      .filter((key) => !ofErrors.includes(key))
      .map((key) => `${key}: ${key === 'countdown' ? otherForm() : english[key]}`);
    assert.deepEqual(rows.sort(), expected.sort());
  });
});

function otherForm(): string {
  const { countdown } = english;
  return typeof countdown === 'string' ? countdown : countdown.other;
}

describe(`${THEMING} has`, () => {
  it('the custom properties, and what they are by default', () => {
    const rows = tableOf(read(THEMING), 'custom property').map(
      ([name, value]) => `${name}: ${value}`,
    );
    const expected = described.cssProperties.map((each) => `${each.name}: ${each.default}`);
    assert.deepEqual(rows.sort(), expected.sort());
  });

  it('the parts', () => {
    assert.deepEqual(names(listed(THEMING, 'part')), names(described.cssParts));
  });

  it('the slots', () => {
    const own = described.slots.map(({ name }) => name || '(default)');
    assert.deepEqual(names(listed(THEMING, 'slot')), names(own));
  });
});

describe(`${EVENTS} has`, () => {
  it('the events', () => {
    assert.deepEqual(names(listed(EVENTS, 'event')), names(described.events));
  });

  it('the codes of errors', () => {
    const codes = element.texts('VerifyErrorCode');
    assert.deepEqual(names(listed(EVENTS, 'code')), names(codes));
  });

  it('the reasons for a session', () => {
    const reasons = element.texts('SessionReason');
    assert.deepEqual(names(listed(EVENTS, 'reason')), names(reasons));
  });
});

describe('the entries of the package', () => {
  const typed = Object.entries(exports).flatMap(([name, target]) =>
    typeof target === 'object' && target.types && !name.includes('*')
      ? [{ name, types: target.types }]
      : [],
  );

  it('have a page each', () => {
    assert.deepEqual(names(typed), names(Object.keys(PAGES)));
  });

  const exported = exportedBy(...typed.map(({ types }) => types));

  for (const { name, types } of typed) {
    const own = exported.get(types)!;
    const page = PAGES[name]!;
    it(`didit-verify${name.slice(1)} has all of its types in ${page}, and no others`, () => {
      assert.deepEqual(names(listed(page, 'exported type')), names(own.types));
    });

    it(`didit-verify${name.slice(1)} has what it exports besides in ${page}`, () => {
      const text = codeOf(read(page));
      const missing = own.values.filter((value) => !hasWord(text, value));
      assert.deepEqual(missing, []);
    });
  }

  it('are named in the guides, and no others are', () => {
    const text = guides.map((page) => codeOf(read(page))).join('\n');
    const found = text.match(/(?<![\w/@.-])didit-verify\/[\w./*-]*\w/g) ?? [];
    const own = Object.keys(exports).map((name) => {
      const [start] = name.split('*');
      return `didit-verify${start!.slice(1)}`;
    });
    const isOf = (entry: string) => (each: string) =>
      entry.endsWith('/') ? each.startsWith(entry) : each === entry;
    const unnamed = own.filter((entry) => entry.includes('/') && !found.some(isOf(entry)));
    assert.deepEqual(unnamed, []);
    const madeUp = found.filter((each) => !own.some((entry) => isOf(entry)(each)));
    assert.deepEqual(madeUp, []);
  });
});

describe('CONTRIBUTING.md has', () => {
  it('the scripts of package.json, and no others', () => {
    const commands = listed('CONTRIBUTING.md', 'command');
    const own = Object.keys(scripts).filter((name) => !runsByItself(name));
    const calls = own.map((name) =>
      ['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`,
    );
    assert.deepEqual(names(commands.filter((text) => text.startsWith('npm'))), names(calls));
  });

  it('and README.md no command of npm’s that is not there', () => {
    for (const page of ['README.md', 'CONTRIBUTING.md']) {
      const called = [...codeOf(read(page)).matchAll(/\bnpm run ([\w:-]+)/g)];
      assert.deepEqual(
        called.map(([, name]) => name!).filter((name) => !(name in scripts)),
        [],
      );
    }
  });
});

/** Before or after another one, or as npm packs or makes a version. */
function runsByItself(name: string): boolean {
  if (name === 'version') return true;
  const [, of] = /^(?:pre|post)(.*)$/.exec(name) ?? [];
  return of !== undefined && (of === 'pack' || of in scripts);
}

/** What a page has as code, within its text or by itself. */
function codeOf(text: string): string {
  const code = text.matchAll(/^```[^\n]*\n([^]*?)^```|`([^`\n]+)`/gm);
  return [...code].map(([, block, inline]) => block ?? inline).join('\n');
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(`\\b${word}\\b`).test(text);
}
