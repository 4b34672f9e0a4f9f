//! What goes into which cell.

use crate::deltas::Traits;
use crate::problem::FieldError;
use crate::spreadsheets::given::{Place, column, place};
use crate::statistics::indicator::Indicator;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most marks of one workbook.
pub const MARKS_MOST: usize = 500;
/// Most columns of one table.
const COLUMNS_MOST: usize = 60;

/// What goes into one cell, or into rows from one row on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
#[schema(as = WorkbookMark)]
pub enum Mark {
    /// One cell.
    Cell {
        /// Name of the sheet.
        sheet: String,
        /// `B3`
        cell: String,
        /// What goes there: the code of a metric, with `@form:lecture` behind it narrowed to one trait, or one of `name`, `code`,
        /// `period`, `first-day`, `last-day`, `today`.
        what: String,
        /// Code of the organisation that is meant, at or below the workbook's; empty for that one.
        #[serde(default)]
        organisation: String,
    },
    /// One row for each organisation directly below the workbook's, in the order of their codes.
    Table {
        /// Name of the sheet.
        sheet: String,
        /// The first row.
        row: u32,
        /// For how many rows there is room.
        rows: u32,
        /// What goes into which column, by its letters: as in a cell, or `number`.
        columns: BTreeMap<String, String>,
    },
}

/// What goes into a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Name of the organisation.
    Name,
    /// Its code.
    Code,
    /// Number of the row in its table.
    Number,
    /// The period in words.
    Period,
    /// Its first day.
    FirstDay,
    /// Its last day.
    LastDay,
    /// The day on which it is filled.
    Today,
    /// A figure, narrowed to a trait such as `form:lecture`; empty for all.
    Figure(Indicator, String),
}

/// Codes of texts, in the order in which they are chosen from; the third only in tables.
pub const TEXTS: [(&str, What); 7] = [
    ("name", What::Name),
    ("code", What::Code),
    ("number", What::Number),
    ("period", What::Period),
    ("first-day", What::FirstDay),
    ("last-day", What::LastDay),
    ("today", What::Today),
];

impl What {
    /// Reads what a mark says; `traits` are the codes of each kind of trait.
    pub fn read(text: &str, traits: &[(&str, &[&str])]) -> Option<Self> {
        if let Some((_, what)) = TEXTS.into_iter().find(|(code, _)| *code == text) {
            return Some(what);
        }
        let (metric, only) = text.split_once('@').unwrap_or((text, ""));
        let indicator = Indicator::from_code(metric)?;
        if only.is_empty() {
            return (!text.contains('@')).then(|| Self::Figure(indicator, String::new()));
        }
        let (kind, code) = only.split_once(':')?;
        let narrows = indicator.metric().is_some_and(crate::deltas::Metric::has_traits) && Traits::KINDS.contains(&kind);
        let known = traits.iter().any(|(known, codes)| *known == kind && codes.contains(&code));
        (narrows && known).then(|| Self::Figure(indicator, only.to_owned()))
    }
}

impl Mark {
    /// Name of its sheet.
    pub fn sheet(&self) -> &str {
        match self {
            Self::Cell { sheet, .. } | Self::Table { sheet, .. } => sheet,
        }
    }

    /// What is wrong with what it says by itself.
    pub fn faults(&self, traits: &[(&str, &[&str])]) -> Vec<FieldError> {
        match self {
            Self::Cell { cell, what, .. } => {
                let what_fault = match What::read(what, traits) {
                    None | Some(What::Number) => Some(FieldError::new("what", "one-of", what, "…")),
                    Some(_) => None,
                };
                place(cell).is_none().then(|| FieldError::new("cell", "cell", cell, "B3")).into_iter().chain(what_fault).collect()
            }
            Self::Table { row, rows, columns, .. } => {
                let bad = |(at, what): (&String, &String)| column(at).is_none() || What::read(what, traits).is_none();
                let unknown =
                    columns.iter().find(|entry| bad(*entry)).map(|(at, what)| FieldError::new(format!("column-{at}"), "one-of", what, "…"));
                let none = columns.is_empty().then(|| FieldError::new("columns", "required", "", ""));
                let many =
                    (columns.len() > COLUMNS_MOST).then(|| FieldError::new("columns", "too-many", columns.len().to_string(), COLUMNS_MOST));
                let sized = (1..=10_000).contains(row) && (1..=10_000).contains(rows);
                let size = (!sized).then(|| FieldError::new("rows", "range", rows.to_string(), "1–10,000"));
                [unknown, none, many, size].into_iter().flatten().collect()
            }
        }
    }

    /// The cells that it may fill, as far as it is well-formed.
    pub fn places(&self) -> Vec<Place> {
        match self {
            Self::Cell { cell, .. } => place(cell).into_iter().collect(),
            Self::Table { row, rows, columns, .. } => {
                let columns: Vec<_> = columns.keys().filter_map(|letters| column(letters)).collect();
                (*row..row.saturating_add(*rows)).flat_map(|row| columns.iter().map(move |column| (row, *column))).collect()
            }
        }
    }

    /// Whether both would fill a cell.
    pub fn meets(&self, other: &Self) -> bool {
        self.sheet() == other.sheet() && {
            let mine: std::collections::BTreeSet<_> = self.places().into_iter().collect();
            other.places().iter().any(|at| mine.contains(at))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRAITS: [(&str, &[&str]); 1] = [("form", &["lecture"])];

    #[test]
    fn f9_what_a_mark_says_is_read_or_refused() {
        use crate::deltas::Metric;
        let figure = |metric, only: &str| Some(What::Figure(Indicator::Of(metric), only.to_owned()));
        let table = [
            ("sessions", figure(Metric::Sessions, "")),
            ("attendances@form:lecture", figure(Metric::Attendances, "form:lecture")),
            ("coverage", Some(What::Figure(Indicator::Coverage, String::new()))),
            ("name", Some(What::Name)),
            ("last-day", Some(What::LastDay)),
            ("sessions@", None),
            ("sessions@form:opera", None),
            ("sessions@colour:lecture", None),
            ("lessons@form:lecture", None),
            ("=1+1", None),
            ("", None),
        ];
        for (text, want) in table {
            assert_eq!(What::read(text, &TRAITS), want, "{text}");
        }
    }

    #[test]
    fn f9_marks_that_would_fill_the_same_cell_meet() {
        let cell = |cell: &str| Mark::Cell { sheet: "1".into(), cell: cell.into(), what: "sessions".into(), organisation: String::new() };
        let table = Mark::Table { sheet: "1".into(), row: 5, rows: 3, columns: [("B".to_owned(), "name".to_owned())].into() };
        assert!(table.meets(&cell("B5")) && table.meets(&cell("B7")) && cell("C1").meets(&cell("C1")));
        assert!(!table.meets(&cell("B8")) && !table.meets(&cell("C5")) && !cell("C1").meets(&cell("C2")));
        assert_eq!(cell("3B").faults(&TRAITS).len(), 1);
        assert!(cell("B3").faults(&TRAITS).is_empty() && table.faults(&TRAITS).is_empty());
        let number = Mark::Cell { sheet: "1".into(), cell: "A1".into(), what: "number".into(), organisation: String::new() };
        assert_eq!(number.faults(&TRAITS)[0].field, "what", "a cell is no row of a table");
    }
}
