import fc, { type Arbitrary } from 'fast-check';
import { happenings, type Plan } from './actions.js';
import { goodSession, type CreateAnswer } from './answers.js';
import { FuzzedPage, type SiteOptions } from './fuzzed-page.js';
import { property } from './property.js';

/** How an element begins. */
interface Beginning {
  readonly site: SiteOptions;
  readonly create: CreateAnswer;
  readonly attributes: Record<string, string>;
  readonly isInPage: boolean;
}

const attributes: Arbitrary<Record<string, string>> = fc.record(
  {
    'refresh-expired': fc.constantFrom('auto', 'auto', 'manual', 'never'),
    'poll-interval': fc.constantFrom('3000', '20000'),
    'max-retries': fc.constantFrom('0', '2'),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** What many elements do without. */
const furtherAttributes = fc.record(
  {
    manual: fc.constant(''),
    loading: fc.constantFrom('eager', 'lazy'),
    presentation: fc.constantFrom('inline', 'dialog'),
    name: fc.constant('identity'),
    required: fc.constant(''),
    'no-resume': fc.constant(''),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const beginning: Arbitrary<Beginning> = fc.record(
  {
    site: fc.record(
      { hasStatus: fc.constantFrom(true, true, false), hasEvents: fc.boolean() },
      { noNullPrototype: true },
    ),
    create: goodSession,
    attributes: fc
      .tuple(attributes, fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, furtherAttributes))
      .map(([common, further]) => ({ ...common, ...further })),
    isInPage: fc.constantFrom(true, true, true, true, false),
  },
  { noNullPrototype: true },
);

async function begin(page: FuzzedPage, given: Beginning): Promise<void> {
  page.create = given.create;
  for (const [name, value] of Object.entries(given.attributes))
    page.element.setAttribute(name, value);
  page.element.resolverUrl = '/site/session';
  if (given.isInPage) page.fieldset.append(page.element);
  await page.site.pass(1);
  page.check();
}

/** A property of a whole life; what happens more often in it than elsewhere. */
function life(
  name: string,
  {
    weights = {},
    change = (given) => given,
  }: {
    weights?: Parameters<typeof happenings>[0];
    change?: (given: Beginning) => Beginning;
  },
): void {
  const happening = fc.commands(happenings(weights), { maxCommands: 40, size: 'max' });
  property(name, [beginning.map(change), happening], (given, actions) => {
    const page = new FuzzedPage(given.site, () => document.createElement('didit-verify'));
    return page.play(async () => {
      await begin(page, given);
      const plan: Plan = { isInPage: given.isInPage };
      await fc.asyncModelRun(() => ({ model: plan, real: page }), actions);
    });
  });
}

/** Always with these. */
function having(attributes: Record<string, string>, site: Partial<SiteOptions> = {}) {
  return (given: Beginning): Beginning => ({
    ...given,
    site: { ...given.site, ...site },
    attributes: { ...given.attributes, ...attributes },
  });
}

function ending(given: Beginning): Beginning {
  const create: CreateAnswer = { kind: 'session', members: { expires_in: 40 } };
  return { ...given, create, site: { hasStatus: true, hasEvents: given.site.hasEvents } };
}

describe('<didit-verify>, whatever happens to it', () => {
  life('holds', {});

  life('holds with a phone at work, by polling', {
    weights: { phone: 12 },
    change: having({}, { hasStatus: true, hasEvents: false }),
  });

  life('holds with a phone at work, by a stream', {
    weights: { phone: 10, streams: 5 },
    change: having({}, { hasEvents: true }),
  });

  life('holds where codes end soon', {
    weights: { pass: 24, leaps: 2, phone: 6, saying: 0, place: 1 },
    change: ending,
  });

  life('holds in a dialog', {
    weights: { presses: 8, dialog: 4, calls: 4, saying: 0 },
    change: having({ presentation: 'dialog' }),
  });

  life('holds in a form', {
    weights: { surroundings: 5, phone: 8, calls: 3 },
    change: having({ name: 'identity', required: '' }),
  });

  life('holds where it is moved about, hidden, loaded anew', {
    weights: { place: 7, sight: 5, storage: 3, phone: 5 },
    change: having({}, { hasStatus: true }),
  });

  life('holds where its site errs', { weights: { answers: 12, presses: 5, calls: 4 } });

  life('holds where functions answer', { weights: { functions: 8, calls: 4 } });

  life('holds where its attributes change', { weights: { saying: 12 } });

  life('holds where listeners act', { weights: { listeners: 6, phone: 8 } });
});
