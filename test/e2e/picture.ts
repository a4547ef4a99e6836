import { PNG } from 'pngjs';

/** What a screen shows, four bytes a pixel: red, green, blue, opacity. */
export interface Picture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function pictureOf(png: Buffer): Picture {
  return PNG.sync.read(png);
}

export function pngOf({ data, width, height }: Picture): Buffer {
  const png = new PNG({ width, height });
  png.data.set(data);
  return PNG.sync.write(png);
}

/** What is inside the box, as far as the picture goes. */
export function cropped(picture: Picture, box: Box): Picture {
  const [left, top] = [Math.max(0, box.x), Math.max(0, box.y)];
  const width = Math.min(picture.width, box.x + box.width) - left;
  const height = Math.min(picture.height, box.y + box.height) - top;
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * picture.width + left) * 4;
    data.set(picture.data.subarray(start, start + width * 4), y * width * 4);
  }
  return { data, width, height };
}

/** The smallest box around all pixels that the test holds for, given where they start; or null. */
export function boxAround(picture: Picture, holds: (start: number) => boolean): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      if (!holds((y * picture.width + x) * 4)) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  if (right < 0) return null;
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** 0 to 255, weighted as the eye does (ITU-R BT.601). */
export function brightness({ data }: Picture, start: number): number {
  return 0.299 * data[start]! + 0.587 * data[start + 1]! + 0.114 * data[start + 2]!;
}

/** Of a picture's side: wider than a line at its edge is. */
const EDGE = 0.02;

/** The brightness along its edges: the median, since a line or a letter may be there. */
export function groundOf(picture: Picture): number {
  const { width, height } = picture;
  const edge = Math.ceil(EDGE * Math.max(width, height));
  const greys: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (Math.min(x, y, width - 1 - x, height - 1 - y) >= edge) continue;
      greys.push(brightness(picture, (y * width + x) * 4));
    }
  }
  return greys.sort((a, b) => a - b)[greys.length >> 1]!;
}
