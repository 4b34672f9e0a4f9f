// The player as viewers use it: its menus, captions, chapters and pictures, and what it says and does when something breaks.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, person } from "../lib/browser.js";
import { demoPerson } from "../lib/desk.js";
import { until } from "../lib/library.js";
import { Server } from "../lib/server.js";

/** The first of the demo's lessons: public, of the branch where the demo's clerk works. */
const TITLE = "把论文写在大地上";
const WORDS = "三十年只做一件事";

const server = new Server({ demo: true });
/** @type {import("playwright-core").Browser} */
let browser;
let lesson = "";

before(async () => {
  await server.start();
  browser = await launch();
  const look = async () => {
    const answer = await fetch(`${server.address}/api/v1/library?q=${encodeURIComponent(TITLE)}`);
    return (await answer.json()).items[0]?.id;
  };
  lesson = String(await until("the lesson is public", look));
  const playback = async () => (await fetch(`${server.address}/api/v1/library/${lesson}/playback`)).json();
  await until("its small pictures and its sound are there", async () => {
    const { storyboard, audio_manifest } = await playback();
    return storyboard && audio_manifest ? true : undefined;
  });
  const clerk = await demoPerson(browser, server.address, "clerk.branch");
  const captions = `WEBVTT\n\n00:00.000 --> 00:20.000\n${WORDS}\n`;
  const kept = await clerk.request.put(`/api/v1/lessons/${lesson}/captions/zh-CN?label=%E4%B8%AD%E6%96%87`, { data: captions, headers: { "content-type": "text/vtt" } });
  assert.equal(kept.status(), 200, await kept.text());
  await clerk.context().close();
});

after(async () => {
  await browser?.close();
  await server.remove();
});

/** Somebody on the lesson's page whose player is ready. @param {(page: import("playwright-core").Page) => Promise<unknown>} [prepare] */
async function viewer(prepare) {
  const page = await person(browser, server.address);
  await prepare?.(page);
  await page.goto(`/lessons/${lesson}`);
  await page.waitForSelector("kj-player .kj-start");
  return page;
}

/** @param {import("playwright-core").Page} page */
async function play(page) {
  await page.click("kj-player .kj-start");
  await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.5);
}

/** Takes a choice of the settings by its words. @param {import("playwright-core").Page} page @param {string | RegExp} words */
async function choose(page, words) {
  await page.hover("kj-player");
  if (!(await page.locator("kj-player .kj-menu").isVisible())) await page.click("kj-player .kj-row button[aria-expanded]");
  await page.locator("kj-player .kj-menu-line").filter({ hasText: words }).first().click();
}

test("quality and speed are chosen in the menu", async () => {
  const page = await viewer();
  await play(page);
  await choose(page, /^\d+p$/);
  await page.waitForFunction(() => document.querySelector(".kj-menu-line:has(input:checked)")?.textContent?.match(/^\d+p$/));
  await choose(page, "1.5×");
  await page.waitForFunction(() => document.querySelector("video")?.playbackRate === 1.5);
  await choose(page, "自动");
  const before = await page.evaluate(() => document.querySelector("video")?.currentTime ?? 0);
  await page.waitForFunction((from) => (document.querySelector("video")?.currentTime ?? 0) > from + 0.5, before);
  await page.context().close();
});

test("captions show, and their lines lead to their moments", async () => {
  const page = await viewer();
  await play(page);
  await page.hover("kj-player");
  await page.keyboard.press("c");
  await page.waitForFunction((words) => {
    const track = document.querySelector("video")?.textTracks[0];
    const cue = /** @type {VTTCue | undefined} */ (track?.activeCues?.[0]);
    return track?.mode === "showing" && cue?.text === words;
  }, WORDS);
  await choose(page, /^关$/);
  await page.waitForFunction(() => document.querySelector("video")?.textTracks[0]?.mode === "disabled");
  assert.match(await page.locator("#transcript").innerText(), new RegExp(WORDS));
  await page.context().close();
});

test("chapters are marked, named and lead to their moments", async () => {
  const page = await viewer();
  await play(page);
  await page.waitForFunction(() => document.querySelectorAll(".kj-marks i").length === 2);
  await page.click("#chapters a[data-at-ms='8000']");
  await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) >= 8);
  await page.waitForFunction(() => document.querySelector(".kj-timeline input")?.getAttribute("aria-valuetext")?.includes("一个例子"));
  await page.context().close();
});

test("the time line shows a picture of the moment below the pointer", async () => {
  const page = await viewer();
  const board = page.waitForResponse((r) => r.url().endsWith(".vtt") && r.url().includes("/media/") && r.ok());
  await play(page);
  await board;
  await page.hover(".kj-timeline");
  await page.waitForSelector(".kj-preview:not([hidden])");
  const picture = async () => {
    await page.mouse.move(0, 0);
    await page.hover(".kj-timeline");
    const shown = await page.locator(".kj-picture").evaluate((one) => getComputedStyle(one).backgroundImage);
    return shown.includes(".jpg") ? shown : undefined;
  };
  assert.match(await until("a picture", picture, 10_000), /\/media\/.*sheet|\.jpg/);
  assert.match(await page.locator(".kj-picture-label").innerText(), /^\d+:\d\d/);
  await page.context().close();
});

test("who only listens hears the sound go on where it was", async () => {
  const page = await viewer();
  await play(page);
  const before = await page.evaluate(() => document.querySelector("video")?.currentTime ?? 0);
  const sound = page.waitForResponse((r) => /\/al?\/index\.m3u8$/.test(new URL(r.url()).pathname) && r.ok());
  await choose(page, "只听声音");
  await sound;
  await page.waitForSelector("kj-player[data-sound-only]");
  await page.waitForFunction((from) => {
    const video = document.querySelector("video");
    return video && video.videoWidth === 0 && video.currentTime > from + 0.5;
  }, before);
  await page.context().close();
});

test("an address that ran out is asked for anew, without a word", async () => {
  let refused = 0;
  const page = await viewer((page) =>
    page.route("**/media/**/master.m3u8", (route) => {
      refused += 1;
      return refused === 1 ? route.fulfill({ status: 403, contentType: "application/problem+json", body: "{}" }) : route.continue();
    }),
  );
  const renewed = page.waitForResponse((r) => r.url().endsWith(`/lessons/${lesson}/addresses`) && r.ok());
  await page.click("kj-player .kj-start");
  await renewed;
  await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.5);
  assert.equal(await page.locator(".player-message").isVisible(), false);
  await page.context().close();
});

test("a server that is gone is told in words, and playing goes on when it is back", async () => {
  const page = await viewer();
  await server.kill();
  await page.click("kj-player .kj-start");
  await page.waitForSelector(".player-message:not([hidden])");
  assert.match(await page.locator(".player-message").innerText(), /网络|连接/);
  await server.start();
  await page.click(".player-message button");
  await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.5);
  assert.equal(await page.locator(".player-message").isVisible(), false);
  await page.context().close();
});
