import { Refusal, type FieldErrors } from './refusal.js';
import { isObject } from './request-object.js';

/** What a session of the verification API is created with, as far as the sandbox keeps it. */
export interface VerificationRequest {
  readonly workflowId: string;
  readonly vendorData: string | null;
  /** Where the person is led when all is over. */
  readonly callback: string | null;
  /** Any JSON. */
  readonly metadata: unknown;
}

/** As they are once nothing is wrong with them. */
interface CheckedFields {
  readonly workflow_id: string;
  readonly vendor_data?: string | null;
  readonly callback?: string | null;
  readonly metadata?: unknown;
}

/** What is wrong with a value, in words, or null. */
type Check = (value: unknown) => string | null;

const METHODS: readonly unknown[] = ['initiator', 'completer', 'both'];

const object: Check = (value) => (isObject(value) ? null : 'Not a valid object.');
const text: Check = (value) => (typeof value === 'string' ? null : 'Not a valid string.');
const url: Check = (value) =>
  text(value) ?? (URL.canParse(value as string) ? null : 'Not a valid URL.');
const method: Check = (value) => (METHODS.includes(value) ? null : 'Not a valid choice.');
const filled: Check = (value) => {
  if (value === undefined || value === null) return 'This field is required.';
  return text(value) ?? (value === '' ? 'This field may not be blank.' : null);
};

const CHECKS: Readonly<Record<string, Check>> = {
  workflow_id: filled,
  vendor_data: optional(text),
  callback: optional(url),
  callback_method: optional(method),
  language: optional(text),
  contact_details: optional(object),
  expected_details: optional(object),
};

/** @throws Refusal that names the fields which are wrong. */
export function checkVerification(fields: Readonly<Record<string, unknown>>): VerificationRequest {
  const errors = errorsIn(fields);
  if (Object.keys(errors).length > 0) throw new Refusal(400, errors);
  const { workflow_id, vendor_data, callback, metadata } = fields as unknown as CheckedFields;
  return {
    workflowId: workflow_id,
    vendorData: vendor_data === '' ? null : (vendor_data ?? null),
    callback: callback ?? null,
    metadata: metadata ?? null,
  };
}

function errorsIn(fields: Readonly<Record<string, unknown>>): FieldErrors {
  const errors = Object.entries(CHECKS).flatMap(([name, check]) => {
    const error = check(fields[name]);
    return error === null ? [] : [[name, [error]] as const];
  });
  return Object.fromEntries(errors);
}

function optional(check: Check): Check {
  return (value) => (value === undefined || value === null ? null : check(value));
}
