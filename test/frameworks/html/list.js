const list = document.querySelector('ul');

document.getElementById('reverse').addEventListener('click', () => {
  list.append(...[...list.children].reverse());
});
document.getElementById('remove').addEventListener('click', () => list.firstElementChild.remove());
