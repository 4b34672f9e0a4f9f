import { connect, createServer } from "node:net";

/** A line between one browser and the server that can be cut, as a village's is. */
export class Cuttable {
  /** @type {Set<import("node:net").Socket>} */
  #open = new Set();
  #cut = false;
  #server = createServer((near) => this.#join(near));
  address = "";
  #target = { host: "", port: 0 };

  /** @param {string} address of the server */
  async start(address) {
    const { hostname, port } = new URL(address);
    this.#target = { host: hostname, port: Number(port) };
    await new Promise((resolve) => this.#server.listen(0, hostname, () => resolve(undefined)));
    const bound = this.#server.address();
    this.address = `http://${hostname}:${typeof bound === "object" && bound ? bound.port : 0}`;
    return this;
  }

  /** Breaks whatever is open, and lets nothing through. */
  cut() {
    this.#cut = true;
    for (const socket of this.#open) socket.destroy();
  }

  /** Lets through again. */
  mend() {
    this.#cut = false;
  }

  /** Ends for good. */
  stop() {
    this.cut();
    this.#server.close();
  }

  /** @param {import("node:net").Socket} near */
  #join(near) {
    if (this.#cut) {
      near.destroy();
      return;
    }
    const far = connect(this.#target);
    for (const [one, other] of /** @type {const} */ ([[near, far], [far, near]])) {
      this.#open.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        this.#open.delete(one);
        other.destroy();
      });
    }
  }
}
