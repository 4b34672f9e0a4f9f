import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { PHONE } from "./browser.js";

const QUIET = ["--headless=new", "--hide-scrollbars", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"];

/** A phone: a browser process whose profile outlives it, also when it is killed. */
export class Phone {
  #profile = mkdtempSync(join(tmpdir(), "kaijiang-phone-"));
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;
  /** @type {import("playwright-core").Browser | undefined} */
  #browser;

  /** Starts the browser process on the profile as it was left. */
  async start() {
    const args = [...QUIET, `--user-data-dir=${this.#profile}`, "--remote-debugging-port=0", `--window-size=${PHONE.width},${PHONE.height}`, "about:blank"];
    const child = spawn("/usr/bin/chromium", args, { stdio: ["ignore", "ignore", "pipe"] });
    this.#child = child;
    const lines = createInterface({ input: child.stderr });
    const address = await new Promise((resolve, reject) => {
      lines.on("line", (line) => {
        const found = /DevTools listening on (ws:\S+)/.exec(line);
        if (found) resolve(found[1]);
      });
      child.once("exit", (code) => reject(new Error(`Chromium ended with ${code}`)));
    });
    this.#browser = await chromium.connectOverCDP(address);
    return this;
  }

  get context() {
    const context = this.#browser?.contexts()[0];
    assert.ok(context, "the phone is on");
    return context;
  }

  /** A tab of its own. */
  async tab() {
    const page = await this.context.newPage();
    page.setDefaultTimeout(30_000);
    await page.setViewportSize(PHONE);
    await page.emulateMedia({ reducedMotion: "reduce" });
    return page;
  }

  /** Power is cut: `kill -9`, nothing is written that was not on the disk. */
  async kill() {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    await this.#browser?.close().catch(() => undefined);
  }

  /** Closed by its owner: everything is written. */
  async close() {
    const child = this.#child;
    assert.ok(child && this.#browser);
    const gone = new Promise((resolve) => child.once("exit", resolve));
    const session = await this.#browser.newBrowserCDPSession();
    await session.send("Browser.close").catch(() => undefined);
    await gone;
  }

  async remove() {
    await this.kill();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** What the planted photo tells of its owner, besides the place. */
export const OWNER = "PLANTED-OWNER";

/** One entry of a TIFF directory, little-endian. @param {number} tag @param {number} type @param {number} count @param {number} value */
function entry(tag, type, count, value) {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16LE(tag, 0);
  bytes.writeUInt16LE(type, 2);
  bytes.writeUInt32LE(count, 4);
  bytes.writeUInt32LE(value, 8);
  return bytes;
}

/** EXIF as phones write it: lying on its side, with an owner and a place. */
function exif() {
  const owner = Buffer.from(`${OWNER}\0\0`);
  // Header 8, directory 2 + 3·12 + 4 = 50, owner 16, places 2 + 2·12 + 4 = 96.
  const places = 50 + owner.length;
  const degrees = places + 30;
  const head = Buffer.from([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]);
  const main = [Buffer.from([3, 0]), entry(0x0112, 3, 1, 6), entry(0x013b, 2, owner.length, 50), entry(0x8825, 4, 1, places), Buffer.alloc(4)];
  const place = [Buffer.from([2, 0]), entry(1, 2, 2, 0x4e), entry(2, 5, 3, degrees), Buffer.alloc(4)];
  const rational = Buffer.alloc(24);
  for (const [n, value] of [26, 1, 33, 1, 7, 1].entries()) rational.writeUInt32LE(value, n * 4);
  const tiff = Buffer.concat([head, ...main, owner, ...place, rational]);
  const body = Buffer.concat([Buffer.from("Exif\0\0"), tiff]);
  const marker = Buffer.from([0xff, 0xe1, 0, 0]);
  marker.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([marker, body]);
}

/** A photo as a phone takes it: 12 megapixels, with place and owner. @param {string} folder */
export function photo(folder) {
  const path = join(folder, "plain.jpg");
  const done = spawnSync("ffmpeg", ["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=4000x3000", "-frames:v", "1", "-q:v", "4", path], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
  const plain = readFileSync(path);
  const buffer = Buffer.concat([plain.subarray(0, 2), exif(), plain.subarray(2)]);
  assert.ok(buffer.includes(OWNER) && buffer.includes("Exif"));
  return { name: "IMG_20261120_193000.jpg", mimeType: "image/jpeg", buffer };
}

/** Width and height in the frame header of a JPEG (ITU T.81, B.2.2). @param {Buffer} jpeg */
export function jpegSize(jpeg) {
  let at = 2;
  while (at < jpeg.length) {
    const marker = jpeg.readUInt16BE(at);
    if (marker >= 0xffc0 && marker <= 0xffc2) return { height: jpeg.readUInt16BE(at + 5), width: jpeg.readUInt16BE(at + 7) };
    at += 2 + jpeg.readUInt16BE(at + 2);
  }
  return assert.fail("no frame");
}
