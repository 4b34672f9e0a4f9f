import { make } from "../dom.ts";
import { clock } from "../format.ts";
import { text } from "../texts.ts";
import { parseStoryboard, type Tile, tileAt } from "./storyboard.ts";

export interface Chapter {
  at_ms: number;
  title: string;
}

/** The time line: a range input (so that keyboards and readers work) with buffer, chapter marks and a picture on hover. */
export class Timeline {
  readonly element: HTMLElement;
  readonly #video: HTMLVideoElement;
  readonly #chapters: readonly Chapter[];
  readonly #range = make("input", { type: "range", min: "0", max: "1", step: "any", value: "0", class: "kj-range" });
  readonly #picture = make("div", { class: "kj-picture" });
  readonly #label = make("span", { class: "kj-picture-label" });
  readonly #preview = make("div", { class: "kj-preview", hidden: true }, this.#picture, this.#label);
  readonly #marks = make("div", { class: "kj-marks", "aria-hidden": "true" });
  #tiles: Tile[] = [];

  constructor(video: HTMLVideoElement, chapters: readonly Chapter[]) {
    this.#video = video;
    this.#chapters = chapters;
    this.#range.setAttribute("aria-label", text("player_seek"));
    this.element = make("div", { class: "kj-timeline" }, this.#marks, this.#range, this.#preview);
    this.#range.addEventListener("input", () => {
      video.currentTime = this.#range.valueAsNumber;
    });
    this.element.addEventListener("pointermove", (event) => this.#hover(event));
    this.element.addEventListener("pointerleave", () => {
      this.#preview.hidden = true;
    });
    for (const name of ["timeupdate", "durationchange", "progress", "seeking"])
      video.addEventListener(name, () => this.#show());
    video.addEventListener("durationchange", () => this.#drawMarks());
  }

  /** Fetches the storyboard; without one the preview shows time and chapter only. */
  async loadStoryboard(url: string): Promise<void> {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) this.#tiles = parseStoryboard(await answer.text(), new URL(url, location.href).href);
  }

  #chapterAt(seconds: number): Chapter | undefined {
    return this.#chapters.findLast((chapter) => chapter.at_ms <= seconds * 1000);
  }

  #show(): void {
    const { duration, currentTime, buffered } = this.#video;
    if (!Number.isFinite(duration) || duration <= 0) return;
    this.#range.max = String(duration);
    this.#range.value = String(currentTime);
    const chapter = this.#chapterAt(currentTime)?.title;
    const position = text("player_position", { at: clock(currentTime), total: clock(duration) });
    this.#range.setAttribute("aria-valuetext", chapter ? `${position}, ${chapter}` : position);
    const end = buffered.length > 0 ? buffered.end(buffered.length - 1) : 0;
    this.element.style.setProperty("--played", String(currentTime / duration));
    this.element.style.setProperty("--buffered", String(end / duration));
  }

  #drawMarks(): void {
    const { duration } = this.#video;
    if (!Number.isFinite(duration)) return;
    const inside = this.#chapters.filter(({ at_ms }) => at_ms > 0 && at_ms < duration * 1000);
    this.#marks.replaceChildren(
      ...inside.map(({ at_ms }) => {
        const mark = make("i");
        mark.style.insetInlineStart = `${at_ms / duration / 10}%`;
        return mark;
      }),
    );
  }

  #hover(event: PointerEvent): void {
    const { duration } = this.#video;
    if (!Number.isFinite(duration)) return;
    const box = this.element.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const at = part * duration;
    const chapter = this.#chapterAt(at)?.title;
    this.#label.textContent = chapter ? `${clock(at)} ${chapter}` : clock(at);
    this.#drawTile(tileAt(this.#tiles, at));
    this.#preview.hidden = false;
    const half = this.#preview.offsetWidth / 2;
    this.#preview.style.left = `${Math.min(box.width - half, Math.max(half, part * box.width))}px`;
  }

  #drawTile(tile: Tile | undefined): void {
    this.#picture.hidden = tile === undefined;
    if (!tile) return;
    const { style } = this.#picture;
    style.width = `${tile.width}px`;
    style.height = `${tile.height}px`;
    style.backgroundImage = `url("${tile.url}")`;
    style.backgroundPosition = `-${tile.x}px -${tile.y}px`;
  }
}
