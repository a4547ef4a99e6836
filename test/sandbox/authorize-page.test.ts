import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorizePage, type PageModel } from '../../src/sandbox/authorize-page.js';

const MODEL: PageModel = {
  status: 'retrieved',
  applicationName: 'Harbour Books',
  rows: [
    ['names', { full_name: 'Alex Sample' }],
    ['is_over_18', true],
  ],
  returnUrl: null,
  nonce: 'n0nce',
};

const render = (changes: Partial<PageModel> = {}) => authorizePage({ ...MODEL, ...changes });

/** What a person reads. */
const words = (page: string) =>
  page
    .replace(/<style[^]*<\/style>|<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

test('a whole document: doctype, language, title, viewport', () => {
  const page = render();
  assert.match(page, /^\s*<!doctype html>\s*<html lang="en">/);
  assert.match(page, /<title>Harbour Books asks for your data – Local sandbox<\/title>/);
  assert.match(page, /<meta name="viewport" content="width=device-width, initial-scale=1/);
});

test('no script, no inline style or handler, nothing from elsewhere', () => {
  const page = render();
  assert.doesNotMatch(page, /<script|<link|<img|\son\w+=|\sstyle=|https?:/);
  assert.deepEqual(page.match(/<style[^>]*>/g), ['<style nonce="n0nce">']);
});

test('who asks, for what, with sample values, and two buttons of a plain form', () => {
  const page = render();
  assert.match(words(page), /Harbour Books asks for your data/);
  assert.match(words(page), /Full name Alex Sample Is 18 or older Yes Confirm Decline$/);
  assert.match(page, /<form method="post">/);
  assert.match(page, /<button [^>]*name="action" value="confirm">Confirm<\/button>/);
  assert.match(page, /<button [^>]*name="action" value="decline">Decline<\/button>/);
});

test('verification: who asks, what is checked, and a button for each way it can end', () => {
  const page = render({ status: 'In Progress' });
  assert.match(page, /<title>Harbour Books asks you to verify your identity – /);
  assert.match(words(page), /Full name Alex Sample .* Approve Decline Send to review$/);
  assert.match(page, /<form method="post">/);
  const values = [...page.matchAll(/<button [^>]*name="action" value="(\w+)"/g)].map(
    ([, it]) => it,
  );
  assert.deepEqual(values, ['approve', 'decline', 'review']);
});

test('an unknown scope is shown as it is, and one without a sample says so', () => {
  const page = render({ rows: [['favourite_colour', undefined]] });
  assert.match(words(page), /favourite_colour No sample value/);
});

test('the application, scopes and values cannot write markup', () => {
  const evil = '<script>alert("1")</script>';
  const statuses = ['retrieved', 'confirmed', 'declined', 'expired', 'In Progress', 'Approved'];
  for (const status of statuses as PageModel['status'][]) {
    const model = { applicationName: evil, rows: [[evil, evil]] as const };
    const page = render({ ...model, status, returnUrl: `https://shop.example/"${evil}` });
    assert.doesNotMatch(page, /<script/);
    assert.match(page, /&#60;script&#62;alert\(&#34;1&#34;\)&#60;\/script&#62;/);
  }
});

test('an application without a name, or with an emoji for one, does no harm', () => {
  assert.match(render({ applicationName: ' ' }), /<span class="tile"><\/span>/);
  assert.match(render({ applicationName: '👩‍🚀 shop' }), /<span class="tile">👩‍🚀<\/span>/);
});

const ENDS = {
  confirmed: /Confirmed Your sample data is shared with Harbour Books\./,
  declined: /Declined Nothing was shared with Harbour Books\./,
  cancelled: /Cancelled This request was taken back\. Nothing was shared\./,
  expired: /Expired Nothing was shared\. Get a new code from Harbour Books\./,
  'In Review': /In review Somebody looks at it before Harbour Books is told\./,
  Approved: /Approved Your sample identity is verified for Harbour Books\./,
  Declined: /Declined Your identity is not verified for Harbour Books\./,
  Abandoned: /Not finished in time Nothing was verified\. Get a new code from Harbour Books\./,
  Expired: /Expired Nothing was verified\. Get a new code from Harbour Books\./,
  'Kyc Expired': /No longer valid It was too long ago\. Get a new code from Harbour Books\./,
  unknown: /Not found This link is wrong or too old\./,
} as const;

const UNFINISHED = ['Not Started', 'In Progress', 'Awaiting User', 'Resubmitted'] as const;

for (const [status, pattern] of Object.entries(ENDS)) {
  test(`${status}: an end without buttons`, () => {
    const page = render({ status: status as keyof typeof ENDS });
    assert.match(words(page), pattern);
    assert.doesNotMatch(page, /<form|<button|<a/);
    assert.match(words(page), /You can close this page\.$/);
    assert.match(page, /<svg class="state"/);
  });

  test(`${status}: the way back to who asked, where there is one`, () => {
    const page = render({
      status: status as keyof typeof ENDS,
      returnUrl: 'https://shop.example/?a=b&c=d',
    });
    assert.match(page, /<a [^>]*href="https:\/\/shop\.example\/\?a=b&#38;c=d" target="_top">/);
    assert.match(words(page), / Back to Harbour Books$/);
  });
}

test('every state says that it is a sandbox', () => {
  for (const status of ['initialized', 'retrieved', ...UNFINISHED, ...Object.keys(ENDS)]) {
    const page = words(render({ status: status as PageModel['status'] }));
    assert.match(page, / Local sandbox – no real data /);
  }
});

test('opened or not, the page is the same', () => {
  assert.equal(render({ status: 'initialized' }), render({ status: 'retrieved' }));
  for (const status of UNFINISHED)
    assert.equal(render({ status }), render({ status: 'In Progress' }));
});
