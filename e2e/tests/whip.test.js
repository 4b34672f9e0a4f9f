// Live from a phone's browser, end to end: camera → WHIP → on air without leaving the page → another browser → end → replay.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { accessible, collectErrors, DESKTOP, fits, launch, person, PHONE, shot } from "../lib/browser.js";
import { demoPerson } from "../lib/desk.js";
import { until } from "../lib/library.js";
import { Server } from "../lib/server.js";

const TITLE = "田埂上的手机直播";
const server = new Server({ demo: true });
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("playwright-core").Page} */
let host;
/** @type {import("playwright-core").Page} */
let viewer;
let id = "";

before(async () => {
  await server.start();
  browser = await launch(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]);
});

after(async () => {
  await browser?.close();
  await server.remove();
});

/** @param {string} standing */
function stands(standing) {
  return host.waitForFunction((wanted) => document.querySelector("kj-whip")?.getAttribute("data-standing") === wanted, standing, { timeout: 60_000 });
}

/** Pictures and bytes of sound that a page has played. @param {import("playwright-core").Page} page */
function played(page) {
  return page.evaluate(() => {
    const video = /** @type {any} */ (document.querySelector("kj-player video"));
    return { at: video.currentTime, width: video.videoWidth, pictures: video.getVideoPlaybackQuality().totalVideoFrames, sound: video.webkitAudioDecodedByteCount };
  });
}

test("this browser can send H.264", async () => {
  host = await demoPerson(browser, server.address, "host.township", { viewport: PHONE });
  const codecs = await host.evaluate(() => (RTCRtpSender.getCapabilities("video")?.codecs ?? []).map((codec) => `${codec.mimeType} ${codec.sdpFmtpLine ?? ""}`));
  console.log(codecs.filter((codec) => codec.includes("H264")).join("\n"));
  assert.ok(codecs.some((codec) => codec.includes("H264") && codec.includes("packetization-mode=1")), codecs.join("\n"));
});

test("a host sends from the control room on a phone", async () => {
  await host.goto("/broadcasts/new");
  await host.fill("#title", TITLE);
  await host.fill("#lecturer", "李桂芳");
  await host.click("main form .button-primary");
  await host.waitForURL("**/broadcasts/brd_**");
  id = /brd_[0-9a-f]{32}/.exec(host.url())?.[0] ?? "";
  await shot(host, "whip-01-before");
  await host.click("kj-whip .button-primary");
  await stands("live");
  await host.waitForSelector("form[action$='/on-air']");
  await fits(host);
  await accessible(host);
  await shot(host, "whip-02-testing");
});

test("it goes on air without leaving the page, and another browser sees and hears it", async () => {
  await host.evaluate(() => Object.assign(globalThis, { samePage: true }));
  await host.click("form[action$='/on-air'] button");
  await host.click("dialog[open] .button-primary, dialog[open] .button-danger");
  await host.waitForSelector("form[action$='/end']");
  assert.equal(await host.evaluate(() => /** @type {any} */ (globalThis).samePage), true, "the page that sends was not left");
  await stands("live");
  await shot(host, "whip-03-on-air");
  viewer = await person(browser, server.address, { viewport: DESKTOP });
  const errors = collectErrors(viewer);
  await viewer.goto(`/live/${id}`);
  const start = viewer.locator("kj-player .kj-start");
  await viewer.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0 || document.querySelector(".kj-start"));
  if (await start.isVisible()) await start.click();
  await viewer.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 5, undefined, { timeout: 60_000 });
  const before = await played(viewer);
  await until("moving pictures and sound", async () => {
    const now = await played(viewer);
    return now.at > before.at + 3 && now.pictures > before.pictures + 20 && now.sound > before.sound ? true : undefined;
  });
  assert.ok(before.width >= 640, `${before.width} pixels wide`);
  await shot(viewer, "whip-04-viewer");
  assert.deepEqual(errors.filter((error) => !error.includes("503")), []);
  const health = await (await host.request.get(`/broadcasts/${id}/health`)).json();
  console.log("health", JSON.stringify(health));
  assert.equal(health.audio?.rate, 48_000);
});

test("a phone whose server was killed comes back by itself", async () => {
  await server.kill();
  await stands("again");
  await shot(host, "whip-05-again");
  await server.start();
  await stands("live");
  const state = async () => (await (await viewer.request.get(`/live/${id}/state`)).json()).state;
  await until("it is on air again", async () => ((await state()) === "on_air" ? true : undefined), 60_000);
});

test("what stands in the way is said in words", async () => {
  const table = [
    { locale: "en", words: "Allow both", break: () => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError")); } },
    { locale: "zh-CN", words: "H.264", break: () => { RTCRtpSender.getCapabilities = () => ({ codecs: [{ mimeType: "video/VP8", clockRate: 90_000 }], headerExtensions: [] }); } },
    { locale: "zh-CN", words: "https", break: () => { Object.defineProperty(globalThis, "isSecureContext", { value: false }); } },
  ];
  for (const [n, row] of table.entries()) {
    const page = await demoPerson(browser, server.address, "host.township", { viewport: PHONE, locale: row.locale });
    await page.addInitScript(row.break);
    await page.goto(`/broadcasts/${id}`);
    await page.click("kj-whip .button-primary");
    await page.waitForFunction(() => document.querySelector("kj-whip")?.getAttribute("data-standing") === "refused");
    assert.ok((await page.locator("kj-whip [role=status]").textContent())?.includes(row.words), row.words);
    await accessible(page);
    await shot(page, `whip-07-refused-${n}`);
    await page.context().close();
  }
  assert.equal(await host.locator("kj-whip").getAttribute("data-standing"), "live", "who sends is not disturbed");
});

test("another who sends takes over, and this phone does not take it back", async () => {
  const second = await host.context().newPage();
  await second.goto(`/broadcasts/${id}`);
  await second.click("kj-whip .button-primary");
  await second.waitForFunction(() => document.querySelector("kj-whip")?.getAttribute("data-standing") === "live");
  await stands("ended");
  await shot(host, "whip-08-taken-over");
  await second.waitForTimeout(3_000);
  assert.equal(await second.locator("kj-whip").getAttribute("data-standing"), "live");
  await host.close();
  host = second;
});

test("when it ends, the recording has picture and sound", async () => {
  // A few segments of the second phone.
  const from = await played(viewer);
  await until("the picture goes on", async () => ((await played(viewer)).at > from.at + 6 ? true : undefined));
  await host.click("form[action$='/end'] button");
  await host.click("dialog[open] .button-primary, dialog[open] .button-danger");
  await stands("ended");
  await host.waitForSelector("kj-whip .button-primary", { state: "hidden" });
  await shot(host, "whip-09-ended");
  const replay = await until("the recording", async () => (await (await viewer.request.get(`/live/${id}/state`)).json()).replay_url ?? undefined);
  const addresses = await (await viewer.request.get(`${replay}/addresses`)).json();
  const args = ["-v", "error", "-show_entries", "stream=codec_name,codec_type,sample_rate,width", "-of", "json", new URL(addresses.manifest, server.address).href];
  const probed = spawnSync("ffprobe", args, { encoding: "utf8" });
  assert.equal(probed.status, 0, probed.stderr);
  const streams = JSON.parse(probed.stdout).streams;
  console.log(JSON.stringify(streams));
  assert.ok(streams.some((/** @type {any} */ one) => one.codec_name === "h264"), probed.stdout);
  assert.ok(streams.some((/** @type {any} */ one) => one.codec_name === "aac" && one.sample_rate === "48000"), probed.stdout);
  const decoded = spawnSync("ffmpeg", ["-v", "error", "-i", args.at(-1) ?? "", "-map", "0:a:0", "-f", "null", "-"], { encoding: "utf8" });
  assert.equal(decoded.stderr.trim(), "", "the sound decodes without a complaint");
});
