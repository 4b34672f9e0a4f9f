/** The part of `RTCRtpCodec` that decides. */
export interface Codec {
  readonly mimeType: string;
  readonly sdpFmtpLine?: string;
}

/**
 * Codecs in the order in which they are to be offered: H.264 in whole units, constrained baseline first, then what goes with any
 * codec. Nothing when the browser sends no H.264 that our server takes.
 */
export function preferred<C extends Codec>(codecs: readonly C[]): C[] {
  const whole = codecs.filter((codec) => is(codec, "h264") && /packetization-mode=1/i.test(codec.sdpFmtpLine ?? ""));
  if (whole.length === 0) return [];
  const baseline = (codec: C) => (/profile-level-id=42e0/i.test(codec.sdpFmtpLine ?? "") ? 0 : 1);
  const help = codecs.filter((codec) => is(codec, "rtx"));
  return [...whole.sort((a, b) => baseline(a) - baseline(b)), ...help];
}

function is(codec: Codec, name: string): boolean {
  return codec.mimeType.toLowerCase() === `video/${name}`;
}
