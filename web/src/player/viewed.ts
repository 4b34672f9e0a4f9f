const DAY_MS = 86_400_000;
const PREFIX = "kj-viewed-";

/**
 * That this browser watched enough of a lesson for a view while others were counted in its place. Whoever reports later the same
 * day says so: the view was counted already.
 */
export function wasViewed(lesson: string, now: number): boolean {
  try {
    const at = Number(localStorage.getItem(PREFIX + lesson) ?? 0);
    return lesson !== "" && at > 0 && now - at < DAY_MS;
  } catch {
    // Without a memory each visit is a new viewer, as without cookies.
    return false;
  }
}

export function rememberViewed(lesson: string, now: number): void {
  if (lesson === "") return;
  try {
    const old = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    for (const key of old) if (now - Number(localStorage.getItem(key)) >= DAY_MS) localStorage.removeItem(key);
    localStorage.setItem(PREFIX + lesson, String(now));
  } catch {
    // A full or forbidden memory costs at most one view too many.
  }
}
