import { remaining } from "../countdown.ts";
import { make } from "../dom.ts";
import { text } from "../texts.ts";
import type { Scene, State } from "./state.ts";

/** What the card behind the words shows. */
export interface Card {
  title: string;
  poster: string;
}

/** Hangs over the picture while there is none, and says why; never looks like an error. */
export class Curtain {
  readonly element = make("div", { class: "live-curtain", hidden: true });
  readonly #card: Card;
  readonly #now: () => number;
  #scene: Scene | undefined;
  #drawn = "";
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `now` is the server's clock. */
  constructor(card: Card, now: () => number) {
    this.#card = card;
    this.#now = now;
    if (card.poster)
      this.element.style.backgroundImage = `url("${card.poster.replace(/["\\\n]/g, encodeURIComponent)}")`;
  }

  get scene(): Scene | undefined {
    return this.#scene;
  }

  draw(scene: Scene, state: Pick<State, "starts_at" | "replay_url">): void {
    // The same words again would be read out again.
    const drawn = JSON.stringify([scene, state.replay_url, scene === "countdown" && state.starts_at]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#scene = scene;
    clearInterval(this.#timer);
    this.element.hidden = scene === "picture";
    this.element.dataset["scene"] = scene;
    // What is covered must not take the focus; live.css hides it.
    this.element.parentElement?.setAttribute("data-curtain", scene);
    if (scene === "picture") return this.element.replaceChildren();
    this.element.replaceChildren(make("div", { class: "live-curtain-words" }, ...this.#words(scene, state)));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #words(scene: Exclude<Scene, "picture">, state: Pick<State, "starts_at" | "replay_url">): HTMLElement[] {
    const title = make("p", { class: "live-curtain-title" }, this.#card.title);
    const line = make("p", { class: "live-curtain-line", role: "status" }, text(`live_${scene}`));
    if (scene === "countdown") return [title, this.#countdown(state.starts_at), line];
    // Over a picture that stands still the sentence is enough.
    if (scene === "paused") return [line];
    if (scene !== "ended") return [title, line];
    const reload = make("button", { type: "button", class: "button" }, text("live_reload"));
    reload.addEventListener("click", () => location.reload());
    if (!state.replay_url) return [title, line, make("p", { class: "small" }, text("live_replay_soon")), reload];
    const replay = make("a", { class: "button button-primary", href: state.replay_url }, text("live_replay"));
    return [title, line, replay];
  }

  /** The figures are for the eyes; readers have the time in the page. */
  #countdown(target: number): HTMLElement {
    const places = (["live_days", "live_hours", "live_minutes", "live_seconds"] as const).map((name) => {
      const figure = make("b");
      return { figure, element: make("span", {}, figure, text(name)) };
    });
    const element = make("p", { class: "countdown", "aria-hidden": "true" }, ...places.map((place) => place.element));
    const show = () => {
      const values = remaining(target, this.#now());
      places.forEach(({ figure, element: place }, index) => {
        const value = values[index] ?? 0;
        figure.textContent = index === 0 ? String(value) : String(value).padStart(2, "0");
        place.hidden = index === 0 && value === 0;
      });
      if (values.every((value) => value === 0)) this.draw("soon", { starts_at: target, replay_url: null });
    };
    this.#timer = setInterval(show, 1000);
    show();
    return element;
  }
}
