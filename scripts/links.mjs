/**
 * The links of the documentation: where they stand, and what they can lead to.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import GitHubSlugger from 'github-slugger';
import MarkdownIt from 'markdown-it';

/**
 * @typedef {object} Link
 * @property {string} file where it stands
 * @property {number} line from 1 on; of a paragraph or a table, that of its beginning
 * @property {string} target as it is written
 */

/** @typedef {ReturnType<MarkdownIt['parse']>[number]} Token */

/** As GitHub reads Markdown: with HTML in it, and bare addresses as links. */
const markdown = new MarkdownIt({ html: true, linkify: true });
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false }).add('//', null).add('ftp:', null);

/**
 * All files of the repository, with forward slashes; not those that `.gitignore` keeps out of it.
 *
 * @returns {string[]}
 */
export function repositoryFiles() {
  const ignored = ['.git', ...ignoredFolders()];
  return filesIn(
    '',
    (folder) => ignored.includes(`/${folder}`) || ignored.includes(path.posix.basename(folder)),
  );
}

/** `name` for a folder wherever it is, `/name` for one of the root. */
function ignoredFolders() {
  if (!existsSync('.gitignore')) return [];
  const lines = readFileSync('.gitignore', 'utf8').split('\n');
  return lines.filter((line) => line.endsWith('/')).map((line) => line.slice(0, -1));
}

/**
 * @param {string} folder
 * @param {(folder: string) => boolean} isIgnored
 * @returns {string[]}
 */
function filesIn(folder, isIgnored) {
  return readdirSync(folder || '.', { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return isIgnored(name) ? [] : filesIn(name, isIgnored);
    return entry.isFile() ? [name] : [];
  });
}

/**
 * The links of a file of Markdown or HTML. What is shown as code leads nowhere.
 *
 * @param {string} file
 * @returns {Link[]}
 */
export function linksOf(file) {
  const text = readFileSync(file, 'utf8');
  const found = file.endsWith('.md') ? markdownLinks(text) : htmlLinks(text, 1);
  return found.map((link) => ({ file, ...link }));
}

/** @param {string} target */
export function isExternal(target) {
  return /^([a-z][a-z\d+.-]*:|\/\/)/i.test(target);
}

/**
 * What `#…` can lead to in a page of Markdown, as GitHub names it.
 *
 * @param {string} file
 * @returns {Set<string>}
 */
export function anchorsOf(file) {
  const slugger = new GitHubSlugger();
  const tokens = markdown.parse(readFileSync(file, 'utf8'), {});
  const anchors = tokens.flatMap((token, i) =>
    token.type === 'heading_open' ? slugger.slug(textOf(tokens[i + 1])) : idsOf(token),
  );
  return new Set(anchors);
}

/** @param {Token | undefined} inline */
function textOf(inline) {
  const parts = inline?.children ?? [];
  return parts
    .map(({ type, content }) => (/^(text|code_inline)/.test(type) ? content : ''))
    .join('');
}

/**
 * @param {Token} token
 * @returns {string[]}
 */
function idsOf({ type, content, children }) {
  if (children) return children.flatMap(idsOf);
  if (!type.startsWith('html_')) return [];
  return [...content.matchAll(/\s(?:id|name)="([^"]*)"/g)].map(([, id]) => id ?? '');
}

/** @param {string} text */
function markdownLinks(text) {
  let line = 1;
  return markdown.parse(text, {}).flatMap((token) => {
    if (token.map) line = token.map[0] + 1;
    return [token, ...(token.children ?? [])].flatMap((part) => targetsOf(part, line));
  });
}

/**
 * @param {Token} token
 * @param {number} line
 */
function targetsOf(token, line) {
  if (token.type.startsWith('html_')) return htmlLinks(token.content, line);
  const target = token.attrGet('href') ?? token.attrGet('src');
  return target === null ? [] : [{ line, target }];
}

/**
 * @param {string} html
 * @param {number} firstLine
 */
function htmlLinks(html, firstLine) {
  return [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(({ index, 1: target = '' }) => ({
    line: firstLine + html.slice(0, index).split('\n').length - 1,
    target: target.replaceAll('&amp;', '&'),
  }));
}
