import { DiditVerifyElement } from 'didit-verify/element';
import type { ClassMethod } from 'custom-elements-manifest';
import type { PropertyDeclaration } from 'lit';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { described, fields, manifest, MANIFEST, methods, names, readJson } from './described.js';
import { exportedBy } from './exported.js';
import { customProperties } from './sources.js';
import { compile } from './strangers.js';

const { observedAttributes, elementProperties, elementStyles, prototype } = DiditVerifyElement;
const code = readFileSync('dist/didit-verify-element.js', 'utf8');

/** What Lit and the platform call, and nobody else. */
const NOT_FOR_SITES = /^(constructor|createRenderRoot|willUpdate|render|updated|\w+Callback)$/;

const { types: exportedTypes } = exportedBy('dist/element.d.ts').get('dist/element.d.ts')!;

/** Whether two types are one, and not just assignable. */
const TYPES = `
  import { DiditVerifyElement as E } from 'didit-verify/element';
  import type { ${exportedTypes.join(', ')} } from 'didit-verify/element';
  import type { ClassMethod, CustomElementDeclaration, CustomElementField, Package }
    from 'custom-elements-manifest';
  type Same<A, B> =
    (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;`;

describe('the custom elements manifest', () => {
  it('is of the format, and has the types of the code', async () => {
    assert.match(manifest.schemaVersion, /^1\.\d+\.\d+$/);
    const checks = typeChecks();
    // Each of them could fail.
    const wrong = checks.map((check) => `// @ts-expect-error\n${check.replace('true', 'false')}`);
    await compile([TYPES, ...formatChecks(), ...checks, ...wrong].join('\n'));
  });

  it('is where package.json says', () => {
    const { customElements } = readJson('package.json') as { customElements: string };
    assert.equal(path.normalize(customElements), path.normalize(MANIFEST));
  });

  it('names published files, and what they export', async () => {
    const [, registering] = manifest.modules;
    assert.deepEqual(names(manifest.modules.map((module) => module.path)), [
      'dist/element.js',
      'dist/index.js',
    ]);
    for (const { path: file, exports = [] } of manifest.modules) {
      const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
      const exported = exports.filter(({ kind }) => kind === 'js');
      assert.deepEqual(names(exported), names(Object.keys(module)), file);
      for (const { declaration } of exports) {
        assert.deepEqual(declaration, { name: described.name, module: 'dist/element.js' });
      }
    }
    const [definition] = registering!.exports!.filter(({ kind }) => kind !== 'js');
    assert.equal(definition!.kind, 'custom-element-definition');
    assert.equal(definition!.name, described.tagName);
    assert.equal(customElements.get(described.tagName), DiditVerifyElement);
  });

  it('describes everything, in sentences', () => {
    const { attributes, events, slots, cssParts, cssProperties, cssStates, members } = described;
    const parameters = methods.flatMap((method) => method.parameters ?? []);
    const returned = methods.flatMap((method) =>
      method.return?.type?.text === 'void' ? [] : [{ ...method.return, name: method.name }],
    );
    const all = [attributes, events, slots, cssParts, cssProperties, cssStates, members];
    for (const { name, description } of [described, ...all.flat(), ...parameters, ...returned]) {
      assert.match(description ?? '', /^[\p{L}\d`'].+\.$/su, name);
      assert.doesNotMatch(description!, /[^\n]\n[^\n]|@|\bundefined\b/, name);
    }
    assert.match(described.summary, /\.$/);
  });

  it('has the attributes that are observed, with their properties', () => {
    // The platform tells of it otherwise: by `formDisabledCallback`.
    assert.deepEqual(names(described.attributes), names([...observedAttributes, 'disabled']));
    for (const { name, fieldName, type, description, default: value } of described.attributes) {
      const field = fields.find((each) => each.name === fieldName)!;
      assert.equal(field.attribute, name);
      assert.equal(description, field.description);
      assert.equal(type!.text, field.type!.text.replace(' | undefined', ''));
      assert.equal(value ?? 'undefined', field.default);
    }
    const mirrored = fields.filter(({ attribute }) => attribute !== undefined);
    assert.equal(mirrored.length, described.attributes.length);
  });

  it('knows what becomes of an attribute, and which properties write one', () => {
    for (const [name, options] of elementProperties) {
      const { attribute, type, reflects = false } = fields.find((each) => each.name === name)!;
      if (name === 'disabled') continue;
      const { reflect = false } = options;
      assert.equal(attribute, attributeName(name as string, options), name as string);
      assert.equal(reflects, reflect, name as string);
      assert.equal(type!.text === 'boolean', options.type === Boolean, name as string);
      assert.equal(type!.text === 'number', options.type === Number, name as string);
    }
    const element = new DiditVerifyElement();
    element.disabled = true;
    assert.ok(element.hasAttribute('disabled'));
    assert.equal(fields.find(({ name }) => name === 'disabled')!.reflects, true);
  });

  it('has the properties and methods that a site can use, no others', () => {
    const own = Object.getOwnPropertyNames(prototype).filter((name) => !NOT_FOR_SITES.test(name));
    const instanceMethods = methods.filter((method) => !method.static);
    assert.deepEqual(names([...fields, ...instanceMethods]), names(own));
    for (const { name, readonly = false } of fields) {
      const { set } = Object.getOwnPropertyDescriptor(prototype, name)!;
      assert.equal(readonly, set === undefined, name);
    }
    const statics = described.members.filter((member) => member.static);
    assert.deepEqual(names(statics), ['define']);
    assert.equal(new Set(names(described.members)).size, described.members.length);
  });

  it('has the default of every property that can be set', () => {
    const element = new DiditVerifyElement();
    for (const { name, readonly, default: value } of fields) {
      if (readonly) assert.equal(value, undefined, name);
      else assert.deepEqual(element[name as keyof typeof element], valueOf(value), name);
    }
  });

  it('has the events that are dispatched', () => {
    const calls = /\b(?:new (?:Custom)?Event|return composed)\('([^']+)'/g;
    const dispatched = [...code.matchAll(calls)].map(([, name]) => name!);
    assert.deepEqual(names(described.events), names(dispatched));
  });

  it('has the parts and slots that are rendered', () => {
    // In a template, or given to one: to a button first, to an icon last.
    const written = /\bpart="([a-z-]+)"|\bbutton\('([a-z-]+)'|\bicon\(.*, '([a-z-]+)'\)/g;
    const parts = [...code.matchAll(written)].map((match) => match.slice(1).find(Boolean)!);
    assert.deepEqual(names(described.cssParts), names(new Set(parts)));
    const slots = [...code.matchAll(/<slot(?: name="([^"]*)")?/g)].map(([, name = '']) => name);
    assert.deepEqual(names(described.slots), names(new Set(slots)));
  });

  it('has the custom properties of the styles, and what they are without', () => {
    const css = elementStyles.map((style) => ('cssText' in style ? style.cssText : '')).join('\n');
    const used = customProperties(css).map(([name, value]) => `${name}: ${value}`);
    const told = described.cssProperties.map((each) => `${each.name}: ${each.default}`);
    assert.deepEqual(names(told), names(new Set(used)));
  });
});

/** Its types do not say yet that members are a custom element's. */
function formatChecks(): string[] {
  const { members, ...element } = described;
  const modules = manifest.modules.map((module) => ({ ...module, declarations: [] }));
  return [
    `(${JSON.stringify({ ...manifest, modules })}) satisfies Package;`,
    `(${JSON.stringify(element)}) satisfies CustomElementDeclaration;`,
    `(${JSON.stringify(members)}) satisfies (CustomElementField | ClassMethod)[];`,
  ];
}

function typeChecks(): string[] {
  const states = described.cssStates.map(({ name }) => `'${name}'`).join(' | ');
  const events = described.events.map(({ name, type }) => `readonly '${name}': ${type.text};`);
  const pairs = [
    ['StateName', states],
    ['Readonly<DiditVerifyEventMap>', `{ ${events.join(' ')} }`],
    ...fields.map(({ name, type }) => [`E['${name}']`, type!.text]),
    ...methods.map((method) => [
      `${method.static ? '(typeof E)' : 'E'}['${method.name}']`,
      signature(method),
    ]),
  ];
  return pairs.map((pair) => `true satisfies Same<${pair.join(', ')}>;`);
}

function signature({ parameters = [], return: returned }: ClassMethod): string {
  const list = parameters.map(
    ({ name, optional, type }) => `${name}${optional ? '?' : ''}: ${type!.text}`,
  );
  return `(${list.join(', ')}) => ${returned!.type!.text}`;
}

/** Lit's own rule, where the name of the attribute is left to it. */
function attributeName(name: string, { attribute }: PropertyDeclaration): string | undefined {
  if (attribute === false) return undefined;
  return typeof attribute === 'string' ? attribute : name.toLowerCase();
}

/** What a default stands for. */
function valueOf(text: string | undefined): unknown {
  assert.notEqual(text, undefined);
  return text === 'undefined' ? undefined : JSON.parse(text!.replaceAll("'", '"'));
}
