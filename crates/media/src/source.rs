//! What we know about an uploaded file.

use serde::{Deserialize, Serialize};

use crate::sniff::Container;

/// The facts of a file, as [`crate::probe`] found them; kept by the caller as JSON and given to [`crate::plan()`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceInfo {
    /// From the first bytes, not from the file name.
    pub container: Container,
    /// Size of the file.
    pub bytes: u64,
    /// Length in milliseconds: the longest of what the container says and what was found in it.
    pub duration_ms: u64,
    /// The first moving picture; cover images do not count.
    pub video: Option<VideoInfo>,
    /// The first sound track.
    pub audio: Option<AudioInfo>,
}

/// The picture track.
#[allow(clippy::struct_excessive_bools, reason = "four independent facts about one track")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VideoInfo {
    /// ffmpeg's name, such as `h264`.
    pub codec: String,
    /// ffmpeg's name, such as `High`; empty when unknown.
    pub profile: String,
    /// Level times ten for H.264 (42 is 4.2); negative when unknown.
    pub level: i32,
    /// Width as seen, after rotation and with square pixels.
    pub width: u32,
    /// Height as seen, after rotation.
    pub height: u32,
    /// Clockwise turn a player must apply: 0, 90, 180 or 270.
    pub rotation: u16,
    /// False for anamorphic pictures, which we always encode anew.
    pub square_pixels: bool,
    /// ffmpeg's name, such as `yuv420p`.
    pub pix_fmt: String,
    /// Average frames a second.
    pub fps: f64,
    /// Frames come at uneven distances.
    pub variable_fps: bool,
    /// Two half pictures a frame.
    pub interlaced: bool,
    /// PQ or HLG transfer.
    pub hdr: bool,
    /// Bits a second, measured over the packets.
    pub bitrate: u64,
    /// The longest time without a key frame, in milliseconds, the end of the track included.
    pub longest_keyframe_gap_ms: u64,
}

impl VideoInfo {
    /// The longer side in pixels.
    pub fn long_side(&self) -> u32 {
        self.width.max(self.height)
    }
}

/// The sound track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AudioInfo {
    /// ffmpeg's name, such as `aac`.
    pub codec: String,
    /// ffmpeg's name, such as `LC`; empty when unknown.
    pub profile: String,
    /// Number of channels.
    pub channels: u32,
    /// Samples a second.
    pub sample_rate: u32,
}
