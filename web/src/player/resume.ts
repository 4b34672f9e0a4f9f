import { request } from "../http.ts";

const PREFIX = "kj:resume:";
/** Less than this from either end is not worth coming back to. */
const MARGIN_S = 15;
/** While it plays, the server is told at most this often. */
const EVERY_MS = 15_000;
/** A smaller move is not worth telling. */
const STEP_S = 2;

/** Where somebody stopped, and when: milliseconds since 1970, 0 when unknown. */
export interface Stop {
  atS: number;
  toldMs: number;
}

/** Where to go on: nothing near the start or the end. */
export function worthResuming(atS: number, durationS: number): boolean {
  return atS > MARGIN_S && atS < durationS - MARGIN_S;
}

/** What `remember` wrote; older versions wrote the seconds alone. */
export function readStop(text: string | null): Stop {
  const [atS, toldMs] = (text ?? "").split(" ").map(Number);
  return { atS: atS || 0, toldMs: toldMs || 0 };
}

/** Where this browser stopped. Storage may be forbidden; then nothing is remembered. */
export function remembered(key: string): Stop {
  try {
    return readStop(localStorage.getItem(PREFIX + key));
  } catch {
    return readStop(null);
  }
}

export function remember(key: string, atS: number, durationS: number): void {
  try {
    if (worthResuming(atS, durationS)) localStorage.setItem(PREFIX + key, `${Math.floor(atS)} ${Date.now()}`);
    else localStorage.removeItem(PREFIX + key);
  } catch {
    // Private windows refuse; the player works without.
  }
}

/**
 * Where to begin: the moment that the address asks for, were it the start; else the newer of what this browser and what
 * the account remembers. `asked` is `?t=` as it stands in the address.
 */
export function firstPosition(asked: string | null, here: Stop, account: Stop | undefined): Stop & { asked: boolean } {
  const moment = Number(asked);
  if (asked && Number.isFinite(moment) && moment >= 0) return { atS: moment, toldMs: 0, asked: true };
  const newer = account && account.toldMs >= here.toldMs ? account : here;
  return { ...newer, asked: false };
}

/** Which moments the server is told. */
export class Telling {
  #atS = -1;
  #ms = Number.NEGATIVE_INFINITY;

  /** Whether `atS` is worth telling now; `leaving` when the viewer stops or goes. */
  due(atS: number, nowMs: number, leaving: boolean): boolean {
    if (Math.abs(atS - this.#atS) < STEP_S || (!leaving && nowMs - this.#ms < EVERY_MS)) return false;
    this.#atS = atS;
    this.#ms = nowMs;
    return true;
  }
}

/** Tells the account of a signed-in viewer where they are, for their other devices. Gives back what ends it. */
export function tellStops(video: HTMLVideoElement, url: string): () => void {
  const telling = new Telling();
  let played = false;
  const tell = (leaving: boolean): void => {
    if (!played || !Number.isFinite(video.duration) || video.seeking) return;
    const atS = worthResuming(video.currentTime, video.duration) ? Math.floor(video.currentTime) : 0;
    if (!telling.due(atS, performance.now(), leaving)) return;
    const body = JSON.stringify({ at_ms: atS * 1000 });
    const headers = { "Content-Type": "application/json" };
    // Nothing is lost but comfort when it does not arrive.
    request(url, { method: "PUT", body, headers, keepalive: true }).catch(() => undefined);
  };
  const leave = (): void => tell(true);
  video.addEventListener("playing", () => {
    played = true;
  });
  video.addEventListener("timeupdate", () => tell(false));
  for (const name of ["pause", "ended"]) video.addEventListener(name, leave);
  addEventListener("pagehide", leave);
  return () => {
    leave();
    removeEventListener("pagehide", leave);
  };
}
