import { describe, expect, it } from "vitest";
import { preferred } from "../src/broadcast/codecs.ts";

const codec = (mimeType: string, sdpFmtpLine = "") => ({ mimeType, sdpFmtpLine });
const VP8 = codec("video/VP8");
const RTX = codec("video/rtx");
const PARTS = codec("video/H264", "level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f");
const MAIN = codec("video/H264", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f");
const BASELINE = codec("video/H264", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f");

describe("codecs that are offered", () => {
  it("puts constrained baseline first and keeps retransmissions", () => {
    expect(preferred([VP8, RTX, PARTS, MAIN, BASELINE])).toEqual([BASELINE, MAIN, RTX]);
  });

  it("offers nothing rather than what viewers cannot play", () => {
    expect(preferred([VP8, RTX, PARTS])).toEqual([]);
  });
});
