import { generator, remainder } from './reed-solomon-encoder.js';

/** Codewords in blocks, each with its correction, and of all blocks the first, the second and so on. */
export function interleaved(codewords, [, total, blocks, corrections, capacity]) {
  const divisor = generator(corrections);
  const longer = blocks - (total % blocks);
  const columns = [];
  const add = (word, i) => (columns[i] ??= []).push(word);
  let end = 0;
  for (let i = 0; i < blocks; i++) {
    const block = codewords.slice(end, (end += Math.floor(capacity / blocks) + (i >= longer)));
    block.forEach(add);
    remainder(block, divisor).forEach((word, j) => add(word, capacity + j));
  }
  return columns.flat();
}
