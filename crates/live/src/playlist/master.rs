//! The master ("multivariant") playlist, draft-pantos-hls-rfc8216bis §4.4.6.

use std::fmt::Write;

use super::{Audience, name::Name};
use crate::{Rendition, Track, VideoConfig, fmp4, packager::Coding};

/// Rates are measured over what was sent, so what comes may be larger: per cent.
const HEADROOM: u64 = 120;

/// A lower rendition that players may be sent to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Smaller<'a> {
    pub(crate) lines: u16,
    pub(crate) coding: &'a VideoConfig,
    /// Bits a second of its fullest segment so far.
    pub(crate) bps: u64,
}

/// Writes the master playlist: picture with sound, smaller pictures, and sound alone for those whose line carries no more.
///
/// `video_bps` and `audio_bps` are the fullest segments so far.
pub(crate) fn master(coding: &Coding, audience: Audience, video_bps: u64, audio_bps: u64, lower: &[Smaller<'_>]) -> String {
    let mut text = String::from("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    let uri = |rendition: Rendition| format!("{rendition}/{}", Name::Playlist(audience));
    let sound = coding.audio.as_ref().map(fmp4::audio_codec);
    if let (Some(config), Some(_)) = (&coding.audio, &coding.video) {
        let (channels, uri) = (config.channels, uri(Track::Audio.into()));
        let kind = "TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"sound\",DEFAULT=YES,AUTOSELECT=YES";
        let _ = writeln!(text, "#EXT-X-MEDIA:{kind},CHANNELS=\"{channels}\",URI=\"{uri}\"");
    }
    if let Some(video) = &coding.video {
        let smaller = lower.iter().map(|lower| (Rendition::Lower(lower.lines), lower.coding, lower.bps));
        // The source first: players that know nothing of their line begin with it.
        for (rendition, coding, bps) in std::iter::once((Track::Video.into(), video, video_bps)).chain(smaller) {
            picture(&mut text, coding, sound.as_deref(), bandwidth(bps + audio_bps));
            let _ = writeln!(text, "{}", uri(rendition));
        }
    }
    if let Some(sound) = sound {
        let group = if coding.video.is_some() { ",AUDIO=\"sound\"" } else { "" };
        let _ = writeln!(text, "#EXT-X-STREAM-INF:BANDWIDTH={},CODECS=\"{sound}\"{group}", bandwidth(audio_bps));
        let _ = writeln!(text, "{}", uri(Track::Audio.into()));
    }
    text
}

fn picture(text: &mut String, coding: &VideoConfig, sound: Option<&str>, rate: u64) {
    let (codec, size) = (fmp4::video_codec(coding), format!("{}x{}", coding.width, coding.height));
    let (codecs, group) = match sound {
        Some(sound) => (format!("{codec},{sound}"), ",AUDIO=\"sound\""),
        None => (codec, ""),
    };
    let _ = writeln!(text, "#EXT-X-STREAM-INF:BANDWIDTH={rate},CODECS=\"{codecs}\",RESOLUTION={size}{group}");
}

fn bandwidth(bps: u64) -> u64 {
    (bps * HEADROOM / 100).max(1)
}
