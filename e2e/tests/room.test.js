// The room of a live broadcast, with a real publisher, two viewers' browsers and the host's board. Pictures in e2e/shots.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { end, goOnAir, planned, watches } from "../lib/broadcast.js";
import { accessible, collectErrors, DESKTOP, fits, launch, PHONE, reachable, shot } from "../lib/browser.js";
import { Cuttable } from "../lib/cuttable.js";
import { demoPerson } from "../lib/desk.js";
import { until } from "../lib/library.js";
import { Publisher } from "../lib/publisher.js";
import { Server } from "../lib/server.js";

/** @typedef {import("playwright-core").Page} Page */

const server = new Server({ demo: true });
const line = new Cuttable();
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Page} */
let host;
/** @type {Page} On a desktop, in Chinese. */
let li;
/** @type {Page} On a phone, in English, over a line that breaks. */
let wang;
/** @type {Publisher} */
let publisher;
/** @type {string[]} */
let errors;
let id = "";

before(async () => {
  await server.start();
  await line.start(server.address);
  browser = await launch();
});

after(async () => {
  publisher?.stop();
  line.stop();
  await browser?.close();
  await server.remove();
});

/** What the chat of a page says, in its order: only what the server numbered. @param {Page} page */
function said(page) {
  return page.locator("kj-room .chat-line[data-id] .chat-text").allTextContents();
}

/** Says something. @param {Page} page @param {string} words @param {{ flies?: boolean }} [how] */
async function says(page, words, { flies = false } = {}) {
  // Between two words of one person a second passes.
  await page.waitForFunction(() => document.querySelector("kj-room .room-send")?.getAttribute("aria-disabled") !== "true");
  await page.locator("kj-room .room-form input[type=checkbox]").setChecked(flies);
  await page.fill("kj-room .room-form .input", words);
  await page.click("kj-room .room-send");
}

/** Lets a message through on the board. @param {string} words */
async function approves(words) {
  const waiting = host.locator(".board-column").first().locator(".board-line", { hasText: words });
  await waiting.getByRole("button", { name: "通过" }).click();
  await waiting.waitFor({ state: "detached" });
}

/** Waits until a page's chat is exactly this. @param {Page} page @param {string[]} wanted */
async function reads(page, wanted) {
  await until(`the chat reads ${wanted}`, async () => (JSON.stringify(await said(page)) === JSON.stringify(wanted) ? true : undefined), 60_000);
}

test("two viewers and the host's board meet in the room of a broadcast on air", async () => {
  host = await demoPerson(browser, server.address, "host.township");
  const plan = await planned(host, { title: "秋收里的一堂课", lecturer: "李桂芳" });
  id = plan.id;
  publisher = new Publisher(await server.rtmp(), plan.key);
  await goOnAir(host, id);
  await host.goto(`/broadcasts/${id}/board`);
  await host.waitForSelector("kj-board .board-columns");
  li = await demoPerson(browser, server.address, "clerk.branch", { viewport: DESKTOP, reducedMotion: "no-preference" });
  wang = await demoPerson(browser, line.address, "reviewer.branch", { viewport: PHONE, locale: "en", hasTouch: true, reducedMotion: "no-preference" });
  errors = collectErrors(li);
  await watches(li, id);
  await watches(wang, id);
  for (const page of [li, wang]) await page.waitForSelector("kj-room .room-form");
  // Two watch, and the board listens, too.
  await li.waitForFunction(() => /[23]/.test(document.querySelector("[data-live-watching]")?.textContent ?? ""));
});

test("what is said waits for the host, and then stands in both browsers in the same order", async () => {
  await says(li, "老师好，我们村的合作社也在收秋粮");
  await li.waitForSelector(".chat-line[data-state=waiting]");
  await says(wang, "Good evening from the county library");
  await wang.waitForSelector(".chat-line[data-state=waiting]");
  await host.waitForFunction(() => document.querySelectorAll(".board-column:first-child .board-line").length === 2);
  assert.deepEqual([await said(li), await said(wang)], [[], []], "nobody sees what waits");
  await shot(host, "room-01-board-waiting");
  await accessible(host);
  // Approved in the other order than said: the order is that of becoming visible.
  await approves("Good evening");
  await approves("合作社");
  const wanted = ["Good evening from the county library", "老师好，我们村的合作社也在收秋粮"];
  await reads(li, wanted);
  await reads(wang, wanted);
  assert.equal(await li.locator(".chat-line[data-client]").count(), 0, "the line that waited is the line that is shown");
});

test("danmaku cross the picture, and each viewer has a switch, a size and an opacity", async () => {
  await says(li, "丰收啦！", { flies: true });
  await approves("丰收啦");
  const flying = wang.locator(".danmaku .danmaku-line", { hasText: "丰收啦！" });
  await flying.waitFor();
  const left = () => flying.evaluate((one) => one.getBoundingClientRect().left);
  const first = await left();
  await until("it moved", async () => ((await left()) < first - 5 ? true : undefined), 8_000);
  await shot(li, "room-02-danmaku");
  await shot(wang, "room-03-danmaku-phone-en");
  const inside = await flying.evaluate((one) => {
    const [line, picture] = [one.getBoundingClientRect(), document.querySelector("kj-player")?.getBoundingClientRect()];
    return picture !== undefined && line.top >= picture.top && line.bottom <= picture.bottom;
  });
  assert.ok(inside, "it flies over the picture and nowhere else");
  await wang.locator(".kj-danmaku").click();
  assert.equal(await wang.locator(".danmaku .danmaku-line").count(), 0, "switched off, none flies");
  await says(li, "大家一起来！", { flies: true });
  await approves("大家一起来");
  await li.locator(".danmaku .danmaku-line", { hasText: "大家一起来！" }).waitFor();
  assert.equal(await wang.locator(".danmaku .danmaku-line").count(), 0, "and none is saved up");
  await wang.locator(".kj-danmaku").click();
});

test("size and opacity of danmaku are each viewer's own", async () => {
  const choose = async (/** @type {string} */ value) => li.locator(`.kj-menu input[value='${value}']`).first().check({ force: true });
  await li.locator("kj-player").hover();
  await li.locator("kj-player").getByRole("button", { name: "设置" }).click();
  await li.waitForSelector(".kj-menu:not([hidden])");
  await shot(li, "room-04-danmaku-settings");
  await choose("large");
  await choose("50");
  await li.keyboard.press("Escape");
  await says(wang, "Hello from the phone", { flies: true });
  await approves("Hello from the phone");
  const big = li.locator(".danmaku .danmaku-line", { hasText: "Hello from the phone" });
  await big.waitFor();
  assert.equal(await big.evaluate((one) => getComputedStyle(one).fontSize), "28px");
  assert.equal(await li.locator(".danmaku").evaluate((stage) => getComputedStyle(stage).opacity), "0.5");
});

test("claps of one are seen by the other, and so is how many are here", async () => {
  await wang.locator(".reaction").first().click();
  await li.waitForFunction(() => Number(document.querySelector(".reaction .reaction-count")?.textContent ?? 0) >= 1);
  await wang.waitForFunction(() => Number(document.querySelector(".reaction .reaction-count")?.textContent ?? 0) >= 1);
  const here = await li.locator("[data-live-watching]").first().textContent();
  assert.match(here ?? "", /3/, "two viewers and the board");
});

test("a broken line comes back by itself, with what was said meanwhile and nothing twice", async () => {
  const before = await said(wang);
  line.cut();
  await wang.waitForSelector(".room-status:not([hidden])");
  await says(li, "断线的时候说的话");
  await approves("断线的时候");
  await reads(li, [...before, "断线的时候说的话"]);
  await says(wang, "Written while the line was down");
  await shot(wang, "room-05-line-broken-phone-en");
  line.mend();
  await wang.waitForSelector(".room-status", { state: "hidden" });
  await reads(wang, [...before, "断线的时候说的话"]);
  await approves("Written while the line was down");
  const all = [...before, "断线的时候说的话", "Written while the line was down"];
  await reads(wang, all);
  await reads(li, all);
  assert.equal(await wang.locator(".chat-line[data-client]").count(), 0);
});

test("a question is asked, upvoted by the other, and answered on the board", async () => {
  await li.getByRole("tab", { name: "提问" }).click();
  await li.fill("kj-room .room-ask textarea", "粮食收储的补贴今年怎么申请？");
  await li.click("kj-room .room-ask .button");
  await li.waitForSelector("kj-room .room-ask .room-note:not([hidden])");
  const asked = host.locator(".board-question", { hasText: "粮食收储" });
  await asked.locator(".board-acts button").first().click();
  await wang.locator(".room-tabs .tab").nth(1).click();
  const vote = wang.locator(".question", { hasText: "粮食收储" }).locator(".vote");
  await vote.click();
  await asked.locator(".board-votes", { hasText: "1" }).waitFor();
  await li.waitForFunction(() => document.querySelector(".question .vote-count")?.textContent === "1");
  await shot(wang, "room-06-question-phone-en");
  await accessible(wang);
  await fits(wang);
  await asked.getByRole("button", { name: "书面回答" }).click();
  await asked.locator("textarea").fill("村委会有申请表，十二月十五日前交到乡镇农业服务中心。");
  await shot(host, "room-07-board-answer");
  await asked.locator(".board-form .button").click();
  for (const page of [li, wang]) await page.locator(".question-answer", { hasText: "农业服务中心" }).waitFor();
  await shot(li, "room-08-answered");
  await accessible(li);
  await shot(host, "room-09-board");
  await accessible(host);
});

test("the kill switch silences everybody at once, and opens again", async () => {
  for (const page of [li, wang]) await page.locator(".room-tabs .tab").first().click();
  await host.click(".board-kill");
  await host.click("dialog[open] .button-danger");
  for (const page of [li, wang]) await page.locator("kj-room .room-form").waitFor({ state: "hidden" });
  await shot(wang, "room-10-closed-phone-en");
  await shot(host, "room-11-board-closed");
  await accessible(wang);
  await host.click(".board-kill");
  for (const page of [li, wang]) await page.locator("kj-room .room-form").waitFor();
});

test("the board works on a phone", async () => {
  const phone = await demoPerson(browser, server.address, "host.township", { viewport: PHONE, locale: "en", hasTouch: true });
  await phone.goto(`/broadcasts/${id}/board`);
  await phone.waitForSelector("kj-board .board-columns");
  await phone.waitForFunction(() => document.querySelectorAll(".board-column:nth-child(2) .board-line").length > 5);
  await fits(phone);
  await reachable(phone);
  await accessible(phone);
  await shot(phone, "room-12-board-phone-en");
  await phone.context().close();
  assert.deepEqual(errors.filter((error) => !error.includes("503")), []);
});

test("a group before one screen is counted, and its host sees it", async () => {
  const before = await said(wang);
  assert.ok(before.length > 5);
  await wang.goto(`/live/${id}`);
  await reads(wang, before);
  await wang.locator("#group summary").click();
  await wang.fill("#group-people", "23");
  await shot(wang, "room-15-group-phone-en");
  await wang.locator("#group form .button").first().click();
  await wang.waitForURL("**done=group-counted**");
  await wang.locator("#group summary", { hasText: "23" }).waitFor();
  await accessible(wang);
  await fits(wang);
  await host.goto(`/broadcasts/${id}/board`);
  assert.match((await host.locator(".page-head").textContent()) ?? "", /1 场，23 人/);
});

test("a host lets go of all but the picture, and pages follow and come back", async () => {
  await host.goto(`/broadcasts/${id}`);
  await shot(host, "room-16-control");
  await accessible(host);
  await host.check("#load input[value=static]");
  await host.click("#load .button");
  await host.waitForURL("**done=broadcast-stage**");
  await li.waitForFunction(() => document.querySelector("kj-player")?.getAttribute("mode") === "mass" || document.querySelector("video")?.currentSrc !== "");
  const newcomer = await demoPerson(browser, server.address, "editor.branch", { viewport: DESKTOP });
  await watches(newcomer, id);
  assert.equal(await newcomer.locator("kj-room").count(), 0);
  await shot(newcomer, "room-17-picture-alone");
  await accessible(newcomer);
  await host.check("#load input[value='']");
  await host.click("#load .button");
  await newcomer.reload();
  await newcomer.waitForSelector("kj-room .room-form");
  await newcomer.context().close();
});

test("question and answer stay on the lesson's page, and the danmaku fly again at their moments", async () => {
  await end(host, id);
  publisher.stop();
  const replay = await until("the recording", async () => (await (await li.request.get(`/live/${id}/state`)).json()).replay_url ?? undefined);
  await li.goto(replay);
  const question = li.locator("#questions li", { hasText: "粮食收储" });
  assert.match((await question.textContent()) ?? "", /农业服务中心/);
  await shot(li, "room-13-lesson");
  await accessible(li);
  await wang.goto(replay);
  await fits(wang);
  await shot(wang, "room-14-lesson-phone-en");
  const at = await until("what was said is at its moment", async () => {
    const talk = await (await li.request.get(`${replay}/talk.json`)).json();
    return talk.find((/** @type {{ text: string }} */ one) => one.text === "丰收啦！")?.at_ms;
  });
  await wang.locator("kj-player .kj-start").click();
  await wang.waitForFunction(() => (document.querySelector("video")?.currentTime ?? 0) > 0);
  await wang.evaluate((s) => {
    const video = document.querySelector("video");
    if (video) video.currentTime = s;
  }, Math.max(0, at / 1000 - 1));
  const flying = wang.locator(".danmaku .danmaku-line", { hasText: "丰收啦！" });
  await flying.waitFor();
  await shot(wang, "room-18-replay-danmaku-phone-en");
  await wang.locator(".kj-danmaku").click();
  assert.equal(await wang.locator(".danmaku .danmaku-line").count(), 0, "switched off, none flies");
});
