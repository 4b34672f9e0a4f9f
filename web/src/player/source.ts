import Hls, { type ErrorData, ErrorTypes, Events } from "hls.js";
import { configOf, type Manner, RECORDED } from "./manner.ts";

/** Why the picture stops; each has its own message. */
export type Trouble = "network" | "gone" | "decode" | "unsupported";

/** One rung a person may choose. */
export interface Quality {
  index: number;
  label: string;
}

export const AUTO = -1;

/** Safari starts about so far behind the end of the playlist and does not say it. */
const NATIVE_HOLD_BACK_S = 6;

/** Answers that a new signed address may cure. */
function isAccess(status: number | undefined): boolean {
  return status === 401 || status === 403 || status === 404 || status === 410;
}

/** Plays one HLS address in a video element, through hls.js where there is MSE, else natively. */
export class Source {
  /** Takes effect at the next `load`. */
  manner: Manner = RECORDED;
  readonly #video: HTMLVideoElement;
  readonly #onTrouble: (trouble: Trouble) => void;
  readonly #onQualities: () => void;
  #hls: Hls | undefined;
  #mended = 0;

  constructor(video: HTMLVideoElement, onTrouble: (trouble: Trouble) => void, onQualities: () => void) {
    this.#video = video;
    this.#onTrouble = onTrouble;
    this.#onQualities = onQualities;
    video.addEventListener("error", () => {
      // Without an address there is nothing that could have failed.
      if (!this.#hls && video.hasAttribute("src")) this.#onTrouble(this.#nativeTrouble());
    });
  }

  /** Loads `url` and stands at `atS` seconds, or at the edge when it is live; playing is up to the caller. */
  load(url: string, atS: number): void {
    this.stop();
    if (Hls.isSupported()) return this.#loadHls(url, atS);
    if (!this.#video.canPlayType("application/vnd.apple.mpegurl")) return this.#onTrouble("unsupported");
    this.#video.src = atS > 0 && !this.manner.live ? `${url}#t=${atS}` : url;
    this.#video.load();
  }

  stop(): void {
    this.#hls?.destroy();
    this.#hls = undefined;
  }

  /** Stops and shows the poster again. */
  unload(): void {
    this.stop();
    this.#video.removeAttribute("src");
    this.#video.load();
  }

  /** Seconds between the camera and this screen; 0 while unknown. */
  get latencyS(): number {
    if (this.#hls) return this.#hls.latency;
    const { seekable, currentTime } = this.#video;
    return seekable.length > 0 ? Math.max(0, seekable.end(seekable.length - 1) - currentTime) : 0;
  }

  /** The newest moment that plays without waiting. */
  get edgeS(): number | undefined {
    if (this.#hls) return this.#hls.liveSyncPosition ?? undefined;
    const { seekable } = this.#video;
    return seekable.length > 0 ? Math.max(0, seekable.end(seekable.length - 1) - NATIVE_HOLD_BACK_S) : undefined;
  }

  get qualities(): Quality[] {
    const levels = this.#hls?.levels ?? [];
    const rungs = levels.map((level, index) => ({
      index,
      label: level.height ? `${level.height}p` : `${Math.round(level.bitrate / 1000)}k`,
    }));
    // Without a master playlist there is one rung, of which nothing is known.
    return rungs.length === 1 && rungs[0]?.label === "0k" ? [] : rungs.reverse();
  }

  get quality(): number {
    return this.#hls?.autoLevelEnabled === false ? this.#hls.nextLevel : AUTO;
  }

  /** Takes effect at the next segment; `AUTO` lets the line decide. */
  set quality(index: number) {
    if (this.#hls) this.#hls.nextLevel = index;
  }

  /** After an outage. */
  goOn(): void {
    if (this.#hls) this.#hls.startLoad();
    else this.#video.load();
  }

  #loadHls(url: string, atS: number): void {
    const hls = new Hls(configOf(this.manner, atS));
    hls.on(Events.MANIFEST_PARSED, () => this.#onQualities());
    hls.on(Events.FRAG_BUFFERED, () => {
      this.#mended = 0;
    });
    hls.on(Events.ERROR, (_event, data) => this.#hlsError(hls, data));
    hls.loadSource(url);
    hls.attachMedia(this.#video);
    this.#hls = hls;
  }

  #hlsError(hls: Hls, data: ErrorData): void {
    if (!data.fatal) return;
    if (data.type === ErrorTypes.NETWORK_ERROR) {
      return this.#onTrouble(isAccess(data.response?.code) ? "gone" : "network");
    }
    // Decoders stumble once in a while; a second time in a row is a real fault.
    this.#mended += 1;
    if (data.type === ErrorTypes.MEDIA_ERROR && this.#mended < 3) return hls.recoverMediaError();
    this.#onTrouble("decode");
  }

  #nativeTrouble(): Trouble {
    const code = this.#video.error?.code;
    if (code === MediaError.MEDIA_ERR_DECODE) return "decode";
    // Safari reports a refused playlist as "not supported" too; asking for a new address settles it.
    return code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED ? "gone" : "network";
  }
}
