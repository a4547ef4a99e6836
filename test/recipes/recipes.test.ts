import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { exercise } from './exercise.js';
import { filesOf, recipes } from './recipe.js';

const MAX_LINES = 19;

/** The recipe for Workers has an exercise of its own. */
const all = [...recipes, { name: 'Cloudflare Workers', folder: 'workers' }];

describe('the recipes', () => {
  for (const { name, folder } of all) {
    it(`for ${name} has less than 20 lines`, () => {
      const files = [...filesOf(name).values()];
      assert.ok(files.length > 0);
      const lines = files.flatMap((code) => code.split('\n').filter((line) => line.trim() !== ''));
      assert.ok(lines.length <= MAX_LINES, `${lines.length} lines`);
    });

    it(`for ${name} is locked without the name of a registry`, () => {
      const { packages } = JSON.parse(
        readFileSync(`test/recipes/${folder}/package-lock.json`, 'utf8'),
      ) as { packages: Record<string, object> };
      for (const [place, details] of Object.entries(packages)) {
        assert.ok(!('resolved' in details), place);
      }
    });
  }
});

for (const recipe of recipes) exercise(recipe);
