import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { npm } from '../../scripts/npm.mjs';
import { startPage, type Answer, type OwnPage } from './own-page.js';

export type CdnName = keyof typeof RULES;

/** A CDN of npm packages, which has this one, as packed. */
export interface Cdn extends OwnPage {
  /** Paths that were asked for, in their order. */
  readonly asked: string[];
  /** What is answered in place of the file at a path; undefined leaves it. */
  change: (path: string) => Promise<Answer> | Answer | undefined;
}

interface PackageJson {
  readonly version: string;
  readonly jsdelivr: string;
  readonly unpkg: string;
}

/** Where a path of the CDN leads to: a file of the package, or another path. */
type Rule = (path: string, manifest: PackageJson) => { file: string } | { redirect: string } | null;

const CORS = { 'Access-Control-Allow-Origin': '*' };
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.json': 'application/json' };

const RULES = {
  /** https://github.com/jsdelivr/jsdelivr#npm: the short address is answered as it is. */
  jsDelivr(asked, { version, jsdelivr }) {
    const [, range, file] = /^\/npm\/didit-verify(?:@([^/]*))?(\/.+)?$/.exec(asked) ?? [];
    if (range !== undefined && !isOf(range, version)) return null;
    return asked.startsWith('/npm/didit-verify') ? { file: file ?? jsdelivr } : null;
  },
  /** https://unpkg.com: to the version, and then to the file. */
  unpkg(asked, { version, unpkg }) {
    const [all, range = '', file = ''] = /^\/didit-verify(?:@([^/]*))?(\/.+)?$/.exec(asked) ?? [];
    if (!all || (range && !isOf(range, version))) return null;
    if (range !== version) return { redirect: `/didit-verify@${version}${file}` };
    return file
      ? { file }
      : { redirect: `/didit-verify@${version}/${path.posix.normalize(unpkg)}` };
  },
} satisfies Record<string, Rule>;

/** The ranges that pages name: `1`, `1.2`, `1.2.3`, `latest`. */
function isOf(range: string, version: string): boolean {
  return range === 'latest' || `${version}.`.startsWith(`${range}.`);
}

/** Packs the package, and returns the folder with what is in the archive. */
export function unpacked(): { readonly folder: string; readonly remove: () => void } {
  const place = mkdtempSync(path.join(tmpdir(), 'packed-'));
  const code = npm(['pack', '--ignore-scripts', '--pack-destination', place], { quiet: true });
  if (code !== 0) throw new Error(`npm pack ended with ${code}`);
  const { version } = manifestIn('.');
  execFileSync('tar', ['-xzf', `didit-verify-${version}.tgz`], { cwd: place });
  return {
    folder: path.join(place, 'package'),
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
}

function manifestIn(folder: string): PackageJson {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as PackageJson;
}

/** A CDN whose files are those of a folder. */
export async function startCdn(name: CdnName, folder: string): Promise<Cdn> {
  const manifest = manifestIn(folder);
  const asked: string[] = [];
  const cdn: Pick<Cdn, 'change'> = { change: () => undefined };
  const server = await startPage((path) => {
    asked.push(path);
    return cdn.change(path) ?? answer(RULES[name](path, manifest), folder);
  });
  return Object.assign(cdn, { asked }, server);
}

function answer(found: ReturnType<Rule>, folder: string): Answer {
  if (found && 'redirect' in found)
    return { status: 302, headers: { ...CORS, Location: found.redirect } };
  if (!found) return { status: 404, headers: CORS };
  const type = TYPES[path.extname(found.file)] ?? 'text/plain';
  return {
    headers: { ...CORS, 'Content-Type': `${type}; charset=utf-8` },
    body: readFileSync(path.join(folder, found.file)),
  };
}
