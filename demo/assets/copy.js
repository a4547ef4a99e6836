/** Has the buttons with `data-copies` copy the text of the element with that id. */
export function listenToCopyButtons() {
  for (const button of document.querySelectorAll('[data-copies]')) {
    const label = button.textContent;
    button.addEventListener('click', async () => {
      const isCopied = await copy(document.getElementById(button.dataset.copies));
      button.textContent = isCopied ? 'Copied' : 'Selected';
      setTimeout(() => (button.textContent = label), 2000);
    });
  }
}

/** Where the clipboard refuses, the text is selected. */
async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return false;
  }
}
