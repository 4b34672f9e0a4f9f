//! The table of the screen as a file.

use super::overview::Overview;
use super::table;
use crate::i18n::Texts;
use rust_xlsxwriter::{Workbook, XlsxError};

/// Text that no spreadsheet program takes for a formula (S9).
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// As .xlsx. Blocks, but for no longer than a page of it takes to render.
pub fn workbook(overview: &Overview, words: &Texts) -> Result<Vec<u8>, XlsxError> {
    let table = table::of_children(overview, words);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(words.s("nav-statistics"))?;
    for (column, words) in (0u16..).zip(&table.head) {
        sheet.write_string(0, column, words)?;
    }
    for (at, row) in (1u32..).zip(&table.rows) {
        sheet.write_string(at, 0, harmless(&row.name))?;
        for (column, figure) in (1u16..).zip(&row.figures) {
            sheet.write_number(at, column, *figure as f64)?;
        }
    }
    book.save_to_buffer()
}

/// As .csv: with the mark by which spreadsheet programs know UTF-8.
pub fn text(overview: &Overview, words: &Texts) -> Result<Vec<u8>, csv::Error> {
    let table = table::of_children(overview, words);
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(&table.head)?;
    for row in table.rows {
        writer.write_record(std::iter::once(harmless(&row.name)).chain(row.figures.iter().map(i64::to_string)))?;
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}
