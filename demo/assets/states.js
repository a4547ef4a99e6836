import { groups, place } from './samples.js';

const CELLS = [
  { name: 'light', classes: 'light ltr' },
  { name: 'dark', classes: 'dark ltr' },
  { name: 'light, right to left', classes: 'light rtl', lang: 'ar' },
  { name: 'dark, right to left', classes: 'dark rtl', lang: 'ar' },
];

const gallery = document.getElementById('gallery');

function create(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** A section of the page, and what shows its elements. */
function addGroup({ title, samples }) {
  const id = title.toLowerCase().replaceAll(' ', '-');
  const states = create('div', { className: 'states' });
  gallery.append(create('section', {}, create('h2', { id }, title), states));
  const link = create('a', { href: `#${id}` }, title);
  document.getElementById('groups').append(create('li', {}, link));
  return samples.map((sample) => addFigure(states, sample));
}

function addFigure(states, sample) {
  const { state, code, more, note } = sample;
  const name = create('h3', {}, create('code', {}, state));
  if (code) name.append(' ', create('code', { className: 'error' }, code));
  if (more) name.append(' ', create('span', {}, more));
  const caption = create(
    'figcaption',
    {},
    name,
    create('p', { className: 'note' }, ...withCode(note)),
  );
  const cells = CELLS.map(createCell);
  const row = create('div', { className: 'cells' }, ...cells);
  const figure = create('figure', {}, caption, row);
  states.append(figure);
  return () => Promise.all(cells.map((cell) => place(cell, sample)));
}

/** What is between backticks is code. */
function withCode(text) {
  return text.split('`').map((part, index) => (index % 2 ? create('code', {}, part) : part));
}

function createCell({ name, classes, lang }) {
  const look = create('p', { className: 'look' }, name);
  // The page's own words are English.
  look.lang = 'en';
  look.dir = 'ltr';
  const cell = create('div', { className: `cell ${classes}` }, look);
  if (lang) Object.assign(cell, { lang, dir: 'rtl' });
  return cell;
}

/** Side by side needs room: a narrow window begins with one of each. */
function chooseLooks() {
  const isNarrow = matchMedia('(width < 44rem)').matches;
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const { light, dark, rtl } = document.forms.looks.elements;
  if (!isNarrow) return;
  (isDark ? light : dark).checked = false;
  rtl.checked = false;
}

chooseLooks();
for (const show of groups.flatMap(addGroup)) await show();
gallery.ariaBusy = 'false';
