import { make } from "../dom.ts";
import { type TextKey, text } from "../texts.ts";
import { type Facing, hasSeveral, NoCamera, open, openOther } from "./camera.ts";
import { Sender, type Standing } from "./sender.ts";
import { stay } from "./stay.ts";
import "./whip.css";

/** After a connection the control room changes within this time: look so often, in milliseconds. */
const LOOKS_MS = [500, 1_500, 3_000, 6_000];

/**
 * `<kj-whip src="/whip/ID">`: sends camera and microphone of this device to a broadcast.
 *
 * `data-standing` tells styles and tests how it stands: `idle` or a `Standing` of the sender.
 */
export class KjWhip extends HTMLElement {
  #video = make("video", { muted: true, playsinline: true, autoplay: true, hidden: true, class: "whip-picture" });
  #status = make("p", { role: "status", class: "small" });
  #begin = make("button", { type: "button", class: "button button-primary button-wide" }, text("whip_begin"));
  #stop = make("button", { type: "button", class: "button", hidden: true }, text("whip_stop"));
  #turn = make("button", { type: "button", class: "button", hidden: true }, text("whip_turn"));
  #stream: MediaStream | undefined;
  #sender: Sender | undefined;
  #awake: WakeLockSentinel | undefined;
  #facing: Facing = "environment";
  #look: (() => Promise<void>) | undefined;

  connectedCallback(): void {
    if (this.#look) return;
    // The attribute alone does not silence an element made by script.
    this.#video.muted = true;
    this.#video.setAttribute("aria-label", text("whip_picture"));
    this.replaceChildren(this.#video, this.#status, this.#begin, make("div", { class: "row" }, this.#turn, this.#stop));
    this.#begin.addEventListener("click", () => void this.#start());
    this.#stop.addEventListener("click", () => this.#end("idle", ""));
    this.#turn.addEventListener("click", () => void this.#turnCamera());
    this.#look = stay(() => this.#sender !== undefined);
    addEventListener("pagehide", () => this.#sender?.stop());
    document.addEventListener("visibilitychange", () => void this.#keepAwake());
    this.dataset["standing"] = "idle";
  }

  async #start(): Promise<void> {
    this.#begin.disabled = true;
    this.#say("connecting", text("whip_asks"));
    try {
      this.#stream = await open(this.#facing);
    } catch (failure) {
      return this.#end("refused", failure instanceof NoCamera ? failure.obstacle : "camera");
    }
    this.#video.srcObject = this.#stream;
    this.#sender = new Sender(this.getAttribute("src") ?? "", this.#stream, (standing, words) =>
      this.#hear(standing, words),
    );
    this.#show(true);
    this.#turn.hidden = !(await hasSeveral());
    this.#sender?.start();
    void this.#keepAwake();
  }

  #hear(standing: Standing, words: string): void {
    if (standing === "ended" || standing === "lost" || standing === "refused") return this.#end(standing, words);
    this.#say(standing, text(`whip_${standing}`));
    if (standing === "live") for (const ms of LOOKS_MS) setTimeout(() => void this.#look?.(), ms);
  }

  /** Lets go of everything, and says why. */
  #end(standing: Standing | "idle", words: string): void {
    this.#sender?.stop();
    this.#sender = undefined;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
    this.#video.srcObject = null;
    void this.#awake?.release();
    this.#awake = undefined;
    this.#show(false);
    const key = `whip_no_${words}` as TextKey;
    const obstacle = text(key) === key ? "" : text(key);
    const refusal = obstacle || words || text("whip_refused");
    this.#say(standing, standing === "idle" ? "" : standing === "refused" ? refusal : text(`whip_${standing}`));
    void this.#look?.();
  }

  #show(sending: boolean): void {
    this.#begin.disabled = false;
    this.#begin.hidden = sending;
    this.#video.hidden = !sending;
    this.#stop.hidden = !sending;
    this.#turn.hidden = true;
  }

  #say(standing: Standing | "idle", words: string): void {
    this.dataset["standing"] = standing;
    this.#status.textContent = words;
  }

  async #turnCamera(): Promise<void> {
    const stream = this.#stream;
    const before = stream?.getVideoTracks()[0];
    if (!stream || !before) return;
    this.#facing = this.#facing === "user" ? "environment" : "user";
    before.stop();
    stream.removeTrack(before);
    try {
      const track = await openOther(this.#facing);
      if (!track) return;
      stream.addTrack(track);
      await this.#sender?.replace(track);
    } catch (failure) {
      this.#end("refused", failure instanceof NoCamera ? failure.obstacle : "camera");
    }
  }

  /** A phone whose screen goes dark stops its camera. The lock is lost whenever the page is hidden. */
  async #keepAwake(): Promise<void> {
    if (!this.#sender || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    this.#awake = await navigator.wakeLock.request("screen").catch(() => undefined);
  }
}

/** The element starts itself. */
export function start(_root: ParentNode): void {
  if (!customElements.get("kj-whip")) customElements.define("kj-whip", KjWhip);
}
