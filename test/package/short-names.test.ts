import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { internalNames } from '../../scripts/short-names.mjs';
import { english } from '../../src/strings.js';

const FILES = ['didit-verify.min.js', 'didit-verify.split.js', 'session-parts.js'];

const modules = readdirSync('build').filter((name) => name.endsWith('.js'));
const code = modules.map((name) => readFileSync(`build/${name}`, 'utf8')).join('\n');
const shipped = FILES.map((name) => readFileSync(`dist/${name}`, 'utf8')).join('\n');
const contract = readFileSync('docs/api/element.api.md', 'utf8');

describe('the names that are shortened', () => {
  for (const name of internalNames) {
    it(`${name} is one of the modules', and of nobody else`, () => {
      assert.match(
        code,
        new RegExp(`\\.${name}\\b|\\b${name}[:(]|\\{[^{}]*\\b${name}\\b[^{}]*\\} =`),
      );
      assert.doesNotMatch(contract, new RegExp(`^\\s+(readonly |get |set )?${name}[?:(]`, 'm'));
      assert.ok(!Object.hasOwn(english, name));
    });

    it(`${name} is in no file`, () => {
      // Of an object: style sheets have classes of such names.
      assert.doesNotMatch(shipped, new RegExp(`[\\w$)\\]]\\??\\.${name}\\b`));
    });
  }
});
