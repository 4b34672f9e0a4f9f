import { icon, iconButton, make } from "../dom.ts";
import { clock } from "../format.ts";
import { text } from "../texts.ts";
import type { Command } from "./keys.ts";
import { speedFrom } from "./keys.ts";
import type { LiveMode } from "./live.ts";
import { type Choices, Menu } from "./menu.ts";

/** What the controls cannot do by themselves. */
export interface Stage {
  /** The element that goes full screen. */
  frame: HTMLElement;
  video: HTMLVideoElement;
  timeline: { element: HTMLElement };
  live: LiveMode | undefined;
  /** Starts or stops; the first start loads the video. */
  toggle(): void;
  settings(): Choices[];
}

function swap(button: HTMLButtonElement, name: string, label: string): void {
  // Drawn anew four times a second the icon would flicker.
  if (button.dataset["icon"] === name && button.title === label) return;
  button.dataset["icon"] = name;
  button.replaceChildren(icon(name));
  button.setAttribute("aria-label", label);
  button.title = label;
}

/** Safari on iPhones lets only the video itself fill the screen. */
type PhoneVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void };

/** The bar below the picture, and what keys do. */
export class Controls {
  readonly element: HTMLElement;
  /** The settings; stands beside the bar in the frame, so that it may use the frame's whole height. */
  readonly sheet: HTMLElement;
  readonly #stage: Stage;
  readonly #play = iconButton("play", text("player_play"));
  readonly #mute = iconButton("volume-2", text("player_mute"));
  readonly #volume = make("input", { type: "range", min: "0", max: "1", step: "0.05", class: "kj-range kj-volume" });
  readonly #captions = iconButton("captions", text("player_captions"));
  readonly #pip = iconButton("picture-in-picture-2", text("player_pip"));
  readonly #full = iconButton("maximize", text("player_fullscreen"));
  readonly #time = make("span", { class: "kj-time" });
  readonly #space = make("span", { class: "kj-space" });

  constructor(stage: Stage) {
    this.#stage = stage;
    const settings = iconButton("settings", text("player_settings"));
    this.sheet = new Menu(settings, stage.settings).element;
    this.#volume.setAttribute("aria-label", text("player_volume"));
    this.#pip.classList.add("kj-pip");
    const row = make(
      "div",
      { class: stage.live ? "kj-row kj-row-live" : "kj-row" },
      this.#play,
      this.#mute,
      this.#volume,
      // What has no end has no time to show, but an edge.
      stage.live ? stage.live.bar.button : this.#time,
      stage.live?.leave ?? null,
      this.#space,
      this.#captions,
      settings,
      this.#pip,
      this.#full,
    );
    this.element = make("div", { class: "kj-controls" }, stage.timeline.element, row);
    this.#listen();
    this.#show();
  }

  /** A button of something that lies over the picture. */
  addButton(button: HTMLButtonElement): void {
    this.#space.after(button);
  }

  #listen(): void {
    const { video, frame } = this.#stage;
    this.#play.addEventListener("click", () => this.run({ do: "toggle" }));
    this.#mute.addEventListener("click", () => this.run({ do: "mute" }));
    this.#captions.addEventListener("click", () => this.run({ do: "captions" }));
    this.#full.addEventListener("click", () => this.run({ do: "fullscreen" }));
    this.#pip.addEventListener("click", () => void this.#togglePip());
    this.#volume.addEventListener("input", () => {
      video.volume = this.#volume.valueAsNumber;
      video.muted = false;
    });
    const shown = ["play", "pause", "ended", "volumechange", "timeupdate", "durationchange"];
    for (const name of shown) video.addEventListener(name, () => this.#show());
    frame.addEventListener("fullscreenchange", () => this.#show());
    video.textTracks.addEventListener("change", () => this.#show());
    video.textTracks.addEventListener("addtrack", () => this.#show());
  }

  /** Does what a key or a button asks. */
  run(command: Command): void {
    const { video } = this.#stage;
    if (this.#stage.live?.run(command)) return;
    if (command.do === "toggle") this.#stage.toggle();
    if (command.do === "mute") video.muted = !video.muted;
    if (command.do === "captions") this.#toggleCaptions();
    if (command.do === "fullscreen") void this.#toggleFullscreen();
    if (command.do === "skip") video.currentTime = Math.max(0, video.currentTime + command.seconds);
    if (command.do === "faster") video.playbackRate = speedFrom(video.playbackRate, command.steps);
    if (command.do === "volume") video.volume = Math.min(1, Math.max(0, video.volume + command.by));
    if (command.do === "part" && Number.isFinite(video.duration)) {
      video.currentTime = (video.duration * command.tenths) / 10;
    }
  }

  #show(): void {
    const { video, frame } = this.#stage;
    const silent = video.muted || video.volume === 0;
    // While a common showing runs there is nothing to pause.
    this.#play.hidden = this.#stage.live?.common === true && !video.paused;
    swap(this.#play, video.paused ? "play" : "pause", text(video.paused ? "player_play" : "player_pause"));
    swap(this.#mute, silent ? "volume-x" : "volume-2", text(silent ? "player_unmute" : "player_mute"));
    swap(this.#full, document.fullscreenElement === frame ? "minimize" : "maximize", text("player_fullscreen"));
    this.#volume.value = String(silent ? 0 : video.volume);
    this.#time.textContent = `${clock(video.currentTime)} / ${clock(video.duration)}`;
    const tracks = [...video.textTracks].filter(({ kind }) => kind !== "metadata" && kind !== "chapters");
    this.#captions.hidden = tracks.length === 0;
    this.#captions.setAttribute("aria-pressed", String(tracks.some(({ mode }) => mode === "showing")));
    this.#pip.hidden = !document.pictureInPictureEnabled;
  }

  #toggleCaptions(): void {
    const tracks = [...this.#stage.video.textTracks];
    const shown = tracks.find(({ mode }) => mode === "showing");
    const wanted = tracks.find(({ language }) => document.documentElement.lang.startsWith(language)) ?? tracks[0];
    if (shown) shown.mode = "disabled";
    else if (wanted) wanted.mode = "showing";
  }

  async #toggleFullscreen(): Promise<void> {
    const { frame, video } = this.#stage;
    if (document.fullscreenElement) return document.exitFullscreen();
    if (document.fullscreenEnabled) return frame.requestFullscreen();
    (video as PhoneVideo).webkitEnterFullscreen?.();
  }

  async #togglePip(): Promise<void> {
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    // Refused before the first frame is there: nothing to show yet, nothing to say.
    else await this.#stage.video.requestPictureInPicture().catch(() => undefined);
  }
}
