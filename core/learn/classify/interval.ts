/** A share and the interval in which the true one lies with 95 % confidence. */
export interface ShareInterval {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

const normalQuantile = 1.959963984540054;

/**
 * The share of `count` among `total` with its Wilson score interval, which stays within 0..1 and holds for few cases too.
 *
 * **Throws** a RangeError unless 0 <= count <= total and total >= 1. **Source**: E. B. Wilson 1927.
 */
export function wilsonInterval(count: number, total: number): ShareInterval {
  if (!(total >= 1 && count >= 0 && count <= total))
    throw new RangeError(`A share needs 0 <= count <= total and a total of at least 1; found ${count} of ${total}.`);
  const share = count / total;
  const square = normalQuantile ** 2;
  const centre = (share + square / (2 * total)) / (1 + square / total);
  const half =
    (normalQuantile / (1 + square / total)) * Math.sqrt((share * (1 - share)) / total + square / (4 * total ** 2));
  // At either end the bound is exact, and rounding must not hide it.
  return { share, low: count === 0 ? 0 : centre - half, high: count === total ? 1 : centre + half };
}
