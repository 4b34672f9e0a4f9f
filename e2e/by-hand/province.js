// A real province through the pages: `KAIJIANG_TREE=tree.csv npm run province`. The tree (code, name, parent_code, kind) comes in by the
// import page with ten branches below each township, a month of sessions by browser, file and API; every figure is then compared
// with plain SQL over the records, and the exported workbook with what LibreOffice reads in it. Pictures go to e2e/shots.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DESKTOP, fits, launch, person, PHONE, shot, signIn } from "../lib/browser.js";
import { until } from "../lib/library.js";
import { Server } from "../lib/server.js";

const BRANCHES = 10;
const BY_API = 1_500;
const BY_FILE = 4_000;
const BY_HAND = 3;
const LONG = 600_000;
const PASSWORD = "open-the-lecture-province";
const FORMS = ["lecture", "dialogue", "story"];
const NOW = new Date(Date.now() + 8 * 3_600_000);
const MONTH = NOW.toISOString().slice(0, 7);

/** @param {string} what */
const say = (what) => console.log(new Date().toISOString().slice(11, 19), what);
const folder = mkdtempSync(join(tmpdir(), "kaijiang-province-"));
const server = new Server();
await server.start();
await server.kill();
// The first node comes by the command line, as somebody must have rights there before any page opens; the other 18,000 by the page.
const top = join(folder, "province.csv");
const [heading, first] = readFileSync(String(process.env["KAIJIANG_TREE"]), "utf8").trim().split(/\r?\n/);
writeFileSync(top, `code,name,parent code,kind,members\n${first},0`);
assert.equal(heading, "code,name,parent_code,kind");
for (const [command, input] of [[["import", "organisations", top], ""], [["admin", "create", "--login", "chief", "--name", "省级管理员"], `${PASSWORD}\n`]]) {
  const done = server.run(/** @type {string[]} */ (command), String(input));
  assert.equal(done.code, 0, done.err);
}
await server.start();
const browser = await launch();

/** The file with branches, and the codes of these. */
function tree() {
  const lines = readFileSync(String(process.env["KAIJIANG_TREE"]), "utf8").trim().split(/\r?\n/).slice(1);
  const rows = lines.map((line) => line.split(","));
  const towns = rows.filter((row) => row[3] === "township" || row[0]?.length === 9);
  const branches = towns.flatMap((town) => Array.from({ length: BRANCHES }, (_, n) => [`${town[0]}${n + 10}`, `${town[1]}第${n + 1}党支部`, town[0], "branch", "20"]));
  const path = join(folder, "组织.csv");
  const all = [...rows.map((row) => [...row.slice(0, 4), "0"]), ...branches];
  writeFileSync(path, ["code,name,parent code,kind,members", ...all.map((row) => row.join(","))].join("\n"));
  return { path, all, branches: branches.map((row) => String(row[0])) };
}

/** Sends a register by its page, looks at what it would change, confirms. @param {import("playwright-core").Page} page @param {string} at @param {string} path @param {string} name */
async function importBy(page, at, path, name) {
  await page.goto(at);
  await page.setInputFiles("#f-file", path);
  await page.click("form[enctype] .button-primary");
  await page.waitForSelector("form[action$='/apply'] .button-primary, .notice-error", { timeout: LONG });
  await shot(page, `province-${name}-checked`);
  assert.equal(await page.locator(".notice-error").count(), 0, await page.locator("main").innerText());
  await page.click("form[action$='/apply'] .button-primary");
  await page.waitForSelector(".notice-success .notice-title, .notice-error", { timeout: LONG });
  await until("it is done", async () => ((await page.locator("form[action$='/apply'], progress").count()) === 0 ? true : undefined), LONG);
  await shot(page, `province-${name}-done`);
}

/** Asks the API. @param {import("playwright-core").Page} page @param {string} method @param {string} path @param {unknown} [data] */
async function api(page, method, path, data) {
  const answer = await page.request.fetch(path, { method, ...(data ? { data } : {}) });
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}

/** A moment of this month that is over. @param {number} n */
function moment(n) {
  const day = 1 + (n % Math.max(1, NOW.getUTCDate() - 1));
  return `${MONTH}-${String(day).padStart(2, "0")}T${String(8 + (n % 10)).padStart(2, "0")}:${String(n % 60).padStart(2, "0")}`;
}

try {
  const chief = await person(browser, server.address);
  await signIn(chief, "chief", PASSWORD);
  const { path, all, branches } = tree();
  await importBy(chief, "/organisations/import", path, "tree");
  say(`${all.length} organisations are in`);
  const root = (await api(chief, "GET", "/api/v1/organisations/search?q=" + encodeURIComponent(String(all[0]?.[1]))))?.[0].id;
  for (const role of ["clerk", "auditor"]) {
    await api(chief, "POST", "/api/v1/accounts", { login: `${role}.province`, name: role, password: PASSWORD, grant: { organisation: root, role, reach: "subtree" } });
  }
  const clerk = await person(browser, server.address);
  await signIn(clerk, "clerk.province", PASSWORD);
  const found = await Promise.all([0, 7, 19].map((n) => api(clerk, "GET", `/api/v1/organisations/search?q=${branches[n * 800]}`)));
  const some = found.map((answer) => answer[0].id);

  for (let n = 0; n < BY_API; n++) {
    const id = `hs_${(2 ** 32 + n).toString(16).padStart(32, "0")}`;
    const fields = { title: `支部讲课 ${n}`, held_at: moment(n), minutes: 45, lecturer: "刘芳", form: FORMS[n % 3], people: 8 + (n % 40) };
    await api(clerk, "PUT", `/api/v1/held-sessions/${id}`, { organisation: some[n % 3], operation: `province-by-api-${n}`, based_on: 0, fields });
  }
  say(`${BY_API} sessions by the API`);

  const file = join(folder, "场次.csv");
  const line = (/** @type {number} */ n) => [branches[(n * 37) % branches.length], moment(n).replace("T", " "), `集中学习 ${n}`, "王强", "60", String(10 + (n % 50)), FORMS[n % 3]];
  writeFileSync(file, ["单位编码,开讲时间,标题,主讲人,时长（分钟）,到场人数,形式", ...Array.from({ length: BY_FILE }, (_, n) => line(n).join(","))].join("\n"));
  await importBy(clerk, "/held-sessions/import", file, "sessions");
  say(`${BY_FILE} sessions by a file`);

  const phone = await person(browser, server.address, { viewport: PHONE });
  await signIn(phone, "clerk.province", PASSWORD);
  for (let n = 0; n < BY_HAND; n++) {
    await phone.goto(`/held-sessions/new?organisation=${some[n]}`);
    await phone.fill("#title", `田间课堂 ${n}`);
    await phone.fill("#lecturer", "赵春梅");
    await phone.fill("#people", String(20 + n));
    await phone.fill("#held_at", moment(n));
    await shot(phone, `province-by-hand-${n}`);
    const saved = phone.waitForResponse((r) => r.request().method() === "PUT" && r.url().includes("/held-sessions/"));
    await phone.click(".held-bar .button-primary");
    assert.ok((await saved).ok());
  }
  say(`${BY_HAND} sessions by browser`);

  const auditor = await person(browser, server.address);
  await signIn(auditor, "auditor.province", PASSWORD);
  const asked = [all[0], all.find((r) => r[3] === "city"), all.find((r) => r[3] === "county"), all.find((r) => r[3] === "township")];
  const shown = [];
  for (const row of asked) {
    const items = await api(auditor, "GET", `/api/v1/organisations/search?q=${row?.[0]}`);
    const id = items.find((/** @type {any} */ item) => item.code === row?.[0]).id;
    const { total } = await api(auditor, "GET", `/api/v1/statistics?organisation=${id}&period=month`);
    shown.push({ code: row?.[0], id, sessions: total.sessions, people: total.attendances, organisations: total.organisations });
  }
  say(JSON.stringify(shown));

  // The same figures by plain SQL over the records, by a program that is not ours.
  for (const one of shown) {
    const sql = `with recursive below (id) as (select id from organisation where code = '${one.code}' union all
      select e.child from organisation_edge e join below b on e.parent = b.id where e.line = 'main' and e.to_at is null)
      select count(*) || ' ' || coalesce(sum(people), 0) || ' ' || count(distinct organisation) from held_session
      where organisation in (select id from below) and counted = 1 and day / 100 = ${MONTH.replace("-", "")}`;
    const done = spawnSync("sqlite3", [join(server.data, "kaijiang.sqlite"), sql], { encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr);
    assert.equal(done.stdout.trim(), `${one.sessions} ${one.people} ${one.organisations}`, String(one.code));
  }
  assert.equal(shown[0]?.sessions, BY_API + BY_FILE + BY_HAND);
  say("plain SQL counts the same");

  const workbook = join(folder, "statistics.xlsx");
  writeFileSync(workbook, await (await auditor.request.get(`/statistics/export.xlsx?organisation=${root}&period=month`)).body());
  const opened = spawnSync("soffice", ["--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", folder, workbook], { encoding: "utf8" });
  assert.equal(opened.status, 0, opened.stderr);
  const text = readFileSync(join(folder, "statistics.csv"), "utf8");
  console.log(text.split("\n").slice(0, 4).join("\n"));
  const { below } = await api(auditor, "GET", `/api/v1/statistics?organisation=${root}&period=month`);
  for (const child of below.filter((/** @type {any} */ c) => c.name)) {
    const row = text.split("\n").find((line) => line.replaceAll('"', "").startsWith(child.name));
    assert.ok(row?.split(",").some((cell) => cell.replaceAll('"', "") === String(child.figures.sessions)), `${child.name}: ${child.figures.sessions} in ${row}`);
  }
  say("LibreOffice reads the same");

  // A superior's form, made by LibreOffice, marked and filled.
  const form = join(folder, "月报表.csv");
  writeFileSync(form, "宣讲工作月报表\n填报单位,\n本月场次,\n听讲人次,\n覆盖率（%）,\n\n市地,场次,人次\n,,\n填表人,\n");
  assert.equal(spawnSync("soffice", ["--headless", "--convert-to", "xlsx", "--infilter=CSV:44,34,76", "--outdir", folder, form]).status, 0);
  const added = await clerk.request.post(`/api/v1/statistics/workbooks?organisation=${root}&title=${encodeURIComponent("宣讲工作月报表")}`, { data: readFileSync(form.replace(".csv", ".xlsx")), headers: { "content-type": "application/octet-stream" } });
  assert.equal(added.status(), 201, await added.text());
  const { id: formId } = await added.json();
  const [sheet] = (await api(clerk, "GET", `/api/v1/statistics/workbooks/${formId}/sheet`)).sheets;
  const cell = (/** @type {string} */ at, /** @type {string} */ what) => ({ kind: "cell", sheet, cell: at, what, organisation: "" });
  const marks = [cell("B2", "name"), cell("B3", "sessions"), cell("B4", "attendances"), cell("B5", "coverage"), { kind: "table", sheet, row: 8, rows: 500, columns: { A: "name", B: "sessions", C: "attendances" } }];
  const marked = await clerk.request.put(`/api/v1/statistics/workbooks/${formId}/marks`, { data: { marks } });
  assert.equal(marked.status(), 200, await marked.text());
  const filledIn = join(folder, "filled.xlsx");
  writeFileSync(filledIn, await (await clerk.request.get(`/statistics/workbooks/${formId}/filled.xlsx?period=month`)).body());
  assert.equal(spawnSync("soffice", ["--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", folder, filledIn]).status, 0);
  say(readFileSync(join(folder, "filled.csv"), "utf8").split("\n").slice(0, 10).join(" | "));

  const pages = {
    statistics: "/statistics?period=month",
    wall: "/statistics/wall",
    silent: "/statistics/silent?period=month",
    ledger: "/held-sessions",
    bands: "/statistics/bands?period=month&metric=sessions",
    crossing: "/statistics/crossing?period=month&metric=sessions",
    burden: "/statistics/burden?period=month",
    workbooks: "/statistics/workbooks",
    workbook: `/statistics/workbooks/${formId}`,
  };
  for (const [look, options] of Object.entries({ "zh-desktop": { viewport: DESKTOP }, "en-desktop": { viewport: DESKTOP, locale: "en" }, "zh-phone": { viewport: PHONE }, "en-phone": { viewport: PHONE, locale: "en" } })) {
    const reader = await person(browser, server.address, options);
    await signIn(reader, "auditor.province", PASSWORD);
    for (const [name, at] of Object.entries(pages)) {
      await reader.goto(at);
      await reader.waitForLoadState("networkidle");
      await shot(reader, `province-${look}-${name}`);
      await fits(reader);
    }
    if (look.endsWith("desktop")) {
      await reader.goto(pages.statistics);
      await reader.waitForLoadState("networkidle");
      await reader.pdf({ path: `shots/province-${look}-statistics.pdf`, format: "A4" });
    }
    await reader.context().close();
  }
  say("seen");
} finally {
  await browser.close();
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
}
