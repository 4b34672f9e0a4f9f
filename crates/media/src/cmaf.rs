//! Reading back what ffmpeg's HLS writer left: its playlist, its init segment, its sizes.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use crate::supervise::RunError;

/// A last segment shorter than this, in seconds, is joined to the one before.
const TOO_SHORT: f64 = 0.5;

/// A media playlist of ours: the segments in order, with their length in seconds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Segments(pub(crate) Vec<(String, f64)>);

/// Bits a second, measured over the segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BitRate {
    pub(crate) peak: u64,
    pub(crate) average: u64,
}

impl Segments {
    /// Reads `index.m3u8` in `folder`; an unfinished or empty one is an error.
    pub(crate) fn read(folder: &Path) -> Result<Self, RunError> {
        let text = fs::read_to_string(folder.join("index.m3u8"))?;
        if !text.contains("#EXT-X-ENDLIST") {
            return Err(RunError::BadOutput("unfinished playlist"));
        }
        let mut seconds = None;
        let mut found = Vec::new();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("#EXTINF:") {
                seconds = rest.trim_end_matches(',').parse::<f64>().ok();
            } else if !line.starts_with('#') && !line.is_empty() {
                found.push((line.to_owned(), seconds.take().ok_or(RunError::BadOutput("segment without a length"))?));
            }
        }
        if found.is_empty() { Err(RunError::BadOutput("no segments")) } else { Ok(Self(found)) }
    }

    /// Joins a very short last segment to the one before: AAC often leaves a single frame.
    pub(crate) fn fold_last(&mut self, folder: &Path) -> io::Result<()> {
        let [.., (into, length), (from, rest)] = self.0.as_mut_slice() else { return Ok(()) };
        if *rest >= TOO_SHORT {
            return Ok(());
        }
        let mut joined = fs::read(folder.join(&*into))?;
        // The index box of the joined part would come in the middle, where players do not expect one.
        let tail = fs::read(folder.join(&*from))?;
        boxes(&tail).filter(|(kind, _)| matches!(*kind, b"moof" | b"mdat")).for_each(|(_, whole)| joined.extend_from_slice(whole));
        fs::write(folder.join(&*into), joined)?;
        fs::remove_file(folder.join(&*from))?;
        *length += *rest;
        self.0.pop();
        fs::write(folder.join("index.m3u8"), self.playlist())
    }

    fn playlist(&self) -> String {
        let longest = self.0.iter().map(|(_, seconds)| *seconds).fold(0.0, f64::max);
        let mut text = format!(
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{:.0}\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n\
             #EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"init.mp4\"\n",
            longest.round().max(1.0)
        );
        for (name, seconds) in &self.0 {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "#EXTINF:{seconds:.6},\n{name}");
        }
        text + "#EXT-X-ENDLIST\n"
    }

    /// Peak is that of the fastest segment; short ones at the end do not count unless all are short.
    pub(crate) fn bit_rate(&self, folder: &Path) -> io::Result<BitRate> {
        let longest = self.0.iter().map(|(_, seconds)| *seconds).fold(0.0, f64::max);
        let (mut bits, mut length, mut peak) = (0.0, 0.0, 0.0_f64);
        for (name, seconds) in &self.0 {
            let size = fs::metadata(folder.join(name))?.len() as f64 * 8.0;
            (bits, length) = (bits + size, length + seconds);
            if *seconds * 2.0 >= longest {
                peak = peak.max(size / seconds.max(0.001));
            }
        }
        let average = (bits / length.max(0.001)).ceil() as u64;
        Ok(BitRate { peak: (peak.ceil() as u64).max(average), average })
    }
}

/// The codec of a track as RFC 6381 writes it, such as `avc1.64001f`, from its `init.mp4`.
pub(crate) fn codec(init: &[u8]) -> Option<String> {
    let (kind, entry) = sample_entry(init)?;
    match kind {
        // A picture entry has 78 bytes of its own before its boxes, a sound entry 28.
        b"avc1" | b"avc3" => {
            let avcc = child(entry.get(8 + 78..)?, *b"avcC")?;
            Some(format!("avc1.{:02x}{:02x}{:02x}", avcc.get(1)?, avcc.get(2)?, avcc.get(3)?))
        }
        b"mp4a" => Some(format!("mp4a.40.{}", aac_object_type(child(entry.get(8 + 28..)?, *b"esds")?)?)),
        _ => None,
    }
}

/// Width and height of a picture track, from its `init.mp4`.
pub(crate) fn size(init: &[u8]) -> Option<(u32, u32)> {
    let (kind, entry) = sample_entry(init)?;
    let number = |at: usize| Some(u32::from(u16::from_be_bytes(*entry.get(8 + at..8 + at + 2)?.first_chunk()?)));
    matches!(kind, b"avc1" | b"avc3").then(|| Some((number(24)?, number(26)?))).flatten()
}

/// How many channels a sound track has, from its `init.mp4`.
pub(crate) fn channels(init: &[u8]) -> Option<u32> {
    let (kind, entry) = sample_entry(init)?;
    let count = entry.get(8 + 16..8 + 18)?.first_chunk()?;
    (kind == b"mp4a").then(|| u16::from_be_bytes(*count).into())
}

/// The description of the first track's samples: its kind and its whole box.
fn sample_entry(init: &[u8]) -> Option<(&[u8; 4], &[u8])> {
    let stsd =
        [*b"moov", *b"trak", *b"mdia", *b"minf", *b"stbl", *b"stsd"].into_iter().try_fold(init, |inside, kind| child(inside, kind))?;
    // Version, flags and the number of entries come before the entries.
    boxes(stsd.get(8..)?).next()
}

/// The first five bits of the AudioSpecificConfig, which is descriptor 5 inside 4 inside 3.
fn aac_object_type(esds: &[u8]) -> Option<u8> {
    // Tag 3: stream id and flags; tag 4: 13 bytes of fixed fields.
    let inside = descriptor(esds.get(4..)?, 3)?.get(3..)?;
    let config = descriptor(descriptor(inside, 4)?.get(13..)?, 5)?;
    config.first().map(|byte| byte >> 3)
}

/// The content of the descriptor `tag` that starts here; its length is in groups of seven bits.
fn descriptor(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let (&found, rest) = bytes.split_first()?;
    let size_bytes = rest.iter().take(4).position(|byte| byte & 0x80 == 0)? + 1;
    let size = rest[..size_bytes].iter().fold(0, |size, byte| size << 7 | usize::from(byte & 0x7f));
    (found == tag).then(|| rest.get(size_bytes..size_bytes + size)).flatten()
}

fn child(inside: &[u8], kind: [u8; 4]) -> Option<&[u8]> {
    boxes(inside).find(|(found, _)| **found == kind).map(|(_, whole)| &whole[8..])
}

/// The boxes one after another, each with its kind and whole bytes; ends at the first that does not fit.
fn boxes(bytes: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let size = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let kind = rest.get(4..8)?.first_chunk()?;
        let (whole, after) = rest.split_at_checked(size).filter(|_| size >= 8)?;
        rest = after;
        Some((kind, whole))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn boxed(kind: [u8; 4], inside: &[u8]) -> Vec<u8> {
        [&(inside.len() as u32 + 8).to_be_bytes()[..], &kind, inside].concat()
    }

    fn init(entry: &[u8]) -> Vec<u8> {
        let stsd = boxed(*b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1], entry].concat());
        [*b"stbl", *b"minf", *b"mdia", *b"trak", *b"moov"].into_iter().fold(stsd, |inside, kind| boxed(kind, &inside))
    }

    #[test]
    fn codec_names() {
        let avc = boxed(*b"avc1", &[&[0; 78][..], &boxed(*b"avcC", &[1, 0x64, 0, 0x1f, 0xff])].concat());
        assert_eq!(codec(&init(&avc)).as_deref(), Some("avc1.64001f"));
        let config = [5, 2, 0x11, 0x90];
        let decoder = [&[4, 13 + 4][..], &[0; 13], &config].concat();
        let es = [&[3, 0x80, 3 + decoder.len() as u8][..], &[0; 3], &decoder].concat();
        let aac = boxed(*b"mp4a", &[&[0; 28][..], &boxed(*b"esds", &[&[0; 4][..], &es].concat())].concat());
        assert_eq!(codec(&init(&aac)).as_deref(), Some("mp4a.40.2"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_box_reader_fail(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let total: usize = boxes(&bytes).map(|(_, whole)| whole.len()).sum();
            prop_assert!(total <= bytes.len());
            prop_assert!(codec(&bytes).is_none());
        }
    }
}
