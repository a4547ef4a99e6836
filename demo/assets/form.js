import { listenToCopyButtons } from './copy.js';
import { createLog, EVENTS } from './log.js';
import { isSandbox } from './mode.js';
import { createPhone } from './phone.js';

const find = (id) => document.getElementById(id);
const form = document.forms.account;
const tag = form.querySelector('didit-verify');
const write = createLog(find('log'));
const phone = createPhone(() => tag);

for (const type of EVENTS) tag.addEventListener(type, hear);

function hear({ type, detail }) {
  write('page', type, detail ?? { value: tag.value });
  if (type === 'session-created' && detail.reason !== 'resume') phone.putDown();
  phone.follow();
  if (tag.validity.valid) find('problem').textContent = '';
}

// It does not bubble. The browser shows the words beside the first control that is not filled in.
tag.addEventListener('invalid', () => {
  find('problem').textContent = tag.validationMessage;
  write('page', 'invalid', { message: tag.validationMessage });
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const sent = Object.fromEntries(new FormData(form));
  write('page', 'submit', sent);
  find('sent').replaceChildren(...Object.entries(sent).flatMap(sentField));
  turn(true);
  find('result-title').focus();
});

function sentField([name, value]) {
  const term = document.createElement('dt');
  term.textContent = name;
  const definition = document.createElement('dd');
  definition.textContent = value;
  return [term, definition];
}

/** The form, or what has become of it. */
function turn(isSent) {
  form.hidden = isSent;
  find('result').hidden = !isSent;
}

form.addEventListener('reset', () => {
  write('page', 'reset');
  find('problem').textContent = '';
  phone.putDown();
});

find('again').addEventListener('click', () => {
  form.reset();
  turn(false);
  form.elements.name.focus();
});

listenToCopyButtons();
find('phone-panel').hidden = !(await isSandbox());
