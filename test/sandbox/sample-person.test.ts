import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SAMPLE_PERSON } from '../../src/sandbox/sample-person.js';

const DOCUMENTED =
  'user_id picture pictures names email phone gender document_detail birthdate address ' +
  'bank_account preferences is_verified is_over_18 is_over_21 instagram_account x_account ' +
  'tiktok_account';

test('there is something for every scope that Didit documents', () => {
  assert.deepEqual(Object.keys(SAMPLE_PERSON).sort(), DOCUMENTED.split(' ').sort());
});

test('it survives JSON, and could not be taken for a real person', () => {
  const text = JSON.stringify(SAMPLE_PERSON);
  assert.deepEqual(JSON.parse(text), SAMPLE_PERSON);
  assert.match(text, /Alex Sample/);
  assert.match(text, /\+1202555\d{4}/);
  for (const [, domain] of text.matchAll(/[@/]{1,2}([\w-]+\.com)/g)) {
    assert.equal(domain, 'example.com');
  }
});
