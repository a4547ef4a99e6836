/** Of a row and a column; where the result is 0, the mask turns the module. */
const masks = [
  (row, column) => (row + column) & 1,
  (row) => row & 1,
  (row, column) => column % 3,
  (row, column) => (row + column) % 3,
  (row, column) => ((row >> 1) + Math.floor(column / 3)) & 1,
  (row, column) => (row * column) % 6,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) & 1,
  (row, column) => (((row * column) % 3) + row + column) & 1,
];

/** The same mask again takes it off. */
export function applyMask(pattern, { size, data, reservedBit }) {
  const mask = masks[pattern];
  for (let row = 0, i = 0; row < size; row++) {
    for (let column = 0; column < size; column++, i++) {
      if (!reservedBit[i] && !mask(row, column)) data[i] ^= 1;
    }
  }
}

/** The mask under which the modules are the easiest to read. */
export function getBestMask(matrix, setupFormat) {
  let least = Infinity;
  let best;
  for (const pattern of masks.keys()) {
    setupFormat(pattern);
    applyMask(pattern, matrix);
    const points = penalty(matrix);
    applyMask(pattern, matrix);
    if (points < least) {
      least = points;
      best = pattern;
    }
  }
  return best;
}

function penalty({ data, size }) {
  let points = 0;
  let dark = 0;
  for (let row = 0; row < size; row++) {
    points += linePenalty(data, row * size, 1, size) + linePenalty(data, row, size, size);
    for (let i = row * size; i < (row + 1) * size; i++) {
      dark += data[i];
      if (row && i % size && isSquare(data, i, size)) points += 3;
    }
  }
  return points + 10 * Math.abs(Math.ceil((dark * 20) / data.length) - 10);
}

/** Four modules, the last of which is this one, are all dark or all light. */
function isSquare(data, i, size) {
  return (data[i] + data[i - 1] + data[i - size] + data[i - size - 1]) % 4 === 0;
}

/** For runs of five or more of one kind, and for what looks like a finder pattern. */
function linePenalty(data, start, step, size) {
  let points = 0;
  let bits = 0;
  for (let i = 0; i < size; i++) {
    bits = (bits << 1) | data[start + i * step];
    const five = bits & 0b11111;
    if (i > 3 && (five === 0 || five === 0b11111)) {
      const isSixth = i > 4 && (bits & 1) === ((bits >> 5) & 1);
      points += isSixth ? 1 : 3;
    }
    const eleven = bits & 0x7ff;
    if (i > 9 && (eleven === 0b10111010000 || eleven === 0b00001011101)) points += 40;
  }
  return points;
}
