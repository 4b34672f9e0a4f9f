//! A workbook written row by row: memory stays the same however long it gets.

use jiff::civil::{Date, DateTime};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::path::Path;

/// Spreadsheet programs hold no more rows.
pub const ROWS_MOST: u32 = 1_048_576;

/// The workbook could not be written: disk full, or more rows than a sheet holds.
#[derive(Debug, thiserror::Error)]
#[error("the workbook could not be written: {0}")]
pub struct NotWritten(#[from] XlsxError);

/// One sheet that is being written, top down.
pub struct Writer {
    book: Workbook,
    sheet: Worksheet,
    row: u32,
    looks: Looks,
}

/// How cells look.
struct Looks {
    head: Format,
    day: Format,
    moment: Format,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Writer(row {})", self.row)
    }
}

/// A value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, never a formula.
    Text(String),
    /// A number.
    Number(i64),
    /// A day, which the program can reckon with.
    Day(Date),
    /// A day and a time of it, in the zone of the installation.
    Moment(DateTime),
}

impl Value {
    /// As a cell of a text file, no program's formula.
    pub fn plain(self) -> String {
        match self {
            Self::Text(text) => harmless(text),
            Self::Number(n) => n.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Moment(at) => at.strftime("%Y-%m-%d %H:%M").to_string(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Number(n)
    }
}

impl Writer {
    /// A workbook with one sheet.
    pub fn new(name: &str) -> Result<Self, NotWritten> {
        Self::begin(Workbook::new(), name)
    }

    /// The same whose rows lie in `folder` until it is saved, so that a long one fills no memory disguised as a disk.
    pub fn in_folder(name: &str, folder: &Path) -> Result<Self, NotWritten> {
        let mut book = Workbook::new();
        book.set_tempdir(folder)?;
        Self::begin(book, name)
    }

    fn begin(mut book: Workbook, name: &str) -> Result<Self, NotWritten> {
        let mut sheet = book.new_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        let looks = Looks {
            head: Format::new().set_bold(),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
        };
        Ok(Self { book, sheet, row: 0, looks })
    }

    /// The first row: names in bold that stay in sight, with how many characters wide their columns are.
    pub fn head(&mut self, columns: &[(String, u16)]) -> Result<(), NotWritten> {
        for (at, (name, width)) in (0..).zip(columns) {
            self.sheet.set_column_width(at, f64::from(*width))?;
            self.sheet.write_string_with_format(self.row, at, harmless(name.clone()), &self.looks.head)?;
        }
        self.row += 1;
        self.sheet.set_freeze_panes(self.row, 0)?;
        Ok(())
    }

    /// Adds a row below the last.
    ///
    /// Text is stored as a string cell, which no program computes; so that it stays harmless when somebody saves the sheet
    /// as .csv, a text that would begin a formula there is preceded by `'` (S9).
    pub fn row(&mut self, cells: impl IntoIterator<Item = Value>) -> Result<(), NotWritten> {
        for (column, cell) in cells.into_iter().enumerate() {
            let column = u16::try_from(column).unwrap_or(u16::MAX);
            match cell {
                Value::Text(text) => self.sheet.write_string(self.row, column, harmless(text))?,
                Value::Number(n) => self.sheet.write_number(self.row, column, n as f64)?,
                Value::Day(day) => self.sheet.write_datetime_with_format(self.row, column, excel(day.into())?, &self.looks.day)?,
                Value::Moment(at) => self.sheet.write_datetime_with_format(self.row, column, excel(at)?, &self.looks.moment)?,
            };
        }
        self.row += 1;
        Ok(())
    }

    /// The file's bytes, for one that must not lie anywhere. Blocks.
    pub fn bytes(mut self) -> Result<Vec<u8>, NotWritten> {
        self.book.push_worksheet(self.sheet);
        Ok(self.book.save_to_buffer()?)
    }

    /// Writes the file. Blocks.
    pub fn save(mut self, path: &Path) -> Result<(), NotWritten> {
        self.book.push_worksheet(self.sheet);
        Ok(self.book.save(path)?)
    }
}

/// A moment as spreadsheet programs keep it; they know none before 1900.
fn excel(at: DateTime) -> Result<ExcelDateTime, XlsxError> {
    let day = ExcelDateTime::from_ymd(at.year().unsigned_abs(), at.month().unsigned_abs(), at.day().unsigned_abs())?;
    day.and_hms(u16::from(at.hour().unsigned_abs()), at.minute().unsigned_abs(), f64::from(at.second()))
}

/// Text that no spreadsheet program takes for a formula.
pub fn harmless(text: String) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text = if formula { format!("'{text}") } else { text };
    // A cell holds at most 32,767 characters.
    if text.len() > 32_767 { text.chars().take(32_767).collect() } else { text }
}
