document.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const data = new FormData(event.target);
  document.querySelector('output').textContent = JSON.stringify(Object.fromEntries(data));
});
