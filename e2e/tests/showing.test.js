// A scheduled showing: everybody sees the same moment, whenever they come. Pictures in e2e/shots.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, fits, launch, person, PHONE, shot } from "../lib/browser.js";
import { until } from "../lib/library.js";
import { Server } from "../lib/server.js";

const server = new Server({ demo: true });
/** @type {import("playwright-core").Browser} */
let browser;
let id = "";

before(async () => {
  await server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server.remove();
});

test("the programme announces the demo's showing, on a desktop and on a phone", async () => {
  const viewer = await person(browser, server.address);
  id = await until("the showing is announced", async () => {
    const answer = await viewer.request.get("/programme", { headers: { accept: "text/html" } });
    return /brd_[0-9a-f]{32}/.exec(await answer.text())?.[0];
  });
  await viewer.goto("/programme");
  await shot(viewer, "showing-01-programme");
  await accessible(viewer);
  await viewer.goto("/");
  await shot(viewer, "showing-02-home");
  await accessible(viewer);
  await viewer.goto(`/live/${id}`);
  await viewer.waitForSelector(".live-curtain");
  await shot(viewer, "showing-03-countdown");
  await accessible(viewer);
  await viewer.context().close();
  const phone = await person(browser, server.address, { viewport: PHONE, locale: "en" });
  for (const [path, name] of [["/programme", "programme"], [`/live/${id}`, "countdown"]]) {
    await phone.goto(String(path));
    await fits(phone);
    await accessible(phone);
    await shot(phone, `showing-04-${name}-phone-en`);
  }
  await phone.context().close();
});

/** Which moment of the recording a page shows, against the clock: the same for everybody. @param {import("playwright-core").Page} page */
function moment(page) {
  return page.evaluate(() => Date.now() - Number(/** @type {any} */ (document.querySelector("video"))?.currentTime ?? 0) * 1000);
}

/** Comes and watches. @param {import("playwright-core").Page} page */
async function join(page) {
  await page.goto(`/live/${id}`);
  await page.waitForFunction(() => document.querySelector("[data-live-state]")?.getAttribute("data-live-state") === "on_air", undefined, { timeout: 180_000 });
  const start = page.locator("kj-player .kj-start");
  if (await start.isVisible()) await start.click();
  await page.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0, undefined, { timeout: 60_000 });
}

test("two people who come at different times see the same moment", async () => {
  const early = await person(browser, server.address);
  const late = await person(browser, server.address, { viewport: PHONE });
  await join(early);
  await early.waitForTimeout(4000);
  await join(late);
  // Both have found their place when it does not move any more.
  await late.waitForTimeout(3000);
  const [a, b] = await Promise.all([moment(early), moment(late)]);
  console.log(`the two screens are ${Math.round(Math.abs(a - b))} ms apart`);
  await shot(early, "showing-05-early");
  await shot(late, "showing-06-late-phone");
  // They are one segment apart at the most; how close exactly depends on the machine.
  assert.ok(Math.abs(a - b) < 4_500, `${a - b} ms apart`);
});
