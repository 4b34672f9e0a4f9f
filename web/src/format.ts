import { text } from "./texts.ts";

/** A moment or length in a video: `3:07`, `1:02:09`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const s = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${s}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${s}`;
}

/** A size in steps of 1000, as the server writes sizes: `310 MB`, `2.1 GB`. */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = count;
  let step = 0;
  while (value >= 1000 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  return `${value < 10 && step > 0 ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value)} ${units[step]}`;
}

/** A length in words, coarse: seconds under a minute, then minutes, then hours and minutes. */
export function length(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return text("unit_seconds", { n: whole });
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return text("unit_minutes", { n: minutes });
  const rest = minutes % 60;
  const hours = text("unit_hours", { n: Math.floor(minutes / 60) });
  return rest === 0 ? hours : `${hours} ${text("unit_minutes", { n: rest })}`;
}
