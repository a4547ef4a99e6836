import { isObject } from './request-object.js';

/**
 * What the verification API's check of a document says of a person: a few of the members that Didit
 * documents, from `userData` as the data transfer has it. Null for whatever the person lacks.
 */
export function identityCheck(userData: Readonly<Record<string, unknown>>) {
  const { first_name, family_name, full_name } = membersOf(userData.names);
  const { document_type, document_number, issuing_state, expiration_date } = membersOf(
    userData.document_detail,
  );
  const { birthdate } = membersOf(userData.birthdate);
  const { gender } = membersOf(userData.gender);
  const known = {
    first_name,
    last_name: family_name,
    full_name,
    date_of_birth: birthdate,
    gender,
    document_type,
    document_number,
    issuing_state,
    expiration_date,
  };
  const told = Object.entries(known).map(([name, value]) => [name, value ?? null] as const);
  return { status: 'Approved', ...Object.fromEntries(told) };
}

function membersOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
