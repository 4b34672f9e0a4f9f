//! The first sheet of a workbook, cell by cell.

use super::{Cell, Counter, Limits, Merged, Row, Sheet, Unreadable, archive};
use calamine::{DataRef, Reader, Xlsx, XlsxError};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

fn damaged(cause: &XlsxError) -> Unreadable {
    Unreadable::Damaged(cause.to_string())
}

pub(super) fn read(path: &Path, packed: u64, limits: &Limits) -> Result<Sheet, Unreadable> {
    archive::weigh(path, packed, limits)?;
    let file = BufReader::new(File::open(path).map_err(|e| Unreadable::Damaged(e.to_string()))?);
    let mut book = Xlsx::new(file).map_err(|e| match e {
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => Unreadable::NotASpreadsheet,
        e => damaged(&e),
    })?;
    let name = book.sheet_names().first().cloned().ok_or(Unreadable::Empty)?;
    let mut sheet = Sheet::default();
    rows(&mut book, &name, limits, &mut sheet)?;
    let merged = book.merge_cells_by_sheet_name(&name).map_err(|e| damaged(&e))?;
    let merge = |d: &calamine::Dimensions| Merged { first_row: d.start.0 + 1, last_row: d.end.0 + 1, column: d.start.1 };
    sheet.merged = merged.iter().map(merge).collect();
    Ok(sheet)
}

fn rows(book: &mut Xlsx<BufReader<File>>, name: &str, limits: &Limits, sheet: &mut Sheet) -> Result<(), Unreadable> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|e| damaged(&e))?;
    let mut counter = Counter { limits, text: 0 };
    let mut row = Row { number: 0, cells: Vec::new() };
    while let Some(cell) = cells.next_cell_with_formula().map_err(|e| damaged(&e))? {
        let (number, column) = (cell.pos.0 + 1, cell.pos.1 as usize);
        if number != row.number {
            counter.row(sheet, std::mem::replace(&mut row, Row { number, cells: Vec::new() }))?;
        }
        let value = match cell.formula {
            Some(formula) => Cell::Formula(format!("={}", formula.chars().take(80).collect::<String>())),
            None => value(&cell.value),
        };
        if value == Cell::Empty {
            continue;
        }
        if column >= limits.columns {
            return Err(Unreadable::TooMuch { what: "columns", most: limits.columns as u64 });
        }
        row.cells.resize(row.cells.len().max(column + 1), Cell::Empty);
        row.cells[column] = value;
    }
    counter.row(sheet, row)
}

fn value(data: &DataRef<'_>) -> Cell {
    match data {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::of(text),
        DataRef::SharedString(text) => Cell::of(text),
        DataRef::Int(n) => Cell::Text(n.to_string()),
        // Spreadsheet programs keep every number as a float; a code or a count has no fraction.
        DataRef::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => Cell::Text((*n as i64).to_string()),
        DataRef::Float(n) => Cell::Text(n.to_string()),
        DataRef::Bool(yes) => Cell::Text(yes.to_string()),
        DataRef::DateTime(moment) => Cell::Text(moment.as_f64().to_string()),
        DataRef::Error(error) => Cell::Text(error.to_string()),
    }
}
