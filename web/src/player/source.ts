import Hls, { type ErrorData, ErrorTypes, Events } from "hls.js";

/** Why the picture stops; each has its own message. */
export type Trouble = "network" | "gone" | "decode" | "unsupported";

/** One rung a person may choose. */
export interface Quality {
  index: number;
  label: string;
}

export const AUTO = -1;

/** Answers that a new signed address may cure. */
function isAccess(status: number | undefined): boolean {
  return status === 401 || status === 403 || status === 404 || status === 410;
}

/** Plays one HLS address in a video element, through hls.js where there is MSE, else natively. */
export class Source {
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
      if (!this.#hls) this.#onTrouble(this.#nativeTrouble());
    });
  }

  /** Loads `url` and stands at `atS` seconds; playing is up to the caller. */
  load(url: string, atS: number): void {
    this.stop();
    if (Hls.isSupported()) return this.#loadHls(url, atS);
    if (!this.#video.canPlayType("application/vnd.apple.mpegurl")) return this.#onTrouble("unsupported");
    this.#video.src = atS > 0 ? `${url}#t=${atS}` : url;
    this.#video.load();
  }

  stop(): void {
    this.#hls?.destroy();
    this.#hls = undefined;
  }

  get qualities(): Quality[] {
    const levels = this.#hls?.levels ?? [];
    return levels
      .map((level, index) => ({
        index,
        label: level.height ? `${level.height}p` : `${Math.round(level.bitrate / 1000)}k`,
      }))
      .reverse();
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
    // A worker would be a blob: script, which our content security policy forbids; fMP4 needs hardly any work anyway.
    const hls = new Hls({
      enableWorker: false,
      startPosition: atS > 0 ? atS : -1,
      capLevelToPlayerSize: true,
      maxLiveSyncPlaybackRate: 1.5,
      liveSyncOnStallIncrease: 0.2,
    });
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
