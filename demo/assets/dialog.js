import { listenToCopyButtons } from './copy.js';
import { createLog, EVENTS } from './log.js';
import { isSandbox } from './mode.js';

const find = (id) => document.getElementById(id);
const form = document.forms.basket;
const tag = form.querySelector('didit-verify');
const write = createLog(find('log'));

tag.strings = { open: 'Confirm your age', heading: 'Are you over 18?' };
for (const type of EVENTS) tag.addEventListener(type, hear);

function hear({ type, detail }) {
  write('page', type, detail ?? (type === 'change' ? { value: tag.value } : {}));
  showPlay();
}

// The rest of the page is out of reach while the dialog is open, so the phone is a window beside it.

let isPlayed = false;

function showPlay() {
  find('footer').hidden = !isPlayed || !['ready', 'in-progress'].includes(tag.state);
}

find('play').addEventListener('click', () => {
  open(tag.session.url, 'phone', 'popup, width=390, height=760');
});

tag.addEventListener('invalid', () => {
  write('page', 'invalid', { message: tag.validationMessage });
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  write('page', 'submit', Object.fromEntries(new FormData(form)));
  find('bought').textContent = 'On its way. The backend has looked up the age.';
});

listenToCopyButtons();
isPlayed = await isSandbox();
showPlay();
