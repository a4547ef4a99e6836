import { bitMatrix, reserve, reserveSquares, reserveTwice } from './bit-matrix.js';
import { codewordsOf } from './byte-data.js';
import { interleaved } from './error-correction-code.js';
import { levels } from './error-correction-level.js';
import { formatInfo, versionInfo } from './format-info.js';
import { bestMasked } from './mask-pattern.js';
import { alignmentsOf, bestVersion } from './version.js';

/** @throws where the bytes do not fit into any version. */
export function create([{ data }], { errorCorrectionLevel }) {
  const level = levels[errorCorrectionLevel];
  const layout = bestVersion(data.length, level);
  const [version, , , , capacity] = layout;
  const matrix = bitMatrix(version * 4 + 17);
  const reserveFormat = (mask) => reserveInfo(matrix, formatInfo(level[0], mask));
  reservePatterns(matrix, version);
  reserveFormat(0);
  fill(matrix, interleaved(codewordsOf(data, version, capacity), layout));
  matrix.data = bestMasked(matrix, reserveFormat);
  return { modules: matrix };
}

/** All that is not data, but for the format. */
function reservePatterns(matrix, version) {
  const far = matrix.size - 4;
  reserveSquares(matrix, 3, 3, 4, 0b01011);
  reserveSquares(matrix, 3, far, 4, 0b01011);
  reserveSquares(matrix, far, 3, 4, 0b01011);
  reserveAlignments(matrix, version);
  for (let i = 8; i < matrix.size - 8; i++) reserveTwice(matrix, 6, i, ~i & 1);
  if (version > 6) reserveVersion(matrix, version);
}

/** Where there is no finder pattern. */
function reserveAlignments(matrix, version) {
  const { size, reserved } = matrix;
  const last = alignmentsOf(version) - 1;
  // The standard's table has one step that does not follow from the others.
  const step = version === 32 ? 26 : Math.ceil((version * 2 + 2) / last) * 2;
  const at = (i) => (i ? size - 7 - (last - i) * step : 6);
  for (let i = 0; i <= last; i++) {
    for (let j = 0; j <= last; j++) {
      if (!reserved[at(i) * size + at(j)]) reserveSquares(matrix, at(i), at(j), 2, 0b101);
    }
  }
}

function reserveVersion(matrix, version) {
  const info = versionInfo(version);
  for (let i = 0; i < 18; i++) {
    reserveTwice(matrix, Math.floor(i / 3), (i % 3) + matrix.size - 11, (info >> i) & 1);
  }
}

/** Twice: around the first finder pattern, and shared by the two others. */
function reserveInfo(matrix, info) {
  const far = matrix.size - 8;
  for (let i = 0; i < 15; i++) {
    const at = i < 6 ? i : i < 8 ? i + 1 : far + i - 7;
    reserve(matrix, at, 8, (info >> i) & 1);
    reserve(matrix, 8, at, (info >> (14 - i)) & 1);
  }
  reserve(matrix, 8, far, (info >> 7) & 1);
  reserve(matrix, far, 8, 1);
}

/** Bit by bit in columns of two, from the right, up and down by turns. */
function fill({ size, data, reserved }, codewords) {
  let bit = 0;
  let isUp = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right--;
    for (let i = 0; i < size; i++) {
      const start = (isUp ? size - 1 - i : i) * size;
      for (const at of [start + right, start + right - 1]) {
        if (reserved[at]) continue;
        data[at] = (codewords[bit >> 3] >> (~bit & 7)) & 1;
        bit++;
      }
    }
    isUp = !isUp;
  }
}
