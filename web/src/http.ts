/** Headers of every request a script makes; the server asks for the first on writes. */
export const SCRIPT_HEADERS = { "X-Requested-With": "kaijiang" } as const;

/** The server's refusal: `status`, and `detail` from its problem+json when it sent one. */
export class Refused extends Error {
  readonly status: number;
  /** Seconds of `Retry-After`; 0 when the server named none. */
  readonly retryAfterS: number;
  constructor(status: number, detail: string, retryAfterS = 0) {
    super(detail);
    this.status = status;
    this.retryAfterS = retryAfterS;
  }
}

async function refusal(response: Response): Promise<Refused> {
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  const retryAfterS = Number(response.headers.get("Retry-After")) || 0;
  return new Refused(response.status, problem.detail ?? String(response.status), retryAfterS);
}

/**
 * Fetches with our headers.
 *
 * Throws `Refused` for a 4xx or 5xx answer and `TypeError` when the network fails.
 */
export async function request(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...SCRIPT_HEADERS, ...(init.headers as Record<string, string> | undefined) };
  const response = await fetch(url, { credentials: "same-origin", ...init, headers });
  if (!response.ok) throw await refusal(response);
  return response;
}

export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = { headers: { Accept: "application/json" } };
  if (signal) init.signal = signal;
  return (await (await request(url, init)).json()) as T;
}

/** A piece of HTML for the page; the server sends it without the layout when `Accept` asks for a fragment. */
export async function getFragment(url: string): Promise<string> {
  return (await request(url, { headers: { Accept: "text/html", "X-Fragment": "1" } })).text();
}

/** Sends JSON and gives back the answer. */
export function sendJson(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return request(url, {
    method,
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  });
}
