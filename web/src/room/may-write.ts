import type { Rules } from "./events.ts";

/** Why somebody may not write now, or that they may. */
export type MayWrite = { state: "open" | "sign_in" | "closed" } | { state: "muted" | "cooling"; seconds: number };

export interface Writer {
  signedIn: boolean;
  rules: Rules | undefined;
  /** Milliseconds since 1970; infinite for a ban. */
  mutedUntil: number;
  coolUntil: number;
}

export function mayWrite({ signedIn, rules, mutedUntil, coolUntil }: Writer, now: number): MayWrite {
  if (rules?.chat === "closed") return { state: "closed" };
  if (!signedIn) return { state: "sign_in" };
  if (mutedUntil > now) return { state: "muted", seconds: Math.ceil((mutedUntil - now) / 1000) };
  if (coolUntil > now) return { state: "cooling", seconds: Math.ceil((coolUntil - now) / 1000) };
  return { state: "open" };
}

/** Seconds to wait after an own message: slow mode asks for them. */
export function coolAfter(rules: Rules | undefined): number {
  return rules?.chat === "slow" ? rules.slow_s : 0;
}
