import { readFileSync } from 'node:fs';
import { create, ts } from '@custom-elements-manifest/analyzer/index.js';
import { litPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js';

const SOURCE = 'src/didit-verify-element.ts';
const CLASS = 'DiditVerifyElement';
const TAG = 'didit-verify';

/** Where a site finds the class, and where it is registered. */
const CLASS_MODULE = 'dist/element.js';
const REGISTERING_MODULE = 'dist/index.js';

/** What the platform asks for, and nobody else. */
const PLATFORMS = /^formAssociated$|Callback$/;

/**
 * The custom elements manifest: what the class's source and its doc comments say, in the files that
 * are published.
 */
export function readManifest() {
  const text = readFileSync(SOURCE, 'utf8');
  const source = ts.createSourceFile(SOURCE, text, ts.ScriptTarget.ESNext, true);
  const plugins = [...litPlugin(), memberTags()];
  const { schemaVersion, readme, modules } = create({ modules: [source], plugins });
  const element = publicOf(modules[0].declarations.find(({ name }) => name === CLASS));
  const declaration = { name: CLASS, module: CLASS_MODULE };
  const exported = { kind: 'js', name: CLASS, declaration };
  const defined = { kind: 'custom-element-definition', name: TAG, declaration };
  return {
    schemaVersion,
    readme,
    modules: [
      moduleOf(CLASS_MODULE, [element], [exported]),
      moduleOf(REGISTERING_MODULE, [], [exported, defined]),
    ],
  };
}

/** The element in a manifest. */
export function elementOf({ modules }) {
  return modules[0].declarations[0];
}

function moduleOf(path, declarations, exports) {
  return { kind: 'javascript-module', path, declarations, exports };
}

/** Reads what the analyzer does not of members' comments: a default in words, and what is returned. */
function memberTags() {
  return {
    name: 'member-tags',
    analyzePhase({ node, moduleDoc }) {
      if (!ts.isClassDeclaration(node)) return;
      const { members } = moduleDoc.declarations.find(({ name }) => name === node.name.text);
      for (const member of node.members) {
        const described = members.find(({ name }) => name === member.name?.getText());
        for (const tag of ts.getJSDocTags(member)) readTag(tag, member, described);
      }
    },
  };
}

function readTag({ tagName, comment }, member, described) {
  const text = ts.getTextOfJSDocComment(comment);
  if (tagName.text === 'default') described.default = text;
  if (tagName.text === 'returns') {
    described.return = { type: { text: member.type.getText() }, description: inLines(text) };
  }
}

/** Without what is private, and what is the platform's. */
function publicOf(element) {
  const members = element.members
    .filter(({ name, privacy }) => privacy !== 'private' && !PLATFORMS.test(name))
    .map(memberOf);
  return {
    ...element,
    tagName: TAG,
    description: inLines(element.description),
    members,
    attributes: members.filter(({ attribute }) => attribute).map(attributeOf),
  };
}

function memberOf({ privacy: _, parameters, ...member }) {
  return {
    ...member,
    description: inLines(member.description),
    ...(parameters ? { parameters: parameters.map(parameterOf) } : {}),
  };
}

/** Where a default says the type, it is a text. */
function parameterOf({ type = { text: 'string' }, ...parameter }) {
  return { ...parameter, type, optional: 'default' in parameter };
}

/** Where the property is undefined by default, there is no attribute. */
function attributeOf({ name: fieldName, attribute: name, type, description, default: value }) {
  return {
    name,
    fieldName,
    type: { text: type.text.replace(/ \| undefined$/, '') },
    description,
    ...(value === 'undefined' ? {} : { default: value }),
  };
}

/** Comments are wrapped; paragraphs stay. */
function inLines(text) {
  return text?.replace(/(?<!\n)\n(?!\n)/g, ' ');
}
