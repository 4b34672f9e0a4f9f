// 2 GB through a real browser while the server is killed in the middle and the page is loaded anew: `npm run large-upload`.
// Not part of `npm test`: it moves gigabytes. Says what it saw and fails when a byte differs.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, shot } from "../lib/browser.js";
import { clip } from "../lib/clip.js";
import { demoPerson } from "../lib/desk.js";
import { until } from "../lib/library.js";
import { Server } from "../lib/server.js";

const GIGABYTE = 1e9;
const BYTES = 2 * GIGABYTE;
const LONG = 1_800_000;

/** A recording of more than two gigabytes: a minute of real video, over and over. @param {string} folder */
function longRecording(folder) {
  const minute = clip(folder, { seconds: 60, kbps: 8_000, name: "minute.mp4" });
  const times = Math.ceil(BYTES / statSync(minute).size);
  const path = join(folder, "两小时.mp4");
  const done = spawnSync("ffmpeg", ["-v", "error", "-y", "-stream_loop", String(times), "-i", minute, "-c", "copy", path], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
  return path;
}

/** @param {string} path */
async function sha256(path) {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest("hex");
}

/** @param {string} what */
const say = (what) => console.log(new Date().toISOString().slice(11, 19), what);

const folder = mkdtempSync(join(tmpdir(), "kaijiang-large-"));
const server = new Server({ demo: true });
await server.start();
const browser = await launch();
try {
  const path = longRecording(folder);
  const bytes = statSync(path).size;
  say(`a recording of ${bytes} bytes`);
  const clerk = await demoPerson(browser, server.address, "clerk.branch");
  await clerk.goto("/submissions/new");
  if (!(await clerk.locator("#f-title").isVisible())) await clerk.click("main .worklist a.button");
  await clerk.fill("#f-title", "两千兆字节");
  await clerk.check("#f-category input >> nth=0");
  await clerk.click("main form .button-primary");
  await clerk.waitForURL("**/edit**");
  const field = "kj-upload[slot=video][variant=field] input[type=file]";
  const lesson = await clerk.getAttribute("kj-upload[slot=video]", "lesson");
  const arrived = async () => {
    const answer = await clerk.request.get(`/uploads?lesson=${lesson}&slot=video`).catch(() => undefined);
    const list = answer?.ok() ? await answer.json() : [];
    return (list.items ?? list)[0]?.offset ?? 0;
  };
  const past = (/** @type {number} */ offset) => until(`${offset} bytes arrived`, async () => ((await arrived()) > offset ? true : undefined), LONG);

  await clerk.setInputFiles(field, path);
  await past(0.4 * bytes);
  const before = await arrived();
  await server.kill();
  say(`killed with -9 at ${before}`);
  await server.start();
  const after = await arrived();
  say(`back with ${after}`);
  assert.ok(after >= before, "what was acknowledged is there");
  await past(0.7 * bytes);
  await shot(clerk, "large-upload");
  await clerk.reload();
  say(`page loaded anew at ${await arrived()}`);
  await clerk.setInputFiles(field, path);
  const file = await until("the recording is examined", async () => {
    const answer = await clerk.request.get(`/api/v1/lessons/${lesson}/materials`);
    return (await answer.json()).find((/** @type {any} */ m) => m.state !== "checking");
  }, LONG);
  await clerk.reload();
  await shot(clerk, "large-upload-done");
  assert.deepEqual({ state: file.state, bytes: file.bytes, sha256: file.sha256 }, { state: "ready", bytes, sha256: await sha256(path) });
  say("every byte is there");
} finally {
  await browser.close();
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
}
