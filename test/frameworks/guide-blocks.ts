import { Guide } from '../docs/guide.js';
import { readFolder, type Files } from '../working-copy.js';

/**
 * Where a file of an application has a block of a guide: in a comment, say
 * `<!-- docs/vue.md: Events: vue -->`. The second of its kind in the section: `vue 2`.
 */
const MARK =
  /(?:<!--|\/\/|\{\/\*) (docs\/\w+\.md): ([^:\n]+): (\w+)(?: (\d+))?(?: -->| \*\/\}|$)/gm;

/** Where guides have a backend; tests have it elsewhere. */
const BACKEND = `'http://127.0.0.1:3000'`;

/** The files of an application, with the blocks of guides that they name. */
export function withGuideBlocks(files: Files): Files {
  return new Map([...files].map(([name, text]) => [name, withBlocks(text)]));
}

/** Takes the blocks of a guide that the files of an application have. */
export function takeBuiltIn(guide: Guide, folder: string): void {
  for (const text of readFolder(folder).values()) {
    for (const [, page, section = '', language = '', place = '1'] of text.matchAll(MARK)) {
      if (page === guide.page) guide.take(section, language, Number(place) - 1);
    }
  }
}

function withBlocks(text: string): string {
  return text.replace(MARK, (_, page: string, section: string, language: string, place = '1') =>
    new Guide(page)
      .take(section, language, Number(place) - 1)
      .trimEnd()
      .replace(BACKEND, 'process.env.BACKEND'),
  );
}
