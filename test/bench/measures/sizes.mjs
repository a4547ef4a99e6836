export const title = 'Bytes to a working widget';

export async function measure() {
  return [];
}
