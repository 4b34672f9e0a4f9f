//! What the things that players fetch are called, relative to their track's directory.

use std::{fmt, str::FromStr};

use super::Audience;

/// A file of a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// `index.m3u8`, or `plain.m3u8` for a mass audience.
    Playlist(Audience),
    /// `init-GENERATION.mp4`
    Init(u32),
    /// `MSN.m4s`
    Segment(u64),
    /// `MSN.INDEX.m4s`
    Part(u64, u32),
}

/// No file of a track is called that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no file of a track has this name")]
pub struct BadName;

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Playlist(Audience::Interactive) => f.write_str("index.m3u8"),
            Self::Playlist(Audience::Mass) => f.write_str("plain.m3u8"),
            Self::Init(generation) => write!(f, "init-{generation}.mp4"),
            Self::Segment(msn) => write!(f, "{msn}.m4s"),
            Self::Part(msn, index) => write!(f, "{msn}.{index}.m4s"),
        }
    }
}

impl FromStr for Name {
    type Err = BadName;

    /// Takes exactly what [`fmt::Display`] writes: one thing has one name, so a cache holds it once.
    fn from_str(name: &str) -> Result<Self, BadName> {
        let read = match name {
            "index.m3u8" => Some(Self::Playlist(Audience::Interactive)),
            "plain.m3u8" => Some(Self::Playlist(Audience::Mass)),
            _ => numbered(name),
        };
        read.filter(|read| read.to_string() == name).ok_or(BadName)
    }
}

fn numbered(name: &str) -> Option<Name> {
    if let Some(generation) = name.strip_prefix("init-") {
        return Some(Name::Init(generation.strip_suffix(".mp4")?.parse().ok()?));
    }
    let stem = name.strip_suffix(".m4s")?;
    Some(match stem.split_once('.') {
        Some((msn, index)) => Name::Part(msn.parse().ok()?, index.parse().ok()?),
        None => Name::Segment(stem.parse().ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        use {Audience::*, Name::*};
        for name in [Playlist(Interactive), Playlist(Mass), Init(0), Init(12), Segment(0), Segment(u64::MAX), Part(7, 3)] {
            assert_eq!(name.to_string().parse(), Ok(name));
        }
        for other in ["", "index", "07.m4s", "+7.m4s", "7..m4s", "7.1.2.m4s", "-1.m4s", "init-.mp4", "init-01.mp4", "../7.m4s"] {
            assert_eq!(other.parse::<Name>(), Err(BadName), "{other:?}");
        }
    }
}
