import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { installedEngines, type Engine, type EngineName } from './engines.js';
import { Elsewhere } from './fault-elsewhere.js';
import { FRAMES, outcomeOf, runRows, type Result } from './fault-run.js';
import { TABLE, type FaultRow } from './fault-table.js';
import { html, startPage, type OwnPage } from './own-page.js';
import { pairwise } from './pairwise.js';

/** So many rows at once: WebKitGTK has 17 connections, and the others have hundreds. */
const AT_ONCE: Record<EngineName, number> = { Chromium: 80, Firefox: 40, WebKitGTK: 8 };
const PATIENCE_MS = 60_000;

/** All rows in the engine that drives fastest; in the others, any two traits that ever meet. */
function rowsFor(engine: EngineName): FaultRow[] {
  const traits = TABLE.map((row) => {
    const [error, state] = row.expected.split(' ');
    return { question: row.question, kind: row.kind, error, state };
  });
  const chosen = new Set(engine === 'Chromium' ? traits : pairwise(traits));
  // Firefox alone holds on to an answer that is not read to its end.
  const isOwn = ({ fault }: FaultRow) => engine === 'Firefox' && fault.endsWith('without its end');
  return TABLE.filter((row, index) => chosen.has(traits[index]!) || isOwn(row));
}

/** Rows with their numbers: slow and fast ones in each batch, but where few are open at once. */
function batchesOf(
  engine: EngineName,
  rows: readonly FaultRow[],
): (readonly [number, FaultRow])[][] {
  const most = AT_ONCE[engine];
  const count = Math.ceil(rows.length / most);
  // WebKitGTK stands still with too many endless answers of several kinds at once.
  const isIn = (id: number, batch: number) =>
    engine === 'WebKitGTK' ? Math.floor(id / most) === batch : id % count === batch;
  return Array.from({ length: count }, (_, batch) =>
    [...rows.entries()].filter(([id]) => isIn(id, batch)),
  );
}

for (const { name, launch } of installedEngines()) {
  const rows = rowsFor(name);
  const expected = (row: FaultRow) => row.in?.[name] ?? row.expected;

  describe(`a server that misbehaves, in ${name}`, { timeout: 280_000 }, () => {
    const results = new Map<FaultRow, Result>();
    let engine: Engine;
    let site: OwnPage;
    const elsewhere = new Elsewhere();

    before(async () => {
      engine = await launch();
      site = await startPage(() => html(FRAMES));
      await elsewhere.start();
      const page = await engine.newPage();
      for (const batch of batchesOf(name, rows)) {
        await page.goto(site.origin);
        const ended = await runRows(page, batch, elsewhere, expected, PATIENCE_MS);
        for (const [row, result] of ended) results.set(row, result);
      }
    });

    after(async () => {
      await engine?.close();
      await Promise.all([site?.close(), elsewhere.close()]);
    });

    for (const row of rows) {
      it(`${row.question}, ${row.kind}: ${row.fault} → ${expected(row)}`, () => {
        const result = results.get(row)!;
        assert.equal(outcomeOf(result), expected(row));
        assert.deepEqual(result.elsewhere, row.elsewhere ?? []);
        assert.deepEqual(result.uncaught, []);
        // What has a session has its address.
        assert.equal(result.addresses.length > 0, result.state !== 'error');
        for (const address of result.addresses) {
          const { protocol, hostname } = new URL(address);
          assert.equal(protocol, 'https:');
          assert.match(hostname, /^(.+\.)?didit\.me$/);
        }
        if (row.hasEnd !== undefined) assert.equal(result.hasEnd, row.hasEnd);
        assert.equal(result.underWay, 0, 'the page has more to ask');
        const lingers = row.lingersIn?.includes(name) ? 1 : 0;
        assert.equal(result.open, lingers, 'connections that nobody reads are open');
      });
    }
  });
}
