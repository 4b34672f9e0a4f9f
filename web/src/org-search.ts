import { make } from "./dom.ts";
import { getJson } from "./http.ts";
import { text } from "./texts.ts";

const PAUSE_MS = 180;

interface Organisation {
  id: string;
  name: string;
  /** Names from the root down, as one text. */
  path: string;
}

let serial = 0;

/**
 * `<kj-org-search endpoint>` around a text field and a hidden field: an ARIA combobox over
 * `GET endpoint?q=…` → `[{id, name, path}]`. Choosing fills both fields and fires `change` on the hidden one;
 * with `data-go="/organisations/"` it goes to that organisation's page instead.
 */
class OrganisationSearch extends HTMLElement {
  #input: HTMLInputElement | null = null;
  #hidden: HTMLInputElement | null = null;
  readonly #list = make("div", { class: "combobox-list", role: "listbox", hidden: true });
  readonly #status = make("span", { class: "visually-hidden", role: "status" });
  #found: Organisation[] = [];
  #active = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = new AbortController();

  connectedCallback(): void {
    if (this.#input) return;
    this.#input = this.querySelector("input:not([type=hidden])");
    this.#hidden = this.querySelector("input[type=hidden]");
    if (!this.#input) return;
    serial += 1;
    this.#list.id = `kj-org-list-${serial}`;
    const attributes = {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.#list.id,
    };
    for (const [name, value] of Object.entries(attributes)) this.#input.setAttribute(name, value);
    this.querySelector(".combobox-list")?.remove();
    this.append(this.#list, this.#status);
    this.#input.addEventListener("input", () => this.#typed());
    this.#input.addEventListener("keydown", (event) => this.#onKey(event));
    this.#input.addEventListener("blur", () => this.#close());
  }

  disconnectedCallback(): void {
    this.#asking.abort();
    clearTimeout(this.#timer);
  }

  #typed(): void {
    // What was chosen before no longer is what stands in the field.
    if (this.#hidden) this.#hidden.value = "";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), PAUSE_MS);
  }

  async #ask(): Promise<void> {
    const q = this.#input?.value.trim() ?? "";
    this.#asking.abort();
    if (q === "") return this.#close();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    try {
      const query = new URLSearchParams({ q });
      this.#found = await getJson<Organisation[]>(`${this.getAttribute("endpoint")}?${query}`, signal);
      this.#show();
    } catch {
      if (!signal.aborted) this.#say(text("load_failed"));
    }
  }

  #show(): void {
    if (this.#found.length === 0) return this.#say(text("search_none"));
    this.#list.replaceChildren(
      ...this.#found.map(({ name, path }, index) => {
        const id = `${this.#list.id}-${index}`;
        const option = make("div", { class: "combobox-option", role: "option", id }, name, make("small", {}, path));
        // Before the field loses its focus, which would close the list.
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => this.#choose(index));
        return option;
      }),
    );
    this.#status.textContent = text("search_found", { n: this.#found.length });
    this.#open(0);
  }

  #say(words: string): void {
    this.#found = [];
    this.#list.replaceChildren(make("div", { class: "combobox-empty" }, words));
    this.#status.textContent = words;
    this.#open(-1);
  }

  #open(active: number): void {
    this.#list.hidden = false;
    this.#input?.setAttribute("aria-expanded", "true");
    this.#activate(active);
  }

  #close(): void {
    this.#list.hidden = true;
    this.#input?.setAttribute("aria-expanded", "false");
    this.#input?.removeAttribute("aria-activedescendant");
  }

  #activate(index: number): void {
    this.#active = index;
    [...this.#list.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === index));
      if (at === index) option.scrollIntoView({ block: "nearest" });
    });
    const id = this.#list.children[index]?.id;
    if (id) this.#input?.setAttribute("aria-activedescendant", id);
    else this.#input?.removeAttribute("aria-activedescendant");
  }

  #onKey(event: KeyboardEvent): void {
    if (this.#list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.#close();
    else if (event.key === "Enter" && this.#active >= 0) this.#choose(this.#active);
    else if (step && this.#found.length > 0)
      this.#activate((this.#active + step + this.#found.length) % this.#found.length);
    else return;
    event.preventDefault();
  }

  #choose(index: number): void {
    const chosen = this.#found[index];
    if (!chosen || !this.#input) return;
    this.#close();
    this.#input.value = chosen.name;
    if (this.dataset["go"]) {
      location.assign(this.dataset["go"] + chosen.id);
      return;
    }
    if (!this.#hidden) return;
    this.#hidden.value = chosen.id;
    this.#hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** The element starts itself. */
export function start(_root: ParentNode): void {
  if (!customElements.get("kj-org-search")) customElements.define("kj-org-search", OrganisationSearch);
}
