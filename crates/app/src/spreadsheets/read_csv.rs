//! Text with separators, in the encodings that spreadsheet programs write.

use super::{Cell, Counter, Merged, Row, Unreadable};
use encoding_rs::{Encoding, GB18030};
use std::path::Path;

/// UTF-8 and UTF-16 with their marks, UTF-8 without, and else GB18030, which Chinese spreadsheet programs write.
fn decode(bytes: Vec<u8>) -> Result<String, Unreadable> {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        let (text, bad) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return if bad { Err(Unreadable::Encoding) } else { Ok(text.into_owned()) };
    }
    if bytes.contains(&0) {
        return Err(Unreadable::NotASpreadsheet);
    }
    // Text that is UTF-8 already stays where it lies.
    let other = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(other) => other.into_bytes(),
    };
    let text = GB18030.decode_without_bom_handling_and_without_replacement(&other).ok_or(Unreadable::Encoding)?;
    Ok(text.into_owned())
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
    let text = decode(std::fs::read(path).map_err(|e| Unreadable::Damaged(e.to_string()))?)?;
    if text.chars().take(1_000).any(|c| c.is_control() && !c.is_whitespace()) {
        return Err(Unreadable::NotASpreadsheet);
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator(&text)).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    loop {
        if !reader.read_record(&mut record).map_err(|e| Unreadable::Damaged(e.to_string()))? {
            return Ok(Vec::new());
        }
        let number = record.position().map_or(0, csv::Position::line) as u32;
        if record.len() > counter.limits.columns {
            return Err(Unreadable::TooMuch { what: "columns", most: counter.limits.columns as u64 });
        }
        counter.row(Row { number, cells: record.iter().map(cell).collect() })?;
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
