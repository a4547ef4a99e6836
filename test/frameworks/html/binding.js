const tag = document.querySelector('didit-verify');
const on = (id, press) => document.getElementById(id).addEventListener('click', press);
let renders = 0;

function render() {
  tag.strings = { heading: `Prove it ${renders}` };
  tag.headers = () => ({ 'X-Renders': String(renders) });
  tag.querySelector('[slot="footer"]').textContent = `Rendered ${renders}`;
}

on('render', () => {
  renders++;
  render();
});
on('scope', () => tag.setAttribute('scope', 'names email'));
on('theme', () => (tag.theme = tag.theme === 'light' ? 'dark' : 'light'));
on('disable', () => tag.toggleAttribute('disabled'));
render();
// Last, since it begins with this.
tag.resolverUrl = '/api/didit/session';
