import { createDidit, type Didit } from 'didit-verify/server';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { Guide } from './guide.js';
import { runShown } from './shown-module.js';
import { tableRows } from './table-rows.js';
import { closeTroubledPages, openTroubled, TAG } from './troubled-page.js';
import { backend, post } from './troubles/backend.js';
import { beginning } from './troubles/beginning.js';
import { browserConsole } from './troubles/console.js';
import { errors } from './troubles/errors.js';
import { code, forms, frameworks, looks } from './troubles/looks.js';
import { decision, expiry, ownSandbox, status } from './troubles/sessions.js';
import { startUp } from './troubles/start-up.js';
import { sessionIdIn, Untried, untilState, type Case } from './troubles/symptoms.js';

const guide = new Guide('docs/troubleshooting.md');

/** By section: what brings about each of its rows. */
const SECTIONS: Readonly<Record<string, Readonly<Record<string, Case | Untried>>>> = {
  'Nothing begins': beginning,
  'An error is told': errors,
  "In the browser's console": browserConsole,
  'The backend answers an error': backend,
  'createDidit throws': startUp,
  'The code and the link': code,
  'The status does not change': status,
  'The decision': decision,
  'Expiry, and too many sessions': expiry,
  'The sandbox': ownSandbox,
  'Frameworks, types and tests': frameworks,
  Forms: forms,
  'Looks and words': looks,
};

after(closeTroubledPages);

for (const [section, cases] of Object.entries(SECTIONS)) {
  describe(`“${section}”`, { timeout: 300_000 }, () => {
    const cells = firstCells(section);
    it('has a row for each case, and a case for each row', () => {
      assert.deepEqual(Object.keys(cases), cells.map(plain));
    });
    for (const cell of cells) {
      const bringAbout = cases[plain(cell)];
      if (!bringAbout) continue;
      if (bringAbout instanceof Untried) {
        it(plain(cell), { skip: bringAbout.reason }, () => undefined);
        continue;
      }
      it(plain(cell), { timeout: 60_000 }, async (t) => {
        const seen = [await bringAbout(t)].flat(3).join('\n');
        for (const words of quoted(cell)) assert.ok(seen.includes(words), `${words}\n\n${seen}`);
      });
    }
  });
}

/** As they are written. */
function firstCells(section: string): readonly string[] {
  const { text } = guide;
  const lines = text
    .slice(text.indexOf(`\n## ${section}\n`) + 1)
    .split('\n## ')[0]!
    .split('\n');
  const cells = lines.filter((line) => line.startsWith('|')).map((line) => line.split('|')[1]!);
  // Without the head and what is below it.
  const own = cells.slice(2).map((cell) => cell.trim());
  assert.equal(own.length, tableRows(text, section).length, section);
  return own;
}

function plain(cell: string): string {
  return cell.replaceAll('`', '');
}

/** Code, and words that people read. */
function quoted(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`|“([^”]+)”/g)].map(([, code, words]) => code ?? words!);
}

describe('what is written in the source', () => {
  it('is the error codes of the page, all of them', () => {
    const codes = firstCells('An error is told').map((cell) => quoted(cell)[0]!);
    const union = /export type VerifyErrorCode =([^;]+);/.exec(source('errors.ts'))![1]!;
    assert.deepEqual(new Set(codes), new Set(inQuotes(union)));
  });

  it('is the messages of the page, all of them', () => {
    const written = sourceFiles('src').flatMap((file) => [
      ...literals(
        file,
        /new VerifyError\(\s*(?:refusalCode\(status\)|'[a-z-]+'),\s*([`'])(.+?)\1/g,
      ),
      ...literals(file, /(?:unavailable|unavailableBy)\((?:cause, |error, )?([`'])(.+?)\1/g),
      ...literals(file, /verifyErrorOf\(cause, '[a-z-]+', ([`'])(.+?)\1/g),
      ...literals(file, /(?:const message|const NEEDS_RESOLVER) = ([`'])(.+?)\1/g),
    ]);
    const told = firstCells('An error is told').map((cell) => quoted(cell)[1]!);
    assert.deepEqual(unmatched(written, told), []);
    assert.deepEqual(unmatched(told, written), []);
  });

  it('is the codes and messages of the server part, all of them', () => {
    const [, table = ''] = /const MESSAGES\b.*? = {([^]+?)};/.exec(source('server/answers.ts'))!;
    const written = [...table.matchAll(/'?([a-z-]+)'?: '(.+)',/g)].map(
      ([, code, message]) => `${code} ${message}`,
    );
    const told = firstCells('The backend answers an error')
      .map((cell) => quoted(cell).join(' '))
      .filter((words) => words.endsWith('.'));
    assert.deepEqual(told.sort(), written.sort());
  });

  it('is the messages of createDidit, all of them', () => {
    const files = ['options.ts', 'credentials.ts', 'option-checks.ts'];
    const written = files.flatMap((file) =>
      literals(`src/server/${file}`, /demand\([^;]*?,\s*([`'])([^`']+ [^`']+)\1,?\s*\)/g),
    );
    const told = firstCells('createDidit throws').map((cell) => quoted(cell)[0]!.slice(0, -1));
    assert.deepEqual(unmatched(written, told), []);
    assert.deepEqual(unmatched(told, written), []);
  });
});

function source(file: string): string {
  return readFileSync(`src/${file}`, 'utf8');
}

/** Those of a folder itself. */
function sourceFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);
}

function literals(file: string, pattern: RegExp): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, , text]) => text!);
}

function inQuotes(text: string): readonly string[] {
  return [...text.matchAll(/'([^']+)'/g)].map(([, name]) => name!);
}

/** Those that no other fits: of a template, the text before and after what it is filled with. */
function unmatched(some: readonly string[], others: readonly string[]): readonly string[] {
  return [...new Set(some)].filter((one) => !others.some((other) => fits(one, other)));
}

function fits(one: string, other: string): boolean {
  return isFilled(one, other) || isFilled(other, one);
}

/** Whether a text is, or begins as, what is made of a template. */
function isFilled(template: string, text: string): boolean {
  const [start = '', ...rest] = template.split(/\$\{[^}]*\}+/);
  if (rest.length === 0) return template === text;
  return start === '' ? text.endsWith(rest.at(-1)!) : text.startsWith(start.trimEnd());
}

describe('“Where to look first”', { timeout: 60_000 }, () => {
  it('the page tells all that happens', async (t) => {
    const js = guide.take('Where to look first', 'js', 0);
    const { page, sandbox, said } = await openTroubled(t, {
      body: `${TAG}<script>${js}</script>`,
    });
    await untilState(page, 'ready');
    sandbox.play(await sessionIdIn(page), 'open');
    sandbox.play(await sessionIdIn(page), 'confirm');
    await untilState(page, 'approved');
    const words = said.map((line) => line.split(' ')[0]);
    for (const name of ['session-created', 'status-changed', 'session-completed']) {
      assert.ok(words.includes(name), said.join('\n'));
    }
    assert.match(said.join('\n'), /^(idle|loading) null$/m);
  });

  it('the backend tells what it answers, and why', async (t) => {
    const code = guide.take('Where to look first', 'js', 1);
    const lines: string[] = [];
    const given = {
      createDidit,
      ...{ clientId: 'a-client', clientSecret: 'a-secret', getUser: () => null },
      console: { log: (line: string) => lines.push(line) },
    };
    const { didit } = await runShown<{ didit: Didit }>(code, given, ['didit']);
    t.after(() => didit.close());
    const response = await didit.session(new Request('https://shop.example/', post()));
    const { correlation_id: id } = (await response.json()) as { correlation_id: string };
    const events = lines.map((line) => JSON.parse(line) as { type: string; correlationId: string });
    assert.deepEqual(
      events.map(({ type, correlationId }) => [type, correlationId]),
      [['request.refused', id]],
    );
  });
});

guide.leavesNothing();
