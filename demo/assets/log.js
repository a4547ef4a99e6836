/** All that the element tells. */
export const EVENTS = [
  'session-created',
  'status-changed',
  'session-completed',
  'session-expired',
  'error',
  'change',
  'close',
];

/** Writes lines into a list, the last one first. Whatever they tell is shown as text. */
export function createLog(list) {
  return function write(source, type, detail = {}, at = Date.now()) {
    const line = document.createElement('li');
    line.dataset.source = source;
    const time = textElement('time', new Date(at).toLocaleTimeString([], { hour12: false }));
    const data = Object.entries(detail)
      .map(([key, value]) => `${key}: ${value instanceof Date ? value.toISOString() : value}`)
      .join('\n');
    line.append(time, textElement('b', source), textElement('strong', type));
    line.append(textElement('code', data));
    list.prepend(line);
  };
}

function textElement(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
