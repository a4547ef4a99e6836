import MarkdownIt from 'markdown-it';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { it } from 'node:test';

/** A fenced block of a page, in the section whose heading is the last above it. */
export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  readonly section: string;
  /** In the page, from 1 on. */
  readonly line: number;
}

/**
 * A page of the documentation, whose blocks of code are taken by the tests that run them. At the end
 * of a test file, `leavesNothing()` makes a test that fails where a block was taken by none.
 */
export class Guide {
  readonly page: string;
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
  readonly #taken = new Set<CodeBlock>();

  /** @param page - its path, such as `docs/server.md`. */
  constructor(page: string) {
    this.page = page;
    this.text = readFileSync(page, 'utf8');
    this.blocks = codeBlocks(this.text);
  }

  /** The text of a block, by section, language and place among those. */
  take(section: string, language: string, index = 0): string {
    const block = this.#find(section, language)[index];
    assert.ok(block, `${this.page}: no block ${index} of ${language} in “${section}”`);
    this.#taken.add(block);
    return block.text;
  }

  /** All blocks of a section, or those of one language. */
  takeAll(section: string, language?: string): readonly CodeBlock[] {
    const found = this.#find(section, language);
    assert.ok(found.length > 0, `${this.page}: no block in “${section}”`);
    for (const block of found) this.#taken.add(block);
    return found;
  }

  /** Of a section that another test file runs, which names the section. */
  takenBy(testFile: string, section: string): void {
    assert.ok(existsSync(testFile), testFile);
    assert.ok(readFileSync(testFile, 'utf8').includes(section), `${testFile}: “${section}”`);
    this.takeAll(section);
  }

  /** Of what cannot be run, which needs a reason. */
  cannotRun(reason: string, section: string, language: string, index = 0): void {
    assert.match(reason, /\w+ \w+/);
    this.take(section, language, index);
  }

  /** To be called last: every block was taken. */
  leavesNothing(): void {
    it(`${this.page} has no code that nothing runs`, () => {
      const left = this.blocks.filter((block) => !this.#taken.has(block));
      assert.deepEqual(
        left.map(({ line, language, section }) => `${line}: ${language}, “${section}”`),
        [],
      );
    });
  }

  #find(section: string, language?: string): CodeBlock[] {
    return this.blocks.filter(
      (block) => block.section === section && (!language || block.language === language),
    );
  }
}

function codeBlocks(text: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let section = '';
  const tokens = new MarkdownIt().parse(text, {});
  tokens.forEach(({ type, info, content, map }, i) => {
    if (type === 'heading_open') section = tokens[i + 1]!.content.replaceAll('`', '');
    if (type !== 'fence') return;
    blocks.push({ language: info.trim(), text: content, section, line: map![0] + 1 });
  });
  return blocks;
}
