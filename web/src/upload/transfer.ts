import { DetailedError, Upload, type UploadOptions } from "tus-js-client";
import { Refused, SCRIPT_HEADERS } from "../http.ts";
import { type Failure, failureOf } from "./failure.ts";

const CHUNK_BYTES = 8 * 1024 * 1024;
const RETRY_MS = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000];

export interface Target {
  endpoint: string;
  lesson: string;
  slot: string;
  /** Which making: `field`, `polished` or `broadcast`. */
  variant: string;
}

/** What the panel wants to know while a file travels. */
export interface Listener {
  progress(sent: number, total: number): void;
  /** A request failed and is tried again by itself. */
  waiting(failure: Failure, status: number): void;
  /** Stopped by a failure; `status` is 0 without an answer. */
  failed(failure: Failure, status: number): void;
  done(url: string): void;
}

function statusOf(error: Error): number {
  if (!(error instanceof DetailedError)) return 0;
  if (error.causingError instanceof Refused) return error.causingError.status;
  return error.originalResponse?.getStatus() ?? 0;
}

/** The client takes any failed HEAD for "unknown upload" and begins anew; a server in trouble still has our bytes. */
const keepUploadWhenServerFails: NonNullable<UploadOptions["onAfterResponse"]> = (request, response) => {
  const status = response.getStatus();
  if (request.getMethod() === "HEAD" && (status >= 500 || status === 429)) throw new Refused(status, String(status));
};

function options(file: File, target: Target, listener: Listener): UploadOptions {
  return {
    endpoint: target.endpoint,
    chunkSize: CHUNK_BYTES,
    retryDelays: RETRY_MS,
    headers: { ...SCRIPT_HEADERS },
    metadata: {
      filename: file.name,
      filetype: file.type,
      lesson: target.lesson,
      slot: target.slot,
      variant: target.variant,
    },
    removeFingerprintOnSuccess: true,
    // The same file for another lesson, slot or variant is another upload.
    fingerprint: () =>
      Promise.resolve(
        ["kj", target.lesson, target.slot, target.variant, file.name, file.size, file.lastModified].join("|"),
      ),
    onShouldRetry: (error) => {
      const status = statusOf(error);
      const failure = failureOf(status);
      if (failure.again) listener.waiting(failure, status);
      return navigator.onLine && failure.again;
    },
    onAfterResponse: keepUploadWhenServerFails,
    onProgress: (sent, total) => listener.progress(sent, total),
    onError: (error) => listener.failed(failureOf(statusOf(error)), statusOf(error)),
  };
}

/** One file on its way. */
export class Transfer {
  readonly #upload: Upload;

  constructor(file: File, target: Target, listener: Listener) {
    const settings = options(file, target, listener);
    this.#upload = new Upload(file, { ...settings, onSuccess: () => listener.done(this.#upload.url ?? "") });
  }

  /**
   * Starts or goes on. `url` is an upload the server holds for this file. What this browser remembers is asked only when the
   * server could not say (`recall`): the server's list also knows other devices and forgets what is complete.
   * When the server no longer knows the upload, a new one begins.
   */
  async start(url?: string, recall = false): Promise<void> {
    if (url) this.#upload.url = url;
    if (recall && !this.#upload.url) {
      const previous = (await this.#upload.findPreviousUploads()).at(-1);
      if (previous) this.#upload.resumeFromPreviousUpload(previous);
    }
    this.#upload.start();
  }

  /** Stops after the bytes under way; `start` goes on. */
  pause(): Promise<void> {
    return this.#upload.abort(false);
  }

  /** Stops and deletes what the server holds. */
  cancel(): Promise<void> {
    return this.#upload.abort(true);
  }
}
