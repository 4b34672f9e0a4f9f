/** How often a live picture is asked for again. */
const QUICK_MS = 2000;
const SLOW_MS = 5000;
/** A line that fails so long is no hiccup: the viewer is told. */
const PATIENCE_MS = 10_000;

/** When to ask again, and whether to say that something is wrong. */
export interface Next {
  afterMs: number;
  tell: boolean;
}

/**
 * After a failure of a live picture that began `failingMs` ago. `waiting`: the page knows that there is no picture just now
 * (before the start, the lecturer's line dropped), so there is nothing to tell.
 */
export function nextTry(failingMs: number, waiting: boolean): Next {
  if (waiting || failingMs < PATIENCE_MS) return { afterMs: QUICK_MS, tell: false };
  return { afterMs: SLOW_MS, tell: true };
}
