/** With the bits that name each in a code. */
const levels = { L: { bit: 1 }, M: { bit: 0 }, H: { bit: 2 } };

export function from(name) {
  return levels[name];
}
