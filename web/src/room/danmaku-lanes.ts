/** One line of text on its way from right to left, for the reckoning of lanes. */
export interface Flight {
  /** When it started, seconds on a clock that stands while the picture does. */
  startS: number;
  widthPx: number;
}

/** Room between two lines in one lane. */
const GAP_PX = 24;

/** Seconds a line of `widthPx` takes at a speed; every line crosses in the same time, so that long ones run faster. */
function speedPx(widthPx: number, stagePx: number, crossS: number): number {
  return (stagePx + widthPx) / crossS;
}

/** Whether `next` may start at `nowS` behind `last` without ever touching it. */
export function isFree(
  last: Flight | undefined,
  nextWidthPx: number,
  nowS: number,
  stagePx: number,
  crossS: number,
): boolean {
  if (!last) return true;
  const gone = nowS - last.startS;
  const lastSpeed = speedPx(last.widthPx, stagePx, crossS);
  // Its tail must be inside the stage, with a gap.
  if (gone * lastSpeed < last.widthPx + GAP_PX) return false;
  // A longer, faster line must not reach the left edge before the tail has left.
  const reaches = stagePx / speedPx(nextWidthPx, stagePx, crossS);
  return crossS - gone <= reaches;
}

/** Lanes from the top down; a lane holds one line after another. */
export class Lanes {
  #last: (Flight | undefined)[] = [];

  /** Takes the first free lane of `count`, or none when all are busy. */
  take(count: number, widthPx: number, nowS: number, stagePx: number, crossS: number): number | undefined {
    for (let lane = 0; lane < count; lane += 1) {
      if (!isFree(this.#last[lane], widthPx, nowS, stagePx, crossS)) continue;
      this.#last[lane] = { startS: nowS, widthPx };
      return lane;
    }
    return undefined;
  }

  clear(): void {
    this.#last = [];
  }
}

/** What flies at a moment of a recording: entries after `fromMs` up to `toMs`. `entries` are in order. */
export function due<E extends { at_ms: number }>(entries: readonly E[], fromMs: number, toMs: number): E[] {
  return entries.filter(({ at_ms }) => at_ms > fromMs && at_ms <= toMs);
}
