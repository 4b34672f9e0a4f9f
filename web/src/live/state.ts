import type { Rate } from "../player/sample.ts";

/** Where a broadcast stands; what the server answers and what the room tells. */
export type Phase = "planned" | "testing" | "on_air" | "dropped" | "paused" | "ended" | "cancelled";

export interface State {
  state: Phase;
  mode: "interactive" | "mass";
  manifest: string | null;
  token: string | null;
  starts_at: number;
  ends_at: number | null;
  /** The server's clock: viewers' clocks are minutes off. */
  now: number;
  replay_url: string | null;
  watching: number | null;
  /** Its standard error, when not all were counted. */
  watching_error?: number | null;
  /** How many viewers report. */
  sample?: Rate;
  poll_ms: number;
}

/** What stands over the picture; `picture` is nothing. */
export type Scene = "countdown" | "soon" | "picture" | "filler" | "paused" | "ended" | "cancelled";

/** The scene of a state; a test before the start is not for viewers. */
export function sceneOf(state: Pick<State, "state" | "starts_at">, serverNow: number): Scene {
  switch (state.state) {
    case "planned":
    case "testing":
      return serverNow < state.starts_at ? "countdown" : "soon";
    case "on_air":
      return "picture";
    case "dropped":
      return "filler";
    default:
      return state.state;
  }
}

/** What the player must do about a change. */
export interface Change {
  /** Take the new address: renewed, another host, another profile. */
  source: boolean;
  /** The moment came that people waited for. */
  begin: boolean;
  /** The picture is back: catch up. */
  edge: boolean;
}

/** The same picture, whoever it was signed for and until when: a good address is not exchanged for a newer one. */
function unsigned(manifest: string | null | undefined): string | undefined {
  return manifest?.replace(/^\/live-media\/[^/]+\//, "/live-media/");
}

export function changeOf(before: State | undefined, after: State): Change {
  const away: readonly Phase[] = ["dropped", "paused"];
  return {
    source:
      after.manifest !== null &&
      (unsigned(before?.manifest) !== unsigned(after.manifest) ||
        before?.mode !== after.mode ||
        before.token !== after.token),
    begin: after.state === "on_air" && before !== undefined && ["planned", "testing"].includes(before.state),
    edge: after.state === "on_air" && before !== undefined && away.includes(before.state),
  };
}

/** Whether a failing playlist is no news now. */
export function isWaiting(phase: Phase): boolean {
  return phase !== "on_air";
}

/**
 * How long the screen keeps what it shows: the server knows of the end before the last seconds have been seen. Bounded,
 * for a viewer far behind.
 */
export function holdMs(before: Phase | undefined, after: Phase, playing: boolean, latencyMs: number): number {
  const cut: readonly Phase[] = ["dropped", "paused", "ended"];
  return before === "on_air" && cut.includes(after) && playing ? Math.min(20_000, Math.max(0, latencyMs)) : 0;
}

const DEFAULT_MS = 5000;
/** While the room tells what happens, asking is only for safety. */
const TOLD_FACTOR = 6;

/** When to ask again. `random` is 0 to 1: thousands who arrived together must not ask together for ever. */
export function nextPollMs(state: State | undefined, told: boolean, random: number): number {
  const asked = state?.poll_ms && state.poll_ms >= 1000 ? state.poll_ms : DEFAULT_MS;
  return Math.round(asked * (told ? TOLD_FACTOR : 1) * (0.8 + 0.4 * random));
}

/** Nothing changes any more: the recording is there, or there will be none. */
export function isOver(state: State): boolean {
  return state.state === "cancelled" || (state.state === "ended" && state.replay_url !== null);
}
