/** What editors offer and explain in HTML and CSS, in the formats that they read. */

const VSCODE_SCHEMAS = 'https://raw.githubusercontent.com/microsoft';
const WEB_TYPES_SCHEMA =
  'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json';

/** Name of the set of attributes without a value, which VS Code knows. */
const NO_VALUE = 'v';

/**
 * VS Code's custom data for HTML. It has no place for events and slots, so the tag's text lists
 * them.
 */
export function htmlData(element) {
  const { tagName, events, slots, attributes } = element;
  const text = [
    element.description,
    `**Events**\n\n${list(events)}`,
    `**Slots**\n\n${list(slots.map((slot) => ({ ...slot, name: slot.name || '(default)' })))}`,
  ];
  return {
    $schema: `${VSCODE_SCHEMAS}/vscode-html-languageservice/main/docs/customData.schema.json`,
    version: 1.1,
    tags: [
      {
        name: tagName,
        description: markdown(text.join('\n\n')),
        attributes: attributes.map((attribute) => ({
          name: attribute.name,
          description: markdown(withDefault({ ...attribute, default: defaultOf(attribute) })),
          ...(isBoolean(attribute) ? { valueSet: NO_VALUE } : {}),
          ...valuesOf(attribute),
        })),
      },
    ],
  };
}

/** VS Code's custom data for CSS. */
export function cssData({ cssProperties, cssParts, cssStates }) {
  return {
    $schema: `${VSCODE_SCHEMAS}/vscode-css-languageservice/main/docs/customData.schema.json`,
    version: 1.1,
    properties: cssProperties.map((property) => ({
      name: property.name,
      description: markdown(withDefault(property)),
    })),
    pseudoElements: cssParts.map(({ name, description }) => ({
      name: `::part(${name})`,
      description: markdown(description),
    })),
    pseudoClasses: cssStates.map(({ name, description }) => ({
      name: `:state(${name})`,
      description: markdown(description),
    })),
  };
}

/** JetBrains' web-types. */
export function webTypes(element, { name, version }) {
  const { tagName, description, slots, cssProperties, cssParts, cssStates } = element;
  const html = {
    name: tagName,
    description,
    source: { module: `${name}/element`, symbol: element.name },
    attributes: element.attributes.map(webTypesAttribute),
    slots,
    js: {
      properties: fields(element).map(webTypesProperty),
      events: element.events.map((event) => ({ ...event, type: event.type.text })),
    },
  };
  const css = {
    properties: cssProperties.map((property) => ({
      name: property.name,
      description: withDefault(property),
    })),
    parts: cssParts,
    'pseudo-classes': cssStates.map((state) => ({ ...state, name: `state(${state.name})` })),
  };
  return {
    $schema: WEB_TYPES_SCHEMA,
    name,
    version,
    'js-types-syntax': 'typescript',
    'description-markup': 'markdown',
    contributions: { html: { elements: [html] }, css },
  };
}

function webTypesAttribute(attribute) {
  const { name, description } = attribute;
  const { values } = valuesOf(attribute);
  const kind = isBoolean(attribute) ? 'no-value' : 'plain';
  const value = defaultOf(attribute);
  return {
    name,
    description,
    ...(value === undefined ? {} : { default: value }),
    value: { kind, type: values ? 'enum' : attribute.type.text },
    ...(values ? { values } : {}),
  };
}

function webTypesProperty({ name, description, type, readonly, default: value }) {
  return {
    name,
    description,
    type: type.text,
    ...(value === undefined ? {} : { default: value }),
    ...(readonly ? { 'read-only': true } : {}),
  };
}

function fields({ members }) {
  return members.filter((member) => member.kind === 'field' && !member.static);
}

/** The texts of a union, `'a' | 'b'`; nothing for any other type. */
function valuesOf({ type }) {
  const texts = type.text.split(' | ').map((text) => /^'(.*)'$/.exec(text)?.[1]);
  return texts.includes(undefined) ? {} : { values: texts.map((name) => ({ name })) };
}

/** As it is written in HTML; nothing where it would be no attribute at all. */
function defaultOf({ default: value }) {
  return value === 'false' ? undefined : value?.replace(/^'(.*)'$/, '$1') || undefined;
}

function isBoolean({ type }) {
  return type.text === 'boolean';
}

function withDefault({ description, default: value }) {
  return value === undefined ? description : `${description}\n\nDefault: \`${value}\``;
}

function list(items) {
  return items.map(({ name, description }) => `- \`${name}\` – ${description}`).join('\n');
}

function markdown(value) {
  return { kind: 'markdown', value };
}
