import { make } from "../dom.ts";
import { text } from "../texts.ts";
import { behind, delayText, type Window, within, worthABar } from "./edge.ts";

/** What the bar asks about the picture. */
export interface Picture {
  video: HTMLVideoElement;
  window(): Window | undefined;
  lowLatency(): boolean;
  toEdge(): void;
}

const LOOK_MS = 1000;

/** The bar over the minutes that can be seen again, and the button that says whether this is now. */
export class LiveBar {
  readonly element: HTMLElement;
  readonly button = make("button", { type: "button", class: "button kj-live" });
  readonly #picture: Picture;
  readonly #range = make("input", { type: "range", min: "0", max: "1", step: "any", value: "1", class: "kj-range" });
  readonly #word = make("span", { class: "kj-live-word" });
  readonly #delay = make("span", { class: "kj-live-delay" });
  readonly #timer: ReturnType<typeof setInterval>;

  /** `word` names what is shown, e.g. "LIVE"; `fixed` hides the bar: nobody may move. */
  constructor(picture: Picture, word: string, fixed: boolean) {
    this.#picture = picture;
    this.#word.textContent = word;
    this.#range.setAttribute("aria-label", text("live_seek"));
    this.button.append(this.#word, this.#delay);
    this.button.addEventListener("click", () => picture.toEdge());
    const marks = make("div", { class: "kj-marks", "aria-hidden": "true" });
    this.element = make("div", { class: "kj-timeline", hidden: true }, marks, this.#range);
    this.#range.addEventListener("input", () => {
      picture.video.currentTime = this.#range.valueAsNumber;
    });
    const show = () => this.#show(fixed);
    for (const name of ["timeupdate", "seeking", "playing", "pause"]) picture.video.addEventListener(name, show);
    // While it stands still the delay grows.
    this.#timer = setInterval(show, LOOK_MS);
    this.#show(fixed);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Moves by `seconds`, never past the edge. */
  skip(seconds: number): void {
    const window = this.#picture.window();
    const { video } = this.#picture;
    if (window) video.currentTime = within(window, video.currentTime + seconds);
  }

  /** Goes to `tenths` of the window. */
  part(tenths: number): void {
    const window = this.#picture.window();
    if (window) this.#picture.video.currentTime = window.from + ((window.edge - window.from) * tenths) / 10;
  }

  #show(fixed: boolean): void {
    const window = this.#picture.window();
    const at = this.#picture.video.currentTime;
    const late = window ? behind(at, window.edge, this.#picture.lowLatency()) : 0;
    this.button.toggleAttribute("data-behind", late > 0);
    this.#delay.textContent = late > 0 ? delayText(late) : "";
    const word = this.#word.textContent ?? "";
    const name = late > 0 ? text("live_behind", { word, delay: delayText(late) }) : text("live_at_edge", { word });
    if (this.button.getAttribute("aria-label") !== name) this.button.setAttribute("aria-label", name);
    this.button.title = late > 0 ? text("live_to_edge") : "";
    this.element.hidden = fixed || !window || !worthABar(window);
    if (!window || this.element.hidden) return;
    this.#range.min = String(window.from);
    this.#range.max = String(window.edge);
    this.#range.value = String(within(window, at));
    this.#range.setAttribute("aria-valuetext", name);
    const part = (within(window, at) - window.from) / (window.edge - window.from);
    this.element.style.setProperty("--played", String(part));
  }
}
