//! What a recording's own playlist says: a rung's segments and when each begins. Read strictly, since we wrote it.

/// Characters of a playlist at most: 12 hours in segments of a second are a third of it.
const LONGEST_TEXT: usize = 4 << 20;
/// A segment longer than this was not made by us, seconds.
const LONGEST_S: f64 = 60.0;

/// One rung of a recording, to be shown piece by piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reel {
    /// No segment is longer, in whole seconds: `EXT-X-TARGETDURATION`.
    pub target_s: i64,
    /// What comes before segments that are coded alike; a publisher who came back may have coded otherwise.
    pub inits: Vec<String>,
    /// In their order, without a gap.
    pub segments: Vec<Segment>,
}

/// A stretch of a rung.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Name of its file beside the playlist.
    pub name: String,
    /// Where it begins, microseconds from the start of the recording.
    pub start_us: i64,
    /// How long it is, microseconds.
    pub length_us: i64,
    /// Which of [`Reel::inits`] it needs.
    pub init: usize,
    /// Breaks in the stamps from the start of the recording to it: each time that a publisher came back.
    pub breaks: usize,
}

impl Segment {
    /// Where the next begins, microseconds.
    pub const fn end_us(&self) -> i64 {
        self.start_us + self.length_us
    }
}

/// A playlist that is not one of ours; `line` counts from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct BadReel {
    /// Where.
    pub line: usize,
    /// What is wrong there.
    pub why: &'static str,
}

impl Reel {
    /// Reads the finished playlist of one rung.
    ///
    /// # Errors
    ///
    /// [`BadReel`] for anything that we do not write ourselves: other tags, names with a path, a gap, no end.
    pub fn read(text: &str) -> Result<Self, BadReel> {
        let whole = |why| BadReel { line: 0, why };
        if text.len() > LONGEST_TEXT {
            return Err(whole("too long"));
        }
        let mut reading = Reading::default();
        for (at, line) in text.lines().enumerate() {
            reading.line(at, line.trim_end()).map_err(|why| BadReel { line: at + 1, why })?;
        }
        let target_s = reading.target_s.ok_or(whole("no target duration"))?;
        if !reading.ended || reading.length_us.is_some() || reading.segments.is_empty() {
            return Err(whole("it does not end"));
        }
        // As a player rounds it (RFC 8216 §4.3.3.1).
        if reading.segments.iter().any(|segment| (segment.length_us + 500_000) / 1_000_000 > target_s) {
            return Err(whole("a segment is longer than the target"));
        }
        Ok(Self { target_s, inits: reading.inits, segments: reading.segments })
    }

    /// Length of the rung, milliseconds.
    pub fn duration_ms(&self) -> i64 {
        self.segments.last().map_or(0, Segment::end_us) / 1000
    }
}

#[derive(Default)]
struct Reading {
    target_s: Option<i64>,
    inits: Vec<String>,
    segments: Vec<Segment>,
    /// Before the segment that comes next.
    breaks: usize,
    /// Of the segment whose name comes next.
    length_us: Option<i64>,
    ended: bool,
}

impl Reading {
    fn line(&mut self, at: usize, line: &str) -> Result<(), &'static str> {
        if (at == 0) != (line == "#EXTM3U") {
            return Err("no playlist begins so");
        }
        if self.ended && !line.is_empty() {
            return Err("something after its end");
        }
        let (tag, value) = line.split_once(':').unwrap_or((line, ""));
        match tag {
            // When a segment was live says nothing of when it is shown.
            "#EXTM3U" | "" | "#EXT-X-VERSION" | "#EXT-X-INDEPENDENT-SEGMENTS" | "#EXT-X-PROGRAM-DATE-TIME" => {}
            "#EXT-X-MEDIA-SEQUENCE" if value == "0" => {}
            "#EXT-X-PLAYLIST-TYPE" if value == "VOD" => {}
            "#EXT-X-TARGETDURATION" => {
                self.target_s = Some(value.parse().ok().filter(|s| (1..=60).contains(s)).ok_or("bad target duration")?);
            }
            "#EXT-X-DISCONTINUITY" if value.is_empty() => self.breaks += 1,
            "#EXT-X-MAP" => {
                let name = value.strip_prefix("URI=\"").and_then(|rest| rest.strip_suffix('"'));
                self.inits.push(name.filter(|name| is_plain(name)).ok_or("bad init segment")?.to_owned());
            }
            "#EXTINF" if self.length_us.is_none() => self.length_us = Some(length_us(value).ok_or("bad length")?),
            "#EXT-X-ENDLIST" => self.ended = true,
            _ if !line.starts_with('#') => return self.segment(line),
            _ => return Err("a tag that we do not write"),
        }
        Ok(())
    }

    fn segment(&mut self, name: &str) -> Result<(), &'static str> {
        let length_us = self.length_us.take().ok_or("a segment without its length")?;
        if !is_plain(name) {
            return Err("bad name of a segment");
        }
        let init = self.inits.len().checked_sub(1).ok_or("no init segment")?;
        let start_us = self.segments.last().map_or(0, Segment::end_us);
        self.segments.push(Segment { name: name.to_owned(), start_us, length_us, init, breaks: self.breaks });
        Ok(())
    }
}

/// `4.000000,` as microseconds.
fn length_us(value: &str) -> Option<i64> {
    let seconds: f64 = value.strip_suffix(',')?.parse().ok()?;
    (seconds > 0.0 && seconds <= LONGEST_S).then(|| (seconds * 1e6).round() as i64).filter(|us| *us > 0)
}

/// A file beside the playlist, whose name needs no quoting anywhere.
fn is_plain(name: &str) -> bool {
    let plain = name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    plain && name.starts_with(|c: char| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OURS: &str = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n\
        #EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"init.mp4\"\n#EXTINF:4.000000,\ns00000.m4s\n#EXTINF:2.021333,\ns00001.m4s\n#EXT-X-ENDLIST\n";

    #[test]
    fn a_playlist_of_ours_is_read_to_the_microsecond() {
        let reel = Reel::read(OURS).unwrap();
        assert_eq!((reel.target_s, &*reel.inits, reel.duration_ms()), (4, &["init.mp4".to_owned()][..], 6021));
        let want = Segment { name: "s00001.m4s".into(), start_us: 4_000_000, length_us: 2_021_333, init: 0, breaks: 0 };
        assert_eq!(reel.segments[1], want);
    }

    #[test]
    fn a_recording_whose_publisher_came_back_is_read_with_its_breaks() {
        let segment = |msn, ticks, timeline, generation| live::SegmentInfo {
            track: live::Track::Video,
            msn,
            generation,
            timeline,
            timescale: 1_000,
            start: 0,
            ticks,
            at_unix_ms: 1_795_395_600_000,
        };
        let text =
            live::playlist::vod(&[segment(0, 2_000, 0, 0), segment(1, 1_500, 0, 0), segment(2, 2_000, 1, 0), segment(3, 2_000, 2, 1)]);
        let reel = Reel::read(&text).unwrap_or_else(|e| panic!("{e} in {text}"));
        let seen: Vec<_> = reel.segments.iter().map(|s| (s.start_us / 1_000, s.init, s.breaks)).collect();
        assert_eq!(seen, [(0, 0, 0), (2_000, 0, 0), (3_500, 0, 1), (5_500, 1, 2)]);
        assert_eq!(reel.inits.len(), 2, "{text}");
    }

    #[test]
    fn what_we_do_not_write_is_not_read() {
        let table = [
            ("#EXTM3U\n", "", "no playlist begins so"),
            ("s00001.m4s", "../s00001.m4s", "bad name of a segment"),
            ("s00001.m4s", "https://elsewhere.example/a", "bad name of a segment"),
            ("s00001.m4s", "#EXT-X-DISCONTINUITY:1\ns00001.m4s", "a tag that we do not write"),
            ("s00001.m4s", "#EXT-X-BYTERANGE:7\ns00001.m4s", "a tag that we do not write"),
            ("#EXTINF:2.021333,\n", "", "a segment without its length"),
            ("#EXTINF:2.021333,", "#EXTINF:nan,", "bad length"),
            ("#EXTINF:2.021333,", "#EXTINF:-2,", "bad length"),
            ("#EXTINF:2.021333,", "#EXTINF:6,", "a segment is longer than the target"),
            ("#EXT-X-TARGETDURATION:4", "#EXT-X-TARGETDURATION:0", "bad target duration"),
            ("#EXT-X-MAP:URI=\"init.mp4\"\n", "", "no init segment"),
            ("URI=\"init.mp4\"", "URI=\"/etc/passwd\"", "bad init segment"),
            ("#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-MEDIA-SEQUENCE:9", "a tag that we do not write"),
            ("#EXT-X-ENDLIST\n", "", "it does not end"),
        ];
        for (part, instead, why) in table {
            assert_eq!(Reel::read(&OURS.replace(part, instead)).unwrap_err().why, why, "{part} → {instead}");
        }
        assert_eq!(Reel::read(&" ".repeat(LONGEST_TEXT + 1)).unwrap_err().why, "too long");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_fail(text in "(#EXTM3U\n)?(#EXT[A-Z:0-9.,-]{0,12}\n|[a-z0-9./]{0,6}\n|#EXT-X-ENDLIST\n){0,20}") {
            if let Ok(reel) = Reel::read(&text) {
                prop_assert!(reel.segments.iter().all(|s| is_plain(&s.name) && s.length_us > 0));
            }
        }
    }
}
