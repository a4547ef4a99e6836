import { openPage, serve } from './browser.mjs';
import { interleaved, rowsOf } from './interleaved.mjs';
import { evaluate } from './page-scripts.mjs';
import { addressOf, EMPTY_PAGE, measuredOf } from './pages.mjs';
import { bestPeer, withRatios } from './ratios.mjs';

/** How slow a processor is. */
const PROCESSORS = [1, 6];

/** What Chromium counts, in seconds (DevTools protocol, `Performance.getMetrics`). */
const COUNTED = {
  all: ['TaskDuration'],
  script: ['ScriptDuration'],
  'style, layout': ['RecalcStyleDuration', 'LayoutDuration'],
};

/** What compiling and running the scripts takes. */
export async function evaluationTable(list, chromium, rounds) {
  const server = await serve({ '/': EMPTY_PAGE });
  const results = await interleaved(list, PROCESSORS, rounds, async ({ classic }, cpu) => {
    if (!classic) return null;
    const { page, close } = await openPage(chromium, { cpu });
    await page.goto(server.origin);
    const milliseconds = await page.evaluate(evaluate, classic);
    await close();
    return milliseconds;
  });
  await server.close();
  const rows = rowsOf(list, results, (milliseconds) => milliseconds);
  return {
    id: 'evaluation',
    title: 'Evaluation of the script',
    how: `As a classic script, with what is imported at once, in an empty page: compiled and run. In brackets:
divided by that of the best peer that draws a code.`,
    unit: 'ms',
    columns: PROCESSORS.map((rate) => `×${rate}`),
    rows: withRatios(rows, bestPeer(list, rows)).map((row, index) => ({
      ...row,
      note: list[index].classic ? undefined : 'not measured, its parts load each other.',
    })),
  };
}

/** The processor's time, which other work of the machine does not lengthen. */
export async function workTable(list, chromium, origin, rounds) {
  const columns = Object.keys(COUNTED);
  const results = await interleaved(list, [null], rounds, async (subject, _, { row }) => {
    const { page, session, close } = await openPage(chromium);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(addressOf(origin, row), { waitUntil: 'commit' });
    await measuredOf(page, subject);
    const { metrics } = await session.send('Performance.getMetrics');
    await close();
    return new Map(metrics.map(({ name, value }) => [name, value * 1000]));
  });
  const valueIn = (column) => (metrics) =>
    COUNTED[column].reduce((sum, name) => sum + metrics.get(name), 0);
  const parts = columns.map((column) => rowsOf(list, results, valueIn(column)));
  const rows = list.map(({ name }, row) => ({
    name,
    cells: parts.map((part) => part[row].cells[0]),
  }));
  return {
    id: 'work',
    title: "The main thread's work until it is painted",
    how: `Processor time, not time that passes; what the page costs that asks for a session and shows nothing is in it. In brackets:
divided by that of the best peer that draws a code.`,
    unit: 'ms',
    columns,
    rows: withRatios(rows, bestPeer(list, rows)),
  };
}
