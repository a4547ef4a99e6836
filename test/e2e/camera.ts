import { brightness, groundOf, type Picture } from './picture.js';

/** A phone is as far away as its user holds it: modules get this many pixels at least, if they can. */
const PIXELS_A_MODULE = 3;

/** Nor is it held straight. */
const TILT = (10 * Math.PI) / 180;

/**
 * Out of focus: the standard deviation of a Gaussian, in modules. At 0.6, even a perfect code is
 * read no more.
 */
const BLUR = 1 / 3;

/** Of black to white: what is left on a screen in a bright room. */
const CONTRAST = 0.6;

const MIDDLE = 127.5;

/** In grey, one number a pixel. */
interface Plane {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/**
 * What a camera sees of a QR code whose modules have so many pixels, in grey: in 3 to 6 pixels a
 * module, or fewer where the picture has fewer; tilted by 10 degrees, with what is at the picture's
 * edges as the ground around it; blurred; and at 60 % contrast.
 */
export function seenByCamera(picture: Picture, module: number, blur = BLUR): Picture {
  const times = Math.max(1, Math.floor(module / PIXELS_A_MODULE));
  const plane = tilted(greyOf(fromAfar(picture, times)), groundOf(picture));
  const { values, width, height } = blurred(plane, (blur * module) / times);
  const data = new Uint8Array(values.length * 4);
  values.forEach((value, i) => {
    data.fill(Math.round(MIDDLE + (value - MIDDLE) * CONTRAST), i * 4, i * 4 + 3);
    data[i * 4 + 3] = 255;
  });
  return { data, width, height };
}

/** The picture at one pixel for so many across and down. */
function fromAfar({ data, width, height }: Picture, times: number): Picture {
  const [across, down] = [Math.floor(width / times), Math.floor(height / times)];
  const small = new Uint8Array(across * down * 4);
  for (let i = 0; i < small.length; i++) {
    const [x, y] = [(i >> 2) % across, Math.floor((i >> 2) / across)];
    let sum = 0;
    for (let row = y * times; row < (y + 1) * times; row++) {
      for (let column = x * times; column < (x + 1) * times; column++) {
        sum += data[(row * width + column) * 4 + (i & 3)]!;
      }
    }
    small[i] = Math.round(sum / times ** 2);
  }
  return { data: small, width: across, height: down };
}

function greyOf(picture: Picture): Plane {
  const { width, height } = picture;
  const values = Float32Array.from({ length: width * height }, (_, i) =>
    brightness(picture, i * 4),
  );
  return { values, width, height };
}

/** Around its middle, on a plane that all of it has a place on, on a ground. */
function tilted(plane: Plane, ground: number): Plane {
  const [cos, sin] = [Math.cos(TILT), Math.sin(TILT)];
  const width = Math.ceil(plane.width * cos + plane.height * sin);
  const height = Math.ceil(plane.width * sin + plane.height * cos);
  const values = new Float32Array(width * height);
  for (let i = 0; i < values.length; i++) {
    const x = (i % width) - (width - 1) / 2;
    const y = Math.floor(i / width) - (height - 1) / 2;
    const fromX = cos * x + sin * y + (plane.width - 1) / 2;
    const fromY = cos * y - sin * x + (plane.height - 1) / 2;
    values[i] = between(plane, fromX, fromY) ?? ground;
  }
  return { values, width, height };
}

/** The value between four pixels, weighted by how near they are; undefined outside. */
function between({ values, width, height }: Plane, x: number, y: number): number | undefined {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) return undefined;
  const at = top * width + left;
  const upper = mix(values[at]!, values[at + 1]!, x - left);
  const lower = mix(values[at + width]!, values[at + width + 1]!, x - left);
  return mix(upper, lower, y - top);
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

/** By a Gaussian: first along the rows, then along the columns. */
function blurred(plane: Plane, deviation: number): Plane {
  const reach = Math.ceil(3 * deviation);
  const weights = Float32Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * deviation ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b);
  const kernel = weights.map((weight) => weight / sum);
  const { width, height } = plane;
  const rows = smoothed(plane.values, kernel, { length: width, step: 1, lines: height, to: width });
  const values = smoothed(rows, kernel, { length: height, step: width, lines: width, to: 1 });
  return { values, width, height };
}

/** Lines of `length` values, `step` apart; the next line starts `to` further on. */
function smoothed(
  values: Float32Array,
  kernel: Float32Array,
  { length, step, lines, to }: { length: number; step: number; lines: number; to: number },
): Float32Array {
  const reach = (kernel.length - 1) / 2;
  const smooth = new Float32Array(values.length);
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) {
        // At the edge, the outermost value goes on.
        const from = Math.min(Math.max(i + k, 0), length - 1);
        sum += kernel[k + reach]! * values[line * to + from * step]!;
      }
      smooth[line * to + i * step] = sum;
    }
  }
  return smooth;
}
