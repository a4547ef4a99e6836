import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { described, fields, names, readJson, settable, valuesOf } from './described.js';
import { compile } from './strangers.js';

interface Named {
  readonly name: string;
}

interface Markdown {
  readonly kind: string;
  readonly value: string;
}

interface HtmlAttribute extends Named {
  readonly description: Markdown;
  readonly valueSet?: string;
  readonly values?: readonly Named[];
}

interface HtmlData {
  readonly version: number;
  readonly tags: readonly (Named & {
    readonly description: Markdown;
    readonly attributes: readonly HtmlAttribute[];
  })[];
}

type CssData = Readonly<
  Record<
    'properties' | 'pseudoElements' | 'pseudoClasses',
    readonly (Named & { readonly description: Markdown })[]
  >
>;

interface Described extends Named {
  readonly description: string;
}

interface WebTypes extends Named {
  readonly version: string;
  readonly contributions: {
    readonly html: {
      readonly elements: readonly (Described & {
        readonly source: { readonly module: string; readonly symbol: string };
        readonly attributes: readonly (Described & {
          readonly default?: string;
          readonly value: { readonly kind: string; readonly type: string };
          readonly values?: readonly Named[];
        })[];
        readonly slots: readonly Described[];
        readonly js: {
          readonly properties: readonly (Described & {
            readonly type: string;
            readonly default?: string;
            readonly 'read-only'?: boolean;
          })[];
          readonly events: readonly (Described & { readonly type: string })[];
        };
      })[];
    };
    readonly css: Readonly<Record<'properties' | 'parts' | 'pseudo-classes', readonly Described[]>>;
  };
}

const { attributes, events, slots, cssParts, cssProperties, cssStates } = described;

/** The attributes whose values are known, as the documentation has them. */
const VALUES = {
  loading: ['eager', 'lazy'],
  theme: ['auto', 'light', 'dark'],
  'refresh-expired': ['auto', 'manual', 'never'],
  presentation: ['inline', 'dialog'],
};

describe('VS Code’s data for HTML', () => {
  const { version, tags } = readJson('dist/vscode.html-custom-data.json') as HtmlData;
  const [tag] = tags;

  it('has the tag, its events and its slots', () => {
    assert.equal(version, 1.1);
    assert.deepEqual(names(tags), [described.tagName]);
    const { kind, value } = tag!.description;
    assert.equal(kind, 'markdown');
    assert.ok(value.startsWith(described.description));
    for (const { name, description } of [...events, ...slots]) {
      assert.ok(value.includes(`- \`${name || '(default)'}\` – ${description}`), name);
    }
  });

  it('has the attributes, with their values', () => {
    assert.deepEqual(names(tag!.attributes), names(attributes));
    for (const { name, description, valueSet, values = [] } of tag!.attributes) {
      const attribute = attributes.find((each) => each.name === name)!;
      const type = attribute.type!.text;
      const value = shownDefault(attribute);
      assert.equal(description.kind, 'markdown');
      const told = value === undefined ? '' : `\n\nDefault: \`${value}\``;
      assert.equal(description.value, `${attribute.description}${told}`);
      assert.equal(valueSet, type === 'boolean' ? 'v' : undefined, name);
      assert.deepEqual(names(values), names(valuesOf(type)), name);
    }
    assert.deepEqual(valuesByName(tag!.attributes), VALUES);
  });
});

describe('VS Code’s data for CSS', () => {
  const data = readJson('dist/vscode.css-custom-data.json') as CssData;

  it('has the custom properties with their defaults, the parts and the states', () => {
    const text = (list: readonly (Named & { description: Markdown })[]) =>
      list.map(({ name, description }) => `${name}: ${description.value}`).sort();
    assert.deepEqual(
      text(data.properties),
      cssProperties
        .map((each) => `${each.name}: ${each.description}\n\nDefault: \`${each.default}\``)
        .sort(),
    );
    assert.deepEqual(
      text(data.pseudoElements),
      cssParts.map(({ name, description }) => `::part(${name}): ${description}`).sort(),
    );
    assert.deepEqual(
      text(data.pseudoClasses),
      cssStates.map(({ name, description }) => `:state(${name}): ${description}`).sort(),
    );
  });
});

describe('JetBrains’ web-types', () => {
  const webTypes = readJson('dist/web-types.json') as WebTypes;
  const [element] = webTypes.contributions.html.elements;

  it('are of this package, where package.json says', () => {
    const { name, version, ...rest } = readJson('package.json') as Record<string, string>;
    assert.equal(rest['web-types'], './dist/web-types.json');
    assert.deepEqual([webTypes.name, webTypes.version], [name, version]);
    assert.equal(element!.name, described.tagName);
    assert.deepEqual(element!.source, { module: 'didit-verify/element', symbol: described.name });
  });

  it('have the attributes, with their values and defaults', () => {
    const list = element!.attributes;
    assert.deepEqual(names(list), names(attributes));
    for (const { name, description, default: value, value: how, values = [] } of list) {
      const attribute = attributes.find((each) => each.name === name)!;
      const type = attribute.type!.text;
      const texts = valuesOf(type);
      assert.equal(description, attribute.description);
      assert.equal(how.kind, type === 'boolean' ? 'no-value' : 'plain', name);
      assert.equal(how.type, texts.length ? 'enum' : type, name);
      assert.deepEqual(names(values), names(texts), name);
      assert.equal(value, shownDefault(attribute), name);
    }
    assert.deepEqual(valuesByName(list), VALUES);
  });

  it('have the properties and events, with their types', () => {
    const { js } = element!;
    assert.deepEqual(
      js.properties,
      fields.map(({ name, description, type, default: value, readonly }) => ({
        ...{ name, description, type: type!.text },
        ...(value === undefined ? {} : { default: value }),
        ...(readonly ? { 'read-only': true } : {}),
      })),
    );
    assert.deepEqual(
      js.events,
      events.map((event) => ({ ...event, type: event.type.text })),
    );
  });

  it('have the slots, parts, states and custom properties', () => {
    const { css } = webTypes.contributions;
    assert.deepEqual(element!.slots, slots);
    assert.deepEqual(names(css.properties), names(cssProperties));
    assert.deepEqual(css.parts, cssParts);
    assert.deepEqual(
      names(css['pseudo-classes']),
      names(cssStates.map(({ name }) => `state(${name})`)),
    );
  });
});

/** What the types of the frameworks build on; the real ones are checked in `test/frameworks`. */
const FRAMEWORKS = `
  declare module 'vue' {
    interface HTMLAttributes { class?: string; onError?: (event: Event) => void }
    interface VNodeProps { key?: string }
    interface GlobalComponents {}
  }
  declare module 'svelte/elements' {
    interface HTMLAttributes<T> { class?: string; onerror?: ((event: Event) => void) | null }
    interface SvelteHTMLElements {}
  }
  declare module 'react' {
    interface HTMLAttributes<T> { className?: string; onError?: (event: Event) => void }
    interface ClassAttributes<T> { key?: string; ref?: { current: T | null } }
    namespace JSX { interface IntrinsicElements {} }
  }`;

describe('the types for frameworks', () => {
  const pascalCase = (name: string) =>
    name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const own = settable.map(({ name }) => name);
  const dashed = settable.flatMap(({ attribute }) => (attribute?.includes('-') ? attribute : []));
  const listeners = events.map(({ name }) => `on${name}`);
  const keys = {
    vue: [...own, ...events.map(({ name }) => `on${pascalCase(name)}`)],
    svelte: [...own, ...dashed, ...listeners, ...listeners.map((name) => `${name}capture`)],
    react: [
      ...settable.map(({ name, attribute = name }) => attribute),
      ...[...listeners, 'oninvalid', 'onError', 'onClose', 'onInvalid'],
    ],
  };

  it('name what may be set and listened to, and take what the framework can do with it', async () => {
    const code = `
      import type { DiditVerifyOwnProps, DiditVerifyProps } from 'didit-verify/vue';
      import type * as Svelte from 'didit-verify/svelte';
      import type * as React from 'didit-verify/react';
      import type { GlobalComponents } from 'vue';
      import type { SvelteHTMLElements } from 'svelte/elements';
      import type { JSX } from 'react';
      type Same<A, B> =
        (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
      true satisfies Same<keyof DiditVerifyOwnProps, ${union(keys.vue)}>;
      true satisfies Same<keyof Svelte.DiditVerifyOwnAttributes, ${union(keys.svelte)}>;
      true satisfies Same<keyof React.DiditVerifyOwnAttributes, ${union(keys.react)}>;
      true satisfies Same<InstanceType<GlobalComponents['didit-verify']>['$props'], DiditVerifyProps>;
      true satisfies Same<SvelteHTMLElements['didit-verify'], Svelte.DiditVerifyAttributes>;
      true satisfies Same<JSX.IntrinsicElements['didit-verify'], React.DiditVerifyAttributes>;
      ({ class: 'a', theme: 'dark', maxRetries: '3', manual: '',
        onError: ({ detail, currentTarget }) => [detail.code, currentTarget.state],
      }) satisfies DiditVerifyProps;
      ({ class: 'a', theme: null, 'max-retries': '3', maxRetries: 3, 'no-resume': true,
        onerror: ({ detail, currentTarget }) => [detail.code, currentTarget.state],
      }) satisfies Svelte.DiditVerifyAttributes;
      ({ className: 'a', theme: 'dark', 'max-retries': '3', 'no-resume': false,
        'onsession-created': ({ detail, currentTarget }) => [detail.reason, currentTarget.state],
      }) satisfies React.DiditVerifyAttributes;
      // @ts-expect-error it would be set as a property, which takes a number
      ({ timeout: '3' }) satisfies DiditVerifyProps;
      // @ts-expect-error it would be "false", which is true
      ({ 'no-resume': false }) satisfies Svelte.DiditVerifyAttributes;
      // @ts-expect-error it would never be called
      ({ onError: () => {} }) satisfies React.DiditVerifyAttributes;
      // @ts-expect-error on a server it would be another attribute
      ({ maxRetries: 3 }) satisfies React.DiditVerifyAttributes;`;
    await compile(code, FRAMEWORKS);
  });
});

/** As it is written in HTML; none where there is no attribute then, or nothing in it. */
function shownDefault({ default: value = '' }: { default?: string }): string | undefined {
  const isNothing = ['', "''", 'false'].includes(value);
  return isNothing ? undefined : value.replace(/^'(.*)'$/, '$1');
}

function union(list: readonly string[]): string {
  return list.map((name) => `'${name}'`).join(' | ');
}

function valuesByName(list: readonly (Named & { values?: readonly Named[] })[]) {
  return Object.fromEntries(
    list.flatMap(({ name, values }) => (values ? [[name, values.map((value) => value.name)]] : [])),
  );
}
