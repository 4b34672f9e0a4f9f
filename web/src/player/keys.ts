/** What a key asks of the player. */
export type Command =
  | { do: "toggle" | "mute" | "fullscreen" | "captions" | "edge" }
  | { do: "skip"; seconds: number }
  | { do: "volume"; by: number }
  | { do: "faster"; steps: number }
  /** A tenth of the whole, 0 to 9. */
  | { do: "part"; tenths: number };

const TABLE: Record<string, Command> = {
  " ": { do: "toggle" },
  k: { do: "toggle" },
  m: { do: "mute" },
  f: { do: "fullscreen" },
  c: { do: "captions" },
  j: { do: "skip", seconds: -10 },
  l: { do: "skip", seconds: 10 },
  arrowleft: { do: "skip", seconds: -5 },
  arrowright: { do: "skip", seconds: 5 },
  arrowup: { do: "volume", by: 0.1 },
  arrowdown: { do: "volume", by: -0.1 },
  "<": { do: "faster", steps: -1 },
  ">": { do: "faster", steps: 1 },
  home: { do: "part", tenths: 0 },
};

/** The command of a key press, or none: with Ctrl, Alt or Meta the browser keeps its own meaning. */
export function commandOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey">): Command | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  if (/^[0-9]$/.test(event.key)) return { do: "part", tenths: Number(event.key) };
  return TABLE[event.key.toLowerCase()];
}

export const SPEEDS: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 2];

/** The speed `steps` away from `now` in the list, staying inside it. */
export function speedFrom(now: number, steps: number): number {
  const at = SPEEDS.findIndex((speed) => speed >= now);
  const index = Math.min(SPEEDS.length - 1, Math.max(0, (at < 0 ? SPEEDS.length - 1 : at) + steps));
  return SPEEDS[index] ?? 1;
}
