import { listenToCopyButtons } from './copy.js';
import { addLogo, addOptions, place, plainSamples } from './samples.js';

/** Looks to begin with. */
const PRESETS = {
  plain: { theme: 'auto', values: {} },
  warm: {
    theme: 'light',
    values: {
      '--didit-accent-color': '#a8481b',
      '--didit-background': '#fffaf2',
      '--didit-color': '#3b2a20',
      '--didit-border': '1px solid #ecdcc6',
      '--didit-radius': '28px',
      '--didit-qr-color': '#4a2c17',
      '--didit-qr-background': '#fff4e3',
      'font-family': 'Georgia, serif',
    },
  },
  midnight: {
    theme: 'dark',
    values: {
      '--didit-accent-color': '#b79cff',
      '--didit-background': '#15132b',
      '--didit-color': '#efecff',
      '--didit-border': '1px solid #37326b',
      '--didit-radius': '20px',
      '--didit-qr-color': '#1b1646',
      '--didit-qr-background': '#efeaff',
    },
  },
  contrast: {
    theme: 'dark',
    values: {
      '--didit-accent-color': '#ffe100',
      '--didit-background': '#000000',
      '--didit-color': '#ffffff',
      '--didit-border': '3px solid #ffffff',
      '--didit-radius': '6px',
    },
  },
  brutalist: {
    theme: 'light',
    values: {
      '--didit-accent-color': '#ff6a1a',
      '--didit-background': '#f3efe4',
      '--didit-color': '#111111',
      '--didit-border': '4px solid #111111',
      '--didit-radius': '0px',
      '--didit-qr-color': '#111111',
      '--didit-qr-background': '#f3efe4',
      'font-family': 'ui-monospace, monospace',
    },
  },
};

const find = (id) => document.getElementById(id);
const { controls, looks } = document.forms;
const stage = find('stage');

/** The same text as is there to be copied, so what is seen is what is had. */
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [sheet];

/** What differs from the defaults, by property. */
let values = new Map();

const darkScheme = matchMedia('(prefers-color-scheme: dark)');

const properties = [
  ...new Set(
    Array.from(controls.querySelectorAll('[data-property]'), ({ dataset }) => dataset.property),
  ),
];

/** Of a property; a border has two, width and colour. */
function inputsOf(property) {
  return [...controls.querySelectorAll(`[data-property="${property}"]`)];
}

// From the controls to the values

controls.addEventListener('input', ({ target }) => {
  const { property } = target.dataset;
  const inputs = inputsOf(property);
  const isDefault = inputs.length === 1 && target.value === target.dataset.own;
  if (isDefault) values.delete(property);
  else values.set(property, inputs.map(textOf).join(' solid '));
  update();
});

function textOf({ type, value }) {
  return type === 'range' ? `${value}px` : value;
}

controls.addEventListener('click', ({ target }) => {
  const { resets } = target.dataset;
  if (resets) {
    values.delete(resets);
    // The button goes away.
    inputsOf(resets)[0].focus();
  }
  if (target.id === 'pink') {
    values.set('--didit-qr-color', '#ff9ec7').set('--didit-qr-background', '#ff9ec7');
  }
  update();
});

find('presets').addEventListener('click', ({ target }) => {
  const preset = PRESETS[target.closest('button')?.dataset.preset];
  if (!preset) return;
  values = new Map(Object.entries(preset.values));
  looks.elements.theme.value = preset.theme;
  update();
});

looks.addEventListener('change', update);
looks.addEventListener('change', show);
darkScheme.addEventListener('change', update);

// From the values to what shows them

function update() {
  const { theme } = looks.elements;
  const css = cssText(values);
  sheet.replaceSync(css);
  find('css').textContent = css;
  find('html').textContent = htmlText();
  stage.dataset.theme = theme.value;
  for (const tag of stage.querySelectorAll('didit-verify')) tag.theme = theme.value;
  properties.forEach(showControl);
  showPreset();
}

function cssText(given) {
  // In the order of the controls.
  const lines = properties
    .filter((property) => given.has(property))
    .map((property) => `  ${property}: ${given.get(property)};\n`);
  if (!lines.length) return '/* Nothing differs from the defaults. */\n';
  return `didit-verify {\n${lines.join('')}}\n`;
}

function htmlText() {
  const { theme, logo } = looks.elements;
  const attribute = theme.value === 'auto' ? '' : `\n  theme="${theme.value}"`;
  const end = attribute && '\n';
  const space = attribute ? '\n  ' : ' ';
  const content = logo.checked ? '\n  <img slot="logo" src="/logo.svg" alt="" />\n' : '';
  return `<didit-verify${space}resolver-url="/api/didit/session"${attribute}${end}>${content}</didit-verify>\n`;
}

function showControl(property) {
  const value = values.get(property);
  const inputs = inputsOf(property);
  const texts = value ? value.split(' solid ') : inputs.map(ownOf);
  inputs.forEach((input, index) => {
    input.value = input.type === 'range' ? parseFloat(texts[index]) : texts[index];
  });
  find(`value-${property}`).textContent = value ?? 'default';
  controls.querySelector(`[data-resets="${property}"]`).hidden = value === undefined;
}

/** What the element has where nothing is set. */
function ownOf({ dataset }) {
  const { value } = looks.elements.theme;
  const isDark = value === 'auto' ? darkScheme.matches : value === 'dark';
  return (isDark && dataset.dark) || dataset.own;
}

function showPreset() {
  const present = cssText(values) + looks.elements.theme.value;
  delete stage.dataset.preset;
  for (const button of find('presets').querySelectorAll('button')) {
    const { theme, values: own } = PRESETS[button.dataset.preset];
    const isThis = cssText(new Map(Object.entries(own))) + theme === present;
    button.ariaPressed = String(isThis);
    if (isThis) stage.dataset.preset = button.dataset.preset;
  }
}

// The element

async function show() {
  const { state, theme, logo } = looks.elements;
  find('place').replaceChildren();
  const sample = plainSamples.find((each) => each.state === state.value);
  const placed = place(find('place'), sample);
  const tag = find('place').firstElementChild;
  tag.theme = theme.value;
  if (logo.checked) addLogo(tag);
  await placed;
}

addOptions(looks.elements.state, 'ready');
listenToCopyButtons();
update();
await show();
