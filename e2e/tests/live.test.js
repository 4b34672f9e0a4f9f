// A live broadcast, end to end: plan → test → on air → line broken and back → end → watch again. Pictures in e2e/shots.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, collectErrors, DESKTOP, fits, launch, person, PHONE, shot } from "../lib/browser.js";
import { demoPerson } from "../lib/desk.js";
import { until } from "../lib/library.js";
import { ages, median, Publisher } from "../lib/publisher.js";
import { Server } from "../lib/server.js";

const TITLE = "秋收里的一堂课";
const server = new Server({ demo: true });
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("playwright-core").Page} */
let host;
/** @type {import("playwright-core").Page} */
let viewer;
/** @type {Publisher} */
let publisher;
let id = "";
let key = "";

before(async () => {
  await server.start();
  browser = await launch();
});

after(async () => {
  publisher?.stop();
  await browser?.close();
  await server.remove();
});

test("a township's host plans a broadcast and makes a stream key", async () => {
  host = await demoPerson(browser, server.address, "host.township");
  await host.goto("/broadcasts");
  await shot(host, "live-01-list");
  await accessible(host);
  await host.click("a[href='/broadcasts/new']");
  await host.fill("#title", TITLE);
  await host.fill("#lecturer", "李桂芳");
  await host.fill("#abstract", "刚收割完的田埂上，讲粮食安全和丰收背后的政策。");
  await shot(host, "live-02-plan");
  await accessible(host);
  await host.click("main form .button-primary");
  await host.waitForURL("**/broadcasts/brd_**");
  id = /brd_[0-9a-f]{32}/.exec(host.url())?.[0] ?? "";
  await host.click("form[action$='/key'] button");
  key = (await host.locator("code.secret").textContent()) ?? "";
  assert.match(key, /^kj-[0-9a-f]{40}$/);
  await shot(host, "live-03-key");
  await accessible(host);
});

test("the host tests picture and sound before anybody sees them", async () => {
  publisher = new Publisher(await server.rtmp(), key);
  await until("the publisher is seen", async () => {
    await host.goto(`/broadcasts/${id}`);
    return (await host.locator("form[action$='/on-air']").count()) > 0 ? true : undefined;
  });
  await host.locator("kj-player .kj-start").click();
  await host.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 1);
  await shot(host, "live-04-testing");
  viewer = await person(browser, server.address, { viewport: DESKTOP });
  await viewer.goto(`/live/${id}`);
  await shot(viewer, "live-05-before");
  await accessible(viewer);
});

test("everybody sees it once it is on air", async () => {
  const errors = collectErrors(viewer);
  await host.click("form[action$='/on-air'] button");
  await host.click("dialog[open] .button-primary, dialog[open] .button-danger");
  await host.waitForURL("**done=broadcast-on-air**");
  await viewer.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0 || document.querySelector(".kj-start"));
  const start = viewer.locator("kj-player .kj-start");
  if (await start.isVisible()) await start.click();
  await viewer.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 3);
  await ages(viewer, 150);
  const late = await ages(viewer, 100);
  console.log(`glass to glass: median ${median(late)} ms, from ${Math.min(...late)} to ${Math.max(...late)}`);
  // How late exactly is measured by the bench: a busy machine must not fail a test.
  assert.ok(median(late) < 20_000, `pictures are ${median(late)} ms old`);
  await shot(viewer, "live-06-on-air");
  await accessible(viewer);
  assert.deepEqual(errors.filter((error) => !error.includes("503")), []);
  const phone = await person(browser, server.address, { viewport: PHONE, locale: "en" });
  await phone.goto(`/live/${id}`);
  await fits(phone);
  await accessible(phone);
  await shot(phone, "live-07-on-air-phone-en");
  await phone.context().close();
});

test("a broken line is told calmly, and the picture comes back by itself", async () => {
  publisher.stop();
  await viewer.waitForFunction(() => document.querySelector("[data-live-state]")?.getAttribute("data-live-state") === "dropped", undefined, { timeout: 60_000 });
  await shot(viewer, "live-08-dropped");
  publisher = new Publisher(await server.rtmp(), key);
  await viewer.waitForFunction(() => document.querySelector("[data-live-state]")?.getAttribute("data-live-state") === "on_air", undefined, { timeout: 60_000 });
  const now = await viewer.evaluate(() => Date.now());
  await until("fresh pictures", async () => (median(await ages(viewer, 5)) < 20_000 ? true : undefined));
  assert.ok(now > 0);
  await shot(viewer, "live-09-back");
});

test("when it ends, it can be watched again", async () => {
  await host.goto(`/broadcasts/${id}`);
  await host.click("form[action$='/end'] button");
  await host.click("dialog[open] .button-primary, dialog[open] .button-danger");
  await host.waitForURL("**done=broadcast-ended**");
  publisher.stop();
  const replay = await until("the recording", async () => {
    const standing = await (await viewer.request.get(`/live/${id}/state`)).json();
    return standing.replay_url ?? undefined;
  });
  await viewer.waitForFunction(() => document.querySelector("[data-live-state]")?.getAttribute("data-live-state") === "ended", undefined, { timeout: 60_000 });
  await shot(viewer, "live-10-ended");
  await viewer.goto(replay);
  await viewer.locator("kj-player .kj-start").click();
  await viewer.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 2);
  await shot(viewer, "live-11-replay");
  await accessible(viewer);
});
