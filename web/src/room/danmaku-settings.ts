import type { Choices } from "../player/menu.ts";
import { type TextKey, text } from "../texts.ts";

const KEY = "kj:danmaku";

/** Steps a person chooses from; the first and last are the extremes. */
const STEPS = {
  size: ["small", "middle", "large"],
  opacity: ["100", "75", "50"],
  area: ["quarter", "half", "full"],
  speed: ["slow", "middle", "fast"],
} as const;

export type Group = keyof typeof STEPS;

export interface DanmakuSettings {
  on: boolean;
  size: (typeof STEPS.size)[number];
  opacity: (typeof STEPS.opacity)[number];
  area: (typeof STEPS.area)[number];
  speed: (typeof STEPS.speed)[number];
}

export const SIZE_PX = { small: 18, middle: 22, large: 28 } as const;
export const AREA = { quarter: 0.25, half: 0.5, full: 1 } as const;
/** Seconds from edge to edge. */
export const CROSS_S = { slow: 12, middle: 9, fast: 6 } as const;

/** Who wants no motion gets none, unless they turn it on. */
export function defaults(reducedMotion: boolean): DanmakuSettings {
  return { on: !reducedMotion, size: "middle", opacity: "100", area: "quarter", speed: "middle" };
}

/** What was stored, as far as it makes sense. */
export function parse(stored: string | null, fallback: DanmakuSettings): DanmakuSettings {
  let found: Partial<Record<string, unknown>> = {};
  try {
    found = (JSON.parse(stored ?? "{}") as typeof found | null) ?? {};
  } catch {
    // Written by another version.
  }
  const settings: DanmakuSettings = { ...fallback };
  if (typeof found["on"] === "boolean") settings.on = found["on"];
  for (const group of Object.keys(STEPS) as Group[]) {
    const value = found[group];
    if ((STEPS[group] as readonly unknown[]).includes(value)) Object.assign(settings, { [group]: value });
  }
  return settings;
}

export function readSettings(): DanmakuSettings {
  const fallback = defaults(matchMedia("(prefers-reduced-motion: reduce)").matches);
  try {
    return parse(localStorage.getItem(KEY), fallback);
  } catch {
    return fallback;
  }
}

export function keepSettings(settings: DanmakuSettings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // They hold until the page is left.
  }
}

/** Groups for the settings sheet of the player. The sheet stays open over several choices, so each tells only what it changes. */
export function settingsChoices(
  settings: DanmakuSettings,
  change: (part: Partial<DanmakuSettings>) => void,
): Choices[] {
  return (Object.keys(STEPS) as Group[]).map((group) => ({
    title: text(`danmaku_${group}`),
    inline: true,
    options: STEPS[group].map((value) => ({
      value,
      label: group === "opacity" ? `${value}%` : text(`danmaku_${group}_${value}` as TextKey),
      chosen: settings[group] === value,
    })),
    choose: (value) => change({ [group]: value }),
  }));
}
