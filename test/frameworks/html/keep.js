const panel = document.querySelector('main');
const tag = document.querySelector('didit-verify');
const other = document.createElement('p');
other.textContent = 'Something else.';

document.getElementById('verify').addEventListener('click', () => panel.replaceChildren(tag));
document.getElementById('other').addEventListener('click', () => panel.replaceChildren(other));
