import { make } from "../dom.ts";
import { text } from "../texts.ts";
import type { Trouble } from "./source.ts";

/** Covers the picture and says what happened and what to do, with a button to try again. */
export class Message {
  readonly element = make("div", { class: "player-message", role: "alert", hidden: true });
  readonly #retry: () => void;

  constructor(retry: () => void) {
    this.#retry = retry;
  }

  show(trouble: Trouble): void {
    const button = make("button", { type: "button", class: "button" }, text("retry"));
    button.addEventListener("click", () => {
      this.hide();
      this.#retry();
    });
    this.element.replaceChildren(
      make("p", {}, make("strong", {}, text(`player_error_${trouble}`))),
      make("p", {}, text(`player_error_${trouble}_do`)),
      ...(trouble === "unsupported" ? [] : [button]),
    );
    this.element.hidden = false;
  }

  hide(): void {
    this.element.hidden = true;
  }

  get isShown(): boolean {
    return !this.element.hidden;
  }
}
