import { icon, make } from "../dom.ts";
import { text } from "../texts.ts";
import { REACTIONS, type Reaction } from "./events.ts";

const ICONS: Record<Reaction, string> = { clap: "party-popper", heart: "heart", flower: "flower-2", laugh: "laugh" };
/** A finger drums faster than a server should count. */
const PAUSE_MS = 700;

/** Buttons to clap with, and how often everyone did since we came. */
export class Reactions {
  readonly element = make("div", { class: "reactions", role: "group" });
  readonly #figures = new Map<Reaction, HTMLElement>();
  readonly #counts: Record<Reaction, number> = { clap: 0, heart: 0, flower: 0, laugh: 0 };

  constructor(send: (kind: Reaction) => void) {
    this.element.setAttribute("aria-label", text("room_reactions"));
    for (const kind of REACTIONS) {
      const figure = make("span", { class: "reaction-count" });
      const button = make(
        "button",
        { type: "button", class: "reaction", title: text(`room_${kind}`) },
        icon(ICONS[kind]),
      );
      button.append(make("span", { class: "visually-hidden" }, text(`room_${kind}`)), figure);
      let sentAt = 0;
      button.addEventListener("click", () => {
        button.toggleAttribute("data-sent", true);
        setTimeout(() => button.removeAttribute("data-sent"), 160);
        if (performance.now() - sentAt < PAUSE_MS) return;
        sentAt = performance.now();
        send(kind);
      });
      this.#figures.set(kind, figure);
      this.element.append(button);
    }
  }

  add(counts: Partial<Record<Reaction, number>>): void {
    for (const kind of REACTIONS) {
      this.#counts[kind] += counts[kind] ?? 0;
      const figure = this.#figures.get(kind);
      if (figure && this.#counts[kind] > 0) figure.textContent = this.#counts[kind].toLocaleString();
    }
  }
}
