//! The master playlist, written by us, since ffmpeg cannot know which rungs are ready.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// A finished rung of pictures, as [`crate::run_step`] measured it; kept by the caller as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RungInfo {
    /// Folder below the output folder, such as `v1280x720`; holds `index.m3u8`, `init.mp4` and the segments.
    pub folder: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// RFC 6381 name, such as `avc1.64001f`.
    pub codec: String,
    /// Bits a second of the fastest segment.
    pub peak_bps: u64,
    /// Bits a second on the whole.
    pub average_bps: u64,
    /// The pictures are those of the source, untouched.
    pub copied: bool,
}

/// A finished sound track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AudioRendition {
    /// Folder below the output folder: `a`, or `al` for the levelled version.
    pub folder: String,
    /// RFC 6381 name, such as `mp4a.40.2`.
    pub codec: String,
    /// Channels, 1 or 2.
    pub channels: u32,
    /// Bits a second of the fastest segment.
    pub peak_bps: u64,
    /// Bits a second on the whole.
    pub average_bps: u64,
}

/// The master playlist for the rungs that are ready, in the order given: the first is what simple players start with.
///
/// Written anew whenever a rung is added. With sound, one more stream without pictures serves those who only listen.
pub fn master_playlist(rungs: &[RungInfo], audio: Option<&AudioRendition>) -> String {
    let mut text = String::from("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    // Writing to a String cannot fail.
    if let Some(AudioRendition { folder, channels, .. }) = audio {
        let _ = writeln!(
            text,
            "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"sound\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"{channels}\",\
             URI=\"{folder}/index.m3u8\""
        );
    }
    for rung in rungs {
        let (sound_peak, sound_average) = audio.map_or((0, 0), |audio| (audio.peak_bps, audio.average_bps));
        let codecs = audio.map_or(rung.codec.clone(), |audio| format!("{},{}", rung.codec, audio.codec));
        let group = if audio.is_some() { ",AUDIO=\"sound\"" } else { "" };
        let _ = writeln!(
            text,
            "#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},CODECS=\"{codecs}\",RESOLUTION={}x{}{group}\n{}/index.m3u8",
            rung.peak_bps + sound_peak,
            rung.average_bps + sound_average,
            rung.width,
            rung.height,
            rung.folder
        );
    }
    if let Some(audio) = audio {
        let _ = writeln!(
            text,
            "#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},CODECS=\"{}\",AUDIO=\"sound\"\n{}/index.m3u8",
            audio.peak_bps, audio.average_bps, audio.codec, audio.folder
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rung(lines: u32) -> RungInfo {
        let codec = "avc1.64001f".into();
        RungInfo {
            folder: format!("v{lines}"),
            width: lines * 16 / 9,
            height: lines,
            codec,
            peak_bps: 900,
            average_bps: 700,
            copied: false,
        }
    }

    fn sound() -> AudioRendition {
        AudioRendition { folder: "a".into(), codec: "mp4a.40.2".into(), channels: 2, peak_bps: 100, average_bps: 90 }
    }

    #[test]
    fn pictures_and_sound() {
        let want = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n\
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"sound\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"a/index.m3u8\"\n\
            #EXT-X-STREAM-INF:BANDWIDTH=1000,AVERAGE-BANDWIDTH=790,CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=1920x1080,AUDIO=\"sound\"\n\
            v1080/index.m3u8\n\
            #EXT-X-STREAM-INF:BANDWIDTH=1000,AVERAGE-BANDWIDTH=790,CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=640x360,AUDIO=\"sound\"\n\
            v360/index.m3u8\n\
            #EXT-X-STREAM-INF:BANDWIDTH=100,AVERAGE-BANDWIDTH=90,CODECS=\"mp4a.40.2\",AUDIO=\"sound\"\n\
            a/index.m3u8\n";
        assert_eq!(master_playlist(&[rung(1080), rung(360)], Some(&sound())), want);
    }

    #[test]
    fn silent_pictures_name_no_sound() {
        let text = master_playlist(&[rung(360)], None);
        assert!(text.contains("CODECS=\"avc1.64001f\",RESOLUTION=640x360\nv360/index.m3u8"), "{text}");
        assert!(!text.contains("AUDIO"));
    }

    #[test]
    fn sound_alone() {
        let text = master_playlist(&[], Some(&sound()));
        assert!(text.ends_with("CODECS=\"mp4a.40.2\",AUDIO=\"sound\"\na/index.m3u8\n"), "{text}");
        assert_eq!(text.matches("STREAM-INF").count(), 1);
    }
}
