const template = document.querySelector('template');

function toggle() {
  const tag = document.querySelector('didit-verify');
  if (tag) tag.remove();
  else document.body.append(template.content.cloneNode(true));
}

document.querySelector('button').addEventListener('click', toggle);
toggle();
