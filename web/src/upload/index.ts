import { ask } from "../dialogs.ts";
import { make } from "../dom.ts";
import { bytes, length } from "../format.ts";
import { text } from "../texts.ts";
import { toast } from "../toast.ts";
import type { Failure } from "./failure.ts";
import { inspect } from "./inspect.ts";
import { Panel } from "./panel.ts";
import { broken, type Found, isHopeless, type Rules } from "./rules.ts";
import { checked, continues, type Status, unfinished } from "./server.ts";
import { Speed } from "./speed.ts";
import { type Target, Transfer } from "./transfer.ts";
import { complaint, summary } from "./wording.ts";

/** After the client's own quick retries: how long until the next round. */
const RETRY_AFTER_MS = 15_000;

/**
 * `<kj-upload endpoint lesson slot variant rules>` around a label with a plain file input.
 *
 * Looks at the chosen file, sends it by tus, goes on after a broken line, a reload or on another device, waits for the
 * server's check, then tells the page by `kj:uploaded` with `detail = { url, slot }`.
 */
class KjUpload extends HTMLElement {
  #input: HTMLInputElement | null = null;
  #drop: HTMLElement | null = null;
  #transfer: Transfer | undefined;
  #panel: Panel | undefined;
  #going = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #stop = new AbortController();

  connectedCallback(): void {
    if (this.#input) return;
    this.#input = this.querySelector("input[type=file]");
    this.#drop = this.querySelector(".upload-drop");
    // The file travels by tus; the surrounding form must not send it a second time.
    this.#input?.removeAttribute("name");
    this.#input?.addEventListener("change", () => this.#choose(this.#input?.files?.[0]));
    this.#listenForDrops();
    addEventListener("online", this.#online);
    void this.#showUnfinished();
  }

  disconnectedCallback(): void {
    removeEventListener("online", this.#online);
    clearTimeout(this.#retry);
    this.#stop.abort();
    void this.#transfer?.pause();
  }

  get #target(): Target {
    const attribute = (name: string) => this.getAttribute(name) ?? "";
    return {
      endpoint: attribute("endpoint"),
      lesson: attribute("lesson"),
      slot: attribute("slot"),
      variant: attribute("variant") || "field",
    };
  }

  get #rules(): Rules {
    return JSON.parse(this.getAttribute("rules") ?? "{}") as Rules;
  }

  #listenForDrops(): void {
    const over = (event: DragEvent, isOver: boolean) => {
      event.preventDefault();
      this.#drop?.toggleAttribute("data-over", isOver);
    };
    this.#drop?.addEventListener("dragover", (event) => over(event, true));
    this.#drop?.addEventListener("dragleave", (event) => over(event, false));
    this.#drop?.addEventListener("drop", (event) => {
      over(event, false);
      this.#choose(event.dataTransfer?.files[0]);
    });
  }

  async #showUnfinished(): Promise<void> {
    const held = (await unfinished(this.#target))?.[0];
    if (!held || this.#panel) return;
    const percent = Math.floor((held.offset / Math.max(1, held.length)) * 100);
    const words = text("upload_unfinished", { name: held.filename, percent });
    this.append(make("p", { class: "field-help", "data-unfinished": true }, words));
  }

  async #choose(file: File | undefined): Promise<void> {
    if (!file) return;
    this.querySelector("[data-unfinished]")?.remove();
    const panel = this.#openPanel(file.name);
    panel.note(text("upload_checking_file"));
    const found = await inspect(file);
    panel.facts(summary(found));
    const failed = broken(this.#rules, found);
    if (failed.length === 0) return this.#send(file, panel, found);
    panel.complaints(failed.map((name) => complaint(name, this.#rules, found)));
    // The server has the last word: what it may forgive may be sent.
    panel.showButtons(panel.other, ...(failed.some(isHopeless) ? [] : [panel.anyway]));
    panel.anyway.addEventListener("click", () => {
      panel.complaints([]);
      void this.#send(file, panel, found);
    });
  }

  #openPanel(name: string): Panel {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#panel?.element.remove();
    const panel = new Panel(name);
    this.#panel = panel;
    panel.other.addEventListener("click", () => this.#reset(true));
    panel.cancel.addEventListener("click", () => void this.#cancel(panel));
    this.append(panel.element);
    if (this.#drop) this.#drop.hidden = true;
    return panel;
  }

  #reset(chooseAgain: boolean): void {
    this.#clear();
    if (chooseAgain) this.#input?.click();
    else this.#input?.focus();
  }

  #clear(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#stop.abort();
    this.#transfer = undefined;
    this.#panel?.element.remove();
    this.#panel = undefined;
    if (this.#drop) this.#drop.hidden = false;
    if (this.#input) this.#input.value = "";
  }

  async #cancel(panel: Panel): Promise<void> {
    if (this.#transfer) {
      const percent = panel.element.querySelector("progress")?.value ?? 0;
      const yes = await ask(
        text("upload_cancel_ask", { percent: Math.floor(percent) }),
        text("upload_cancel"),
        text("upload_resume"),
      );
      if (!yes) return;
      // Without a network the server's copy expires by itself.
      await this.#transfer.cancel().catch(() => undefined);
    }
    this.#reset(false);
  }

  async #send(file: File, panel: Panel, found: Found): Promise<void> {
    const list = await unfinished(this.#target);
    const held = continues(list ?? [], file);
    const speed = new Speed();
    if (held) {
      const percent = (held.offset / found.bytes) * 100;
      panel.progress(percent, text("upload_continuing", { percent: Math.floor(percent) }));
    }
    this.#transfer = new Transfer(file, this.#target, {
      progress: (sent, total) => this.#progress(panel, speed, sent, total),
      waiting: (failure, status) => panel.note(text(failure.key, { status }), "bad"),
      failed: (failure, status) => this.#failed(panel, failure, status),
      done: (url) => void this.#done(panel, url),
    });
    panel.pause.addEventListener("click", () => {
      speed.forget();
      this.#go(panel, !this.#going);
      if (!this.#going) panel.note(text("upload_paused"));
    });
    panel.showButtons(panel.pause);
    this.#going = true;
    await this.#transfer.start(held?.url, list === undefined);
  }

  /** Goes on or pauses. */
  #go(panel: Panel, on: boolean): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#going = on;
    panel.paused(!on);
    void (on ? this.#transfer?.start() : this.#transfer?.pause());
  }

  #progress(panel: Panel, speed: Speed, sent: number, total: number): void {
    if (!this.#going) return;
    speed.note(performance.now(), sent);
    const left = speed.secondsFor(total - sent);
    const note =
      left === undefined ? "" : text("upload_running", { speed: bytes(speed.perSecond()), left: length(left) });
    panel.progress((sent / total) * 100, note);
  }

  #failed(panel: Panel, failure: Failure, status: number): void {
    this.#going = false;
    panel.paused(true);
    panel.note(text(failure.key, { status }), "bad");
    panel.showButtons(panel.pause, ...(failure.again ? [] : [panel.other]));
    if (failure.again) this.#retry = setTimeout(() => this.#go(panel, true), RETRY_AFTER_MS);
  }

  /** The line is back: no need to wait for the timer. */
  readonly #online = (): void => {
    if (this.#retry !== undefined && this.#panel && !this.#going) this.#go(this.#panel, true);
  };

  async #done(panel: Panel, url: string): Promise<void> {
    this.#transfer = undefined;
    panel.showButtons();
    panel.cancel.hidden = true;
    panel.progress(100, text("upload_checking"));
    const show = (status: Status) => panel.progress(status.percent ?? 100, text("upload_checking"));
    const result = await checked(url, show, this.#stop.signal);
    if (!result) return;
    panel.showButtons(panel.other);
    if (result.state === "ready") {
      this.dispatchEvent(new CustomEvent("kj:uploaded", { bubbles: true, detail: { url, slot: this.#target.slot } }));
      // The page's own list shows the file from now on.
      this.#clear();
      this.closest("details")?.removeAttribute("open");
      return toast(text("upload_ready"));
    }
    const list = (result.errors ?? []).map((error) => ({
      title: error.text,
      detail: text("rule_found", { found: error.found, wanted: error.wanted }),
    }));
    panel.complaints(list.length > 0 ? list : [{ title: text("upload_bad"), detail: "" }]);
  }
}

/** The element starts itself. */
export function start(_root: ParentNode): void {
  if (!customElements.get("kj-upload")) customElements.define("kj-upload", KjUpload);
}
