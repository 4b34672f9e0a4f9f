import { make } from "../dom.ts";

let serial = 0;

/** Two or more panels of which one is seen; arrows move between their names. */
export class Tabs {
  readonly bar = make("div", { class: "tabs room-tabs", role: "tablist" });
  readonly #tabs: { button: HTMLButtonElement; count: HTMLElement; panel: HTMLElement }[] = [];
  readonly #onShow: (index: number) => void;

  constructor(label: string, onShow: (index: number) => void) {
    this.#onShow = onShow;
    this.bar.setAttribute("aria-label", label);
    this.bar.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const now = this.#tabs.findIndex(({ button }) => button === document.activeElement);
      const next = (now + step + this.#tabs.length) % this.#tabs.length;
      this.show(next);
      this.#tabs[next]?.button.focus();
    });
  }

  add(name: string, panel: HTMLElement): void {
    serial += 1;
    const id = `room-tab-${serial}`;
    const count = make("span", { class: "count", hidden: true });
    const button = make(
      "button",
      { type: "button", class: "tab", role: "tab", id, "aria-controls": `${id}-panel` },
      name,
      count,
    );
    panel.id = `${id}-panel`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", id);
    const index = this.#tabs.push({ button, count, panel }) - 1;
    button.addEventListener("click", () => this.show(index));
    this.bar.append(button);
    this.show(0);
  }

  show(shown: number): void {
    this.#tabs.forEach(({ button, panel }, index) => {
      button.setAttribute("aria-selected", String(index === shown));
      button.tabIndex = index === shown ? 0 : -1;
      panel.hidden = index !== shown;
    });
    this.#onShow(shown);
  }

  /** A number beside a name; 0 shows none. */
  count(index: number, n: number): void {
    const count = this.#tabs[index]?.count;
    if (!count) return;
    count.textContent = n > 99 ? "99+" : String(n);
    count.hidden = n === 0;
  }
}
