import { icon, isTyping, make } from "../dom.ts";
import { clock } from "../format.ts";
import { text } from "../texts.ts";
import { toast } from "../toast.ts";
import { type Address, addressOf, renewed } from "./address.ts";
import { Controls } from "./controls.ts";
import { Heartbeat } from "./heartbeat.ts";
import { commandOf, SPEEDS } from "./keys.ts";
import { captionChoices, type Choices } from "./menu.ts";
import { Message } from "./message.ts";
import "./player.css";
import { firstPosition, remember, remembered, tellStops } from "./resume.ts";
import { AUTO, Source, type Trouble } from "./source.ts";
import { type Chapter, Timeline } from "./timeline.ts";

const IDLE_MS = 2500;

/**
 * `<kj-player manifest="….m3u8">` around the plain `<video controls>` that works without script.
 *
 * Attributes: `manifest`, `audio-manifest`, `storyboard` (WebVTT), `token` and `heartbeat` (reports of play), `refresh`
 * (JSON of new addresses when the signed ones ran out), `resume-key` (of this browser's memory), `resume` (where the
 * account is told), `start-s` and `start-told` (where the account stopped, and when). Captions are `<track>` in the
 * video, chapters a `<script type="application/json" class="chapters">`.
 *
 * For other behaviours: `currentTimeMs`, `seekMs(ms)`, and the event `kj:time` with `detail = { ms }`.
 */
export class KjPlayer extends HTMLElement {
  #video: HTMLVideoElement | null = null;
  #source: Source | undefined;
  #controls: Controls | undefined;
  #heartbeat: Heartbeat | undefined;
  #address: Address = { manifest: "" };
  #message = new Message(() => this.#load(this.#at, true));
  #loaded = false;
  #soundOnly = false;
  #renewing = false;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #tellNoMore: (() => void) | undefined;

  connectedCallback(): void {
    const video = this.querySelector("video");
    if (this.#video || !video || !this.hasAttribute("manifest")) return;
    this.#video = video;
    this.#address = addressOf(this);
    video.removeAttribute("controls");
    video.removeAttribute("src");
    this.#source = new Source(
      video,
      (trouble) => void this.#onTrouble(trouble),
      () => undefined,
    );
    this.#build(video);
    this.#listen(video);
    addEventListener("online", this.#online);
    const account = this.getAttribute("resume");
    if (account) this.#tellNoMore = tellStops(video, account);
  }

  disconnectedCallback(): void {
    removeEventListener("online", this.#online);
    this.#heartbeat?.stop();
    this.#tellNoMore?.();
    this.#source?.stop();
  }

  /** Where the picture stands, in milliseconds. */
  get currentTimeMs(): number {
    return Math.round(this.#at * 1000);
  }

  /** Goes to a moment, loading the video if need be, and plays on only if it was playing. */
  seekMs(ms: number): void {
    if (!this.#video) return;
    if (this.#loaded) this.#video.currentTime = ms / 1000;
    else this.#load(ms / 1000, false);
    this.scrollIntoView({ block: "nearest" });
  }

  get #at(): number {
    return this.#video?.currentTime ?? 0;
  }

  #build(video: HTMLVideoElement): void {
    const chapters = JSON.parse(this.querySelector("script.chapters")?.textContent ?? "[]") as Chapter[];
    const timeline = new Timeline(video, chapters);
    const storyboard = this.getAttribute("storyboard");
    if (storyboard) video.addEventListener("play", () => void timeline.loadStoryboard(storyboard), { once: true });
    const toggle = () => this.#toggle();
    this.#controls = new Controls({ frame: this, video, timeline, toggle, settings: () => this.#settings() });
    const start = make(
      "button",
      { type: "button", class: "kj-start", "aria-label": text("player_play") },
      icon("play"),
    );
    start.addEventListener("click", () => {
      toggle();
      // The button goes away with the first picture; the keys must still have somewhere to go.
      this.#controls?.element.querySelector("button")?.focus({ preventScroll: true });
    });
    const busy = make("span", { class: "kj-busy", role: "status" });
    video.addEventListener("waiting", () => busy.replaceChildren(text("player_loading")));
    for (const name of ["playing", "pause", "seeked"]) video.addEventListener(name, () => busy.replaceChildren());
    this.append(start, busy, this.#controls.element, this.#controls.sheet, this.#message.element);
  }

  #listen(video: HTMLVideoElement): void {
    video.addEventListener("click", (event) => this.#tapped(event as PointerEvent));
    video.addEventListener("timeupdate", () => this.#tellTime());
    video.addEventListener("play", () => this.#startHeartbeat(video), { once: true });
    for (const name of ["play", "pause", "pointermove", "keydown", "focusin"])
      this.addEventListener(name, this.#wake, true);
    this.addEventListener("keydown", (event) => {
      const onButton = event.target instanceof HTMLButtonElement && (event.key === " " || event.key === "Enter");
      const command = commandOf(event);
      if (!command || onButton || isTyping(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      this.#controls?.run(command);
    });
    this.tabIndex = 0;
  }

  /** Shows the controls and hides them again while the picture runs and nothing moves. */
  readonly #wake = (): void => {
    this.removeAttribute("data-idle");
    this.toggleAttribute("data-playing", this.#video?.paused === false);
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.toggleAttribute("data-idle", this.#video?.paused === false), IDLE_MS);
  };

  /** The first tap of a finger brings the controls back, as on every phone; a mouse shows them by moving. */
  #tapped(event: PointerEvent): void {
    if (event.pointerType === "touch" && this.hasAttribute("data-idle")) this.#wake();
    else this.#toggle();
  }

  #toggle(): void {
    const video = this.#video;
    if (!video) return;
    if (!this.#loaded) return this.#load(this.#firstPosition(), true);
    if (video.paused) void video.play().catch(() => undefined);
    else video.pause();
  }

  /** The moment asked for by the address of the page, else where this browser or the account stopped. */
  #firstPosition(): number {
    const here = remembered(this.getAttribute("resume-key") ?? "");
    const start = this.getAttribute("start-s");
    const account = start ? { atS: Number(start), toldMs: Number(this.getAttribute("start-told")) } : undefined;
    const { atS, asked } = firstPosition(new URLSearchParams(location.search).get("t"), here, account);
    if (atS > 0 && !asked) {
      const again = { label: text("player_from_start"), run: () => this.seekMs(0) };
      toast(text("player_resumed", { at: clock(atS) }), again);
    }
    return atS;
  }

  #load(atS: number, play: boolean): void {
    this.#loaded = true;
    this.setAttribute("data-loaded", "");
    const { manifest, audio_manifest } = this.#address;
    this.#source?.load(this.#soundOnly && audio_manifest ? audio_manifest : manifest, atS);
    // A browser may forbid playing without a gesture; the button is there.
    if (play) void this.#video?.play().catch(() => undefined);
  }

  #startHeartbeat(video: HTMLVideoElement): void {
    const url = this.getAttribute("heartbeat");
    if (url && this.#address.token) this.#heartbeat = new Heartbeat(video, url, this.#address.token);
  }

  #tellTime(): void {
    this.dispatchEvent(new CustomEvent("kj:time", { bubbles: true, detail: { ms: this.currentTimeMs } }));
    const key = this.getAttribute("resume-key");
    if (key && this.#video && !this.#video.seeking) remember(key, this.#at, this.#video.duration);
  }

  /** Signed addresses run out while people pause for lunch: ask for new ones once before saying anything. */
  async #onTrouble(trouble: Trouble): Promise<void> {
    if (this.#renewing) return;
    const at = this.#at;
    if (trouble === "gone") {
      this.#renewing = true;
      const address = await renewed(this);
      if (address) {
        this.#address = { ...this.#address, ...address };
        if (address.token && this.#heartbeat) this.#heartbeat.token = address.token;
        this.#load(at, true);
        // A second refusal right after the renewal is final.
        this.#video?.addEventListener("playing", () => this.#doneRenewing(), { once: true });
        setTimeout(() => this.#doneRenewing(), 5000);
        return;
      }
      this.#renewing = false;
    }
    this.#message.show(trouble);
  }

  #doneRenewing(): void {
    this.#renewing = false;
  }

  readonly #online = (): void => {
    if (!this.#message.isShown) return;
    this.#message.hide();
    this.#source?.goOn();
    void this.#video?.play().catch(() => undefined);
  };

  #settings(): Choices[] {
    const video = this.#video;
    const source = this.#source;
    if (!video || !source) return [];
    const chosen = this.#soundOnly ? "sound" : String(source.quality);
    const qualities = source.qualities.map(({ index, label }) => ({ label, value: String(index) }));
    const options = [{ label: text("player_auto"), value: String(AUTO) }, ...(this.#soundOnly ? [] : qualities)];
    if (this.#address.audio_manifest) options.push({ label: text("player_audio_only"), value: "sound" });
    const speeds = SPEEDS.map((speed) => ({
      label: `${speed}×`,
      value: String(speed),
      chosen: speed === video.playbackRate,
    }));
    const captions = captionChoices(video);
    return [
      {
        title: text("player_quality"),
        options: options.map((option) => ({ ...option, chosen: option.value === chosen })),
        choose: (value) => this.#chooseQuality(value),
      },
      {
        title: text("player_speed"),
        options: speeds,
        choose: (value) => {
          video.playbackRate = Number(value);
        },
      },
      ...(captions ? [captions] : []),
    ];
  }

  #chooseQuality(value: string): void {
    const sound = value === "sound";
    if (sound !== this.#soundOnly) {
      this.#soundOnly = sound;
      this.toggleAttribute("data-sound-only", sound);
      this.#load(this.#at, this.#video?.paused === false);
    } else if (!sound && this.#source) {
      this.#source.quality = Number(value);
    }
  }
}

/** The element starts itself. */
export function start(_root: ParentNode): void {
  if (!customElements.get("kj-player")) customElements.define("kj-player", KjPlayer);
}
