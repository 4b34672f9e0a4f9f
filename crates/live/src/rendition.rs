//! What players can choose from.

use std::{fmt, str::FromStr};

use crate::Track;

/// One of the media playlists below a master, and the folder that it lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rendition {
    /// A track as the publisher sends it: `video`, `audio`.
    Source(Track),
    /// The picture made smaller; its shorter side has so many pixels: `video-360`.
    Lower(u16),
}

/// No rendition has a folder of this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no rendition has this name")]
pub struct NoRendition;

impl From<Track> for Rendition {
    fn from(track: Track) -> Self {
        Self::Source(track)
    }
}

impl fmt::Display for Rendition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(Track::Video) => f.write_str("video"),
            Self::Source(Track::Audio) => f.write_str("audio"),
            Self::Lower(lines) => write!(f, "video-{lines}"),
        }
    }
}

impl FromStr for Rendition {
    type Err = NoRendition;

    /// Takes exactly what [`fmt::Display`] writes: one thing has one name, so a cache holds it once.
    fn from_str(name: &str) -> Result<Self, NoRendition> {
        let read = match name {
            "video" => Some(Self::Source(Track::Video)),
            "audio" => Some(Self::Source(Track::Audio)),
            _ => name.strip_prefix("video-").and_then(|lines| lines.parse().ok()).map(Self::Lower),
        };
        read.filter(|read| read.to_string() == name).ok_or(NoRendition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_read_as_they_are_written() {
        for rendition in [Rendition::Source(Track::Video), Rendition::Source(Track::Audio), Rendition::Lower(360), Rendition::Lower(720)] {
            assert_eq!(rendition.to_string().parse(), Ok(rendition));
        }
        for other in ["", "video-", "video-0360", "video-+360", "video-99999", "Video", "video-360/", "audio-360", ".."] {
            assert_eq!(other.parse::<Rendition>(), Err(NoRendition), "{other:?}");
        }
    }
}
