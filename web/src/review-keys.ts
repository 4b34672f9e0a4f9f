/** What a key means on the review page. */
export type ReviewCommand = "next" | "previous" | "help" | "note" | { verdict: string };

const MOVES: Record<string, ReviewCommand> = { j: "next", k: "previous", "?": "help", n: "note" };

/** `verdicts` are the keys the verdict bar offers (`data-key`). Keys with Ctrl, Alt or Meta belong to the browser. */
export function reviewCommand(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey">,
  verdicts: readonly string[],
): ReviewCommand | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  const key = event.key.toLowerCase();
  if (verdicts.includes(key)) return { verdict: key };
  return MOVES[key];
}

/** Index of the neighbour of `current` in a queue of `length`; undefined at the ends. */
export function neighbour(current: number, length: number, step: 1 | -1): number | undefined {
  const next = current < 0 ? 0 : current + step;
  return next >= 0 && next < length ? next : undefined;
}
