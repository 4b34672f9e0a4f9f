//! The first sheet of a workbook, cell by cell.

use super::{Cell, Counter, Merged, Row, Unreadable, archive};
use calamine::{DataRef, Reader, Xlsx, XlsxError};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

fn damaged(cause: &XlsxError) -> Unreadable {
    Unreadable::Damaged(cause.to_string())
}

pub(super) fn read(path: &Path, packed: u64, counter: &mut Counter<'_>) -> Result<Vec<Merged>, Unreadable> {
    archive::weigh(path, packed, counter.limits)?;
    let file = BufReader::new(File::open(path).map_err(|e| Unreadable::Damaged(e.to_string()))?);
    let mut book = Xlsx::new(file).map_err(|e| match e {
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => Unreadable::NotASpreadsheet,
        e => damaged(&e),
    })?;
    let name = book.sheet_names().first().cloned().ok_or(Unreadable::Empty)?;
    rows(&mut book, &name, counter)?;
    let merged = book.merge_cells_by_sheet_name(&name).map_err(|e| damaged(&e))?;
    let merge = |d: &calamine::Dimensions| Merged { first_row: d.start.0 + 1, last_row: d.end.0 + 1, column: d.start.1 };
    Ok(merged.iter().map(merge).collect())
}

fn rows(book: &mut Xlsx<BufReader<File>>, name: &str, counter: &mut Counter<'_>) -> Result<(), Unreadable> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|e| damaged(&e))?;
    let mut row = Row { number: 0, cells: Vec::new() };
    while let Some(cell) = cells.next_cell_with_formula().map_err(|e| damaged(&e))? {
        let (number, column) = (cell.pos.0 + 1, cell.pos.1 as usize);
        if number != row.number {
            counter.row(std::mem::replace(&mut row, Row { number, cells: Vec::new() }))?;
        }
        let value = match cell.formula {
            Some(formula) => Cell::Formula(format!("={}", formula.chars().take(80).collect::<String>())),
            None => value(&cell.value),
        };
        if value == Cell::Empty {
            continue;
        }
        if column >= counter.limits.columns {
            return Err(Unreadable::TooMuch { what: "columns", most: counter.limits.columns as u64 });
        }
        row.cells.resize(row.cells.len().max(column + 1), Cell::Empty);
        row.cells[column] = value;
    }
    counter.row(row)
}

pub(super) fn value(data: &DataRef<'_>) -> Cell {
    match data {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::of(text),
        DataRef::SharedString(text) => Cell::of(text),
        DataRef::Int(n) => Cell::Text(n.to_string()),
        // Spreadsheet programs keep every number as a float; a code or a count has no fraction.
        DataRef::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => Cell::Text((*n as i64).to_string()),
        DataRef::Float(n) => Cell::Text(n.to_string()),
        DataRef::Bool(yes) => Cell::Text(yes.to_string()),
        DataRef::DateTime(moment) => Cell::Text(day(moment)),
        DataRef::Error(error) => Cell::Text(error.to_string()),
    }
}

/// A date as `2026-11-30`, as people write it in text cells too; its time of day, if it has one, after it.
fn day(moment: &calamine::ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) { date } else { format!("{date} {hour:02}:{minute:02}:{second:02}") }
}
