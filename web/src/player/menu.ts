import { make } from "../dom.ts";
import { text } from "../texts.ts";

/** One group of choices of which one is taken. */
export interface Choices {
  title: string;
  /** Few short words: beside each other. */
  inline?: boolean;
  options: { label: string; value: string; chosen: boolean }[];
  choose(value: string): void;
}

let serial = 0;

/** The settings sheet over the picture: native radio buttons, so arrows, Tab and readers work by themselves. */
export class Menu {
  // Pressing on the words of a choice focuses what is around them: this sheet, or it would close before the choice is taken.
  readonly element = make("div", { class: "kj-menu", hidden: true, tabindex: "-1" });
  readonly #button: HTMLButtonElement;
  readonly #content: () => Choices[];

  /** `content` is asked anew each time the menu opens. */
  constructor(button: HTMLButtonElement, content: () => Choices[]) {
    this.#button = button;
    this.#content = content;
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => (this.element.hidden ? this.open() : this.close()));
    this.element.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") this.close(true);
    });
    this.element.addEventListener("focusout", (event) => {
      const next = event.relatedTarget;
      if (next instanceof Node && !this.element.contains(next) && next !== button) this.close();
    });
  }

  open(): void {
    this.element.replaceChildren(...this.#content().map((choices) => this.#group(choices)));
    this.element.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
    this.element.querySelector<HTMLInputElement>("input:checked")?.focus();
  }

  close(giveFocusBack = false): void {
    this.element.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
    if (giveFocusBack) this.#button.focus();
  }

  #group(choices: Choices): HTMLElement {
    serial += 1;
    const name = `kj-menu-${serial}`;
    const lines = choices.options.map(({ label, value, chosen }) => {
      const input = make("input", { type: "radio", name, value, checked: chosen });
      input.addEventListener("change", () => choices.choose(value));
      return make("label", { class: "kj-menu-line" }, input, make("span", {}, label));
    });
    const frame = make("div", { class: choices.inline ? "kj-menu-inline" : "kj-menu-lines" }, ...lines);
    return make("fieldset", {}, make("legend", {}, choices.title), frame);
  }
}

/** The choices that every player has besides its own. */
export function captionChoices(video: HTMLVideoElement): Choices | undefined {
  const tracks = [...video.textTracks].filter(({ kind }) => kind === "captions" || kind === "subtitles");
  if (tracks.length === 0) return undefined;
  const shown = tracks.findIndex(({ mode }) => mode === "showing");
  const options = tracks.map((track, index) => ({
    label: track.label || track.language,
    value: String(index),
    chosen: index === shown,
  }));
  return {
    title: text("player_captions"),
    options: [{ label: text("player_captions_off"), value: "-1", chosen: shown < 0 }, ...options],
    choose: (value) => {
      tracks.forEach((track, index) => {
        track.mode = String(index) === value ? "showing" : "disabled";
      });
    },
  };
}
