import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { bundle, bundleClassic, pathOf, published, versionOf } from './peers.mjs';

/** What is encoded everywhere, 100 characters, and what takes a larger code, 500. */
export const URL_100 = `https://verify.didit.me/session/${'k3Jf9QzT'.repeat(8)}abcd`;
export const URL_500 = `${URL_100}?${'state=k3Jf9QzT-'.repeat(26)}abcdefghi`;

/** Where pages ask for a session. */
export const SESSION_PATH = '/api/didit/session';

/** The side of a code, as `--didit-qr-size` has it, where it can be chosen. */
const SIDE = 240;

/**
 * What is measured:
 *
 * - `name`: in tables; `version` of the package.
 * - `ours`, or a peer; `paints`: what is waited for, a `code`, a `widget` without one, or
 *   `nothing`.
 * - `files`: to serve, by path; `first`: those that a page names, the script in front.
 * - `classic`: the script with what is loaded with it, as one classic script, or null.
 * - `tag`: what is in the page from the start. Peers are put into it when the answer is there:
 *   `element` is `{ tag, attributes, value }`, the last the attribute of the text to encode; else
 *   their script has `show(answer, place)`.
 * - `shown`: source of a function of the page's `<main>` that says whether it is there.
 * - `inFrame`: it renders in animation frames.
 */
export async function subjects() {
  return Promise.all([single(), split(), ...peers.map(peer)]);
}

/** What encodes and draws a text that it is given, and no more. */
export async function codeElements() {
  return Promise.all(peers.filter(({ element }) => element?.value).map(peer));
}

/** Asks IDKit's bridge, and leaves it to the page to draw a code. */
export function idkitCore() {
  return peer({
    name: 'idkit-core',
    package: '@worldcoin/idkit-core',
    entry: 'idkit-core',
    assets: ['@worldcoin/idkit-core/dist/idkit_wasm_bg.wasm'],
    shown: '() => globalThis.request?.connectorURI',
  });
}

/** A page that asks for a session and shows nothing: what every page costs. */
export const EMPTY = {
  name: 'nothing',
  paints: 'nothing',
  tag: '',
  files: { 'nothing.js': script('globalThis.show = () => (globalThis.asked = true);') },
  first: ['nothing.js'],
  shown: '() => globalThis.asked',
};

const OURS = {
  ours: true,
  paints: 'code',
  tag: `<didit-verify resolver-url="${SESSION_PATH}"></didit-verify>`,
  shown: `(main) => main.firstElementChild.shadowRoot?.querySelector('[part=qr] .code path')`,
};

/** Ours in one file. */
export async function single() {
  const body = await readFile('dist/didit-verify.min.js');
  return {
    ...OURS,
    name: 'didit-verify.min.js',
    files: { 'didit-verify.min.js': script(body) },
    first: ['didit-verify.min.js'],
    classic: `${body}`,
  };
}

/** In pieces, with the hint for the second file that `docs/cdn.md` has. */
async function split() {
  const names = (await readdir('dist')).filter((name) => name.endsWith('.js'));
  const entries = names.map(async (name) => [name, script(await readFile(`dist/${name}`))]);
  const files = Object.fromEntries(await Promise.all(entries));
  return {
    ...OURS,
    name: 'didit-verify.split.js',
    files,
    first: [...withPieces('didit-verify.split.js', files)],
    hints: ['session-parts.js'],
    classic: await bundleClassic(path.resolve('dist/didit-verify.split.js')),
  };
}

/** A minified module and what it imports, that in turn, and so on; not what it imports on demand. */
function withPieces(name, files, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const imports = `${files[name].body}`.matchAll(/\b(?:from|import)\s*"\.\/([\w.-]+)"/g);
  for (const [, imported] of imports) withPieces(imported, files, found);
  return found;
}

function script(body) {
  return { type: 'text/javascript', body };
}

/** Level M, as ours takes for so short a text, where the level can be chosen. */
const peers = [
  {
    name: 'wui-qr-code',
    package: '@reown/appkit-ui',
    entry: 'wui-qr-code',
    element: { tag: 'wui-qr-code', value: 'uri', attributes: { size: SIDE } },
    shown: `(main) => main.querySelector('wui-qr-code')?.shadowRoot?.querySelector('svg circle')`,
  },
  {
    name: 'sl-qr-code',
    package: '@shoelace-style/shoelace',
    entry: 'sl-qr-code',
    element: canvasElement('sl-qr-code'),
    shown: canvasShown('sl-qr-code'),
  },
  {
    name: 'wa-qr-code',
    package: '@awesome.me/webawesome',
    entry: 'wa-qr-code',
    element: canvasElement('wa-qr-code'),
    shown: canvasShown('wa-qr-code'),
  },
  {
    name: 'qr-code',
    package: '@bitjson/qr-code',
    // As it is published for script tags: it cannot be bundled, it finds its files by its own URL.
    published: ['qr-code.js', 'qr-code/qr-code.orxjfzvr.js', 'qr-code/mu42bxql.js'],
    element: { tag: 'qr-code', value: 'contents', attributes: { style: `width: ${SIDE}px` } },
    shown: `(main) => main.querySelector('qr-code')?.shadowRoot?.querySelector('svg path, svg rect')`,
    inFrame: true,
  },
  {
    name: 'SelfQRcode',
    package: '@selfxyz/qrcode',
    entry: 'self-qrcode',
    shown: `(main) => main.querySelector('[role=img] svg path')`,
  },
  {
    name: 'IDKitRequestWidget',
    package: '@worldcoin/idkit',
    entry: 'idkit',
    assets: ['@worldcoin/idkit/node_modules/@worldcoin/idkit-core/dist/idkit_wasm_bg.wasm'],
    shown: `() => [...document.body.children].find((element) => element.shadowRoot)
      ?.shadowRoot.querySelector('.qr-dot')`,
  },
  {
    name: 'sdk-web',
    package: '@didit-protocol/sdk-web',
    entry: 'sdk-web',
    paints: 'widget',
    shown: `() => document.querySelector('[role=dialog].active')`,
  },
  {
    name: 'altcha',
    package: 'altcha',
    entry: 'altcha',
    paints: 'widget',
    element: { tag: 'altcha-widget', attributes: {} },
    shown: `(main) => main.querySelector('altcha-widget input')`,
  },
];

function canvasElement(tag) {
  return { tag, value: 'value', attributes: { size: SIDE, 'error-correction': 'M' } };
}

/** As high as it is wide: the canvas has been drawn on. */
function canvasShown(tag) {
  return `(main) => {
    const canvas = main.querySelector('${tag}')?.shadowRoot?.querySelector('canvas');
    return canvas && canvas.width === canvas.height;
  }`;
}

async function peer(description) {
  return {
    paints: 'code',
    tag: '',
    ...description,
    version: await versionOf(description.package),
    ...(await (description.entry ? bundled(description) : asPublished(description))),
  };
}

async function bundled({ entry, assets = [] }) {
  const { files, first } = await bundle(entry);
  for (const asset of assets) files[path.basename(asset)] = await published(asset);
  return { files, first, classic: await bundleClassic(pathOf(entry)) };
}

async function asPublished({ package: folder, published: names }) {
  const entries = names.map(async (name) => [name, await published(`${folder}/dist/${name}`)]);
  return {
    files: Object.fromEntries(await Promise.all(entries)),
    first: [names[0]],
    classic: null,
  };
}
