import { icon, iconButton, make } from "../dom.ts";
import { text } from "../texts.ts";
import type { Complaint } from "./wording.ts";

/** What the person sees of one file: name, facts, bar with number, note, buttons. Knows nothing of the network. */
export class Panel {
  readonly element: HTMLElement;
  readonly pause = make("button", { type: "button", class: "button button-small" });
  readonly other = make("button", { type: "button", class: "button button-small" }, text("upload_other"));
  readonly anyway = make("button", { type: "button", class: "button button-small" }, text("upload_anyway"));
  readonly cancel = iconButton("x", text("upload_cancel"));
  readonly #facts = make("small");
  readonly #bar = make("progress", { max: "100", value: "0" });
  readonly #percent = make("span", {}, "0%");
  readonly #note = make("span", { class: "progress-note", role: "status" });
  readonly #progress: HTMLElement;
  readonly #rules = make("ul", { class: "rule-list", role: "alert", hidden: true });

  constructor(name: string) {
    this.#bar.setAttribute("aria-label", name);
    this.#progress = make("div", { class: "progress" }, this.#bar, this.#percent, this.#note);
    const title = make("div", {}, make("p", { class: "upload-name", title: name }, name), this.#facts);
    this.element = make(
      "div",
      { class: "upload-panel" },
      make("div", { class: "upload-file" }, icon("file-video"), title, this.cancel),
      this.#progress,
      this.#rules,
      make("div", { class: "upload-actions" }, this.pause, this.anyway, this.other),
    );
    this.showButtons();
    this.paused(false);
  }

  facts(summary: string): void {
    this.#facts.textContent = summary;
  }

  /** `percent` counts from 0 to 100; `note` says the rest in words. */
  progress(percent: number, note: string): void {
    const whole = Math.floor(percent);
    this.#bar.value = percent;
    this.#percent.textContent = `${whole}%`;
    this.note(note);
  }

  /** Repeating the same words would make screen readers repeat them. */
  note(words: string, state: "running" | "bad" | "good" = "running"): void {
    if (this.#note.textContent !== words) this.#note.textContent = words;
    this.#note.classList.toggle("field-error", state === "bad");
    this.#bar.dataset["state"] = state;
  }

  paused(isPaused: boolean): void {
    const [name, key] = isPaused ? (["play", "upload_resume"] as const) : (["pause", "upload_pause"] as const);
    this.pause.replaceChildren(icon(name), text(key));
  }

  /** Shows just these of the three buttons. */
  showButtons(...shown: HTMLButtonElement[]): void {
    for (const button of [this.pause, this.anyway, this.other]) button.hidden = !shown.includes(button);
  }

  complaints(list: readonly Complaint[]): void {
    this.#rules.hidden = list.length === 0;
    this.#progress.hidden = list.length > 0;
    this.#rules.replaceChildren(
      ...list.map(({ title, detail }) =>
        make("li", {}, icon("circle-x"), make("span", {}, title), make("small", {}, detail)),
      ),
    );
  }
}
