import { setTimeout as wait } from 'node:timers/promises';
import { launch, openPage } from '../browser.mjs';
import { preciseNow } from '../precise-now.mjs';
import { median, percentile } from '../statistics.mjs';
import { statusSite, webhookSite } from '../status-site.mjs';
import { idkitSite } from '../waiting-sites.mjs';

export const title = 'From the confirmation on the phone to the event in the page';

/** Confirmations come at all points of a poll's pause alike. */
const SPREAD_MS = 3000;

/** What has not come after so long does not come. */
const PATIENCE_MS = 20_000;

const HOW = `From when Didit, or World ID's bridge, has the answer to session-completed, or onSuccess, at a random moment \
of ${SPREAD_MS / 1000} s. Everything on loopback, all pages of a round at the same time. By webhook: Didit \
tells the server part, the stream the page. Else the server part asks Didit each 2 s, and a page that \
polls asks the server part each 3 s at most. IDKit's page asks the bridge each second.`;

export async function measure({ rounds, log }) {
  const ways = await openWays();
  const browser = await launch();
  try {
    const delays = await runRounds(browser, ways, rounds, log);
    const rows = ways.map(({ name }, index) => rowOf(name, delays[index]));
    const columns = ['median', '90 %', 'most'];
    return { id: 'confirmation', title, how: HOW, unit: 'ms', columns, rows };
  } finally {
    await browser.close();
    await Promise.all(ways.map(({ site }) => site.close()));
  }
}

/** `confirm`: as the phone does, on a page that waits; gives when. */
async function openWays() {
  const [hooked, streaming, polling] = await Promise.all([
    webhookSite(),
    statusSite({ events: true }),
    statusSite({ events: false }),
  ]);
  const idkit = await idkitSite();
  return [
    {
      name: 'didit-verify, webhook and stream',
      site: hooked,
      async confirm(page) {
        const id = await sessionOf(page);
        const at = preciseNow();
        void hooked.approve(id);
        return at;
      },
    },
    ...Object.entries({ stream: streaming, polling }).map(([how, site]) => ({
      name: `didit-verify, ${how}`,
      site,
      confirm: async (page) => site.confirm(await sessionOf(page)),
    })),
    {
      name: 'IDKit, polling',
      site: idkit,
      confirm: async (page) => idkit.confirm(await page.evaluate(() => globalThis.connectorUri)),
    },
  ];
}

function sessionOf(page) {
  return page.evaluate(async () => (await globalThis.created).sessionId);
}

/** The delays of each way; the first round is not counted. */
async function runRounds(browser, ways, rounds, log) {
  const delays = ways.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    const measured = await Promise.all(ways.map((way) => delayOf(browser, way)));
    if (round > 0) measured.forEach((delay, index) => delays[index].push(delay));
    log(`round ${round} of ${rounds}`);
  }
  return delays;
}

async function delayOf(browser, { name, site, confirm }) {
  const { page, close } = await openPage(browser);
  try {
    await page.goto(site.url);
    await page.evaluate(() => (globalThis.created ?? globalThis.connectorUri).then(() => {}));
    await wait(Math.random() * SPREAD_MS);
    const confirmed = await confirm(page);
    const late = wait(PATIENCE_MS, null, { ref: false });
    const completed = await Promise.race([page.evaluate(() => globalThis.completed), late]);
    if (!completed?.at) throw new Error(`${name}: not heard of. ${JSON.stringify(completed)}`);
    return completed.at - confirmed;
  } finally {
    await close();
  }
}

function rowOf(name, delays) {
  const sorted = delays.toSorted((a, b) => a - b);
  return { name, cells: [median(sorted), percentile(sorted, 0.9), sorted.at(-1)] };
}
