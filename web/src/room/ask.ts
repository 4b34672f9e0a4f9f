import { make } from "../dom.ts";
import { Refused, sendJson } from "../http.ts";
import { text } from "../texts.ts";
import { uuid } from "./uuid.ts";

const MOST_LETTERS = 500;

/** The form for a question to the lecturer. The same id goes out until the server has it. */
export class Ask {
  readonly element: HTMLFormElement;
  readonly #url: string;
  readonly #input = make("textarea", { class: "input", rows: "2", maxlength: String(MOST_LETTERS), required: true });
  readonly #button = make("button", { class: "button" }, text("room_ask"));
  readonly #note = make("p", { class: "room-note", role: "status", hidden: true });
  #id = uuid();

  constructor(src: string) {
    this.#url = `${src}/questions`;
    this.#input.setAttribute("aria-label", text("room_ask_label"));
    this.#input.placeholder = text("room_ask_label");
    this.element = make("form", { class: "room-foot room-ask" }, this.#note, this.#input, this.#button);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
  }

  async #send(): Promise<void> {
    const words = this.#input.value.trim();
    if (words === "" || this.#button.getAttribute("aria-busy") === "true") return;
    this.#button.setAttribute("aria-busy", "true");
    try {
      const answer = await sendJson(this.#url, "POST", { client_id: this.#id, text: words });
      const { state } = (await answer.json()) as { state: "waiting" | "shown" };
      this.#input.value = "";
      this.#id = uuid();
      this.#say(text(state === "waiting" ? "room_ask_waiting" : "room_ask_shown"));
    } catch (error) {
      this.#say(error instanceof Refused ? error.message : text("room_ask_failed"));
    } finally {
      this.#button.removeAttribute("aria-busy");
    }
  }

  #say(words: string): void {
    this.#note.textContent = words;
    this.#note.hidden = false;
  }
}
