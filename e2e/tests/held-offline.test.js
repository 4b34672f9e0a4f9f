// A clerk records a session in a village without a network (F1): kept on the phone whatever happens to it, sent once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, collectErrors, fits, launch, reachable, shot } from "../lib/browser.js";
import { demoPerson, PASSWORD } from "../lib/desk.js";
import { until } from "../lib/library.js";
import { jpegSize, OWNER, Phone, photo } from "../lib/phone.js";
import { Server } from "../lib/server.js";

/** @typedef {import("playwright-core").Page} Page */

const FORM = "/held-sessions/new";
const TITLE = "秋收里的一堂课";
const server = new Server({ demo: true });
const phone = new Phone();
/** @type {import("playwright-core").Browser} */
let browser;
/** Somebody else who may change the same sessions, at a desk with a network. @type {Page} */
let colleague;
/** @type {Page} */
let page;

before(async () => {
  await server.start();
  browser = await launch();
  colleague = await demoPerson(browser, server.address, "clerk.branch");
  await phone.start();
});

after(async () => {
  await phone.remove();
  await browser?.close();
  await server.remove();
});

const at = (/** @type {string} */ path) => server.address + path;

/** @param {string} [language] */
async function speak(language = "zh-CN") {
  await phone.context.addCookies([{ name: "language", value: language, url: server.address, expires: Date.now() / 1000 + 3600 }]);
}

async function signIn() {
  await page.goto(at("/sign-in"));
  await page.fill("#login", "clerk.branch");
  await page.fill("#password", PASSWORD);
  await Promise.all([page.waitForURL("**/desk"), page.click("form.login-card button")]);
}

/** The form, with the worker holding a copy of it. */
async function openKept() {
  await page.goto(at(FORM));
  await page.waitForFunction(() => caches.match("/held-sessions/new").then((kept) => kept !== undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** Waits until the item with this title stands so. @param {string} title @param {string} standing */
async function stands(title, standing) {
  await page.waitForSelector(`.held-lines li[data-standing="${standing}"]:has-text("${title}")`, { state: "attached" });
}

/** Sessions of this title that the server has, each with its history and photos. @param {string} title */
async function onServer(title) {
  const { items } = await (await colleague.request.get("/api/v1/held-sessions")).json();
  const mine = items.filter((/** @type {any} */ one) => one.fields.title === title);
  return Promise.all(mine.map(async (/** @type {any} */ one) => (await colleague.request.get(`/api/v1/held-sessions/${one.id}`)).json()));
}

/** What the phone keeps. @param {"items" | "photos"} store */
async function onPhone(store) {
  return page.evaluate(async (store) => {
    const open = indexedDB.open("kaijiang-held");
    await new Promise((resolve) => (open.onsuccess = resolve));
    const all = open.result.transaction(store).objectStore(store).getAll();
    await new Promise((resolve) => (all.onsuccess = resolve));
    open.result.close();
    return all.result.map((one) => ({ ...one, bytes: one.bytes ? Array.from(new Uint8Array(one.bytes)) : [] }));
  }, store);
}

/** Waits until one item on the phone holds all of these: a mark on the page may be that of an earlier change. @param {string[]} values */
async function keeps(...values) {
  const held = (/** @type {any} */ one) => values.every((value) => JSON.stringify(one).includes(JSON.stringify(value)));
  for (let tries = 0; !(await onPhone("items")).some(held); tries += 1) {
    assert.ok(tries < 200, `not kept: ${values.join(", ")}`);
    await page.waitForTimeout(50);
  }
}

/** @param {Record<string, string>} fields */
async function fill(fields) {
  for (const [name, value] of Object.entries(fields)) await page.fill(`#${name}`, value);
}

/** What the last session was is chosen already, and a second touch takes it back. @param {string} code */
async function pick(code) {
  if (!(await page.isChecked(`[value=${code}]`))) await page.click(`.chip:has([value=${code}])`);
}

const save = () => page.click(".held-bar .button-primary");

test("the form fits a thumb, has at most twelve fields, and is kept for later", async () => {
  page = await phone.tab();
  await speak();
  await signIn();
  const errors = collectErrors(page);
  for (const language of ["en", "zh-CN"]) {
    await speak(language);
    await openKept();
    assert.equal(await page.locator("html").getAttribute("lang"), language);
    await fits(page);
    await reachable(page);
    await accessible(page);
    await shot(page, `held-01-form-${language}`);
  }
  const fields = await page.$$eval("form[data-held-session] [data-field]", (all) => all.filter((one) => one.checkVisibility()).length);
  assert.ok(fields + 1 <= 12, `${fields} fields and the photos`);
  assert.match(await page.inputValue("#held_at"), /^\d{4}-\d\d-\d\dT\d\d:\d[05]$/);
  await phone.context.addCookies([{ name: "elder", value: "1", url: server.address }]);
  await page.goto(at(FORM));
  await fits(page);
  await reachable(page, 60);
  await shot(page, "held-02-form-elder");
  await phone.context.addCookies([{ name: "elder", value: "0", url: server.address }]);
  await openKept();
  assert.deepEqual(errors, []);
  const manifest = await (await page.request.get(at("/manifest.webmanifest"))).json();
  assert.equal(manifest.start_url, FORM);
  for (const { src } of manifest.icons) assert.equal((await page.request.get(at(src))).status(), 200, src);
  await phone.close();
});

test("without a network: what is typed survives the tab, what is saved survives the browser", async () => {
  await server.kill();
  await phone.start();
  page = await phone.tab();
  await page.goto(at(FORM));
  await fill({ title: TITLE, lecturer: "李桂芳", place: "村口大槐树下" });
  await page.click('[data-for="people"][data-step="10"]');
  await page.click('[data-for="people"][data-step="10"]');
  await page.click('[data-for="people"][data-step="-1"]');
  await pick("square");
  await keeps(TITLE, "square");
  await page.close();
  page = await phone.tab();
  await page.goto(at(FORM));
  await page.waitForSelector(".notice-warn");
  assert.equal(await page.inputValue("#title"), TITLE);
  assert.equal(await page.inputValue("#people"), "19");
  assert.ok(await page.isChecked("[value=square]"));
  await shot(page, "held-03-draft");
  await page.setInputFiles("#photos", photo(server.data));
  await page.waitForSelector(".held-photos img");
  await shot(page, "held-04-photo");
  await save();
  await page.waitForSelector(".held-after[data-look=waiting]");
  await stands(TITLE, "waiting");
  await page.click(".held-outbox summary");
  await accessible(page);
  await fits(page);
  await shot(page, "held-05-waiting");
  const [kept] = await onPhone("photos");
  const bytes = Buffer.from(kept.bytes);
  assert.ok(!bytes.includes(OWNER) && !bytes.includes("Exif"), "nothing about place and owner is even kept");
  assert.deepEqual(jpegSize(bytes), { width: 1200, height: 1600 }, "it stands upright, and is smaller");
  await phone.kill();
});

test("another start without a network shows what waits, on any page", async () => {
  await phone.start();
  page = await phone.tab();
  await page.goto(at("/held-sessions"));
  await stands(TITLE, "waiting");
  await accessible(page);
  await fits(page);
  await reachable(page);
  await shot(page, "held-06-offline");
  await page.click(".held-line");
  await page.waitForURL(`**${FORM}#hs_*`);
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector("#people"))?.value === "19");
  await page.waitForSelector(".held-photos img");
});

test("with the network it is sent once, and sending again changes nothing", async () => {
  await page.goto(at(FORM));
  await stands(TITLE, "waiting");
  await server.start();
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await stands(TITLE, "sent");
  const look = async () => {
    const found = await onServer(TITLE);
    assert.equal(found.length, 1);
    const { version, revisions, photos } = found[0];
    assert.deepEqual({ version, revisions: revisions.length, photos: photos.length }, { version: 1, revisions: 1, photos: 1 });
    return found[0];
  };
  const one = await look();
  assert.equal(one.fields.people, 19);
  assert.equal(one.fields.venue_kind, "square");
  const answer = await colleague.request.get(`/api/v1/held-sessions/${one.id}/photos/${one.photos[0].id}`);
  const bytes = await answer.body();
  assert.ok(!bytes.includes(OWNER) && !bytes.includes("Exif"));
  assert.deepEqual(await onPhone("photos"), [], "what arrived is not kept twice");
  for (let n = 0; n < 3; n += 1) await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.goto(at(FORM));
  await stands(TITLE, "sent");
  await page.waitForLoadState("networkidle");
  await look();
});

test("what is typed before the script has come stays, and is kept", async () => {
  /** @type {() => void} */
  let come = () => undefined;
  const late = new Promise((resolve) => (come = () => resolve(undefined)));
  const slow = await colleague.context().newPage();
  await slow.route("**/assets/held-*.js", async (route) => {
    await late;
    await route.continue();
  });
  await slow.goto(FORM, { waitUntil: "commit" });
  await slow.fill("#title", "先填的标题");
  await slow.fill("#people", "21");
  come();
  await slow.waitForSelector("[data-held-state][data-state=saved]");
  assert.deepEqual([await slow.inputValue("#title"), await slow.inputValue("#people")], ["先填的标题", "21"]);
  assert.match(await slow.inputValue("#held_at"), /:\d[05]$/, "the rest is filled in");
  await slow.close();
});

test("the server is killed after it took it and before it said so: still once", async () => {
  const title = "断电时的一堂课";
  const killed = new Promise((resolve) => {
    void page.route("**/api/v1/held-sessions/*", async (route) => {
      await route.fetch();
      await server.kill();
      await route.abort("connectionfailed");
      resolve(undefined);
    });
  });
  await fill({ title, people: "7" });
  assert.equal(await page.inputValue("#lecturer"), "李桂芳", "the form knows the last time");
  await save();
  await killed;
  await page.waitForSelector(".held-after[data-look=waiting]");
  await page.unroute("**/api/v1/held-sessions/*");
  // Meanwhile its author has second thoughts: the first save may have arrived, so this one goes after it.
  await page.click(".held-after .button:not(.button-primary)");
  await fill({ people: "8" });
  await save();
  await page.waitForSelector(".held-after[data-look=waiting]");
  await server.start();
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.waitForSelector(".held-after[data-look=sent]");
  await shot(page, "held-07-sent");
  const found = await onServer(title);
  assert.equal(found.length, 1);
  assert.deepEqual([found[0].version, found[0].fields.people], [2, 8]);
  assert.deepEqual(found[0].revisions.map((/** @type {any} */ one) => one.fields.people), [8, 7]);
});

test("what the server refuses is shown at its field and sent again as corrected", async () => {
  const title = "明天的一堂课";
  await page.goto(at(FORM));
  await fill({ title, people: "12", held_at: "2099-01-01T09:00" });
  await save();
  await page.waitForSelector(".held-after[data-look=refused]");
  await stands(title, "refused");
  await page.click(".held-after .button-wide");
  await page.waitForSelector('[data-field="held_at"] .field-error');
  await accessible(page);
  await shot(page, "held-08-refused");
  await fill({ held_at: "2026-01-05T09:00" });
  await save();
  await page.waitForSelector(".held-after[data-look=sent]");
  const found = await onServer(title);
  assert.deepEqual([found.length, found[0].version, found[0].fields.held_at], [1, 1, "2026-01-05T09:00"]);
});

test("who was beaten by a colleague chooses field by field", async () => {
  const [known] = await onServer(TITLE);
  for (const [n, language] of ["en", "zh-CN"].entries()) {
    await speak(language);
    await page.goto(at(`/held-sessions/${known.id}/edit`));
    await page.waitForFunction(() => document.querySelector("form[data-held-session]")?.getAttribute("data-based-on") !== "0");
    await page.waitForSelector(".held-photo-adders");
    const [{ version, fields }] = await onServer(TITLE);
    const theirs = { ...fields, people: 50 + n, place: `文化礼堂${n}` };
    const data = { organisation: known.organisation, operation: `colleague-operation-${n}`, based_on: version, fields: theirs };
    assert.equal((await colleague.request.put(`/api/v1/held-sessions/${known.id}`, { data })).status(), 200);
    await fill({ people: String(60 + n), note: `下雨，改在棚里${n}` });
    await save();
    await page.waitForSelector(".held-after[data-look=conflict]");
    await page.click(".held-after .button-wide");
    await page.waitForSelector(".held-conflict");
    const asked = await page.$$eval(".held-conflict fieldset", (rows) => rows.map((row) => [row.getAttribute("data-field"), row.querySelector("input:checked")?.getAttribute("value")]));
    assert.deepEqual(asked, [["people", undefined], ["place", "theirs"], ["note", "mine"]]);
    await accessible(page);
    await fits(page);
    await page.click(".held-conflict .button-primary");
    await page.waitForSelector(".held-conflict .field-error");
    await shot(page, `held-09-conflict-${language}`);
    await page.check('[name="held-side-people"][value="mine"]');
    await page.click(".held-conflict .button-primary");
    await page.waitForSelector(".held-after[data-look=sent]");
    const [now] = await onServer(TITLE);
    assert.deepEqual([now.version, now.fields.people, now.fields.place, now.fields.note], [version + 2, 60 + n, `文化礼堂${n}`, `下雨，改在棚里${n}`]);
  }
});

test("a sign-in that ended keeps everything, and another person's phone time shows nothing of it", async () => {
  const title = "登录过期时的一堂课";
  await page.goto(at(FORM));
  await page.waitForSelector(".held-photo-adders");
  await phone.context.clearCookies();
  await speak();
  await fill({ title, people: "3" });
  await save();
  await page.waitForSelector(".held-outbox a[href^='/sign-in']", { state: "attached" });
  await page.click(".held-outbox summary");
  await shot(page, "held-10-signed-out");
  await page.goto(at("/sign-in"));
  await page.fill("#login", "clerk.township");
  await page.fill("#password", PASSWORD);
  await Promise.all([page.waitForURL("**/desk"), page.click("form.login-card button")]);
  await page.goto(at(FORM));
  await page.waitForSelector(".held-photo-adders");
  await page.waitForLoadState("networkidle");
  assert.equal(await page.locator(`text=${title}`).count(), 0);
  assert.deepEqual(await onServer(title), []);
  await page.click(".desk-more");
  await Promise.all([page.waitForURL(at("/")), page.click('form[action="/sign-out"] button')]);
  await signIn();
  await page.goto(at(FORM));
  await stands(title, "sent");
  assert.equal((await onServer(title)).length, 1);
});

test("who signs out is asked about what was not sent, and then leaves nothing behind", async () => {
  const title = "没有发出的一堂课";
  await page.goto(at(FORM));
  await fill({ title, people: "5", held_at: "2099-01-01T09:00" });
  await save();
  await page.waitForSelector(".held-after[data-look=refused]");
  await page.click(".desk-more");
  await page.click('form[action="/sign-out"] button');
  await page.waitForSelector("dialog[open]");
  await shot(page, "held-11-sign-out");
  await page.click('dialog[open] button[value="no"]');
  await stands(title, "refused");
  await page.keyboard.press("Escape");
  await page.click(".desk-more");
  await page.click('form[action="/sign-out"] button');
  await Promise.all([page.waitForURL(at("/")), page.click('dialog[open] button[value="yes"]')]);
  assert.deepEqual([await onPhone("items"), await onPhone("photos")], [[], []]);
  assert.equal(await page.evaluate(() => caches.match("/held-sessions/new").then((kept) => kept === undefined)), true);
  await server.kill();
  await page.goto(at(FORM));
  await page.waitForSelector("main.offline");
  assert.equal(await page.locator(".held-line").count(), 0);
  await shot(page, "held-12-offline-nobody");
});
