/** What the server measures of the lecturer's line and encoder. */
export interface Health {
  connected: boolean;
  since: number | null;
  video: { width: number; height: number; fps: number; kbps: number; keyframe_s: number } | null;
  audio: { rate: number; channels: number; kbps: number } | null;
  advice: { code: Code; text: string }[];
  uplink: "good" | "poor" | "lost";
  state: string;
}

export type Code = "keyframes" | "fps-low" | "bitrate-high" | "bitrate-low" | "no-audio" | "no-video" | "refused";
export type Grade = "good" | "warn" | "bad" | "none";

/** Advice that means there is nothing to send on, not that it could be better. */
const GRAVE: ReadonlySet<Code> = new Set(["no-video", "no-audio", "refused"]);

/** The figures shown, and which advice speaks of them. */
export const FIGURES = {
  video: ["bitrate-high", "bitrate-low", "no-video"],
  fps: ["fps-low"],
  keyframe: ["keyframes"],
  audio: ["no-audio"],
} as const satisfies Record<string, readonly Code[]>;

export type Figure = keyof typeof FIGURES;

/** The value of a figure, or nothing to show. */
export function measured({ video, audio }: Health, figure: Figure): number | undefined {
  if (figure === "audio") return audio?.kbps;
  if (figure === "fps") return video?.fps;
  if (figure === "keyframe") return video?.keyframe_s;
  return video?.kbps;
}

export function gradeOf(health: Health, figure: Figure): Grade {
  if (!health.connected) return "none";
  const codes: readonly Code[] = FIGURES[figure];
  const said = health.advice.filter(({ code }) => codes.includes(code));
  if (said.some(({ code }) => GRAVE.has(code))) return "bad";
  if (said.length > 0) return "warn";
  return measured(health, figure) === undefined ? "none" : "good";
}

/** The word for all of it. */
export type Verdict = "none" | "lost" | "poor" | "advice" | "good";

export function verdictOf(health: Health): Verdict {
  if (health.advice.some(({ code }) => code === "refused")) return "advice";
  if (!health.connected) return health.since === null ? "none" : "lost";
  if (health.uplink === "lost") return "lost";
  if (health.uplink === "poor") return "poor";
  return health.advice.length > 0 ? "advice" : "good";
}

/** Grave advice is red even when everything else is well. */
export function gradeOfAll(health: Health): Grade {
  const verdict = verdictOf(health);
  if (verdict === "lost" || health.advice.some(({ code }) => GRAVE.has(code))) return "bad";
  if (verdict === "none") return "none";
  return verdict === "good" ? "good" : "warn";
}
