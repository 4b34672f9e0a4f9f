//! A workbook that somebody gave to be filled in: looked at, and given back with a few cells changed.
//!
//! * Only the sheets' own XML is touched, cell by cell; every other part is copied as it is packed. A cell that is filled keeps its style.
//! * A cell with a formula is never overwritten; all of them are told to be computed anew when the workbook is opened.
//! * What could act on its own is refused, not cleaned: macros, embedded objects, links to other files (S6, S9).
//! * Not here: what goes into which cell.

mod book_xml;
mod look;
mod parts;
mod sheet_xml;

#[cfg(test)]
mod tests;

pub use look::{Look, Seen, Square, look, survey};

use super::{Limits, Unreadable};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What a given workbook may hold: it is read into memory.
pub const LIMITS: Limits = Limits {
    bytes: 8 << 20,
    entries: 500,
    unpacked: 48 << 20,
    ratio: 200,
    rows: 1_048_576,
    columns: 16_384,
    text: 32 << 20,
    part: 24 << 20,
};

/// Row from 1, column from 0.
pub type Place = (u32, u32);

/// What goes into a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fill {
    /// A number.
    Number(i64),
    /// Text, never a formula.
    Text(String),
}

/// A cell to be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// With what.
    pub fill: Fill,
    /// Where the cell is not there yet, it gets the style of this one; none for that of its row or column.
    pub like: Option<Place>,
}

/// Cells to be filled.
pub type Edits = BTreeMap<Place, Edit>;

/// Why a workbook is not taken, or can't be filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It can't be read as a workbook.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// It carries a program.
    #[error("the workbook has macros")]
    Macros,
    /// It embeds other files or controls.
    #[error("the workbook embeds objects: {0}")]
    Embedded(String),
    /// It refers to other files or servers.
    #[error("the workbook refers to another file: {0}")]
    External(String),
    /// There is no such sheet.
    #[error("there is no sheet {0}")]
    NoSheet(String),
    /// There is a formula in a cell that was to be filled.
    #[error("there is a formula in {0}")]
    Formula(String),
}

fn damaged(cause: impl std::fmt::Display) -> Refused {
    Unreadable::Damaged(cause.to_string()).into()
}

/// Refuses a file that is no workbook, that is too large, or that could act on its own. Blocks.
///
/// # Errors
///
/// See [`Refused`].
pub fn check(path: &Path) -> Result<(), Refused> {
    parts::Parts::open(path)?.check()
}

/// The workbook at `path` with cells of its sheets filled. Blocks.
///
/// # Errors
///
/// See [`Refused`].
pub fn fill(path: &Path, sheets: &BTreeMap<String, Edits>) -> Result<Vec<u8>, Refused> {
    let mut parts = parts::Parts::open(path)?;
    parts.check()?;
    let (book, named) = parts.sheets()?;
    let mut changed = BTreeMap::from([(book.clone(), book_xml::computed_anew(&parts.text(&book)?)?)]);
    for (name, edits) in sheets {
        let part = named.get(name).ok_or_else(|| Refused::NoSheet(name.clone()))?;
        changed.insert(part.clone(), sheet_xml::filled(&parts.text(part)?, edits)?);
    }
    packed(parts, &changed)
}

/// Everything as it is, but for what changed.
fn packed(mut parts: parts::Parts, changed: &BTreeMap<String, String>) -> Result<Vec<u8>, Refused> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..parts.archive.len() {
        let entry = parts.archive.by_index_raw(at).map_err(damaged)?;
        let name = entry.name().map_err(damaged)?.into_owned();
        if let Some(text) = changed.get(&name) {
            let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
            out.start_file(name, options).map_err(damaged)?;
            out.write_all(text.as_bytes()).map_err(damaged)?;
        } else {
            out.raw_copy_file(entry).map_err(damaged)?;
        }
    }
    Ok(out.finish().map_err(damaged)?.into_inner())
}

/// `B3` of (3, 1).
pub fn reference((row, column): Place) -> String {
    format!("{}{row}", letters(column))
}

/// `A` of 0, `AB` of 27.
pub fn letters(column: u32) -> String {
    let (mut left, mut letters) = (column + 1, Vec::new());
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    letters.into_iter().rev().collect()
}

/// (3, 1) of `B3`; none for anything that names no cell of a sheet.
pub fn place(reference: &str) -> Option<Place> {
    let digits = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = reference.split_at(digits);
    let row = digits.parse().ok().filter(|row| digits.bytes().all(|b| b.is_ascii_digit()) && (1..=super::ROWS_MOST).contains(row))?;
    Some((row, column(letters)?))
}

/// 27 of `AB`; none for anything that names no column of a sheet.
pub fn column(letters: &str) -> Option<u32> {
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let digit = |n: u32, b: u8| b.is_ascii_uppercase().then(|| n * 26 + u32::from(b - b'A') + 1);
    letters.bytes().try_fold(0, digit).map(|n| n - 1).filter(|n| *n < 16_384)
}
