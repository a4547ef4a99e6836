import { listenToCopyButtons } from './copy.js';
import { addOptions, place, plainSamples } from './samples.js';

/** The languages of Didit's own flow, by the names of the files with their words; English is built in. */
const TAGS =
  'en ar bg bn ca cnr cs da de el es et fa fi fr he hi hr hu hy id it ja ka ko lt lv mk ms nl no pl pt pt-BR ro ru sk sl so sr sv th tr uk uz vi zh zh-CN zh-TW'.split(
    ' ',
  );

/** Names that some browsers lack, or know as another language’s. */
const OWN_NAMES = {
  cnr: 'crnogorski',
  hy: 'հայերեն',
  ka: 'ქართული',
  mk: 'македонски',
  so: 'Soomaali',
  uz: 'o‘zbek',
};

const find = (id) => document.getElementById(id);
const { picker } = document.forms;
const preview = find('preview');
const english = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

function ownName(tag) {
  const name = OWN_NAMES[tag] ?? new Intl.DisplayNames(tag, { type: 'language' }).of(tag);
  // Georgian has capitals, but no words that begin with one.
  return tag === 'ka' ? name : name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

function addChoice(tag) {
  const input = document.createElement('input');
  Object.assign(input, { type: 'radio', name: 'lang', value: tag, checked: tag === first() });
  const name = document.createElement('span');
  Object.assign(name, { lang: tag, textContent: ownName(tag) });
  const code = document.createElement('code');
  code.textContent = tag;
  const label = document.createElement('label');
  label.title = english.of(tag) ?? 'Montenegrin';
  label.append(input, name, code);
  find('tags').append(label);
}

/** The one that the address names, say #de, or English. */
function first() {
  const tag = location.hash.slice(1);
  return TAGS.includes(tag) ? tag : 'en';
}

function say() {
  const tag = picker.elements.lang.value;
  preview.lang = tag;
  find('on-demand').textContent =
    `<html lang="${tag}">\n  …\n  <didit-verify\n    resolver-url="/api/didit/session"\n  ></didit-verify>\n`;
  const words = tag === 'en' ? '// English is built in.' : `import 'didit-verify/locales/${tag}';`;
  find('beforehand').textContent = `import 'didit-verify';\n${words}\n`;
  history.replaceState(null, '', `#${tag}`);
}

async function show() {
  preview.replaceChildren();
  const { state } = picker.elements;
  await place(
    preview,
    plainSamples.find((each) => each.state === state.value),
  );
}

picker.addEventListener('change', ({ target }) => {
  if (target.name === 'lang') say();
  // The element is a control as well, and tells when it is approved.
  if (target.name === 'state') void show();
});

TAGS.forEach(addChoice);
addOptions(picker.elements.state, 'ready');
listenToCopyButtons();
say();
await show();
