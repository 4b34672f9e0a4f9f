import { getJson } from "../http.ts";
import type { KjPlayer } from "../player/index.ts";
import { Danmaku } from "./danmaku.ts";
import { due } from "./danmaku-lanes.ts";

/** What was said, and when in the recording. */
export interface Entry {
  at_ms: number;
  text: string;
  /** Whether it flew over the picture then. */
  danmaku?: boolean;
}

/** A longer step of the picture is a jump: what lies between was not seen. */
const STEP_MS = 2000;

/**
 * `<kj-danmaku src="….json">` on the page of a recording: shows what was said live at its moments over the page's player.
 * The JSON is `[{"at_ms", "text"}]`; it may also stand inside as `<script type="application/json">`.
 */
export class KjDanmaku extends HTMLElement {
  #entries: Entry[] = [];
  #last = 0;
  #danmaku: Danmaku | undefined;

  connectedCallback(): void {
    void customElements.whenDefined("kj-player").then(() => this.#begin());
  }

  disconnectedCallback(): void {
    document.removeEventListener("kj:time", this.#time);
  }

  async #begin(): Promise<void> {
    const player = document.querySelector<KjPlayer>("kj-player");
    const video = player?.querySelector("video");
    if (!player || !video || this.#danmaku) return;
    const url = this.getAttribute("src");
    const inside = this.querySelector("script")?.textContent;
    this.#entries = inside
      ? (JSON.parse(inside) as Entry[])
      : // Without them the recording plays as ever.
        await getJson<Entry[]>(url ?? "").catch(() => []);
    this.#entries = this.#entries.filter(({ danmaku }) => danmaku !== false);
    if (this.#entries.length === 0) return;
    this.#danmaku = new Danmaku(player, video);
    document.addEventListener("kj:time", this.#time);
  }

  readonly #time = (event: Event): void => {
    const { ms } = (event as CustomEvent<{ ms: number }>).detail;
    const step = ms - this.#last;
    if (step > 0 && step <= STEP_MS) {
      for (const entry of due(this.#entries, this.#last, ms)) this.#danmaku?.show(entry.text);
    }
    this.#last = ms;
  };
}

/** The element starts itself. */
export function start(_root: ParentNode): void {
  if (!customElements.get("kj-danmaku")) customElements.define("kj-danmaku", KjDanmaku);
}
