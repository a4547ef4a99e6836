import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { prepare, outputOf, type Application } from './application.js';

const LIMIT = { timeout: 180_000 };

/** What is right is compiled, and of what is wrong, each file has one mistake that is found. */
export function checkTypes(
  application: Application,
  ...checks: readonly (readonly string[])[]
): void {
  describe(`${application.name}, its types`, () => {
    it('lets pass what is right, and finds each mistake', LIMIT, () => {
      const place = prepare(application);
      const said = stripVTControlCharacters(
        checks.map((check) => outputOf(place, check)).join('\n'),
      );
      const refused = new Set(said.split('\n').flatMap(mistakenFile));
      const wrong = readdirSync(path.join(place, 'types/bad')).map((file) => `bad/${file}`);
      assert.ok(wrong.length > 0);
      assert.ok(readdirSync(path.join(place, 'types/good')).length > 0);
      assert.deepEqual([...refused].sort(), wrong.sort(), said);
    });
  });
}

/** The file that a line finds a mistake in, however a checker writes it. */
function mistakenFile(line: string): string[] {
  const [whole = '', file = ''] = /types\/((?:good|bad)\/[\w.-]+)/.exec(line) ?? [];
  return whole && /\b(error|ERROR)\b/.test(line.replace(whole, '')) ? [file] : [];
}
