//! Text with separators, in the encodings that spreadsheet programs write.

use super::{Cell, Counter, Merged, Row, Unreadable};
use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// How the bytes of a file become text.
struct Text<R> {
    from: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// Decoded and not yet taken, from `at` on.
    decoded: String,
    at: usize,
    over: bool,
}

/// UTF-8 and UTF-16 with their marks, UTF-8 without, and else GB18030, which Chinese spreadsheet programs write. The whole file is
/// looked through, and never held.
fn encoding(path: &Path) -> Result<&'static Encoding, Unreadable> {
    let mut file = open(path)?;
    let (mut buffer, mut carried, mut utf8) = (vec![0; PIECE], Vec::new(), true);
    let mut first = true;
    loop {
        let got = file.read(&mut buffer).map_err(damaged)?;
        let piece = &buffer[..got];
        if std::mem::take(&mut first)
            && let Some((encoding, _)) = Encoding::for_bom(piece)
        {
            return Ok(encoding);
        }
        if piece.contains(&0) {
            return Err(Unreadable::NotASpreadsheet);
        }
        if got == 0 {
            return Ok(if utf8 && carried.is_empty() { UTF_8 } else { GB18030 });
        }
        if utf8 {
            carried.extend_from_slice(piece);
            let (keep, good) = match std::str::from_utf8(&carried) {
                Ok(_) => (carried.len(), true),
                // The last character may go on in the next piece.
                Err(e) => (e.valid_up_to(), e.error_len().is_none()),
            };
            carried.drain(..keep);
            utf8 = good;
        }
    }
}

/// Bytes read at a time.
const PIECE: usize = 1 << 16;

fn damaged(cause: impl std::fmt::Display) -> Unreadable {
    Unreadable::Damaged(cause.to_string())
}

fn open(path: &Path) -> Result<File, Unreadable> {
    File::open(path).map_err(damaged)
}

/// The text cannot be what its encoding says.
#[derive(Debug, thiserror::Error)]
#[error("the text is in no known encoding")]
struct Undecodable;

impl<R: Read> Text<R> {
    fn new(from: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { from, decoder, raw: vec![0; PIECE], decoded: String::new(), at: 0, over: false }
    }

    /// Decodes the next piece once the last is taken.
    fn fill(&mut self) -> std::io::Result<()> {
        while self.at == self.decoded.len() && !self.over {
            let got = self.from.read(&mut self.raw)?;
            self.over = got == 0;
            self.decoded.clear();
            self.at = 0;
            let raw = &self.raw[..got];
            let room = self.decoder.max_utf8_buffer_length_without_replacement(got).unwrap_or(4 * PIECE);
            self.decoded.reserve(room);
            let (result, _) = self.decoder.decode_to_string_without_replacement(raw, &mut self.decoded, self.over);
            if let DecoderResult::Malformed(..) = result {
                return Err(std::io::Error::other(Undecodable));
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Text<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.fill()?;
        let rest = &self.decoded.as_bytes()[self.at..];
        let taken = rest.len().min(into.len());
        into[..taken].copy_from_slice(&rest[..taken]);
        self.at += taken;
        Ok(taken)
    }
}

/// The first characters of the text.
fn beginning(path: &Path, encoding: &'static Encoding) -> Result<String, Unreadable> {
    let mut text = Text::new(open(path)?, encoding);
    text.fill().map_err(|e| unreadable(&e))?;
    Ok(text.decoded)
}

fn unreadable(cause: &std::io::Error) -> Unreadable {
    if cause.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Undecodable>) {
        Unreadable::Encoding
    } else {
        damaged(cause)
    }
}

/// The separator that the first line has most of, outside quotes.
fn separator(text: &str) -> u8 {
    let mut quoted = false;
    let mut seen = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if !quoted => seen.iter_mut().filter(|(s, _)| *s == byte).for_each(|(_, n)| *n += 1),
            _ => {}
        }
    }
    // The first of equals, so that a file of one column counts as comma-separated.
    seen.iter().rev().max_by_key(|(_, n)| n).map_or(b',', |(s, _)| *s)
}

pub(super) fn read(path: &Path, counter: &mut Counter<'_>) -> Result<Vec<Merged>, Unreadable> {
    let encoding = encoding(path)?;
    let beginning = beginning(path, encoding)?;
    if beginning.chars().take(1_000).any(|c| c.is_control() && !c.is_whitespace()) {
        return Err(Unreadable::NotASpreadsheet);
    }
    let text = Text::new(open(path)?, encoding);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator(&beginning)).from_reader(text);
    let mut record = csv::StringRecord::new();
    loop {
        let more = reader.read_record(&mut record).map_err(|e| match e.kind() {
            csv::ErrorKind::Io(cause) => unreadable(cause),
            _ => damaged(e),
        })?;
        if !more {
            return Ok(Vec::new());
        }
        let number = record.position().map_or(0, csv::Position::line) as u32;
        if record.len() > counter.limits.columns {
            return Err(Unreadable::TooMuch { what: "columns", most: counter.limits.columns as u64 });
        }
        counter.row(Row { number, cells: record.iter().map(cell).collect() })?;
    }
}

/// About how many rows there are: the lines of the file.
pub(super) fn rows_about(path: &Path) -> std::io::Result<u64> {
    let (mut file, mut buffer, mut lines) = (File::open(path)?, vec![0; PIECE], 0);
    loop {
        let got = file.read(&mut buffer)?;
        if got == 0 {
            return Ok(lines);
        }
        lines += buffer[..got].iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
    }
}

/// A text that a spreadsheet program would compute is a formula here too. A minus or plus before a number is a number.
fn cell(text: &str) -> Cell {
    let trimmed = text.trim();
    let number = trimmed.parse::<f64>().is_ok();
    if trimmed.starts_with('=') || (trimmed.starts_with(['+', '-', '@']) && !number) {
        Cell::Formula(trimmed.chars().take(80).collect())
    } else {
        Cell::of(trimmed)
    }
}
