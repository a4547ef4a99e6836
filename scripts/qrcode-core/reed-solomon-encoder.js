/** Powers of 2 in the field of 256 elements, twice, and their exponents. */
const powers = new Uint8Array(512);
const exponents = new Uint8Array(256);
for (let i = 0, power = 1; i < 255; i++) {
  powers[i] = powers[i + 255] = power;
  exponents[power] = i;
  power = (power << 1) ^ (power > 127 ? 0x11d : 0);
}

function multiply(a, b) {
  return a && b ? powers[exponents[a] + exponents[b]] : 0;
}

/** A polynomial's coefficients without the first, which is 1. */
export function generator(degree) {
  const polynomial = new Uint8Array(degree).fill(1, -1);
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) {
      polynomial[j] = multiply(polynomial[j], powers[i]) ^ polynomial[j + 1];
    }
  }
  return polynomial;
}

/** The codewords for error correction: the remainder of the division by the generator. */
export function remainder(data, divisor) {
  const rest = new Uint8Array(divisor.length);
  for (const byte of data) {
    const factor = byte ^ rest[0];
    divisor.forEach((coefficient, i) => {
      rest[i] = rest[i + 1] ^ multiply(coefficient, factor);
    });
  }
  return rest;
}
