//! The master ("multivariant") playlist, draft-pantos-hls-rfc8216bis §4.4.6.

use std::fmt::Write;

use super::{Audience, media::directory, name::Name};
use crate::{Track, fmp4, packager::Coding};

/// Rates are measured over what was sent, so what comes may be larger: per cent.
const HEADROOM: u64 = 120;

/// Writes the master playlist: picture with sound, and sound alone for those whose line carries no more.
///
/// `video_bps` and `audio_bps` are the fullest segments so far.
pub(crate) fn master(coding: &Coding, audience: Audience, video_bps: u64, audio_bps: u64) -> String {
    let mut text = String::from("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    let uri = |track| format!("{}/{}", directory(track), Name::Playlist(audience));
    let bandwidth = |bps: u64| (bps * HEADROOM / 100).max(1);
    let sound = coding.audio.as_ref().map(fmp4::audio_codec);
    if let (Some(config), Some(_), Some(_)) = (&coding.audio, &sound, &coding.video) {
        let (channels, uri) = (config.channels, uri(Track::Audio));
        let kind = "TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"sound\",DEFAULT=YES,AUTOSELECT=YES";
        let _ = writeln!(text, "#EXT-X-MEDIA:{kind},CHANNELS=\"{channels}\",URI=\"{uri}\"");
    }
    if let Some(video) = &coding.video {
        let mut codecs = fmp4::video_codec(video);
        let mut group = "";
        if let Some(sound) = &sound {
            codecs = format!("{codecs},{sound}");
            group = ",AUDIO=\"sound\"";
        }
        let (rate, size) = (bandwidth(video_bps + audio_bps), format!("{}x{}", video.width, video.height));
        let _ = writeln!(text, "#EXT-X-STREAM-INF:BANDWIDTH={rate},CODECS=\"{codecs}\",RESOLUTION={size}{group}");
        let _ = writeln!(text, "{}", uri(Track::Video));
    }
    if let Some(sound) = sound {
        let group = if coding.video.is_some() { ",AUDIO=\"sound\"" } else { "" };
        let _ = writeln!(text, "#EXT-X-STREAM-INF:BANDWIDTH={},CODECS=\"{sound}\"{group}", bandwidth(audio_bps));
        let _ = writeln!(text, "{}", uri(Track::Audio));
    }
    text
}
