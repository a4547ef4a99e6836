import { readFileSync } from 'node:fs';
import { Instrumenter } from '@stryker-mutator/instrumenter';

const OPTIONS = { plugins: null, excludedMutations: [], ignorers: [] };

const nothing = () => {};
const SILENT = {
  isDebugEnabled: () => false,
  ...{ trace: nothing, debug: nothing, info: nothing, warn: nothing },
};

/**
 * All mutants of a source file, and one text that has them all, each behind a switch.
 *
 * @param {string} file
 */
export async function mutantsOf(file) {
  const content = readFileSync(file, 'utf8');
  const { files, mutants } = await new Instrumenter(SILENT).instrument(
    [{ name: file, mutate: true, content }],
    OPTIONS,
  );
  const lines = content.split('\n');
  return {
    file,
    code: files[0].content,
    mutants: mutants.map(({ id, location, replacement, mutatorName }) => ({
      id,
      file,
      line: location.start.line + 1,
      column: location.start.column + 1,
      kind: mutatorName,
      text: lines[location.start.line].trim(),
      from: cut(lines, location),
      to: oneLine(replacement),
    })),
  };
}

function cut(lines, { start, end }) {
  const taken = lines.slice(start.line, end.line + 1);
  taken[taken.length - 1] = taken.at(-1).slice(0, end.column);
  taken[0] = taken[0].slice(start.column);
  return oneLine(taken.join('\n'));
}

function oneLine(code) {
  return code.replace(/\s+/g, ' ').trim();
}
