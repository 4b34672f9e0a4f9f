import { make } from "./dom.ts";

const SHOWN_MS = 6000;

function shelf(): HTMLElement {
  const there = document.querySelector<HTMLElement>(".toasts");
  if (there) return there;
  const made = make("div", { class: "toasts", "aria-live": "polite" });
  document.body.append(made);
  return made;
}

/** Shows a short message at the foot of the page; with an action it stays until it is used or replaced. */
export function toast(message: string, action?: { label: string; run: () => void }): void {
  const note = make("p", { class: "toast" }, message);
  if (action) {
    const button = make("button", { type: "button" }, action.label);
    button.addEventListener("click", () => {
      note.remove();
      action.run();
    });
    note.append(" ", button);
  } else {
    setTimeout(() => note.remove(), SHOWN_MS);
  }
  shelf().replaceChildren(note);
}
