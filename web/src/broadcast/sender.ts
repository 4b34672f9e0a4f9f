import { Refused, request } from "../http.ts";
import { NoCamera } from "./camera.ts";
import { preferred } from "./codecs.ts";

/** How a sender stands: `ended` by the server, `lost` when it gave up, `refused` with the server's words. */
export type Standing = "connecting" | "live" | "again" | "ended" | "lost" | "refused";

/** Enough for 720p; the browser sends less when the line carries less. */
const MOST_BPS = 2_500_000;
/** A line that is back within this time needs nothing from us. */
const PATIENCE_MS = 5_000;
/** An answer that did not lead to a connection. */
const CONNECT_MS = 15_000;
/** Tries again for so long. */
const GIVE_UP_MS = 120_000;
const LONGEST_PAUSE_MS = 8_000;

/** Sends a stream to a WHIP address (RFC 9725) and holds on to it, until it is stopped, ended or hopeless. */
export class Sender {
  readonly #url: string;
  readonly #stream: MediaStream;
  readonly #tell: (standing: Standing, words: string) => void;
  #connection: RTCPeerConnection | undefined;
  #place = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the connection was lost; 0 while it stands. */
  #lostAt = 0;
  #tries = 0;
  #over = false;

  constructor(url: string, stream: MediaStream, tell: (standing: Standing, words: string) => void) {
    this.#url = url;
    this.#stream = stream;
    this.#tell = tell;
  }

  start(): void {
    this.#tell("connecting", "");
    void this.#connect();
  }

  /** Stops on purpose; the server is told. */
  stop(): void {
    this.#finish();
    if (this.#place) void request(this.#place, { method: "DELETE", keepalive: true }).catch(() => {});
    this.#place = "";
  }

  /** Sends another picture from now on. */
  async replace(track: MediaStreamTrack): Promise<void> {
    const senders = this.#connection?.getSenders() ?? [];
    await senders.find((sender) => sender.track?.kind !== "audio")?.replaceTrack(track);
  }

  async #connect(): Promise<void> {
    const connection = new RTCPeerConnection();
    this.#connection?.close();
    this.#connection = connection;
    try {
      for (const track of this.#stream.getTracks()) add(connection, track, this.#stream);
      await connection.setLocalDescription();
      const sdp = connection.localDescription?.sdp ?? "";
      const init = { method: "POST", body: sdp, headers: { "Content-Type": "application/sdp" } };
      const response = await request(this.#url, init);
      if (this.#over) return;
      this.#place = response.headers.get("Location") ?? "";
      await connection.setRemoteDescription({ type: "answer", sdp: await response.text() });
      this.#watch(connection);
    } catch (failure) {
      if (connection === this.#connection) this.#failed(failure);
    }
  }

  #watch(connection: RTCPeerConnection): void {
    this.#after(CONNECT_MS, () => this.#again());
    connection.addEventListener("connectionstatechange", () => {
      if (connection !== this.#connection || this.#over) return;
      if (connection.connectionState === "connected") this.#stands();
      if (connection.connectionState === "disconnected") this.#after(PATIENCE_MS, () => this.#again());
      if (connection.connectionState === "failed") this.#again();
    });
    const transport = connection.getSenders()[0]?.transport;
    transport?.addEventListener("statechange", () => {
      // A line that breaks is silent: who closes it wanted to.
      if (transport.state === "closed" && connection === this.#connection && !this.#over) this.#end("ended", "");
    });
  }

  #stands(): void {
    clearTimeout(this.#timer);
    this.#lostAt = 0;
    this.#tries = 0;
    this.#tell("live", "");
  }

  #failed(failure: unknown): void {
    if (this.#over) return;
    if (failure instanceof NoCamera) return this.#end("refused", failure.obstacle);
    const passing = !(failure instanceof Refused) || failure.status === 429 || failure.status >= 500;
    if (passing) this.#again();
    else this.#end("refused", failure.message);
  }

  #again(): void {
    if (this.#over) return;
    this.#lostAt ||= Date.now();
    if (Date.now() - this.#lostAt > GIVE_UP_MS) return this.#end("lost", "");
    this.#tell("again", "");
    this.#connection?.close();
    const pause = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** this.#tries);
    this.#tries += 1;
    this.#after(pause, () => void this.#connect());
  }

  #after(ms: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, ms);
  }

  #end(standing: Standing, words: string): void {
    this.#finish();
    this.#tell(standing, words);
  }

  #finish(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#connection?.close();
  }
}

function add(connection: RTCPeerConnection, track: MediaStreamTrack, stream: MediaStream): void {
  const most = track.kind === "video" ? { sendEncodings: [{ maxBitrate: MOST_BPS }] } : {};
  const transceiver = connection.addTransceiver(track, { direction: "sendonly", streams: [stream], ...most });
  if (track.kind !== "video") return;
  const codecs = preferred(RTCRtpSender.getCapabilities("video")?.codecs ?? []);
  if (codecs.length === 0) throw new NoCamera("h264");
  transceiver.setCodecPreferences(codecs);
}
