import { make } from "../dom.ts";
import { text } from "../texts.ts";
import type { Window } from "./edge.ts";
import type { Command } from "./keys.ts";
import { LiveBar } from "./live-bar.ts";
import { nextTry } from "./retry.ts";
import type { Source, Trouble } from "./source.ts";
import "./live.css";

/** What the live mode asks of its player. */
export interface Host {
  frame: HTMLElement;
  video: HTMLVideoElement;
  source: Source;
  /** Fetches the picture anew and plays it. */
  reload(play: boolean): void;
  tell(trouble: Trouble): void;
  hush(): void;
}

/** Everything that differs while the picture happens now: no end, an edge, a line that may drop and come back. */
export class LiveMode {
  readonly bar: LiveBar;
  /** Asks for sound after the browser allowed the picture without it only. */
  readonly sound = make("button", { type: "button", class: "button kj-sound", hidden: true }, text("live_sound"));
  /** Ends watching; for common showings, which nobody may pause. */
  readonly leave = make("button", { type: "button", class: "button kj-leave" }, text("live_leave"));
  readonly common: boolean;
  readonly #host: Host;
  #failingSince = 0;
  #wants = true;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.common = host.frame.hasAttribute("common");
    const { video } = host;
    const picture = {
      video,
      window: () => this.window,
      lowLatency: () => host.source.manner.lowLatency,
      toEdge: () => this.toEdge(),
    };
    this.bar = new LiveBar(picture, text(this.common ? "live_common" : "live_word"), this.common);
    this.leave.hidden = !this.common;
    this.sound.addEventListener("click", () => {
      video.muted = false;
      this.sound.hidden = true;
    });
    video.addEventListener("volumechange", () => {
      if (!video.muted) this.sound.hidden = true;
    });
    video.addEventListener("playing", () => this.#recovered());
    video.addEventListener("play", () => {
      this.#wants = true;
    });
    // Taking the picture away stops it without this event.
    video.addEventListener("pause", () => {
      this.#wants = false;
    });
    // A phone that was locked comes back to where everyone is, not to where it fell asleep.
    if (this.common) video.addEventListener("play", () => this.toEdge());
  }

  stop(): void {
    clearTimeout(this.#again);
    this.bar.stop();
  }

  /** Whether the viewer would have it play: a pause outlives an outage. */
  get wants(): boolean {
    return this.#wants;
  }

  get window(): Window | undefined {
    const { seekable } = this.#host.video;
    const edge = this.#host.source.edgeS;
    if (seekable.length === 0 || edge === undefined) return undefined;
    return { from: Math.min(seekable.start(0), edge), edge };
  }

  toEdge(): void {
    const edge = this.#host.source.edgeS;
    const { video } = this.#host;
    if (edge !== undefined && Math.abs(edge - video.currentTime) > 0.5) video.currentTime = edge;
    if (video.paused) void this.play();
  }

  /** Plays with sound, or without when the browser wants a gesture first. */
  async play(): Promise<void> {
    const { video } = this.#host;
    try {
      await video.play();
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "NotAllowedError")) return;
      video.muted = true;
      // Forbidden without sound too: the start button is there.
      await video.play().then(
        () => {
          this.sound.hidden = false;
        },
        () => undefined,
      );
    }
  }

  /** Does what a recording would do differently; true when it did. */
  run(command: Command): boolean {
    if (command.do === "edge") this.toEdge();
    else if (command.do === "skip") this.bar.skip(command.seconds);
    else if (command.do === "part") this.bar.part(command.tenths);
    else return command.do === "faster";
    return true;
  }

  /** A live playlist that is not there is asked for again; a device that cannot play it is not. */
  trouble(trouble: Trouble): void {
    if (trouble === "unsupported" || trouble === "decode") return this.#host.tell(trouble);
    const now = performance.now();
    if (this.#failingSince === 0) this.#failingSince = now;
    const { afterMs, tell } = nextTry(now - this.#failingSince, this.#host.frame.hasAttribute("waiting"));
    if (tell) this.#host.tell(trouble);
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#host.reload(this.wants), afterMs);
  }

  #recovered(): void {
    if (this.#failingSince === 0) return;
    this.#failingSince = 0;
    clearTimeout(this.#again);
    this.#host.hush();
  }
}
