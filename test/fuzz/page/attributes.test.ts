import { assert } from '@open-wc/testing';
import fc from 'fast-check';
import { hostileText } from '../hostile.js';
import { goodSession, word } from './answers.js';
import { assignment, markup, words } from './attributes.js';
import { show, withElement } from './fuzzed-element.js';
import { property } from './property.js';

const resolverUrl = '/site/session';
const site = { hasStatus: true };

describe('<didit-verify>, whatever it is set to', () => {
  property(
    'takes any markup',
    [fc.array(markup, { maxLength: 10 }), goodSession],
    (attributes, create) =>
      withElement(site, { resolverUrl }, async (given) => {
        const { page, target } = given;
        page.create = create;
        for (const [name, value] of attributes)
          if (value !== null) target.setAttribute(name, value);
        page.witness.personActs();
        await show(given);
        await page.site.pass(2000);
        page.check();
        page.witness.startsAnew();
        page.expect(target.restart());
        await page.site.pass(2000);
      }),
  );

  property(
    'takes any properties, before and after it is in the page',
    [fc.array(assignment, { maxLength: 6 }), fc.array(assignment, { maxLength: 6 }), goodSession],
    (before, later, create) =>
      withElement(site, { resolverUrl }, async (given) => {
        const { page, target } = given;
        page.create = create;
        Object.assign(target, Object.fromEntries(before));
        page.witness.personActs();
        await show(given);
        await page.site.pass(2000);
        page.check();
        for (const [name, value] of later) {
          page.witness.personActs();
          Object.assign(target, { [name]: value });
          await page.site.pass(1);
          page.check();
        }
        await page.site.pass(2000);
      }),
  );

  property(
    'says any words, in any state, and nothing but text',
    [
      fc.array(words, { minLength: 1, maxLength: 3 }),
      fc.array(word, { maxLength: 4 }),
      fc.boolean(),
    ],
    (given, statuses, isDialog) =>
      withElement(
        site,
        { resolverUrl, required: true, presentation: isDialog ? 'dialog' : 'inline' },
        async (current) => {
          const { page, target } = current;
          await show(current);
          for (const status of ['Not Started', ...statuses]) {
            page.say(status);
            page.witness.personActs();
            page.expect(target.showModal());
            await page.site.pass(4000);
            for (const each of given) {
              Object.assign(target, { strings: each });
              await page.drain();
              page.check();
              target.checkValidity();
            }
          }
        },
      ),
  );

  property(
    'submits the id of an approved session alone, whatever it is',
    [hostileText, hostileText, fc.constantFrom('Approved', 'In Review', 'Declined', 'In Progress')],
    (id, name, status) =>
      withElement(site, { resolverUrl, name, required: true }, async (given) => {
        const { page, target } = given;
        page.create = { kind: 'session', members: { session_id: id, status } };
        page.said.add(status);
        await show(given);
        const isGood = id.trim() !== '' && id.isWellFormed();
        assert.equal(target.value, isGood && status === 'Approved' ? id : '');
        assert.equal(target.checkValidity(), target.value !== '');
        page.form.reset();
        await page.site.pass(1);
        assert.equal(target.value, '');
      }),
  );
});
