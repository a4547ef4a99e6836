const tag = document.querySelector('didit-verify');
let renders = 0;

function render() {
  tag.resolver = ({ signal, reason, scope }) =>
    fetch('/api/didit/session', {
      method: 'POST',
      signal,
      headers: {
        'Content-Type': 'application/json',
        'X-Reason': reason,
        'X-Renders': String(renders),
      },
      body: JSON.stringify({ scope }),
    });
}

document.getElementById('render').addEventListener('click', () => {
  renders++;
  render();
});
document.getElementById('restart').addEventListener('click', () => tag.restart());
render();
