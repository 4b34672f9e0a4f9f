// Load takes the lower qualities away while somebody watches one of them: the picture goes on, and they come back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { goOnAir, planned, watches } from "../lib/broadcast.js";
import { launch, person, PHONE, shot } from "../lib/browser.js";
import { demoPerson } from "../lib/desk.js";
import { until } from "../lib/library.js";
import { Publisher } from "../lib/publisher.js";
import { Server } from "../lib/server.js";

const SOURCE = 720;
const server = new Server({ demo: true, settings: 'live_rungs = "on"\n' });
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("playwright-core").Page} */
let host;
/** @type {import("playwright-core").Page} */
let viewer;
/** @type {Publisher} */
let publisher;
let id = "";

before(async () => {
  await server.start();
  browser = await launch();
});

after(async () => {
  publisher?.stop();
  await browser?.close();
  await server.remove();
});

/** Lines of the picture that is shown. */
const lines = () => viewer.evaluate(() => document.querySelector("video")?.videoHeight ?? 0);

/** Chooses a line of the player's menu. @param {RegExp} words */
async function choose(words) {
  await viewer.hover("kj-player");
  if (!(await viewer.locator("kj-player .kj-menu").isVisible())) await viewer.click("kj-player .kj-row button[aria-expanded]");
  await viewer.locator("kj-player .kj-menu-line").filter({ hasText: words }).first().click();
}

/** Watches anew until the menu offers a quality. @param {RegExp} words */
async function offered(words) {
  await until(`${words} is offered`, async () => {
    await watches(viewer, id);
    await viewer.hover("kj-player");
    await viewer.click("kj-player .kj-row button[aria-expanded]");
    return (await viewer.locator("kj-player .kj-menu-line").filter({ hasText: words }).count()) > 0 ? true : undefined;
  });
}

/** The picture moves on by some seconds. @param {number} seconds */
async function playsOn(seconds) {
  const at = await viewer.evaluate(() => document.querySelector("video")?.currentTime ?? 0);
  await viewer.waitForFunction((to) => (document.querySelector("video")?.currentTime ?? 0) > to, at + seconds, { timeout: 60_000 });
}

/** @param {string | null} stage */
const pin = async (stage) => {
  const answer = await host.request.put(`/api/v1/broadcasts/${id}/stage`, { data: { stage } });
  assert.ok(answer.ok(), await answer.text());
};

test("a viewer chooses a lower quality", async () => {
  host = await demoPerson(browser, server.address, "host.township");
  const plan = await planned(host, { title: "秋收里的一堂课", lecturer: "李桂芳" });
  id = plan.id;
  publisher = new Publisher(await server.rtmp(), plan.key, SOURCE);
  await goOnAir(host, id);
  viewer = await person(browser, server.address);
  await offered(/^360p/);
  await choose(/^360p/);
  await until("the lower quality is shown", async () => ((await lines()) < SOURCE ? true : undefined));
  await shot(viewer, "shed-01-lower");
});

test("load takes it away: the source is shown, nobody presses anything", async () => {
  await pin("source-only");
  await until("the source is shown", async () => ((await lines()) === SOURCE ? true : undefined));
  await playsOn(6);
  assert.equal(await viewer.locator("kj-player .player-message:not([hidden])").count(), 0);
  await shot(viewer, "shed-02-source-only");
});

test("when the load is gone, whoever comes finds the lower quality again", async () => {
  await pin(null);
  viewer = await person(browser, server.address, { viewport: PHONE });
  await offered(/^360p/);
  await shot(viewer, "shed-03-back-phone");
});
