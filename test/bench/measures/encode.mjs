import { openPage } from '../browser.mjs';
import { encoderSource } from '../encoder-source.mjs';
import { interleaved, rowsOf } from '../interleaved.mjs';
import { countNodes, drawTexts, framesAtOnce } from '../page-scripts.mjs';
import { addressOf, measuredOf, servePages } from '../pages.mjs';
import { leastOf, withRatios } from '../ratios.mjs';
import { codeElements, single, URL_100, URL_500 } from '../subjects.mjs';

export const title = 'Encode and draw one QR code';

/** In a round; each is another text, so that nothing is there already. */
const TEXTS = 20;

/** With the level that ours takes for so long a text, where an element lets choose. */
const LENGTHS = [
  { base: URL_100, level: 'M' },
  { base: URL_500, level: 'L' },
];

const HOW = `From a new text to the drawing in the tree, the mean of ${TEXTS} texts; what the browser does then
to paint it is not in it. Ours: encodeQr() and its attributes; others: their property, until they say that they
have updated. Level M for 100 characters and L for 500 where it can be chosen: wui-qr-code always has Q, qr-code
H; its frames come at once here, so that it does not wait for them. In brackets: divided by that of the best
peer.`;

export async function measure({ rounds, browser: { launch }, log }) {
  const [ours, ...peers] = await Promise.all([single(), codeElements()]).then((all) => all.flat());
  const list = [ours, ...peers];
  const server = await servePages(list);
  const chromium = await launch();
  try {
    const pages = [];
    for (const [index, subject] of list.entries()) {
      pages.push(await openDrawn(chromium, addressOf(server.origin, index), subject));
    }
    const nodes = await Promise.all(pages.map((page) => page.evaluate(countNodes)));
    return [await timeTable(list, pages, rounds, log), nodeTable(list, nodes)];
  } finally {
    await chromium.close();
    await server.close();
  }
}

/** A page that shows the code, and is ready to draw others. */
async function openDrawn(chromium, address, subject) {
  const { page } = await openPage(chromium);
  if (subject.inFrame) await page.addInitScript(framesAtOnce);
  await page.goto(address);
  await measuredOf(page, subject);
  if (subject.ours) await page.addScriptTag({ content: await encoderSource() });
  return page;
}

async function timeTable(list, pages, rounds, log) {
  log(`${rounds} rounds`);
  const times = await interleaved(list, LENGTHS, rounds, (subject, length, { row, round }) =>
    pages[row].evaluate(drawTexts, order(subject, length, round)),
  );
  const rows = rowsOf(list, times, (milliseconds) => milliseconds);
  return {
    id: 'encode',
    title,
    how: HOW,
    unit: 'ms',
    columns: LENGTHS.map(({ base }) => `${base.length} characters`),
    rows: withRatios(rows, leastOf(rows.slice(1))),
  };
}

/** What a page is to draw. */
function order({ element }, { base, level }, round) {
  const texts = Array.from({ length: TEXTS }, (_, index) => {
    const end = `${round * TEXTS + index}`;
    return base.slice(0, -end.length) + end;
  });
  return { texts, level, value: element?.value };
}

function nodeTable(list, nodes) {
  const [{ paths }] = nodes;
  const rows = list.map(({ name }, row) => ({ name, cells: [nodes[row].all, nodes[row].paths] }));
  return {
    id: 'nodes',
    title: 'Elements of one drawn code',
    how: 'The <svg> or <canvas> and what is in it, for 100 characters.',
    unit: '',
    columns: ['elements', 'paths'],
    rows,
    reach: [{ what: 'Paths of one code of ours', value: paths, limit: 1, met: paths === 1 }],
  };
}
