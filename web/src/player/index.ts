import { isTyping } from "../dom.ts";
import { clock } from "../format.ts";
import { text } from "../texts.ts";
import { toast } from "../toast.ts";
import { type Address, addressOf } from "./address.ts";
import { Controls } from "./controls.ts";
import { Counting } from "./counting.ts";
import { busyNote, startButton } from "./cover.ts";
import { hideWhenIdle } from "./idle.ts";
import { commandOf } from "./keys.ts";
import { LiveMode } from "./live.ts";
import { liveCommandOf } from "./live-keys.ts";
import { mannerOf } from "./manner.ts";
import { captionChoices, type Choices } from "./menu.ts";
import { Message } from "./message.ts";
import "./player.css";
import { Renewal } from "./renewal.ts";
import { firstPosition, remember, remembered, tellStops } from "./resume.ts";
import type { Rate } from "./sample.ts";
import { qualityChoices, SOUND, speedChoices } from "./settings.ts";
import { Source, type Trouble } from "./source.ts";
import { type Chapter, Timeline } from "./timeline.ts";

/**
 * `<kj-player manifest="….m3u8">` around the plain `<video controls>` that works without script.
 *
 * Attributes: `manifest`, `audio-manifest`, `storyboard` (WebVTT), those of counting.ts (reports of play), `refresh`
 * (JSON of new addresses when the signed ones ran out), `resume-key` (of this browser's memory), `resume` (where the
 * account is told), `start-s` and `start-told` (where the account stopped, and when). Captions are `<track>` in the
 * video, chapters a `<script type="application/json" class="chapters">`.
 *
 * `live`: the picture happens now (live.ts). With it `mode="mass"` (no low latency), `common` (a showing: nobody may pause
 * or seek), `autoplay`, and `waiting`, which the page sets while it knows that there is no picture.
 *
 * For other behaviours: `currentTimeMs`, `seekMs(ms)`, the event `kj:time` with `detail = { ms }`; when live also
 * `latencyMs`, `toEdge()`, `change(address, mode)`, `begin()`, `leave()`; `addButton` and `addChoices` for what lies over it.
 */
export class KjPlayer extends HTMLElement {
  #video: HTMLVideoElement | null = null;
  #source: Source | undefined;
  #controls: Controls | undefined;
  #counting: Counting | undefined;
  #live: LiveMode | undefined;
  #address: Address = { manifest: "" };
  #message = new Message(() => this.#load(this.#at, true));
  #loaded = false;
  #soundOnly = false;
  #renewal: Renewal | undefined;
  #wake: () => void = () => undefined;
  readonly #more: (() => Choices[])[] = [];
  #tellNoMore: (() => void) | undefined;

  connectedCallback(): void {
    const video = this.querySelector("video");
    if (this.#video || !video || !(this.hasAttribute("manifest") || this.hasAttribute("live"))) return;
    this.#video = video;
    this.#address = addressOf(this);
    this.#renewal = new Renewal(this, video);
    this.#counting = new Counting(this, video);
    video.removeAttribute("controls");
    video.removeAttribute("src");
    this.#source = new Source(
      video,
      (trouble) => void this.#onTrouble(trouble),
      () => undefined,
    );
    if (this.hasAttribute("live")) this.#live = this.#liveMode(video, this.#source);
    this.#build(video);
    this.#listen(video);
    addEventListener("online", this.#online);
    if (this.#live && this.hasAttribute("autoplay")) this.begin();
    const account = this.getAttribute("resume");
    if (account) this.#tellNoMore = tellStops(video, account);
  }

  disconnectedCallback(): void {
    removeEventListener("online", this.#online);
    this.#counting?.stop();
    this.#live?.stop();
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

  /** How far this screen is behind the camera. */
  get latencyMs(): number {
    return Math.round((this.#source?.latencyS ?? 0) * 1000);
  }

  /** Whether there is a picture that runs. */
  get isPlaying(): boolean {
    return this.#loaded && this.#video?.paused === false;
  }

  /** Catches up, for who has not paused. */
  toEdge(): void {
    if (this.#loaded && this.#live?.wants) this.#live.toEdge();
  }

  /** Another address of the same live picture: renewed, taken over by another host, for another number of viewers. */
  change(address: Address, mode: string): void {
    const same = address.manifest === this.#address.manifest && mode === (this.getAttribute("mode") ?? mode);
    this.#address = { ...this.#address, ...address };
    this.setAttribute("mode", mode);
    if (address.token) this.#counting?.renew(address.token);
    if (!same && this.#loaded) this.#load(0, this.#live?.wants === true);
  }

  /** How many viewers of the broadcast report. */
  set rate(rate: Rate) {
    if (this.#counting) this.#counting.rate = rate;
  }

  /** Starts a picture that nobody clicked for, if the browser lets it. */
  begin(): void {
    if (!this.#loaded && this.#address.manifest) this.#load(0, true);
  }

  /** Ends watching; the start button is back. */
  leave(): void {
    this.#loaded = false;
    for (const name of ["data-loaded", "data-idle", "data-playing"]) this.removeAttribute(name);
    this.#source?.unload();
    this.querySelector<HTMLElement>(".kj-start")?.focus({ preventScroll: true });
  }

  /** A button in the row of controls. */
  addButton(button: HTMLButtonElement): void {
    this.#controls?.addButton(button);
  }

  /** More groups of the settings; asked each time they open. */
  addChoices(choices: () => Choices[]): void {
    this.#more.push(choices);
  }

  #liveMode(video: HTMLVideoElement, source: Source): LiveMode {
    const live = new LiveMode({
      frame: this,
      video,
      source,
      reload: (play) => this.#load(0, play),
      // Said once; another failure of the same outage is no news.
      tell: (trouble) => (this.#message.isShown ? undefined : this.#message.show(trouble)),
      hush: () => this.#message.hide(),
    });
    live.leave.addEventListener("click", () => this.leave());
    return live;
  }

  get #at(): number {
    return this.#video?.currentTime ?? 0;
  }

  #build(video: HTMLVideoElement): void {
    const chapters = JSON.parse(this.querySelector("script.chapters")?.textContent ?? "[]") as Chapter[];
    const timeline = this.#live?.bar ?? new Timeline(video, chapters);
    const storyboard = this.getAttribute("storyboard");
    if (storyboard && timeline instanceof Timeline)
      video.addEventListener("play", () => void timeline.loadStoryboard(storyboard), { once: true });
    const toggle = () => this.#toggle();
    const settings = () => this.#settings();
    this.#controls = new Controls({ frame: this, video, timeline, live: this.#live, toggle, settings });
    const start = startButton(() => {
      toggle();
      // The button goes away with the first picture; the keys must still have somewhere to go.
      this.#controls?.element.querySelector("button")?.focus({ preventScroll: true });
    });
    if (this.#live) this.append(this.#live.sound);
    this.append(start, busyNote(video), this.#controls.element, this.#controls.sheet, this.#message.element);
  }

  #listen(video: HTMLVideoElement): void {
    video.addEventListener("click", (event) => this.#tapped(event as PointerEvent));
    video.addEventListener("timeupdate", () => this.#tellTime());
    video.addEventListener("play", () => this.#counting?.start());
    this.#wake = hideWhenIdle(this, video);
    this.addEventListener("keydown", (event) => {
      const onButton = event.target instanceof HTMLButtonElement && (event.key === " " || event.key === "Enter");
      const command = this.#live ? liveCommandOf(event, this.#live.common) : commandOf(event);
      if (!command || onButton || isTyping(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      this.#controls?.run(command);
    });
    this.tabIndex = 0;
  }

  /** The first tap of a finger brings the controls back, as on every phone; a mouse shows them by moving. */
  #tapped(event: PointerEvent): void {
    if (event.pointerType === "touch" && this.hasAttribute("data-idle")) this.#wake();
    else this.#toggle();
  }

  #toggle(): void {
    const video = this.#video;
    if (!video) return;
    if (!this.#loaded) return this.#address.manifest ? this.#load(this.#firstPosition(), true) : undefined;
    if (this.#live?.common && !video.paused) video.muted = !video.muted;
    else if (video.paused) void video.play().catch(() => undefined);
    else video.pause();
  }

  /** The moment asked for by the address of the page, else where this browser or the account stopped. */
  #firstPosition(): number {
    if (this.#live) return 0;
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
    if (this.#source) this.#source.manner = mannerOf(this);
    this.#source?.load(this.#soundOnly && audio_manifest ? audio_manifest : manifest, atS);
    if (!play) return;
    if (this.#live) void this.#live.play();
    // A browser may forbid playing without a gesture; the button is there.
    else void this.#video?.play().catch(() => undefined);
  }

  #tellTime(): void {
    this.dispatchEvent(new CustomEvent("kj:time", { bubbles: true, detail: { ms: this.currentTimeMs } }));
    const key = this.getAttribute("resume-key");
    if (key && this.#video && !this.#live && !this.#video.seeking) remember(key, this.#at, this.#video.duration);
  }

  /** Signed addresses run out while people pause for lunch: ask for new ones once before saying anything. */
  async #onTrouble(trouble: Trouble): Promise<void> {
    const renewal = this.#renewal;
    // A live playlist is missing while its picture is away, whoever asks.
    const curable = trouble === "gone" && !this.hasAttribute("waiting");
    if (renewal?.isBusy && !this.#live) return;
    const address = curable && !renewal?.isBusy ? await renewal?.ask() : undefined;
    if (address) {
      this.#address = { ...this.#address, ...address };
      if (address.token) this.#counting?.renew(address.token);
      this.#load(this.#at, true);
    } else if (this.#live) this.#live.trouble(trouble);
    else this.#message.show(trouble);
  }

  readonly #online = (): void => {
    if (!this.#message.isShown) return;
    this.#message.hide();
    if (this.#live) return this.#load(0, true);
    this.#source?.goOn();
    void this.#video?.play().catch(() => undefined);
  };

  #settings(): Choices[] {
    const video = this.#video;
    const source = this.#source;
    if (!video || !source) return [];
    const sound = { there: this.#address.audio_manifest !== undefined, chosen: this.#soundOnly };
    const captions = captionChoices(video);
    return [
      qualityChoices(source, sound, (value) => this.#chooseQuality(value)),
      ...(this.#live ? [] : [speedChoices(video)]),
      ...(captions ? [captions] : []),
      ...this.#more.flatMap((choices) => choices()),
    ];
  }

  #chooseQuality(value: string): void {
    const sound = value === SOUND;
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
