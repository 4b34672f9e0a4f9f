//! Which container a file is, from its first bytes alone.
//!
//! This stands before ffmpeg: playlists and manifests (HLS, DASH, concat, SDP) can name other files and addresses, so
//! anything outside the list below is refused before a parser sees it.

use serde::{Deserialize, Serialize};

/// How many bytes from the start of a file [`sniff`] wants to see.
pub const HEAD: usize = 1024;

/// The containers we accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Container {
    /// MP4, QuickTime, 3GP.
    Mp4,
    /// Matroska and WebM.
    Matroska,
    /// AVI.
    Avi,
    /// MPEG transport stream, also with four-byte time codes (M2TS).
    MpegTs,
    /// Flash video.
    Flv,
    /// RIFF wave.
    Wav,
    /// MPEG layer III audio.
    Mp3,
    /// Ogg.
    Ogg,
    /// Bare AAC with ADTS headers.
    Aac,
}

impl Container {
    /// The name of ffmpeg's reader for this container; always passed with `-f`, so that ffmpeg never guesses.
    pub(crate) fn demuxer(self) -> &'static str {
        match self {
            Self::Mp4 => "mov",
            Self::Matroska => "matroska",
            Self::Avi => "avi",
            Self::MpegTs => "mpegts",
            Self::Flv => "flv",
            Self::Wav => "wav",
            Self::Mp3 => "mp3",
            Self::Ogg => "ogg",
            Self::Aac => "aac",
        }
    }
}

/// Why a file is not offered to ffmpeg at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPlayable {
    /// Not a single byte.
    #[error("the file is empty")]
    Empty,
    /// A text that points at other files or addresses.
    #[error("the file is a playlist, not a recording")]
    Playlist,
    /// Everything else.
    #[error("the file is not a video or sound recording we know")]
    Unknown,
}

/// Tells the container from the first 1,024 bytes of a file, or all of a shorter one.
pub fn sniff(head: &[u8]) -> Result<Container, NotPlayable> {
    if head.is_empty() {
        return Err(NotPlayable::Empty);
    }
    container(head).ok_or(if is_playlist(head) { NotPlayable::Playlist } else { NotPlayable::Unknown })
}

fn container(head: &[u8]) -> Option<Container> {
    let four = |at: usize| head.get(at..at + 4);
    match (four(0)?, four(8)) {
        (b"RIFF", Some(b"AVI ")) => return Some(Container::Avi),
        (b"RIFF" | b"RF64", Some(b"WAVE")) => return Some(Container::Wav),
        (b"\x1a\x45\xdf\xa3", _) => return Some(Container::Matroska),
        (b"OggS", _) => return Some(Container::Ogg),
        (b"FLV\x01", _) => return Some(Container::Flv),
        _ => {}
    }
    if let Some(b"ftyp" | b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot") = four(4) {
        return Some(Container::Mp4);
    }
    if is_transport_stream(head) {
        return Some(Container::MpegTs);
    }
    match head {
        [b'I', b'D', b'3', ..] => Some(Container::Mp3),
        // Eleven sync bits; layer bits 00 are ADTS, 01 are layer III.
        [0xff, flags, ..] if flags & 0xf6 == 0xf0 => Some(Container::Aac),
        [0xff, flags, rate, ..] if flags & 0xe6 == 0xe2 && rate & 0xf0 != 0xf0 => Some(Container::Mp3),
        _ => None,
    }
}

/// Three sync bytes at the distance of a packet: 188 bytes, or 192 with a time code in front.
fn is_transport_stream(head: &[u8]) -> bool {
    let synced = |first: usize, step: usize| (0..3).all(|n| head.get(first + n * step) == Some(&0x47));
    synced(0, 188) || synced(4, 192)
}

fn is_playlist(head: &[u8]) -> bool {
    const OPENINGS: [&str; 8] = ["#extm3u", "ffconcat", "<?xml", "<mpd", "v=0", "[playlist]", "<smil", "subfile"];
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).to_ascii_lowercase();
    OPENINGS.iter().any(|opening| text.starts_with(opening)) || text.contains("#extm3u")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_openings() {
        let mut ts = vec![0; 600];
        let mut m2ts = vec![0; 600];
        for n in 0..3 {
            ts[n * 188] = 0x47;
            m2ts[4 + n * 192] = 0x47;
        }
        let table: [(&[u8], Result<Container, NotPlayable>); 17] = [
            (b"\0\0\0\x20ftypisom", Ok(Container::Mp4)),
            (b"\0\0\0\x08wide\0\0\0\0mdat", Ok(Container::Mp4)),
            (b"\x1a\x45\xdf\xa3....webm", Ok(Container::Matroska)),
            (b"RIFF\0\0\0\0AVI LIST", Ok(Container::Avi)),
            (b"RIFF\0\0\0\0WAVEfmt ", Ok(Container::Wav)),
            (&ts, Ok(Container::MpegTs)),
            (&m2ts, Ok(Container::MpegTs)),
            (b"FLV\x01\x05", Ok(Container::Flv)),
            (b"ID3\x04\0", Ok(Container::Mp3)),
            (b"\xff\xfb\x90\x64", Ok(Container::Mp3)),
            (b"\xff\xf1\x50\x80", Ok(Container::Aac)),
            (b"OggS\0", Ok(Container::Ogg)),
            (b"", Err(NotPlayable::Empty)),
            (b"\xef\xbb\xbf#EXTM3U\n", Err(NotPlayable::Playlist)),
            (b"<?xml version=\"1.0\"?><MPD>", Err(NotPlayable::Playlist)),
            (b"P6 2 2 255\n", Err(NotPlayable::Unknown)),
            (b"\x7fELF\x02\x01\x01\0", Err(NotPlayable::Unknown)),
        ];
        for (head, want) in table {
            assert_eq!(sniff(head), want, "{:?}", String::from_utf8_lossy(head));
        }
    }

    proptest! {
        #[test]
        fn no_text_is_media(text in "[ -~\\n]{1,200}") {
            // Letters that are also magic: these texts are refused by the reader that is then forced upon them.
            prop_assume!(!text.starts_with("ID3") && !text.starts_with("OggS") && !text.starts_with("RIFF"));
            let atom = text.get(4..8).unwrap_or("");
            prop_assume!(!["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"].contains(&atom));
            prop_assert!(sniff(text.as_bytes()).is_err());
        }
    }
}
