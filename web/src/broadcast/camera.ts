/** What stands in the way of sending from this browser, as the end of a text's key: `whip_no_…`. */
export type Obstacle = "https" | "permission" | "camera" | "h264";

/** Camera or microphone cannot be had. */
export class NoCamera extends Error {
  readonly obstacle: Obstacle;
  constructor(obstacle: Obstacle) {
    super(obstacle);
    this.obstacle = obstacle;
  }
}

export type Facing = "environment" | "user";

/** A picture that a line in a village carries and a projector shows. */
function wanted(facing: Facing): MediaTrackConstraints {
  return {
    facingMode: facing,
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 25, max: 30 },
  };
}

/** Opens camera and microphone, or throws `NoCamera`. */
export async function open(facing: Facing): Promise<MediaStream> {
  // Browsers hide the camera from pages that came without https.
  if (!isSecureContext || !navigator.mediaDevices) throw new NoCamera("https");
  return take({ video: wanted(facing), audio: { channelCount: 1, noiseSuppression: true, echoCancellation: false } });
}

/** Another camera's picture alone. The one before must be stopped: many phones open only one at a time. */
export async function openOther(facing: Facing): Promise<MediaStreamTrack | undefined> {
  return detailed((await take({ video: wanted(facing) })).getVideoTracks()[0]);
}

async function take(constraints: MediaStreamConstraints): Promise<MediaStream> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    detailed(stream.getVideoTracks()[0]);
    return stream;
  } catch (failure) {
    const name = failure instanceof DOMException ? failure.name : "";
    throw new NoCamera(name === "NotAllowedError" || name === "SecurityError" ? "permission" : "camera");
  }
}

/** Rather fewer pictures than smaller ones: a change of size begins a new recording track. */
function detailed(track: MediaStreamTrack | undefined): MediaStreamTrack | undefined {
  if (track) track.contentHint = "detail";
  return track;
}

/** More than one camera, so that a switch makes sense. */
export async function hasSeveral(): Promise<boolean> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === "videoinput").length > 1;
}
