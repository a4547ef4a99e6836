/**
 * Nobody: the default `userData`, by scope, in the shapes of Didit's documentation. Whatever could
 * exist is from a range set apart for examples: domain (RFC 2606), telephone number (555-01XX),
 * issuing state (Utopia, ICAO 9303).
 */
export const SAMPLE_PERSON: Readonly<Record<string, unknown>> = {
  user_id: 'sample-user-0001',
  picture: 'https://example.com/sample.jpg',
  pictures: ['https://example.com/sample.jpg'],
  names: { first_name: 'Alex', family_name: 'Sample', full_name: 'Alex Sample', is_verified: true },
  email: { email: 'alex@example.com', is_verified: true, is_primary: true },
  phone: { phone_number: '+12025550123', is_verified: true, is_primary: true },
  gender: { gender: 'X', is_verified: true },
  birthdate: { birthdate: '1990-01-01', is_verified: true },
  address: { street: '1 Sample Street', city: 'Sampletown', country: 'UTO', is_verified: false },
  document_detail: {
    document_type: 'Sample identity card',
    document_number: 'SAMPLE-0001',
    issuing_state: 'UTO',
    expiration_date: '2035-01-01',
  },
  bank_account: { holder: 'Alex Sample', iban: 'XX00 SAMPLE 0001' },
  preferences: { language: 'en', currency: 'EUR', time_zone: 'UTC' },
  is_verified: true,
  is_over_18: true,
  is_over_21: true,
  instagram_account: { username: '@alex.sample' },
  x_account: { username: '@alexsample' },
  tiktok_account: { username: '@alex.sample' },
};
