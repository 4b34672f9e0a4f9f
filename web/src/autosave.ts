import { inserted, make, once } from "./dom.ts";
import { changed, type Fields, fieldsOf, unsent } from "./drafts.ts";
import { Refused, sendJson } from "./http.ts";
import { text } from "./texts.ts";

const PAUSE_MS = 800;
const RETRY_MS = 10_000;

interface Saved {
  version: string | number;
  saved_at_text: string;
  checklist_html?: string;
  also_editing?: string[];
}

type State = "saving" | "saved" | "offline" | "conflict" | "refused";

/** Saves a form as it is typed, one request at a time, and keeps on this device what the server has not got yet. */
class Autosave {
  readonly #form: HTMLFormElement;
  readonly #url: string;
  readonly #state = document.querySelector<HTMLElement>("[data-autosave-state]");
  #version: string;
  #sent: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;
  #stopped = false;

  constructor(form: HTMLFormElement) {
    this.#form = form;
    this.#url = form.dataset["autosave"] ?? "";
    this.#version = form.dataset["version"] ?? "";
    this.#sent = JSON.stringify(this.#fields());
    this.#offerKept();
    form.addEventListener("input", () => this.#soon(PAUSE_MS));
    form.addEventListener("change", () => this.#soon(PAUSE_MS));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) void this.#save(true);
    });
    addEventListener("online", () => void this.#save(false));
    // A file that came may complete the checklist, which comes with the answer to a save.
    document.addEventListener("kj:uploaded", () => {
      this.#sent = "";
      this.#soon(0);
    });
  }

  #fields(): Fields {
    const lists = new Set<string>();
    for (const box of this.#form.querySelectorAll<HTMLInputElement>("input[type=checkbox][name]")) lists.add(box.name);
    return fieldsOf(new FormData(this.#form), lists);
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(false), ms);
  }

  /** `leaving`: the page may be gone before the answer. */
  async #save(leaving: boolean): Promise<void> {
    const fields = this.#fields();
    const now = JSON.stringify(fields);
    if (this.#stopped || now === this.#sent) return;
    unsent.keep(this.#url, fields);
    if (this.#busy) return this.#soon(PAUSE_MS);
    this.#busy = true;
    this.#show("saving", text("autosave_saving"));
    try {
      const headers = { "Content-Type": "application/json", "If-Match": `"${this.#version}"` };
      const answer = await (leaving
        ? this.#sendLeaving(fields, headers)
        : sendJson(this.#url, "PATCH", { fields }, headers));
      this.#sent = now;
      this.#accept((await answer.json()) as Saved);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#busy = false;
    }
  }

  /** `keepalive` outlives the page but allows 64 KB only; longer forms are kept on this device. */
  #sendLeaving(fields: Fields, headers: Record<string, string>): Promise<Response> {
    const body = JSON.stringify({ fields });
    const init: RequestInit = { method: "PATCH", body, headers: { ...headers, "X-Requested-With": "kaijiang" } };
    return fetch(this.#url, { ...init, keepalive: body.length < 60_000 }).then((answer) => {
      if (!answer.ok) throw new Refused(answer.status, String(answer.status));
      return answer;
    });
  }

  #accept(saved: Saved): void {
    this.#version = String(saved.version);
    this.#form.dataset["version"] = this.#version;
    // The same form sent plainly names the version that it was made from.
    const named = this.#form.elements.namedItem("_version");
    if (named instanceof HTMLInputElement) named.value = this.#version;
    if (JSON.stringify(this.#fields()) === this.#sent) unsent.forget(this.#url);
    const others = saved.also_editing ?? [];
    const time = text("autosave_saved", { time: saved.saved_at_text });
    this.#show(
      "saved",
      others.length > 0 ? `${time} · ${text("autosave_others", { names: others.join("、") })}` : time,
    );
    const list = document.querySelector("[data-checklist]");
    if (list && saved.checklist_html !== undefined) {
      list.innerHTML = saved.checklist_html;
      inserted(list);
    }
  }

  #failed(error: unknown): void {
    if (!(error instanceof Refused) || error.status >= 500) {
      this.#show("offline", text("autosave_offline"));
      return this.#soon(RETRY_MS);
    }
    if (error.status !== 412) return this.#show("refused", text("autosave_refused", { reason: error.message }));
    // Saving on would overwrite somebody's words: stop until the page is loaded again.
    this.#stopped = true;
    this.#show("conflict", `${text("autosave_conflict")} `);
    this.#state?.append(make("a", { href: location.href }, text("autosave_reload")));
  }

  #show(state: State, words: string): void {
    if (!this.#state) return;
    this.#state.dataset["state"] = state;
    this.#state.textContent = words;
  }

  /** Text that never reached the server is shown as an offer, not put back unasked: another device may have gone on. */
  #offerKept(): void {
    const kept = unsent.read(this.#url);
    if (!kept) return;
    if (changed(kept, this.#fields()).length === 0) return unsent.forget(this.#url);
    const restore = make("button", { type: "button", class: "button button-small" }, text("autosave_restore"));
    const discard = make(
      "button",
      { type: "button", class: "button button-small button-quiet" },
      text("autosave_discard"),
    );
    const notice = make(
      "div",
      { class: "notice notice-warn", role: "status" },
      make("p", { class: "notice-title" }, text("autosave_kept")),
      make("div", { class: "notice-actions" }, restore, discard),
    );
    restore.addEventListener("click", () => {
      this.#putBack(kept);
      notice.remove();
    });
    discard.addEventListener("click", () => {
      unsent.forget(this.#url);
      notice.remove();
    });
    this.#form.prepend(notice);
  }

  #putBack(kept: Fields): void {
    for (const [name, value] of Object.entries(kept)) {
      const values = new Set(typeof value === "string" ? [value] : value);
      for (const field of this.#form.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "file") continue;
        if (field.type === "checkbox" || field.type === "radio") field.checked = values.has(field.value);
        else if (typeof value === "string") field.value = value;
      }
    }
    this.#soon(0);
  }
}

export function start(root: ParentNode): void {
  once<HTMLFormElement>(root, "form[data-autosave]", (form) => {
    new Autosave(form);
  });
}
