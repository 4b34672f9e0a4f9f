//! ffprobe's description of a file, and what we make of it.

use serde::Deserialize;

use super::ProbeError;
use crate::sniff::Container;
use crate::source::{AudioInfo, SourceInfo, VideoInfo};

/// ffprobe's JSON; numbers it is unsure of come as text.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Format,
}

#[derive(Debug, Default, Deserialize)]
struct Format {
    duration: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Stream {
    codec_type: String,
    codec_name: String,
    profile: String,
    level: Option<i32>,
    width: u32,
    height: u32,
    pix_fmt: String,
    avg_frame_rate: String,
    field_order: String,
    color_transfer: String,
    sample_aspect_ratio: String,
    channels: u32,
    sample_rate: String,
    duration: Option<String>,
    disposition: Disposition,
    side_data_list: Vec<SideData>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Disposition {
    attached_pic: u8,
}

#[derive(Debug, Deserialize)]
struct SideData {
    rotation: Option<f64>,
}

impl Report {
    /// The facts, as far as the container tells them; packets tell the rest.
    pub(super) fn source(&self, container: Container, bytes: u64) -> Result<SourceInfo, ProbeError> {
        let video = self.streams.iter().find(|s| s.codec_type == "video" && s.disposition.attached_pic == 0);
        let audio = self.streams.iter().find(|s| s.codec_type == "audio" && s.channels > 0 && s.rate() > 0);
        let duration_ms = [self.format.duration.as_ref()].into_iter().chain([video, audio].map(|s| s.and_then(|s| s.duration.as_ref())));
        let duration_ms = duration_ms.flatten().filter_map(|text| milliseconds(text)).max().unwrap_or(0);
        if video.is_none() && audio.is_none() {
            return Err(ProbeError::NoTracks);
        }
        if video.is_some_and(|video| video.width == 0 || video.height == 0) {
            return Err(ProbeError::Truncated);
        }
        Ok(SourceInfo { container, bytes, duration_ms, video: video.map(Stream::video), audio: audio.map(Stream::audio) })
    }
}

impl Stream {
    fn video(&self) -> VideoInfo {
        let rotation = self.rotation();
        let (stretch, down) = ratio(&self.sample_aspect_ratio, ':').filter(|&(a, b)| a > 0 && b > 0).unwrap_or((1, 1));
        let width = (u64::from(self.width) * u64::from(stretch) / u64::from(down)).clamp(1, 100_000) as u32;
        let (width, height) = if rotation % 180 == 90 { (self.height, width) } else { (width, self.height) };
        VideoInfo {
            codec: self.codec_name.clone(),
            profile: self.profile.clone(),
            level: self.level.unwrap_or(-1),
            width,
            height,
            rotation,
            square_pixels: stretch == down,
            pix_fmt: self.pix_fmt.clone(),
            fps: ratio(&self.avg_frame_rate, '/').filter(|&(_, b)| b > 0).map_or(0.0, |(a, b)| f64::from(a) / f64::from(b)),
            variable_fps: false,
            interlaced: !matches!(self.field_order.as_str(), "" | "unknown" | "progressive"),
            hdr: matches!(self.color_transfer.as_str(), "smpte2084" | "arib-std-b67"),
            bitrate: 0,
            longest_keyframe_gap_ms: 0,
        }
    }

    fn audio(&self) -> AudioInfo {
        AudioInfo { codec: self.codec_name.clone(), profile: self.profile.clone(), channels: self.channels, sample_rate: self.rate() }
    }

    /// Zero for what only looked like sound.
    fn rate(&self) -> u32 {
        self.sample_rate.parse().unwrap_or(0)
    }

    /// ffprobe gives the matrix counter-clockwise, in degrees from -180 to 180.
    fn rotation(&self) -> u16 {
        let turned = self.side_data_list.iter().find_map(|data| data.rotation).unwrap_or(0.0);
        let quarter_turns = (-turned / 90.0).round().rem_euclid(4.0);
        quarter_turns as u16 * 90
    }
}

fn milliseconds(seconds: &str) -> Option<u64> {
    seconds.parse::<f64>().ok().filter(|s| s.is_finite() && *s > 0.0).map(|s| (s * 1000.0).round() as u64)
}

fn ratio(text: &str, mark: char) -> Option<(u32, u32)> {
    let (a, b) = text.split_once(mark)?;
    Some((a.parse().ok()?, b.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(json: &str) -> Result<SourceInfo, ProbeError> {
        serde_json::from_str::<Report>(json).expect("JSON").source(Container::Mp4, 1)
    }

    #[test]
    fn a_turned_phone_video_is_as_high_as_it_is_seen() {
        let found = source(
            r#"{"streams":[{"codec_type":"video","codec_name":"h264","profile":"High","level":40,"width":1920,"height":1080,
                "avg_frame_rate":"30000/1001","side_data_list":[{"rotation":-90}]}],"format":{"duration":"3.5"}}"#,
        );
        let video = found.expect("a video").video.expect("a picture");
        assert_eq!((video.width, video.height, video.rotation), (1080, 1920, 90));
        assert!((video.fps - 29.97).abs() < 0.01);
    }

    #[test]
    fn anamorphic_width_is_as_seen() {
        let found = source(r#"{"streams":[{"codec_type":"video","width":720,"height":576,"sample_aspect_ratio":"64:45"}],"format":{}}"#);
        let video = found.expect("a video").video.expect("a picture");
        assert_eq!((video.width, video.square_pixels), (1024, false));
    }

    #[test]
    fn a_cover_is_not_a_video() {
        let found = source(
            r#"{"streams":[{"codec_type":"video","width":10,"height":10,"disposition":{"attached_pic":1}},
                {"codec_type":"audio","codec_name":"mp3","channels":2,"sample_rate":"44100"}],"format":{"duration":"1"}}"#,
        );
        let found = found.expect("sound");
        assert!(found.video.is_none() && found.audio.is_some());
    }

    #[test]
    fn no_tracks_is_an_error() {
        assert_eq!(source(r#"{"streams":[{"codec_type":"data"}],"format":{}}"#).expect_err("nothing").code(), "no-tracks");
    }
}
