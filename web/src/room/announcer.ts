import { make } from "../dom.ts";
import { text } from "../texts.ts";

const EVERY_MS = 5000;

/** Tells screen readers of new messages, together and not one by one: a busy room would never let them finish. */
export class Announcer {
  readonly element = make("p", { class: "visually-hidden", "aria-live": "polite" });
  #count = 0;
  #last = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  note(count: number, last: string): void {
    this.#count += count;
    this.#last = last;
    this.#timer ??= setTimeout(() => this.#say(), EVERY_MS);
  }

  #say(): void {
    this.#timer = undefined;
    const words = this.#count === 1 ? this.#last : text("room_announce", { n: this.#count, last: this.#last });
    this.element.textContent = words;
    this.#count = 0;
  }
}
