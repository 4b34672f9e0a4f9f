import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The program under test; `make e2e` sets it. */
const BINARY = process.env["KAIJIANG_BIN"];

/** The real program on a free port, with a data folder of its own. */
export class Server {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;
  /** @type {string} */
  address = "";
  /** @type {Promise<string>} */
  #rtmp = Promise.resolve("");

  /** @param {{ demo?: boolean, settings?: string }} options */
  constructor(options = {}) {
    if (!BINARY) throw new Error("KAIJIANG_BIN is not set: run `make e2e`");
    this.binary = BINARY;
    this.demo = options.demo ?? false;
    this.data = mkdtempSync(join(tmpdir(), "kaijiang-e2e-"));
    // Several servers at once: each takes free ports for broadcasts.
    this.config = join(this.data, "kaijiang.toml");
    writeFileSync(this.config, 'rtmp_listen = "127.0.0.1:0"\nwhip_listen = "127.0.0.1:0"\n' + (options.settings ?? ""));
  }

  /** Starts it and waits until it listens. A restart keeps the port, so that open pages go on. */
  async start() {
    const listen = this.address ? new URL(this.address).host : "127.0.0.1:0";
    const args = ["serve", "--data", this.data, "--listen", listen, "--config", this.config, ...(this.demo ? ["--demo"] : [])];
    const child = spawn(this.binary, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    let log = "";
    child.stderr.on("data", (part) => {
      log = (log + String(part)).slice(-20_000);
    });
    const lines = createInterface({ input: child.stdout });
    this.#rtmp = new Promise((resolve) => {
      lines.on("line", (line) => {
        const found = /broadcasts are taken in at (rtmp:\S+)/.exec(line);
        if (found?.[1]) resolve(found[1]);
      });
    });
    this.address = await new Promise((resolve, reject) => {
      lines.on("line", (line) => {
        const found = /listening on (http:\S+)/.exec(line);
        if (found?.[1]) resolve(found[1]);
      });
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${log}`)));
    });
    return this;
  }

  /** Where encoders send to. */
  rtmp() {
    return this.#rtmp;
  }

  /** `kill -9`: nothing is flushed, nobody is told. */
  async kill() {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  /** Runs a command of the same program on the same data. @param {string[]} args @param {string} [input] */
  run(args, input = "") {
    const done = spawnSync(this.binary, [...args, "--data", this.data], { input, encoding: "utf8" });
    return { code: done.status, out: done.stdout, err: done.stderr };
  }

  /** Stops it and removes its data. */
  async remove() {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }
}
