import { text } from "./texts.ts";

/** How many watch; of a crowd of which only some report also how sure that is: one standard error. */
export function watchingWords(watching: number, error: number): string {
  const n = watching.toLocaleString();
  if (error === 0 || watching === 0) return text("live_watching", { n });
  const percent = (Math.ceil((error / watching) * 1000) / 10).toLocaleString();
  return text("live_watching_estimated", { n, percent });
}
