/** Looks kept: two minutes at one every two seconds. */
export const KEPT = 60;

/** The last looks at one figure; a gap where there was none. */
export class Samples {
  readonly #values: (number | undefined)[] = [];

  note(value: number | undefined): void {
    this.#values.push(value);
    if (this.#values.length > KEPT) this.#values.shift();
  }

  get values(): readonly (number | undefined)[] {
    return this.#values;
  }
}

/**
 * The line of `values` in a box, newest at the right edge, zero at the bottom: a figure that swings by a tenth must look
 * like it. Gaps stay gaps.
 */
export function sparkPath(values: readonly (number | undefined)[], width: number, height: number): string {
  const highest = Math.max(0, ...values.map((value) => value ?? 0));
  if (highest === 0) return "";
  const step = width / (KEPT - 1);
  const first = KEPT - values.length;
  let pen = "M";
  const parts = values.map((value, index) => {
    if (value === undefined) {
      pen = "M";
      return "";
    }
    // A tenth of air above the highest.
    const y = height - (value / (highest * 1.1)) * height;
    const part = `${pen}${((first + index) * step).toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
    return part;
  });
  return parts.join("");
}
