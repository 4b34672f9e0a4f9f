//! What a sheet shows, for somebody who points at its cells.

use super::{Place, Refused, damaged, letters, parts, reference};
use crate::spreadsheets::{Cell, read_xlsx};
use calamine::{Reader, SheetType, SheetVisible, Xlsx};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// One cell as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Square {
    /// `B3`
    pub reference: String,
    /// What it shows; the formula for a formula.
    pub text: String,
    /// It is computed.
    pub formula: bool,
    /// Columns that it takes.
    pub across: u32,
    /// Rows that it takes.
    pub down: u32,
}

/// The upper left part of a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// Names of the sheets that are shown.
    pub sheets: Vec<String>,
    /// The one that is looked at.
    pub sheet: String,
    /// Letters of the columns.
    pub columns: Vec<String>,
    /// Numbers of the rows, and their cells without those that a joined one covers.
    pub rows: Vec<(u32, Vec<Square>)>,
    /// There is more below or to the right.
    pub more: bool,
}

/// What is in the cells of a sheet.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Cells that are not empty.
    pub cells: BTreeMap<Place, Cell>,
    /// Joined cells: first and last.
    pub joined: Vec<(Place, Place)>,
}

impl Seen {
    /// The cell that stands for `at`: the first of those it is joined with.
    pub fn standing_for(&self, at: Place) -> Place {
        let covers = |(first, last): &&(Place, Place)| (first.0..=last.0).contains(&at.0) && (first.1..=last.1).contains(&at.1);
        self.joined.iter().find(covers).map_or(at, |(first, _)| *first)
    }
}

/// Cells of one sheet that are kept while it is looked at.
const CELLS_MOST: usize = 200_000;

fn open(path: &Path) -> Result<(Xlsx<BufReader<File>>, Vec<String>), Refused> {
    parts::Parts::open(path)?;
    let book = Xlsx::new(BufReader::new(File::open(path).map_err(damaged)?)).map_err(damaged)?;
    let shown = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible);
    let names = shown.map(|sheet| sheet.name.clone()).collect();
    Ok((book, names))
}

/// Everything in the cells of a sheet. Blocks.
///
/// # Errors
///
/// See [`Refused`].
pub fn survey(path: &Path, sheet: &str) -> Result<Seen, Refused> {
    let (mut book, names) = open(path)?;
    if !names.iter().any(|name| name == sheet) {
        return Err(Refused::NoSheet(sheet.to_owned()));
    }
    seen(&mut book, sheet)
}

fn seen(book: &mut Xlsx<BufReader<File>>, sheet: &str) -> Result<Seen, Refused> {
    let mut found = Seen::default();
    let mut reader = book.worksheet_cells_reader(sheet).map_err(damaged)?;
    while let Some(cell) = reader.next_cell_with_formula().map_err(damaged)? {
        let value = match cell.formula {
            Some(formula) => Cell::Formula(format!("={}", formula.chars().take(80).collect::<String>())),
            None => read_xlsx::value(&cell.value),
        };
        if value != Cell::Empty {
            found.cells.insert((cell.pos.0 + 1, cell.pos.1), value);
        }
        if found.cells.len() > CELLS_MOST {
            return Err(crate::spreadsheets::Unreadable::TooMuch { what: "cells", most: CELLS_MOST as u64 }.into());
        }
    }
    drop(reader);
    let joined = book.merge_cells_by_sheet_name(sheet).map_err(damaged)?;
    found.joined = joined.iter().map(|d| ((d.start.0 + 1, d.start.1), (d.end.0 + 1, d.end.1))).collect();
    Ok(found)
}

/// The upper left part of the sheet called `sheet`, else of the first: at most so many rows and columns. Blocks.
///
/// # Errors
///
/// See [`Refused`].
pub fn look(path: &Path, sheet: &str, (rows, columns): (u32, u32)) -> Result<Look, Refused> {
    let (mut book, sheets) = open(path)?;
    let sheet = sheets.iter().find(|name| *name == sheet).or_else(|| sheets.first()).cloned();
    let sheet = sheet.ok_or_else(|| Refused::NoSheet(String::new()))?;
    let seen = seen(&mut book, &sheet)?;
    let ends = seen.cells.keys().copied().chain(seen.joined.iter().map(|(_, last)| *last));
    let (last_row, last_column) = ends.fold((0, 0), |(row, column), at| (row.max(at.0), column.max(at.1)));
    // A few empty ones below and to the right, which may be pointed at too.
    let (shown_rows, shown_columns) = ((last_row + 5).min(rows), (last_column + 3).min(columns));
    let covers: HashMap<Place, Place> = seen.joined.iter().copied().collect();
    let mut covered = HashSet::new();
    for (first, last) in &seen.joined {
        for row in first.0..=last.0.min(shown_rows) {
            covered.extend((first.1..=last.1.min(shown_columns)).map(|column| (row, column)).filter(|at| at != first));
        }
    }
    let square = |at: Place| {
        let (cell, last) = (seen.cells.get(&at), covers.get(&at).copied().unwrap_or(at));
        Square {
            reference: reference(at),
            text: cell.map(|cell| cell.text().chars().take(60).collect()).unwrap_or_default(),
            formula: matches!(cell, Some(Cell::Formula(_))),
            across: last.1.min(shown_columns.saturating_sub(1)) - at.1 + 1,
            down: last.0.min(shown_rows) - at.0 + 1,
        }
    };
    let line = |row: u32| {
        (row, (0..shown_columns).map(|column| (row, column)).filter(|at| !covered.contains(at)).map(&square).collect::<Vec<_>>())
    };
    Ok(Look {
        sheets,
        sheet,
        columns: (0..shown_columns).map(letters).collect(),
        rows: (1..=shown_rows).map(line).collect(),
        more: last_row > shown_rows || last_column >= shown_columns,
    })
}
