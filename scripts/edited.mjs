/**
 * A package's file with texts of it replaced.
 *
 * @param {string} code
 * @param {readonly (readonly [text: string, replacement: string])[]} edits
 * @param {string} file whose code it is
 * @param {string} script where the edits are
 * @throws where a text is not there, or more than once.
 */
export function edited(code, edits, file, script) {
  return edits.reduce((whole, [text, replacement]) => {
    const times = whole.split(text).length - 1;
    if (times === 1) return whole.replace(text, () => replacement);
    throw new Error(
      `${file} has ${times} times, not once, what ${script} replaces: ${text}\n` +
        'Where the package is another version, see whether all that is left out is still not reached.',
    );
  }, code);
}
