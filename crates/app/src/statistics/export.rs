//! A table as a file.

use super::table::Table;
use rust_xlsxwriter::{Workbook, XlsxError};

/// A value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, never a formula.
    Text(String),
    /// A number.
    Number(i64),
}

/// Text that no spreadsheet program takes for a formula (S9).
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// The rows of a table of figures.
pub fn rows(table: &Table) -> Vec<Vec<Value>> {
    let figures = |figures: &[i64]| figures.iter().copied().map(Value::Number).collect::<Vec<_>>();
    table.rows.iter().map(|row| [vec![Value::Text(row.name.clone())], figures(&row.figures)].concat()).collect()
}

/// As .xlsx. Blocks, but for no longer than a page of it takes to render.
pub fn workbook(name: &str, head: &[String], rows: &[Vec<Value>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    for (column, words) in (0u16..).zip(head) {
        sheet.write_string(0, column, words)?;
    }
    for (at, row) in (1u32..).zip(rows) {
        for (column, value) in (0u16..).zip(row) {
            match value {
                Value::Text(text) => sheet.write_string(at, column, harmless(text))?,
                Value::Number(n) => sheet.write_number(at, column, *n as f64)?,
            };
        }
    }
    book.save_to_buffer()
}

/// As .csv: with the mark by which spreadsheet programs know UTF-8.
pub fn text(head: &[String], rows: &[Vec<Value>]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head)?;
    for row in rows {
        writer.write_record(row.iter().map(|value| match value {
            Value::Text(text) => harmless(text),
            Value::Number(n) => n.to_string(),
        }))?;
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}
