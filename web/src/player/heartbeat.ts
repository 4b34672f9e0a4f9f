import { sendJson } from "../http.ts";
import { Part, type Report } from "./part.ts";
import { firstReportAfter, PlayedSeconds } from "./played.ts";
import type { Rate } from "./sample.ts";
import { rememberViewed, wasViewed } from "./viewed.ts";

const SAMPLE_MS = 1000;
/** The rest of a period is told within so long: everybody hears of its end at once. The server waits three minutes. */
const REST_MS = 60_000;

/** Who watches what. */
export interface Viewer {
  token: string;
  /** Where reports go. */
  url: string;
  lesson: string;
  /** In a broadcast: this viewer's lot, and how many report, as far as that is known. */
  live?: { lot: number; rate: Rate | undefined };
}

/** Reports the seconds really played; the server decides what a view is, and which viewers of a crowd report. */
export class Heartbeat {
  readonly #played = new PlayedSeconds();
  readonly #video: HTMLVideoElement;
  readonly #url: string;
  readonly #lesson: string;
  readonly #lot: number;
  readonly #timer: ReturnType<typeof setInterval>;
  #rate: Rate | undefined;
  #part: Part;
  #viewed: boolean;
  #waiting = true;
  #sending = false;
  readonly #rests = new Map<ReturnType<typeof setTimeout>, Report>();

  constructor(video: HTMLVideoElement, viewer: Viewer) {
    this.#video = video;
    this.#url = viewer.url;
    this.#lesson = viewer.lesson;
    this.#lot = viewer.live?.lot ?? 0;
    this.#rate = viewer.live?.rate;
    this.#part = viewer.live && !this.#rate ? Part.waiting(viewer.token, 0, this.#lot) : this.#begin(viewer.token, 0);
    this.#viewed = wasViewed(viewer.lesson, Date.now());
    this.#timer = setInterval(() => this.#look(), SAMPLE_MS);
    for (const name of ["seeking", "seeked", "pause", "ended", "ratechange"]) video.addEventListener(name, this.#look);
    video.addEventListener("waiting", this.#stalled);
    video.addEventListener("playing", this.#running);
    addEventListener("pagehide", this.#leave);
  }

  /** Another token after the old one ran out. It starts at nothing: no token may claim more than its own age. */
  set token(token: string) {
    if (token !== this.#part.token) this.#part = this.#begin(token, this.#played.total);
  }

  /** How many viewers report from now on. The rest of the period that ends is told first, by those who were asked then. */
  set rate(rate: Rate) {
    this.#look();
    this.#rate = rate;
    if (this.#part.endsWith(rate) && this.#part.hasNews(this.#played.total)) this.#postLater(this.#report());
    this.#part.take(rate, this.#played.total);
  }

  stop(): void {
    this.#leave();
    clearInterval(this.#timer);
    removeEventListener("pagehide", this.#leave);
  }

  #begin(token: string, total: number): Part {
    return this.#rate ? new Part(token, total, this.#rate, this.#lot) : new Part(token, total);
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
    const first = firstReportAfter(this.#video.duration);
    if (!this.#part.reports) return this.#noteUnasked(total, first);
    if (total >= this.#part.due(first) && !this.#sending) void this.#send();
  };

  /** Whoever is not asked remembers a view, so that it is not told by who is asked later. */
  #noteUnasked(total: number, first: number): void {
    if (this.#viewed || !this.#part.isLeftOut || !this.#part.isEnough(total, first)) return;
    this.#viewed = true;
    rememberViewed(this.#lesson, Date.now());
  }

  #report(): Report {
    return this.#part.report(this.#played.total, this.#viewed);
  }

  async #send(): Promise<void> {
    this.#sending = true;
    await this.#post(this.#report());
    this.#sending = false;
  }

  async #post(report: Report): Promise<void> {
    try {
      const answer = await sendJson(this.#url, "POST", report);
      await answer.body?.cancel();
    } catch {
      // The next report carries the whole total, so nothing is lost by waiting for it.
    }
  }

  #postLater(report: Report): void {
    const timer = setTimeout(() => {
      this.#rests.delete(timer);
      void this.#post(report);
    }, Math.random() * REST_MS);
    this.#rests.set(timer, report);
  }

  /** The page goes away: what was not told goes with it. */
  readonly #leave = (): void => {
    this.#look();
    const reports = [...this.#rests.values()];
    for (const timer of this.#rests.keys()) clearTimeout(timer);
    this.#rests.clear();
    if (this.#part.hasNews(this.#played.total)) reports.push(this.#report());
    for (const report of reports) {
      navigator.sendBeacon(this.#url, new Blob([JSON.stringify(report)], { type: "application/json" }));
    }
  };
}
