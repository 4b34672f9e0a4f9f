import { icon, make } from "../dom.ts";
import { length } from "../format.ts";
import { getJson } from "../http.ts";
import { text } from "../texts.ts";
import { Figures } from "./figures.ts";
import { gradeOfAll, type Health, verdictOf } from "./health.ts";
import "./ingest.css";

const EVERY_MS = 2000;
/** After so many answers that did not come, what is shown is no longer true. */
const STALE = 3;

/** `<kj-ingest src="/broadcasts/ID/health">`: how the lecturer's picture and sound arrive, and what to change in the encoder. */
export class KjIngest extends HTMLElement {
  readonly #verdict = make("p", { class: "ingest-verdict", role: "status" });
  readonly #what = make("p", { class: "meta" });
  readonly #advice = make("ul", { class: "ingest-advice", hidden: true });
  #figures: Figures | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #missed = 0;

  connectedCallback(): void {
    if (this.#figures) return;
    this.#figures = new Figures();
    this.replaceChildren(
      make("div", { class: "ingest-head" }, this.#verdict, this.#what),
      this.#figures.element,
      this.#advice,
    );
    void this.#look();
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const health = await getJson<Health>(this.getAttribute("src") ?? "").catch(() => undefined);
    if (!this.isConnected) return;
    this.#missed = health ? 0 : this.#missed + 1;
    if (health) this.#show(health);
    else if (this.#missed >= STALE) this.#say("bad", text("ingest_unknown"));
    this.#timer = setTimeout(() => void this.#look(), EVERY_MS);
  }

  #show(health: Health): void {
    this.#figures?.show(health);
    this.#say(gradeOfAll(health), text(`ingest_verdict_${verdictOf(health)}`));
    this.#what.replaceChildren(...this.#facts(health).map((fact) => make("span", {}, fact)));
    const said = health.advice.map(({ text: words }) => words);
    const shown = [...this.#advice.children].map((line) => line.textContent);
    if (said.join("\n") === shown.join("\n")) return;
    this.#advice.replaceChildren(
      ...said.map((words) => make("li", {}, icon("triangle-alert"), make("span", {}, words))),
    );
    this.#advice.hidden = said.length === 0;
  }

  #say(grade: string, words: string): void {
    this.dataset["grade"] = grade;
    if (this.#verdict.textContent !== words) this.#verdict.textContent = words;
  }

  #facts({ connected, since, video, audio }: Health): string[] {
    const facts: string[] = [];
    if (!connected) return facts;
    if (video) facts.push(`${video.width}×${video.height}`);
    if (audio)
      facts.push(
        `${(audio.rate / 1000).toFixed(1).replace(/\.0$/, "")} kHz`,
        text(audio.channels === 1 ? "ingest_mono" : "ingest_stereo"),
      );
    if (since !== null) facts.push(text("ingest_since", { length: length((Date.now() - since) / 1000) }));
    return facts;
  }
}

/** The element starts itself. */
export function start(_root: ParentNode): void {
  if (!customElements.get("kj-ingest")) customElements.define("kj-ingest", KjIngest);
}
