import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityCheck } from '../../src/sandbox/identity-check.js';
import { SAMPLE_PERSON } from '../../src/sandbox/sample-person.js';

test('the sample person, as a check of a document tells it', () => {
  assert.deepEqual(identityCheck(SAMPLE_PERSON), {
    status: 'Approved',
    first_name: 'Alex',
    last_name: 'Sample',
    full_name: 'Alex Sample',
    date_of_birth: '1990-01-01',
    gender: 'X',
    document_type: 'Sample identity card',
    document_number: 'SAMPLE-0001',
    issuing_state: 'UTO',
    expiration_date: '2035-01-01',
  });
});

test('what a person lacks, or has in another shape, is null', () => {
  const { status, first_name, ...rest } = identityCheck({
    names: { first_name: 'Kim' },
    birthdate: '2000-02-29',
    gender: null,
    document_detail: ['A'],
  }) as Record<string, unknown>;
  assert.deepEqual([status, first_name], ['Approved', 'Kim']);
  assert.equal(Object.keys(rest).length, 8);
  for (const value of Object.values(rest)) assert.equal(value, null);
});
