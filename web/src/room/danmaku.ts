import { icon, make } from "../dom.ts";
import type { KjPlayer } from "../player/index.ts";
import { text } from "../texts.ts";
import { Lanes } from "./danmaku-lanes.ts";
import {
  AREA,
  CROSS_S,
  type DanmakuSettings,
  keepSettings,
  readSettings,
  SIZE_PX,
  settingsChoices,
} from "./danmaku-settings.ts";
import "./danmaku.css";

/** More than this at once nobody reads, and an old phone stutters. */
const MOST = 60;
/** What finds no lane waits here; a flood drops what waited longest. */
const MOST_WAITING = 20;
const LINE_HEIGHT = 1.5;
const DRAIN_MS = 200;

/**
 * Lines of text that cross the picture.
 *
 * Our own and not the package `danmaku`: that one wakes the main thread for every frame and every line, lays lines over each
 * other when its lanes are full, and has no bound. Here the browser's compositor moves them, and a line without a free lane
 * waits.
 */
export class Danmaku {
  readonly #stage = make("div", { class: "danmaku", "aria-hidden": "true" });
  readonly #button = make(
    "button",
    { type: "button", class: "button button-icon kj-danmaku" },
    icon("message-square-text"),
  );
  readonly #video: HTMLVideoElement;
  readonly #lanes = new Lanes();
  readonly #flying = new Set<Animation>();
  #waiting: { text: string; mine: boolean }[] = [];
  #settings = readSettings();
  #allowed = true;
  /** A clock that stands while the picture does. */
  #runS = 0;
  #sinceMs: number | undefined;

  constructor(player: KjPlayer, video: HTMLVideoElement) {
    this.#video = video;
    player.append(this.#stage);
    player.addButton(this.#button);
    player.addChoices(() => (this.#settings.on && this.#allowed ? settingsChoices(this.#settings, this.#change) : []));
    this.#button.addEventListener("click", () => this.#change({ on: !this.#settings.on }));
    for (const name of ["playing", "pause", "waiting", "ended"]) video.addEventListener(name, () => this.#follow());
    video.addEventListener("seeking", () => this.clear());
    setInterval(() => this.#drain(), DRAIN_MS);
    this.#apply();
    this.#follow();
  }

  /** The host's switch; off, nobody sees any. */
  set allowed(allowed: boolean) {
    this.#allowed = allowed;
    this.#apply();
  }

  get isOn(): boolean {
    return this.#allowed && this.#settings.on;
  }

  show(words: string, mine = false): void {
    // A page in the background would save them all up.
    if (!this.isOn || document.hidden) return;
    this.#waiting.push({ text: words, mine });
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    this.#drain();
  }

  clear(): void {
    this.#waiting = [];
    for (const flight of this.#flying) flight.cancel();
    this.#flying.clear();
    this.#stage.replaceChildren();
    this.#lanes.clear();
  }

  readonly #change = (part: Partial<DanmakuSettings>): void => {
    this.#settings = { ...this.#settings, ...part };
    keepSettings(this.#settings);
    this.#apply();
  };

  #apply(): void {
    this.#stage.style.opacity = String(Number(this.#settings.opacity) / 100);
    this.#button.hidden = !this.#allowed;
    this.#button.setAttribute("aria-pressed", String(this.#settings.on));
    const label = text("danmaku");
    this.#button.setAttribute("aria-label", label);
    this.#button.title = label;
    if (!this.isOn) this.clear();
  }

  get #nowS(): number {
    return this.#runS + (this.#sinceMs === undefined ? 0 : (performance.now() - this.#sinceMs) / 1000);
  }

  /** Stands with the picture and goes on with it. */
  #follow(): void {
    const runs = !this.#video.paused && !this.#video.ended && this.#video.readyState > 2;
    if (runs === (this.#sinceMs !== undefined)) return;
    this.#runS = this.#nowS;
    this.#sinceMs = runs ? performance.now() : undefined;
    for (const flight of this.#flying) {
      if (runs) flight.play();
      else flight.pause();
    }
  }

  #drain(): void {
    if (this.#sinceMs === undefined || !this.isOn) return;
    while (this.#waiting.length > 0) {
      const next = this.#waiting[0];
      if (!next || !this.#fly(next.text, next.mine)) return;
      this.#waiting.shift();
    }
  }

  /** Starts a line if there is a lane for it. */
  #fly(words: string, mine: boolean): boolean {
    const { clientWidth: width, clientHeight: height } = this.#stage;
    // Small pictures get small letters.
    const size = SIZE_PX[this.#settings.size] * (width < 560 ? 0.75 : 1);
    const line = make("span", { class: "danmaku-line", "data-mine": mine }, words);
    line.style.fontSize = `${size}px`;
    this.#stage.append(line);
    const lanes = Math.max(1, Math.floor((height * AREA[this.#settings.area]) / (size * LINE_HEIGHT)));
    const crossS = CROSS_S[this.#settings.speed];
    const lane = this.#lanes.take(lanes, line.offsetWidth, this.#nowS, width, crossS);
    if (lane === undefined) {
      line.remove();
      return false;
    }
    line.style.top = `${lane * size * LINE_HEIGHT}px`;
    const path = [`translateX(${width}px)`, `translateX(${-line.offsetWidth}px)`];
    const flight = line.animate({ transform: path }, { duration: crossS * 1000, easing: "linear", fill: "both" });
    this.#flying.add(flight);
    const land = () => {
      this.#flying.delete(flight);
      line.remove();
    };
    flight.onfinish = land;
    flight.oncancel = land;
    if (this.#flying.size > MOST) [...this.#flying][0]?.cancel();
    return true;
  }
}
