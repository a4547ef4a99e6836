/** The script of a page on which many elements of one kind are drawn at once. */

/** How it is seen that an element has drawn its code. */
const DRAWN = {
  'didit-verify': has('[part~="qr"] path'),
  'sl-qr-code': hasCanvas,
  'wa-qr-code': hasCanvas,
  'wui-qr-code': has('circle'),
  'qr-code': has('circle'),
};

/** As high as it is wide, once it is drawn on. */
function hasCanvas({ shadowRoot }) {
  const canvas = shadowRoot?.querySelector('canvas');
  return Boolean(canvas) && canvas.width === canvas.height;
}

function has(selector) {
  return ({ shadowRoot }) => Boolean(shadowRoot?.querySelector(selector));
}

/** As long as one of Didit's, and like no other. */
function urlOf(index) {
  return `https://app.didit.me/authorize/${`${index}`.padStart(8, '0')}-0000-4000-8000-000000000000`;
}

let mounted = 0;

/** With what it is to show; ours asks for it. */
function make({ tag, attributes, value }) {
  const element = document.createElement(tag);
  for (const [name, text] of Object.entries(attributes)) element.setAttribute(name, text);
  const url = urlOf(mounted++);
  if (value) element.setAttribute(value, url);
  else element.resolver = () => ({ session_id: url.slice(-36), url });
  return element;
}

/**
 * Makes so many elements, and resolves when the main thread is done with the frame in which the last
 * of them is drawn: milliseconds since the first was made.
 */
async function mount(count) {
  const { element: kind } = crowd;
  const isDrawn = DRAWN[kind.tag];
  const main = document.querySelector('main');
  // What one mount leaves behind for a reload is not for the next.
  sessionStorage.clear();
  const begun = performance.now();
  const elements = Array.from({ length: count }, () => make(kind));
  main.append(...elements);
  for (const element of elements) while (!isDrawn(element)) await frame();
  await painted();
  return performance.now() - begun;
}

/** Resolves when they have let go of what they had. */
async function unmount() {
  document.querySelector('main').replaceChildren();
  for (let frames = 0; frames < 3; frames++) await painted();
}

function frame() {
  return new Promise(requestAnimationFrame);
}

/** What is in the document at a frame's start is painted by its end. */
async function painted() {
  await frame();
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port1.onmessage = resolve;
    port2.postMessage(null);
  });
}

/** Of the first element: what its code is drawn with, and how many nodes it is in all. */
function anatomy() {
  const [first] = document.querySelector('main').children;
  const code = first.shadowRoot.querySelector('[part~="qr"] .code') ?? first.shadowRoot;
  const countOf = (selector) => code.querySelectorAll(selector).length;
  return {
    paths: countOf('path'),
    shapes: countOf('path, rect, circle, line, canvas'),
    nodes: nodesIn(first),
  };
}

/** In open shadow trees too. */
function nodesIn(node) {
  const trees = [node.shadowRoot, ...node.childNodes].filter(Boolean);
  return 1 + trees.reduce((sum, tree) => sum + nodesIn(tree), 0);
}

/** `element`: the kind, as `subjects.mjs` has it; set by the page. */
const crowd = { element: null, mount, unmount, anatomy };
globalThis.crowd = crowd;
