import type { KjPlayer } from "../player/index.ts";
import { type TextKey, text } from "../texts.ts";
import { watchingWords } from "../watching.ts";
import { Curtain } from "./curtain.ts";
import "./live.css";
import { StatePoll } from "./poll.ts";
import { changeOf, holdMs, isWaiting, type Phase, type State, sceneOf } from "./state.ts";

/** Longest the curtain waits for a picture that is said to be back. */
const BACK_MS = 15_000;

/**
 * `<kj-live state-url="/live/ID/state" data-starts-at="ms" data-title="…">` around the player of a live page.
 *
 * Draws what there is instead of a picture (before, dropped, paused, after), gives the player each new address without a
 * reload, and keeps `[data-live-state]` and `[data-live-watching]` of the page. The room's `kj:room-state` (same JSON) is
 * heard besides asking.
 */
export class KjLive extends HTMLElement {
  #player: KjPlayer | null = null;
  #curtain: Curtain | undefined;
  #poll: StatePoll | undefined;
  #state: State | undefined;
  #skewMs = 0;
  /** It played when the host paused. */
  #resumes = false;
  #held: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    const player = this.querySelector<KjPlayer>("kj-player");
    const url = this.getAttribute("state-url");
    if (this.#poll || !player || !url) return;
    this.#player = player;
    const poster = player.querySelector("video")?.getAttribute("poster") ?? "";
    this.#curtain = new Curtain({ title: this.dataset["title"] ?? "", poster }, () => this.#now());
    player.append(this.#curtain.element);
    player.toggleAttribute("waiting", true);
    const startsAt = Number(this.dataset["startsAt"] ?? 0);
    if (startsAt > this.#now()) this.#curtain.draw("countdown", { starts_at: startsAt, replay_url: null });
    this.#poll = new StatePoll(url, (state) => this.#take(state));
    // Until the player's script is there it has nothing to be told.
    void customElements.whenDefined("kj-player").then(() => {
      if (this.isConnected) this.#poll?.start();
    });
  }

  disconnectedCallback(): void {
    clearTimeout(this.#held);
    this.#poll?.stop();
    this.#curtain?.stop();
  }

  /** The server's clock. */
  #now(): number {
    return Date.now() + this.#skewMs;
  }

  #take(state: State): void {
    const before = this.#state;
    const player = this.#player;
    if (!player) return;
    this.#state = state;
    this.#skewMs = state.now ? state.now - Date.now() : this.#skewMs;
    const { source, begin, edge } = changeOf(before, state);
    player.toggleAttribute("waiting", isWaiting(state.state));
    if (source && state.manifest !== null) {
      player.change({ manifest: state.manifest, ...(state.token !== null && { token: state.token }) }, state.mode);
    }
    this.#holdWithHost(before?.state, state.state);
    if (begin) player.begin();
    if (edge) player.toEdge();
    this.#draw(before?.state, state);
    if (state.sample) player.rate = state.sample;
    this.#tellPage(state);
  }

  /** What is shown has a buffer of its own and would run on: the host's pause is everybody's. */
  #holdWithHost(before: Phase | undefined, now: Phase): void {
    const video = this.#player?.querySelector("video");
    if (now === "paused" && before !== "paused") {
      this.#resumes = this.#player?.isPlaying === true;
      video?.pause();
    } else if (before === "paused" && now === "on_air" && this.#resumes) {
      void video?.play().catch(() => undefined);
    }
  }

  #draw(before: Phase | undefined, state: State): void {
    const scene = sceneOf(state, this.#now());
    const player = this.#player;
    if (!player || scene === this.#curtain?.scene) return this.#curtain?.draw(scene, state);
    // The scene that is held back already is the one that comes.
    if (before === state.state && this.#held !== undefined) return;
    clearTimeout(this.#held);
    this.#held = undefined;
    const covered = this.#curtain?.scene === "filler" || this.#curtain?.scene === "paused";
    if (scene === "picture" && covered && player.isPlaying) return this.#drawOnce("timeupdate", BACK_MS, state);
    const hold = holdMs(before, state.state, player.isPlaying, player.latencyMs);
    if (hold > 0) this.#drawOnce("ended", hold, state);
    else this.#curtain?.draw(scene, state);
  }

  /** Draws when the picture says `event`, at the latest after `ms`. */
  #drawOnce(event: "timeupdate" | "ended", ms: number, state: State): void {
    const video = this.#player?.querySelector("video");
    const draw = () => {
      video?.removeEventListener(event, draw);
      clearTimeout(this.#held);
      this.#held = undefined;
      // Things may have changed again meanwhile.
      if (this.#state?.state === state.state) this.#curtain?.draw(sceneOf(this.#state, this.#now()), this.#state);
    };
    video?.addEventListener(event, draw);
    this.#held = setTimeout(draw, ms);
  }

  #tellPage(state: State): void {
    for (const badge of document.querySelectorAll<HTMLElement>("[data-live-state]")) {
      const words = text(`live_state_${state.state}` satisfies TextKey);
      badge.dataset["liveState"] = state.state;
      // Its colour: red only while everybody can see it.
      badge.dataset["state"] = state.state === "on_air" ? "live" : "draft";
      if (badge.textContent !== words) badge.textContent = words;
    }
    if (state.watching === null || state.watching === undefined) return;
    for (const place of document.querySelectorAll("[data-live-watching]")) {
      place.textContent = watchingWords(state.watching, state.watching_error ?? 0);
    }
  }
}

/** The element starts itself. */
export function start(_root: ParentNode): void {
  if (!customElements.get("kj-live")) customElements.define("kj-live", KjLive);
}
