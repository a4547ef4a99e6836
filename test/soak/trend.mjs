import { median } from '../bench/statistics.mjs';

/** More than this of what there is, and of bytes, in the second half, is growth. */
const PART = 0.02;

/** What comes and goes with the machine is not looked at. */
const LEAST = { bytes: 1_000_000, pageBytes: 500_000, pieces: 20 };

/** Growth that becomes so much less from the first half to the second is one that settles. */
const SETTLING = 0.25;

/**
 * How a number went, over samples at equal distances: by the second, in either half, as the median of the
 * slopes between any two samples, which one odd sample does not change (Theil and Sen).
 *
 * It grew without bound where the second half grew by more than 2 % of what there was at its start (and
 * by more than what is noise), and not by far less than the first.
 */
export function trendOf(samples, name, kind) {
  const points = samples.map((sample) => [sample.seconds, sample[name]]);
  const middle = Math.floor(points.length / 2);
  const [first, second] = [points.slice(0, middle + 1), points.slice(middle)];
  const [before, after] = [slope(first), slope(second)];
  const level = median(first.map(([, value]) => value));
  const grown = after * (second.at(-1)[0] - second[0][0]);
  const grows =
    grown > Math.max(PART * level, LEAST[kind]) && after > SETTLING * Math.max(before, 0);
  return { name, kind, start: points[0][1], end: points.at(-1)[1], before, after, grown, grows };
}

function slope(points) {
  const slopes = points.flatMap(([time, value], index) =>
    points.slice(index + 1).map(([later, other]) => (other - value) / (later - time)),
  );
  return median(slopes);
}
