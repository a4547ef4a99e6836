/**
 * Runs in a page before all of its scripts, in its frames too: counts each time that a timer or a
 * frame calls something.
 */
export function countWakeUps() {
  globalThis.wakeUps = 0;
  const counted = (name) => {
    const original = globalThis[name];
    globalThis[name] = (callback, ...rest) => {
      const counting = (...args) => {
        globalThis.wakeUps++;
        return callback(...args);
      };
      return original(typeof callback === 'function' ? counting : callback, ...rest);
    };
  };
  for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame', 'requestIdleCallback'])
    counted(name);
}
