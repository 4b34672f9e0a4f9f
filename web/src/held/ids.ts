const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** An id as the server makes them, a UUIDv7 (RFC 9562) behind its prefix, so that it sorts by the time it was made. */
export function newId(prefix: "hs" | "pho", now: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  bytes.set(random.subarray(0, 10), 6);
  for (let n = 0; n < 6; n += 1) bytes[n] = Math.floor(now / 256 ** (5 - n)) % 256;
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `${prefix}_${hex(bytes)}`;
}

/** Bytes that nobody can guess. `crypto.randomUUID` is missing where the page came without TLS. */
export function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** Names one save and never another. */
export function newOperation(): string {
  return hex(randomBytes(16));
}
