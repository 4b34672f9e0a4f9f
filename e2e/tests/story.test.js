// The main job, end to end: submit → review up the tree → publish → watch → count. One recording per step in e2e/shots.
// KAIJIANG_STORY tells the language and the screen that everybody has: zh-desktop (without it), en-phone, zh-phone, en-desktop.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { accessible, DESKTOP, fits, launch, person, PHONE, shot as picture } from "../lib/browser.js";
import { clip } from "../lib/clip.js";
import { approve, demoPerson, openReview, recommend } from "../lib/desk.js";
import { until } from "../lib/library.js";
import { Server } from "../lib/server.js";

const LOOK = process.env.KAIJIANG_STORY ?? "zh-desktop";
const LOCALE = LOOK.startsWith("en") ? "en" : "zh-CN";
const EVERYBODY = { locale: LOCALE, viewport: LOOK.endsWith("phone") ? PHONE : DESKTOP };
/** Some in between read the other language. */
const OTHER = { ...EVERYBODY, locale: LOCALE === "en" ? "zh-CN" : "en" };
/** @type {Record<string, string>} */
const VIEWS = { en: "Views", "zh-CN": "观看" };
const FIRST_PRIZE = LOCALE === "en" ? /First prize/ : /一等奖/;
const TITLE = "把课堂搬到田埂上";
const SECONDS = 40;
const folder = mkdtempSync(join(tmpdir(), "kaijiang-story-"));
const server = new Server({ demo: true });
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("playwright-core").Page} */
let clerk;
let id = "";
let lesson = "";

before(async () => {
  await server.start();
  browser = await launch();
});

/** Keeps a picture of this telling; nothing may stick out of the screen. @param {import("playwright-core").Page} page @param {string} step */
async function shot(page, step) {
  await picture(page, `story-${LOOK}-${step}`);
  await fits(page);
}

after(async () => {
  await browser?.close();
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
});

test("a branch clerk registers a lecture", async () => {
  clerk = await demoPerson(browser, server.address, "clerk.branch", EVERYBODY);
  await shot(clerk, "01-desk");
  await accessible(clerk);
  await clerk.goto("/submissions/new");
  if (!(await clerk.locator("#f-title").isVisible())) await clerk.click("main .worklist a.button");
  await clerk.fill("#f-title", TITLE);
  await clerk.check("#f-category input >> nth=0");
  await shot(clerk, "02-new");
  await clerk.click("main form .button-primary");
  await clerk.waitForURL("**/edit**");
  id = /sub_[0-9a-f]{32}/.exec(clerk.url())?.[0] ?? "";
  assert.ok(id, clerk.url());
});

test("the draft saves itself and survives another device", async () => {
  const saved = clerk.waitForResponse((r) => r.request().method() === "PATCH" && r.ok());
  await clerk.fill("#f-lecturer", "周明远");
  await clerk.selectOption("#f-lecturer_kind", { index: 1 });
  await clerk.selectOption("#f-topic", { index: 1 });
  await clerk.selectOption("#f-form", { index: 1 });
  await clerk.fill("#f-abstract", "种了三十年地的周明远，把课堂搬到刚收割完的田埂上。");
  await clerk.fill("#f-script", "大家好，今天我们不在教室，就在这块地里讲。");
  for (const box of await clerk.locator("input[name=consents]").all()) await box.check();
  await saved;
  await until("everything is saved", async () => ((await clerk.locator("[data-autosave-state]").getAttribute("data-state")) === "saved" ? true : undefined));
  const phone = await demoPerson(browser, server.address, "clerk.branch", { ...EVERYBODY, viewport: PHONE });
  await phone.goto(`/submissions/${id}/edit`);
  assert.equal(await phone.inputValue("#f-lecturer"), "周明远");
  await fits(phone);
  await accessible(phone);
  await shot(phone, "03-editor-phone");
  await phone.context().close();
});

test("a video comes in over a bad line while the server is killed", async () => {
  const session = await clerk.context().newCDPSession(clerk);
  await session.send("Network.enable");
  const line = (/** @type {number} */ bytesPerSecond) =>
    session.send("Network.emulateNetworkConditions", { offline: false, latency: 80, downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond });
  await line(3_000_000);
  const path = clip(folder, { seconds: SECONDS, kbps: 5_500 });
  await clerk.setInputFiles("kj-upload[slot=video][variant=field] input[type=file]", path);
  await clerk.waitForResponse((r) => r.request().method() === "PATCH" && r.url().includes("/uploads/") && r.status() === 204);
  await shot(clerk, "04-uploading");
  await server.kill();
  await server.start();
  await line(-1);
  await until("the recording is examined and nothing is missing", async () => {
    const answer = await clerk.request.get(`/api/v1/submissions/${id}/checklist`);
    const { done, total } = await answer.json();
    return done === total ? true : undefined;
  }, 120_000);
  await clerk.reload();
  await shot(clerk, "05-editor-complete");
  await accessible(clerk);
});

test("she submits and keeps the receipt", async () => {
  await clerk.click("button[name=_then][value=submit]");
  await clerk.waitForURL("**/submit**");
  await shot(clerk, "06-preview");
  await clerk.click("form[action$='/submit'] .button-primary");
  await clerk.waitForURL(/receipts|submissions/);
  await shot(clerk, "07-receipt");
  const number = /KJ-[0-9A-Z-]+/.exec(await clerk.locator("main").innerText())?.[0];
  assert.ok(number, "the receipt has a number");
  const stranger = await person(browser, server.address, OTHER);
  await stranger.goto(`/receipts/${number}`);
  assert.match(await stranger.locator("main").innerText(), /[0-9a-f]{64}/);
  await stranger.context().close();
});

test("the township returns it with a moment, she corrects it, and the levels above recommend it", async () => {
  const township = await demoPerson(browser, server.address, "reviewer.township", EVERYBODY);
  await openReview(township, id);
  await shot(township, "08-review");
  await accessible(township);
  await until("the note opens", async () => {
    await township.locator("h1").click();
    await township.keyboard.press("n");
    return (await township.locator("[data-notes] input[name=note_text]").count()) > 0 ? true : undefined;
  });
  const note = "[data-notes] input[name=note_text] >> nth=0";
  await township.fill(note, "这里声音偏小");
  // What is not sent yet survives leaving the page.
  await township.reload();
  await township.waitForSelector(note);
  assert.equal(await township.inputValue(note), "这里声音偏小");
  await township.locator("h1").click();
  await township.keyboard.press("b");
  await township.waitForSelector("dialog[open]");
  await shot(township, "09-return");
  await township.selectOption("dialog[open] select >> nth=0", "sound");
  await township.fill("dialog[open] textarea >> nth=0", "请补充一句开场白。");
  const returned = township.waitForResponse((r) => r.request().method() === "POST" && r.url().includes(`/review/${id}`));
  await township.click("dialog[open] .button-danger");
  assert.equal((await returned).status(), 303);

  await clerk.goto("/desk");
  await shot(clerk, "10-returned");
  await clerk.goto(`/submissions/${id}/edit`);
  const saved = clerk.waitForResponse((r) => r.request().method() === "PATCH" && r.ok());
  await clerk.fill("#f-abstract", "种了三十年地的周明远，把课堂搬到刚收割完的田埂上，从一粒种子讲起。");
  await saved;
  await clerk.click("button[name=_then][value=submit]");
  await clerk.waitForURL("**/submit**");
  await clerk.click("form[action$='/submit'] .button-primary");
  await clerk.waitForURL(/receipts|submissions/);

  await openReview(township, id);
  await shot(township, "11-diff");
  await recommend(township, id);
  await township.context().close();
  for (const level of ["county", "city", "province"]) {
    const reviewer = await demoPerson(browser, server.address, `reviewer.${level}`, level === "city" ? OTHER : EVERYBODY);
    await openReview(reviewer, id);
    await shot(reviewer, `12-review-${level}`);
    await recommend(reviewer, id);
    await reviewer.context().close();
  }
});

test("three editors clear it and it is public", async () => {
  for (const login of ["editor.province", "editor2.province", "editor3.province"]) {
    const editor = await demoPerson(browser, server.address, login, EVERYBODY);
    await approve(editor, id);
    if (login === "editor3.province") await honour(editor);
    await shot(editor, `13-${login}`);
    await editor.context().close();
  }
  const found = await until("it is in the library", async () => {
    const answer = await fetch(`${server.address}/api/v1/library?q=${encodeURIComponent(TITLE)}`);
    return (await answer.json()).items[0]?.id;
  });
  lesson = String(found);
  const visitor = await person(browser, server.address, { ...EVERYBODY, viewport: PHONE });
  await visitor.goto("/");
  const honoured = visitor.locator(".honours li").filter({ hasText: TITLE });
  assert.match(await honoured.innerText(), FIRST_PRIZE);
  await shot(visitor, "13-home-awarded");
  await visitor.context().close();
});

/** The last editor gives it the first prize. @param {import("playwright-core").Page} editor */
async function honour(editor) {
  await editor.goto(`/clearance/${id}`);
  await editor.selectOption("#f-level", "first");
  await editor.click("form[action$='/award'] button");
  await editor.waitForURL("**done=awarded");
  assert.match(await editor.locator(".page-head .badge-award").innerText(), FIRST_PRIZE);
}

test("a viewer watches on a phone and every level sees the view", async () => {
  const phone = await person(browser, server.address, { ...EVERYBODY, viewport: PHONE });
  await phone.goto(`/lessons/${lesson}`);
  await phone.waitForSelector("kj-player .kj-start");
  await phone.click("kj-player .kj-start");
  await phone.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 3);
  await shot(phone, "14-watching");
  await until("the page shows the view", async () => {
    const answer = await fetch(`${server.address}/api/v1/library/${lesson}`);
    return (await answer.json()).counts.views === 1 ? true : undefined;
  }, 120_000);
  for (const level of ["township", "county", "city", "province"]) {
    const reviewer = await demoPerson(browser, server.address, `auditor.${level}`, level === "city" ? OTHER : EVERYBODY);
    await reviewer.goto("/statistics");
    await reviewer.waitForSelector("kj-chart :is(svg, canvas)");
    const views = await until(`${level} sees the view`, async () => {
      const { total } = await (await reviewer.request.get("/api/v1/statistics")).json();
      return total.views >= 1 ? Number(total.views) : undefined;
    }, 20_000);
    await reviewer.reload();
    await reviewer.waitForSelector("kj-chart :is(svg, canvas)");
    const tile = reviewer.locator(".tile").filter({ hasText: VIEWS[level === "city" ? OTHER.locale : LOCALE] }).first();
    assert.match(await tile.locator(".tile-number").innerText(), new RegExp(`^${views}(\\D|$)`), `${level} reads what is counted`);
    await shot(reviewer, `15-statistics-${level}`);
    if (level === "province") await accessible(reviewer);
    await reviewer.context().close();
  }
  await phone.context().close();
});

test("who is signed in goes on on another device, unless the address says where", async () => {
  const desk = await demoPerson(browser, server.address, "clerk.branch", EVERYBODY);
  await desk.goto(`/lessons/${lesson}?t=17`);
  await desk.waitForSelector("kj-player .kj-start");
  const told = () => desk.waitForResponse((r) => r.request().method() === "PUT" && r.url().endsWith("/resume-point"));
  const playing = told();
  await desk.click("kj-player .kj-start");
  assert.equal((await playing).status(), 204);
  await desk.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 19.5);
  const stopped = told();
  await desk.keyboard.press("k");
  assert.equal((await stopped).status(), 204);
  const phone = await demoPerson(browser, server.address, "clerk.branch", { ...EVERYBODY, viewport: PHONE });
  const begins = async (/** @type {string} */ path) => {
    await phone.goto(path);
    await phone.waitForSelector("kj-player .kj-start");
    await phone.click("kj-player .kj-start");
    await phone.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0.2);
    return phone.evaluate(() => document.querySelector("video")?.currentTime ?? 0);
  };
  const first = await begins(`/lessons/${lesson}`);
  assert.ok(first >= 19 && first < 25, `${first} s`);
  await phone.evaluate(() => document.querySelector("video")?.pause());
  assert.ok((await begins(`/lessons/${lesson}?t=2`)) < 10, "the address wins");
  await phone.context().close();
  await desk.context().close();
});
