//! Which column is which, and one line per row.

use super::{FAULTS_MOST, Fault, bounded};
use crate::i18n::{Language, Translations};
use crate::problem::Problem;
use crate::spreadsheets::{self, Cell, Limits, Merged, Row, Unreadable};
use std::collections::HashMap;
use std::path::Path;

/// The columns that a register may have, and the words by which a file may call them.
#[derive(Debug, Clone)]
pub struct Columns {
    codes: &'static [&'static str],
    required: usize,
    words: HashMap<String, usize>,
}

/// Lower case, without blanks and punctuation, so that “Parent code” and “parent_code” are the same.
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Columns {
    /// Columns with these `codes`, of which the first `required` must be there; their names, parted by `|`, are the messages
    /// `PREFIX-CODE` of every language.
    pub fn new(texts: &Translations, prefix: &str, codes: &'static [&'static str], required: usize) -> Self {
        let mut words = HashMap::new();
        for language in Language::ALL {
            let texts = texts.texts(language);
            for (at, code) in codes.iter().enumerate() {
                words.extend(texts.s(&format!("{prefix}-{code}")).split('|').map(|name| (plain(name), at)));
            }
        }
        Self { codes, required, words }
    }

    /// Columns with these names.
    #[cfg(test)]
    pub fn named(names: &[(&str, usize)], codes: &'static [&'static str], required: usize) -> Self {
        Self { codes, required, words: names.iter().map(|(name, at)| (plain(name), *at)).collect() }
    }
}

/// Codes with their words in every language, in their plain form: messages `FAMILY-CODE`.
pub fn coded(texts: &Translations, family: &str, codes: &[&'static str]) -> HashMap<String, &'static str> {
    let forms = |code: &&'static str| {
        let words = Language::ALL.map(|language| texts.texts(language).coded(family, code));
        words.into_iter().chain([(*code).to_owned()]).map(|word| (plain(&word), *code)).collect::<Vec<_>>()
    };
    codes.iter().flat_map(forms).collect()
}

/// One row below the header.
#[derive(Debug, Clone, Copy)]
pub struct Line<'r> {
    /// Row as the spreadsheet program numbers it.
    pub number: u32,
    cells: &'r [Cell],
    places: &'r [Option<usize>],
}

impl<'r> Line<'r> {
    fn cell(&self, column: usize) -> Option<&'r Cell> {
        self.cells.get(self.places[column]?)
    }

    /// What stands in the column; empty when it stays empty or is not there.
    pub fn text(&self, column: usize) -> &'r str {
        self.cell(column).map_or("", Cell::text)
    }
}

/// The header may follow a few lines of title.
const HEADER_WITHIN: usize = 10;

/// Reads rows as they come: looks for the header, then hands on one line after the other.
pub struct Reading<'c> {
    columns: &'c Columns,
    /// Row and places of the header, once it was found.
    header: Option<(u32, Vec<Option<usize>>)>,
    /// The row that looked most like a header.
    best: Vec<Option<usize>>,
    rows: usize,
    faults: Vec<Fault>,
    /// Faults beyond those that are listed.
    left_out: usize,
}

impl std::fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl<'c> Reading<'c> {
    /// Before the first row.
    pub fn new(columns: &'c Columns) -> Self {
        Self { columns, header: None, best: vec![None; columns.codes.len()], rows: 0, faults: Vec::new(), left_out: 0 }
    }

    /// The next row; `entry` gets it unless it is above the header or holds a formula.
    pub fn row(&mut self, row: &Row, entry: &mut dyn FnMut(Line<'_>, &mut Vec<Fault>)) {
        self.rows += 1;
        let Some((_, places)) = &self.header else {
            if self.rows <= HEADER_WITHIN {
                self.look_for_header(row);
            }
            return;
        };
        let line = Line { number: row.number, cells: &row.cells, places };
        let before = self.faults.len();
        for (at, code) in self.columns.codes.iter().enumerate() {
            if let Some(Cell::Formula(formula)) = line.cell(at) {
                self.faults.push(Fault::new(row.number, code, formula, "formula", &""));
            }
        }
        if self.faults.len() == before {
            entry(line, &mut self.faults);
        }
        self.left_out += self.faults.len().saturating_sub(FAULTS_MOST);
        self.faults.truncate(FAULTS_MOST);
    }

    fn look_for_header(&mut self, row: &Row) {
        let mut places = vec![None; self.columns.codes.len()];
        for (i, cell) in row.cells.iter().enumerate() {
            if let Some(column) = self.columns.words.get(&plain(cell.text())) {
                places[*column].get_or_insert(i);
            }
        }
        if places[..self.columns.required].iter().all(Option::is_some) {
            self.header = Some((row.number, places));
        } else if places.iter().flatten().count() > self.best.iter().flatten().count() {
            self.best = places;
        }
    }

    /// What is wrong, by row: also with joined cells, which leave the rows they cover without a value of their own, and with
    /// a header that lacks a column.
    pub fn finish(mut self, merged: &[Merged]) -> Vec<Fault> {
        let codes = self.columns.codes;
        let Some((header, places)) = self.header else {
            let missing = (0..self.columns.required).filter(|at| self.best[*at].is_none());
            return missing.map(|at| Fault::new(0, codes[at], "", "missing-column", &codes[at])).collect();
        };
        let column = |at: u32| places.iter().position(|place| *place == Some(at as usize));
        let below = merged.iter().filter(|m| m.last_row > header);
        let joined =
            below.filter_map(|m| Some(Fault::new(m.first_row.max(header), codes[column(m.column)?], "", "merged-cells", &m.last_row)));
        self.faults.extend(joined);
        self.faults.sort_by_key(|fault| fault.row);
        bounded(self.faults, codes[0], self.left_out)
    }
}

/// The refusal of a file that can't be read.
pub(super) fn unreadable(why: &Unreadable) -> Problem {
    let problem = Problem { code: why.code(), ..Problem::invalid(Vec::new()) };
    match why {
        Unreadable::TooMuch { what, most } => problem.with("what", what).with("most", most),
        Unreadable::Damaged(reason) => problem.with("reason", reason),
        _ => problem,
    }
}

/// Reads the first sheet of the file at `path`; what is wrong with its rows. Blocks.
///
/// # Errors
///
/// `sheet-…` when the file can't be read as a table.
pub fn read(
    path: &Path,
    columns: &Columns,
    limits: &Limits,
    entry: &mut dyn FnMut(Line<'_>, &mut Vec<Fault>),
) -> Result<Vec<Fault>, Problem> {
    let mut reading = Reading::new(columns);
    let merged = spreadsheets::read_rows(path, limits, &mut |row| reading.row(&row, entry)).map_err(|why| unreadable(&why))?;
    Ok(reading.finish(&merged))
}
