import { spawn } from "node:child_process";

/** Pixels of one block of the clock in the picture's first row. */
const BLOCK = 16;
/** Of the milliseconds of the clock, the lowest: enough for twelve days. */
const BITS = 30;
const PERIOD_MS = 40;

/** Pictures whose first row tells, in black and white blocks, when they were made. */
function picture(/** @type {number} */ now, /** @type {number} */ n, /** @type {number} */ width, /** @type {number} */ height) {
  const luma = Buffer.alloc(width * height, 90);
  for (let y = BLOCK; y < height; y += 1) luma.fill(60 + ((y + n * 3) % 120), y * width, (y + 1) * width);
  for (let bit = 0; bit < BITS; bit += 1) {
    const white = Math.floor(now / 2 ** bit) % 2 === 1;
    for (let y = 0; y < BLOCK; y += 1) luma.fill(white ? 235 : 16, y * width + bit * BLOCK, y * width + (bit + 1) * BLOCK);
  }
  return Buffer.concat([luma, Buffer.alloc((width * height) / 2, 128)]);
}

/** A real encoder that sends a picture with a clock in it, as OBS would, until it is stopped. */
export class Publisher {
  #stopped = false;

  /** @param {string} address `rtmp://…/live` @param {string} key @param {number} lines of the picture, 16 to 9 */
  constructor(address, key, lines = 360) {
    const width = (lines * 16) / 9;
    const raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", `${width}x${lines}`, "-r", String(1000 / PERIOD_MS), "-i", "pipe:0"];
    const sound = ["-re", "-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000"];
    const codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "50", "-b:v", "900k", "-c:a", "aac", "-ac", "2"];
    const args = ["-hide_banner", "-v", "error", "-use_wallclock_as_timestamps", "1", ...raw, ...sound, ...codecs, "-f", "flv", `${address}/${key}`];
    this.child = spawn("ffmpeg", args, { stdio: ["pipe", "ignore", "inherit"] });
    // A killed encoder takes no more pictures.
    this.child.stdin.on("error", () => this.stop());
    let n = 0;
    const send = () => {
      if (this.#stopped) return;
      this.child.stdin.write(picture(Date.now(), (n += 1), width, lines));
      setTimeout(send, PERIOD_MS);
    };
    send();
  }

  /** The line breaks: nobody is told. */
  stop() {
    if (this.#stopped) return;
    this.#stopped = true;
    this.child.kill("SIGKILL");
  }
}

/**
 * How old the pictures are that a page shows, in milliseconds, one number for each of `count` pictures.
 * @param {import("playwright-core").Page} page @param {number} count
 */
export function ages(page, count) {
  return page.evaluate(
    ({ count, bits, block }) =>
      /** @type {Promise<number[]>} */ (new Promise((resolve) => {
        const video = /** @type {any} */ (document.querySelector("video"));
        const canvas = document.createElement("canvas");
        const draw = /** @type {any} */ (canvas.getContext("2d", { willReadFrequently: true }));
        /** @type {number[]} */
        const found = [];
        const look = () => {
          canvas.width = video.videoWidth;
          canvas.height = block;
          draw.drawImage(video, 0, 0);
          let at = 0;
          for (let bit = 0; bit < bits; bit += 1) {
            const pixel = draw.getImageData(bit * block + block / 2, block / 2, 1, 1).data[0];
            if (pixel > 128) at += 2 ** bit;
          }
          const age = (Date.now() - at) % 2 ** bits;
          // A picture that was not decoded whole tells nonsense.
          if (age < 600_000) found.push(age);
          if (found.length >= count) resolve(found);
          else video.requestVideoFrameCallback(look);
        };
        video.requestVideoFrameCallback(look);
      })),
    { count, bits: BITS, block: BLOCK },
  );
}

/** The middle of some numbers. @param {number[]} numbers */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
