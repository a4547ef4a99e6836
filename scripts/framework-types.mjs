/**
 * What the type checkers of Vue, Svelte and React have to know of the tag. Properties, attributes
 * and events are written out with their comments, so that editors show them; their types are the
 * class's own. What may be set under which name is what each of the three does with it.
 */

const OWN = `import type { DiditVerifyElement, DiditVerifyEventMap } from '../element.js';

/** An event of the tag, as its own listener gets it. */
type EventOf<Name extends keyof DiditVerifyEventMap> = DiditVerifyEventMap[Name] & {
  readonly currentTarget: DiditVerifyElement;
};

// Else a declaration file exports all that it declares.
export {};`;

/** In an attribute, also a static one, a number is text. */
const NUMBER = 'number | `${number}`';

/** Room for a comment's text, as in the sources. */
const WIDTH = 92;

/**
 * `vue-tsc` knows every name in camelCase alone, so it does not tell an attribute, which takes text
 * for a number, from a property, which does not. A name of one word is always a property.
 */
export function vueTypes(element) {
  const members = [
    ...settable(element).map((field) => {
      const types = { boolean: "boolean | ''", number: isRenamed(field) ? NUMBER : 'number' };
      return member(field.name, types[field.type.text] ?? typeOf(field), field);
    }),
    ...element.events.map((event) => member(`on${pascalCase(event.name)}`, listener(event), event)),
  ];
  return `import type { HTMLAttributes, VNodeProps } from 'vue';
${OWN}

${interfaceOf('DiditVerifyOwnProps', members)}

/** All that a template may set on the tag. */
export interface DiditVerifyProps
  extends DiditVerifyOwnProps, Omit<HTMLAttributes, keyof DiditVerifyOwnProps>, VNodeProps {}

declare module 'vue' {
  interface HTMLAttributes {
    /** Its place in the element around it; Vue's own types leave it out. */
    slot?: string | undefined;
  }

  interface GlobalComponents {
${comment(element, '    ')}
    'didit-verify': new () => DiditVerifyElement & {
      /** For templates alone: no element has it. */
      $props: DiditVerifyProps;
      /** Nor this. \`<template #footer>\` is for Vue's own components: write \`slot="footer"\`. */
      $slots: { default?(): unknown };
    };
  }
}
`;
}

/**
 * Svelte sets a property where the element has one of that name, else an attribute, of `false` too,
 * which would be "false" there, and so true.
 */
export function svelteTypes(element) {
  const nothing = ' | null';
  const members = [
    ...settable(element).map((field) => member(field.name, typeOf(field) + nothing, field)),
    ...settable(element)
      .filter(isRenamed)
      .map((field) => {
        const types = { boolean: "true | ''", number: NUMBER };
        return member(field.attribute, (types[field.type.text] ?? typeOf(field)) + nothing, field);
      }),
    ...element.events.flatMap((event) =>
      [`on${event.name}`, `on${event.name}capture`].map((name) =>
        member(name, listener(event) + nothing, event),
      ),
    ),
  ];
  return `import type { HTMLAttributes } from 'svelte/elements';
${OWN}

${attributes(members)}

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
${comment(element, '    ')}
    'didit-verify': DiditVerifyAttributes;
  }
}
`;
}

/**
 * React, from version 19, sets properties and attributes by the same rule, but takes away an attribute that is `false`. On a server
 * it writes attributes alone, so what has an attribute is known by its name only.
 */
export function reactTypes(element) {
  const members = [
    ...settable(element).map((field) => {
      const types = isRenamed(field) ? { number: NUMBER } : {};
      return member(field.attribute ?? field.name, types[field.type.text] ?? typeOf(field), field);
    }),
    ...element.events.map((event) => member(`on${event.name}`, listener(event), event)),
    ...REACT_EVENTS,
  ];
  return `import type { ClassAttributes, HTMLAttributes } from 'react';
${OWN}

${attributes(members, ['ClassAttributes<DiditVerifyElement>'])}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
${comment(element, '      ')}
      'didit-verify': DiditVerifyAttributes;
    }
  }
}
`;
}

/** The platform's, which React's types know under a name that never works here. */
const REACT_EVENTS = [
  member('oninvalid', '((event: Event & { readonly currentTarget: DiditVerifyElement }) => void)', {
    description: 'It was asked whether it is valid, and is not. Does not bubble.',
  }),
  ...['onError', 'onClose', 'onInvalid'].map((name) =>
    member(name, 'never', {
      description: `React never calls it for a custom element: use \`${name.toLowerCase()}\`.`,
    }),
  ),
];

function attributes(members, bases = []) {
  const others = 'Omit<HTMLAttributes<DiditVerifyElement>, keyof DiditVerifyOwnAttributes>';
  return `${interfaceOf('DiditVerifyOwnAttributes', members)}

/** All that may be set on the tag. */
export interface DiditVerifyAttributes
  extends
    ${['DiditVerifyOwnAttributes', ...bases, others].join(',\n    ')} {}`;
}

function interfaceOf(name, members) {
  return `/** What the tag has beside other elements. */
export interface ${name} {
${members.join('\n')}
}`;
}

function settable({ members }) {
  return members.filter((member) => member.kind === 'field' && !member.readonly && !member.static);
}

/** Whether its attribute has another name, and so can be told from it. */
function isRenamed({ name, attribute }) {
  return attribute !== undefined && attribute !== name;
}

function member(name, type, described) {
  const key = /^\w+$/.test(name) ? name : `'${name}'`;
  return `${comment(described, '  ')}\n  ${key}?: ${type} | undefined;`;
}

function typeOf({ name }) {
  return `DiditVerifyElement['${name}']`;
}

function listener({ name }) {
  return `((event: EventOf<'${name}'>) => void)`;
}

function comment({ description, default: value }, indent) {
  const lines = wrapped(description);
  if (value !== undefined && value !== 'undefined') lines.push('', `@default ${value}`);
  if (lines.length === 1) return `${indent}/** ${lines[0]} */`;
  return [
    `${indent}/**`,
    ...lines.map((line) => `${indent} * ${line}`.trimEnd()),
    `${indent} */`,
  ].join('\n');
}

function wrapped(text) {
  const line = new RegExp(`(.{1,${WIDTH}})(?: |$)`, 'g');
  return [...text.matchAll(line)].map(([, words]) => words);
}

function pascalCase(name) {
  return name.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());
}
