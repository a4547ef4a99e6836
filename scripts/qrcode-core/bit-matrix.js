/** Modules, and which of them hold no data. */
export function bitMatrix(size) {
  return { size, data: new Uint8Array(size * size), reserved: new Uint8Array(size * size) };
}

export function reserve({ size, data, reserved }, row, column, dark) {
  if (Math.min(row, column) < 0 || Math.max(row, column) >= size) return;
  data[row * size + column] = dark;
  reserved[row * size + column] = 1;
}

/** Also with row and column the other way round. */
export function reserveTwice(matrix, row, column, dark) {
  reserve(matrix, row, column, dark);
  reserve(matrix, column, row, dark);
}

/** Squares around a module: a bit says for each whether it is dark, the lowest for the module. */
export function reserveSquares(matrix, row, column, radius, dark) {
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++) {
      reserve(matrix, row + y, column + x, (dark >> Math.max(Math.abs(x), Math.abs(y))) & 1);
    }
  }
}
