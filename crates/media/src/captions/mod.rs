//! Captions: WebVTT or SubRip in, strict WebVTT and a transcript out.
//!
//! What goes out is written anew from parsed cues, so nothing passes that we did not understand: no styles, no regions,
//! no scripts, no unknown tags. A player may put the text into a page.

mod markup;

use std::fmt::Write as _;

/// Largest file we read.
const MOST_BYTES: usize = 1 << 20;
/// Most cues of one file.
const MOST_CUES: usize = 20_000;

/// One caption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// When it appears, in milliseconds from the start.
    pub start_ms: u64,
    /// When it goes; always later.
    pub end_ms: u64,
    /// What it says, without markup, lines separated by `\n`.
    pub text: String,
}

/// Why a caption file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {rule}")]
pub struct CaptionError {
    /// Counted from 1; 0 means the file as a whole.
    pub line: usize,
    /// The rule that is broken.
    pub rule: CaptionRule,
}

/// What a caption file must obey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaptionRule {
    /// At most 1 MiB.
    #[error("a caption file is at most 1 MiB")]
    TooLarge,
    /// UTF-8 throughout.
    #[error("the text must be UTF-8")]
    NotUtf8,
    /// WebVTT or SubRip.
    #[error("neither WebVTT nor SubRip")]
    NotCaptions,
    /// At least one caption.
    #[error("there is no caption in it")]
    NoCues,
    /// At most 20,000 captions.
    #[error("at most 20,000 captions")]
    TooManyCues,
    /// `00:00:00.000 --> 00:00:00.000`.
    #[error("a time is written 00:00:00.000 --> 00:00:00.000")]
    BadTime,
    /// A caption goes after it came.
    #[error("a caption must end after it starts")]
    EndsBeforeStart,
    /// In the order of their start.
    #[error("captions must be in the order of their start")]
    OutOfOrder,
}

impl CaptionRule {
    /// A stable word for translation.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "captions-too-large",
            Self::NotUtf8 => "captions-not-utf8",
            Self::NotCaptions => "not-captions",
            Self::NoCues => "captions-empty",
            Self::TooManyCues => "too-many-captions",
            Self::BadTime => "caption-bad-time",
            Self::EndsBeforeStart => "caption-ends-before-start",
            Self::OutOfOrder => "captions-out-of-order",
        }
    }

    fn at(self, line: usize) -> CaptionError {
        CaptionError { line, rule: self }
    }
}

/// A cue whose text still has its markup.
struct RawCue<'a> {
    start_ms: u64,
    end_ms: u64,
    settings: String,
    lines: Vec<&'a str>,
}

/// Reads WebVTT or SubRip and writes strict WebVTT: only `b i u v c lang` tags, everything else escaped.
///
/// Cleaning what was cleaned changes nothing.
pub fn sanitise(bytes: &[u8]) -> Result<String, CaptionError> {
    let text = decode(bytes)?;
    let mut clean = String::from("WEBVTT\n");
    for RawCue { start_ms, end_ms, settings, lines } in parse(&text)? {
        // Writing to a String cannot fail.
        let _ = write!(clean, "\n{} --> {}{settings}\n{}\n", timestamp(start_ms), timestamp(end_ms), markup::clean(&lines.join("\n")));
    }
    Ok(clean)
}

/// Reads WebVTT or SubRip into plain text, for a transcript and for search. Captions without text are left out.
pub fn cues(bytes: &[u8]) -> Result<Vec<Cue>, CaptionError> {
    let text = decode(bytes)?;
    let plain = |cue: RawCue<'_>| Cue { start_ms: cue.start_ms, end_ms: cue.end_ms, text: markup::plain(&cue.lines.join("\n")) };
    Ok(parse(&text)?.into_iter().map(plain).filter(|cue| !cue.text.is_empty()).collect())
}

/// `00:00:00.000`, as WebVTT writes times.
pub(crate) fn timestamp(ms: u64) -> String {
    let (s, ms) = (ms / 1000, ms % 1000);
    format!("{:02}:{:02}:{:02}.{ms:03}", s / 3600, s / 60 % 60, s % 60)
}

/// One kind of line ends, no byte order mark, no control characters.
fn decode(bytes: &[u8]) -> Result<String, CaptionError> {
    if bytes.len() > MOST_BYTES {
        return Err(CaptionRule::TooLarge.at(0));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|&byte| byte == b'\n').count();
        CaptionRule::NotUtf8.at(line)
    })?;
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    Ok(text.chars().filter(|&c| c == '\n' || c == '\t' || !c.is_control()).collect())
}

/// Walks from blank line to blank line; every block with a time line is a cue, all others fall away.
fn parse(text: &str) -> Result<Vec<RawCue<'_>>, CaptionError> {
    let is_vtt = text.strip_prefix("WEBVTT").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n']));
    if !is_vtt && !looks_like_subrip(text) {
        return Err(CaptionRule::NotCaptions.at(1));
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut cues: Vec<RawCue<'_>> = Vec::new();
    let mut at = usize::from(is_vtt);
    while at < lines.len() {
        let end = lines[at..].iter().position(|line| line.trim().is_empty()).map_or(lines.len(), |n| at + n);
        if let Some(cue) = block(&lines[at..end], at)? {
            if cues.last().is_some_and(|last| cue.start_ms < last.start_ms) {
                return Err(CaptionRule::OutOfOrder.at(at + 1));
            }
            cues.push(cue);
        }
        if cues.len() > MOST_CUES {
            return Err(CaptionRule::TooManyCues.at(at + 1));
        }
        at = end + 1;
    }
    if cues.is_empty() { Err(CaptionRule::NoCues.at(0)) } else { Ok(cues) }
}

fn looks_like_subrip(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
    let first = lines.next().unwrap_or_default();
    first.contains("-->") || (first.parse::<u32>().is_ok() && lines.next().is_some_and(|line| line.contains("-->")))
}

/// The cue in a block whose first line has the index `at`; `None` for notes, styles, regions and stray text.
fn block<'a>(lines: &[&'a str], at: usize) -> Result<Option<RawCue<'a>>, CaptionError> {
    // The times stand first, or second behind a name or number.
    let Some(n) = lines.iter().take(2).position(|line| line.contains("-->")) else { return Ok(None) };
    if ["NOTE", "STYLE", "REGION"].contains(&lines[0].split_whitespace().next().unwrap_or_default()) {
        return Ok(None);
    }
    let line = at + n + 1;
    let (start, rest) = lines[n].split_once("-->").ok_or(CaptionRule::BadTime.at(line))?;
    let mut words = rest.split_whitespace();
    let start_ms = parse_time(start.trim()).ok_or(CaptionRule::BadTime.at(line))?;
    let end_ms = words.next().and_then(parse_time).ok_or(CaptionRule::BadTime.at(line))?;
    if end_ms <= start_ms {
        return Err(CaptionRule::EndsBeforeStart.at(line));
    }
    let settings = words.filter(|word| is_setting(word)).fold(String::new(), |all, word| all + " " + word);
    Ok(Some(RawCue { start_ms, end_ms, settings, lines: lines[n + 1..].to_vec() }))
}

/// `[hh:]mm:ss.mmm`, with a comma in SubRip; minutes and seconds stay below 60.
fn parse_time(text: &str) -> Option<u64> {
    let (clock, fraction) = text.split_once(['.', ','])?;
    let digits =
        |text: &str, most: usize| (!text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit())).then_some(());
    digits(fraction, 3).filter(|()| fraction.len() == 3)?;
    let parts: Vec<&str> = clock.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [hours, minutes, seconds] => (hours, minutes, seconds),
        [minutes, seconds] => ("0", minutes, seconds),
        _ => return None,
    };
    digits(hours, 3).and(digits(minutes, 2)).and(digits(seconds, 2))?;
    let (hours, minutes, seconds): (u64, u64, u64) = (hours.parse().ok()?, minutes.parse().ok()?, seconds.parse().ok()?);
    (minutes < 60 && seconds < 60).then_some(())?;
    Some(((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction.parse::<u64>().ok()?)
}

/// Where a cue stands on the picture; only values of the standard's grammar.
fn is_setting(word: &str) -> bool {
    let Some((name, value)) = word.split_once(':') else { return false };
    let number = |text: &str| !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let percent = |text: &str| text.strip_suffix('%').is_some_and(number);
    let (place, aligned) = value.split_once(',').unwrap_or((value, "center"));
    match name {
        "vertical" => matches!(value, "rl" | "lr"),
        "line" => (percent(place) || number(place.trim_start_matches('-'))) && matches!(aligned, "start" | "center" | "end"),
        "position" => percent(place) && matches!(aligned, "line-left" | "center" | "line-right"),
        "size" => percent(value),
        "align" => matches!(value, "start" | "center" | "end" | "left" | "right"),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
