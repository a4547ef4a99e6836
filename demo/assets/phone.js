const find = (id) => document.getElementById(id);

/**
 * The phone beside an element, in a page that has its parts: `phone` is a frame, `lock` what is shown
 * before, and `play` the button that has the frame open what the code leads to.
 */
export function createPhone(elementOf) {
  const frame = find('phone');
  const lock = find('lock');
  const play = find('play');
  play.addEventListener('click', () => {
    const { session } = elementOf();
    if (!session) return;
    frame.src = session.url;
    frame.hidden = false;
    lock.hidden = true;
  });
  return {
    /** There is something to scan, or not any more. */
    follow() {
      play.disabled = !['ready', 'in-progress'].includes(elementOf().state);
    },
    putDown() {
      play.disabled = true;
      frame.hidden = true;
      frame.removeAttribute('src');
      lock.hidden = false;
    },
  };
}
