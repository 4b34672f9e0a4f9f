//! Tables from and for spreadsheet programs: .xlsx and .csv in, .xlsx out.
//!
//! * What comes in is not trusted: packed size, unpacked size, entries, rows, cells and text are counted against
//!   [`Limits`] before and while it is read, so that a few kilobytes can't fill the memory (S6).
//! * What goes out is text and numbers: no cell begins a formula (S9).
//! * Not here: what the columns mean.

mod archive;
pub mod given;
mod read_csv;
mod read_xlsx;
mod write;

pub use write::{NotWritten, ROWS_MOST, Value, Writer, harmless};

use std::io::Read;
use std::path::Path;

/// Media type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What one file may hold. All are counts that a real register stays far below.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// Files packed in a workbook.
    pub entries: usize,
    /// Bytes that they unpack to.
    pub unpacked: u64,
    /// How many times larger the unpacked bytes may be, once they are more than 16 MiB.
    pub ratio: u64,
    /// Rows, the header included.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Bytes of text kept from all cells.
    pub text: usize,
    /// Bytes that a part of a workbook that is no sheet unpacks to: such parts are held while the sheet is read.
    pub part: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            entries: 2_000,
            unpacked: 256 << 20,
            ratio: 200,
            rows: 250_001,
            columns: 64,
            text: 128 << 20,
            part: 128 << 20,
        }
    }
}

/// Characters kept of one cell: more than any field allows, so that a longer one is still refused as too long.
const CELL_CHARS: usize = 2_100;

impl Limits {
    /// For files whose rows are taken one by one and not kept: as many as a clerk of a large nation sends at once.
    pub const STREAMED: Self =
        Self { bytes: 128 << 20, entries: 2_000, unpacked: 1 << 30, ratio: 200, rows: 500_001, columns: 64, text: 1 << 30, part: 96 << 20 };
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing, or blanks.
    Empty,
    /// Text, or a number as a person would write it.
    Text(String),
    /// A formula (its text): a computed value is not a fact that somebody entered.
    Formula(String),
}

impl Cell {
    /// The text; empty for an empty cell, the formula for a formula.
    pub fn text(&self) -> &str {
        match self {
            Self::Empty => "",
            Self::Text(text) | Self::Formula(text) => text,
        }
    }

    fn of(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() { Self::Empty } else { Self::Text(text.chars().take(CELL_CHARS).collect()) }
    }
}

/// One row that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number as the spreadsheet program shows it, from 1.
    pub number: u32,
    /// Its cells from the first column on; trailing empty ones may be missing.
    pub cells: Vec<Cell>,
}

/// Cells joined to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// First row, from 1.
    pub first_row: u32,
    /// Last row.
    pub last_row: u32,
    /// First column, from 0.
    pub column: u32,
}

/// The first sheet of a file.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Rows that are not empty, in order.
    pub rows: Vec<Row>,
    /// Merged cells.
    pub merged: Vec<Merged>,
}

/// Why a file can't be read as a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No bytes, or no cell with anything in it.
    #[error("the file is empty")]
    Empty,
    /// Neither a workbook nor text.
    #[error("this is no spreadsheet")]
    NotASpreadsheet,
    /// The format of before 2007.
    #[error("this is an old .xls workbook")]
    OldWorkbook,
    /// Neither UTF-8, UTF-16 nor GB18030.
    #[error("the text is in no known encoding")]
    Encoding,
    /// More than a limit; which, and how much is allowed.
    #[error("more {what} than {most}")]
    TooMuch {
        /// `bytes`, `entries`, `unpacked`, `rows`, `columns`, `text`.
        what: &'static str,
        /// What is allowed.
        most: u64,
    },
    /// Unpacks to far more than it is: made to fill the memory.
    #[error("the file unpacks to far more than a spreadsheet does")]
    Bomb,
    /// Damaged; the reader's own words, for people who can do something with them.
    #[error("the workbook is damaged: {0}")]
    Damaged(String),
}

impl Unreadable {
    /// The code of the problem that tells it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "sheet-empty",
            Self::NotASpreadsheet => "sheet-unknown",
            Self::OldWorkbook => "sheet-old",
            Self::Encoding => "sheet-encoding",
            Self::TooMuch { .. } => "sheet-too-much",
            Self::Bomb => "sheet-bomb",
            Self::Damaged(_) => "sheet-damaged",
        }
    }
}

/// Reads the first sheet of the file at `path` row by row, so that memory stays the same however long it is; its merged
/// cells, which a workbook tells last. Its first bytes decide what it is, not its name. Blocks.
///
/// # Errors
///
/// See [`Unreadable`]; a file that can't be opened is [`Unreadable::Damaged`]. Rows may have been taken before.
pub fn read_rows(path: &Path, limits: &Limits, take: &mut dyn FnMut(Row)) -> Result<Vec<Merged>, Unreadable> {
    let damaged = |e: std::io::Error| Unreadable::Damaged(e.to_string());
    let mut file = std::fs::File::open(path).map_err(damaged)?;
    let bytes = file.metadata().map_err(damaged)?.len();
    if bytes > limits.bytes {
        return Err(Unreadable::TooMuch { what: "bytes", most: limits.bytes });
    }
    let mut first = [0; 8];
    let seen = file.read(&mut first).map_err(damaged)?;
    let mut counter = Counter { limits, rows: 0, text: 0, take };
    let merged = match &first[..seen] {
        [] => return Err(Unreadable::Empty),
        [b'P', b'K', 3, 4, ..] => read_xlsx::read(path, bytes, &mut counter)?,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(Unreadable::OldWorkbook),
        _ => read_csv::read(path, &mut counter)?,
    };
    if counter.rows == 0 { Err(Unreadable::Empty) } else { Ok(merged) }
}

/// About how many rows the file at `path` has, to tell how far its reading is; 0 when that cannot be told. Blocks.
pub fn rows_about(path: &Path) -> u64 {
    let mut first = [0; 4];
    let packed = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut first)).is_ok() && first.starts_with(b"PK");
    if packed { archive::rows_about(path) } else { read_csv::rows_about(path).unwrap_or(0) }
}

/// Reads the first sheet of a small file at once.
///
/// # Errors
///
/// As [`read_rows`].
pub fn read(path: &Path, limits: &Limits) -> Result<Sheet, Unreadable> {
    let mut rows = Vec::new();
    let merged = read_rows(path, limits, &mut |row| rows.push(row))?;
    Ok(Sheet { rows, merged })
}

/// Counts rows and text while a sheet is read, and hands the rows on.
struct Counter<'l> {
    limits: &'l Limits,
    rows: usize,
    text: usize,
    take: &'l mut dyn FnMut(Row),
}

impl Counter<'_> {
    fn row(&mut self, row: Row) -> Result<(), Unreadable> {
        if row.cells.iter().all(|cell| *cell == Cell::Empty) {
            return Ok(());
        }
        self.text += row.cells.iter().map(|cell| cell.text().len() + size_of::<Cell>()).sum::<usize>();
        if self.text > self.limits.text {
            return Err(Unreadable::TooMuch { what: "text", most: self.limits.text as u64 });
        }
        if row.cells.len() > self.limits.columns {
            return Err(Unreadable::TooMuch { what: "columns", most: self.limits.columns as u64 });
        }
        if self.rows >= self.limits.rows {
            return Err(Unreadable::TooMuch { what: "rows", most: self.limits.rows as u64 });
        }
        self.rows += 1;
        (self.take)(row);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
