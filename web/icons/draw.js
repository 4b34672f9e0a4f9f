// Draws the pictures of the installed page: `node icons/draw.js`, with Chromium and a serif font for Chinese on the system.
// The result is committed, because neither is wanted for a build.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Size, name, corner, and how large the sign is: a maskable picture is cut to any shape, so its sign stays in the middle. */
const PICTURES = [
  { size: 192, name: "app-192", corner: 40, sign: 118 },
  { size: 512, name: "app-512", corner: 108, sign: 316 },
  { size: 512, name: "app-maskable-512", corner: 0, sign: 240 },
  { size: 180, name: "app-touch-180", corner: 0, sign: 104 },
];

const folder = mkdtempSync(join(tmpdir(), "kaijiang-icons-"));
for (const { size, name, corner, sign } of PICTURES) {
  const middle = size / 2;
  const text = `<text x="${middle}" y="${middle}" dy="0.36em" font-size="${sign}" font-weight="700" font-family="Noto Serif CJK SC, Songti SC, Noto Sans CJK SC, serif" text-anchor="middle" fill="#fffaf5">讲</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"><rect width="${size}" height="${size}" rx="${corner}" fill="#a32a1e"/>${text}</svg>`;
  const page = join(folder, `${name}.html`);
  writeFileSync(page, `<meta charset="utf-8"><style>body{margin:0;background:transparent}svg{display:block}</style>${svg}`);
  const to = new URL(`${name}.png`, import.meta.url).pathname;
  const quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--default-background-color=00000000"];
  const done = spawnSync("chromium", [...quiet, `--window-size=${size},${size}`, `--screenshot=${to}`, `file://${page}`]);
  if (done.status !== 0) throw new Error(String(done.stderr));
}
rmSync(folder, { recursive: true });
