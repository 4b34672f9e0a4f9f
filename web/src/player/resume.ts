const PREFIX = "kj:resume:";
/** Less than this from either end is not worth coming back to. */
const MARGIN_S = 15;

/** Where to go on: nothing near the start or the end. */
export function worthResuming(atS: number, durationS: number): boolean {
  return atS > MARGIN_S && atS < durationS - MARGIN_S;
}

/** Seconds where this browser stopped, 0 when unknown. Storage may be forbidden; then nothing is remembered. */
export function remembered(key: string): number {
  try {
    return Number(localStorage.getItem(PREFIX + key)) || 0;
  } catch {
    return 0;
  }
}

export function remember(key: string, atS: number, durationS: number): void {
  try {
    if (worthResuming(atS, durationS)) localStorage.setItem(PREFIX + key, String(Math.floor(atS)));
    else localStorage.removeItem(PREFIX + key);
  } catch {
    // Private windows refuse; the player works without.
  }
}
