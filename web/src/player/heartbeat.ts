import { sendJson } from "../http.ts";
import { firstReportAfter, PlayedSeconds } from "./played.ts";

const DEFAULT_INTERVAL_S = 30;
const SAMPLE_MS = 1000;

/** What is sent: `played_s` is the total for this token so far, so that a lost or repeated report changes nothing. */
interface Report {
  token: string;
  seq: number;
  played_s: number;
}

/** Reports the seconds really played; the server decides what a view is. */
export class Heartbeat {
  readonly #played = new PlayedSeconds();
  readonly #video: HTMLVideoElement;
  readonly #url: string;
  readonly #timer: ReturnType<typeof setInterval>;
  #token: string;
  #seq = 0;
  #intervalS = DEFAULT_INTERVAL_S;
  #reported = 0;
  /** Seconds played under earlier tokens. */
  #before = 0;
  #waiting = true;
  #sending = false;

  constructor(video: HTMLVideoElement, url: string, token: string) {
    this.#video = video;
    this.#url = url;
    this.#token = token;
    this.#timer = setInterval(() => this.#look(), SAMPLE_MS);
    for (const name of ["seeking", "seeked", "pause", "ended", "ratechange"]) video.addEventListener(name, this.#look);
    video.addEventListener("waiting", this.#stalled);
    video.addEventListener("playing", this.#running);
    addEventListener("pagehide", this.#leave);
  }

  /** Another token after the old one ran out. It starts at nothing: no token may claim more than its own age. */
  set token(token: string) {
    if (token === this.#token) return;
    this.#token = token;
    this.#seq = 0;
    this.#before = this.#played.total;
    this.#reported = this.#before;
  }

  stop(): void {
    this.#leave();
    clearInterval(this.#timer);
    removeEventListener("pagehide", this.#leave);
  }

  readonly #stalled = (): void => {
    this.#look();
    this.#waiting = true;
  };

  readonly #running = (): void => {
    this.#waiting = false;
    this.#look();
  };

  readonly #look = (): void => {
    const { currentTime, playbackRate, paused, seeking, ended } = this.#video;
    const playing = !paused && !seeking && !ended && !this.#waiting;
    const total = this.#played.note({ mediaS: currentTime, wallMs: performance.now(), rate: playbackRate, playing });
    const due = this.#reported + (this.#seq === 0 ? firstReportAfter(this.#video.duration) : this.#intervalS);
    if (total >= due && !this.#sending) void this.#send();
  };

  #report(): Report {
    this.#seq += 1;
    this.#reported = this.#played.total;
    return { token: this.#token, seq: this.#seq, played_s: Math.floor(this.#reported - this.#before) };
  }

  async #send(): Promise<void> {
    this.#sending = true;
    try {
      const answer = await sendJson(this.#url, "POST", this.#report());
      const body = (await answer.json().catch(() => ({}))) as { interval_s?: number };
      if (body.interval_s && body.interval_s >= 5) this.#intervalS = body.interval_s;
    } catch {
      // The next report carries the whole total, so nothing is lost by waiting for it.
    } finally {
      this.#sending = false;
    }
  }

  /** The page goes away: the rest goes with it. */
  readonly #leave = (): void => {
    this.#look();
    if (this.#played.total - this.#reported < 1) return;
    const body = new Blob([JSON.stringify(this.#report())], { type: "application/json" });
    navigator.sendBeacon(this.#url, body);
  };
}
