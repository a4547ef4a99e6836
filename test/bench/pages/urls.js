/** Added to a page with the element: how long it takes to make codes of URLs of so many characters. */

const START = 'https://app.didit.me/authorize/';

let asked = 0;

/** Like no URL before, and of letters and digits as tokens are. */
function urlOf(length) {
  let url = START + asked++;
  while (url.length < length) url += Math.random().toString(36).slice(2);
  return url.slice(0, length);
}

/**
 * From the resolver's answer to the event that tells of the session, with its code made, so many
 * times: milliseconds of each, and the characters of the path.
 */
async function encode(length, times) {
  const element = document.createElement('didit-verify');
  let answered;
  Object.assign(element, {
    manual: true,
    noResume: true,
    resolver() {
      const answer = { session_id: `session-${asked}`, url: urlOf(length) };
      answered = performance.now();
      return answer;
    },
  });
  document.querySelector('main').append(element);
  const milliseconds = [];
  element.addEventListener('session-created', () =>
    milliseconds.push(performance.now() - answered),
  );
  while (milliseconds.length < times) await element.restart();
  const path = element.shadowRoot.querySelector('.code path').getAttribute('d').length;
  element.remove();
  return { milliseconds, path };
}

globalThis.urls = { encode };
