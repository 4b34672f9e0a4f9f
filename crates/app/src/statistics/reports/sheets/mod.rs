//! The report on paper: where everything stands on as many landscape sheets of A4 as it takes. Pure; the words are finished.
//!
//! ```text
//! front sheet: whose and when │ indicators with how they compare │ bars of the months │ who held nothing
//! next sheets: rows under repeated heads, the total last │ what the figures mean
//! ```

mod front;
mod notes;
mod sheet;
mod table;

use crate::typesetting::{Drawing, Size, Type};
use sheet::Sheet;

/// The sheet in points: A4, lying.
pub const SHEET: Size = (842.0, 595.0);
/// Left and right of everything.
const MARGIN: f32 = 46.0;
/// What is between the margins.
const MEASURE: f32 = SHEET.0 - 2.0 * MARGIN;
/// Above it nothing stands.
const TOP: f32 = 40.0;
/// Below it only the foot stands.
const BOTTOM: f32 = 544.0;

const INK: &str = "#25201b";
const SOFT: &str = "#574e45";
const FAINT: &str = "#71665b";
const HAIR: &str = "#ddd3c6";
const TINT: &str = "#f6f1e9";
const LACQUER: &str = "#a32a1e";
const SAND: &str = "#d6c9b8";

/// An indicator.
#[derive(Debug, Clone, Default)]
pub struct Tile {
    /// What it is.
    pub label: String,
    /// The figure.
    pub number: String,
    /// Empty for pure counts.
    pub unit: String,
    /// How it compares; empty without a period before.
    pub trend: String,
    /// Whether it is more or less than before; none for neither.
    pub rises: Option<bool>,
}

/// A bar of the chart.
#[derive(Debug, Clone, Default)]
pub struct Bar {
    /// The month.
    pub label: String,
    /// The year, where one begins; else empty.
    pub year: String,
    /// The figure.
    pub number: String,
    /// Its height.
    pub amount: i64,
    /// It belongs to the period of the report.
    pub inside: bool,
}

/// A block of names.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// What they have in common.
    pub title: String,
    /// How many.
    pub count: String,
    /// What the number counts.
    pub lead: String,
    /// The first of them.
    pub some: Vec<String>,
    /// That there are more, with `{n}` in the place of their number; shown when not all fit.
    pub more: String,
    /// How many there are in all.
    pub total: usize,
}

/// A row of the table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Its figures.
    pub cells: Vec<String>,
    /// The sum of the others.
    pub is_total: bool,
}

/// Everything that the report says.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// Name of the product, and the character of its seal.
    pub product: (String, String),
    /// What sort of paper it is.
    pub kicker: String,
    /// Whose.
    pub name: String,
    /// When, in large type.
    pub title: String,
    /// The days, the tree, the moment it was made.
    pub facts: Vec<String>,
    /// Over the indicators: what they are compared with; empty without.
    pub before: String,
    /// The indicators.
    pub tiles: Vec<Tile>,
    /// Over the chart.
    pub chart: String,
    /// The months.
    pub bars: Vec<Bar>,
    /// Who held nothing; none where the reader does not see it.
    pub silent: Option<Names>,
    /// Over the table.
    pub below: String,
    /// Heads of the table: of the name, then of each figure.
    pub head: Vec<String>,
    /// The rows, the total last.
    pub rows: Vec<Row>,
    /// Over the notes.
    pub notes: String,
    /// What each figure means.
    pub meanings: Vec<(String, String)>,
    /// Number of a sheet, with `{n}` and `{of}` in the place of the numbers.
    pub page: String,
    /// BCP 47 tag.
    pub language: &'static str,
}

impl Words {
    /// Every character that is set.
    pub fn all(&self) -> String {
        let mut all: Vec<&str> = vec![
            &self.product.0,
            &self.product.1,
            &self.kicker,
            &self.name,
            &self.title,
            &self.before,
            &self.chart,
            &self.below,
            &self.notes,
            &self.page,
        ];
        all.extend(self.facts.iter().chain(&self.head).map(String::as_str));
        all.extend(self.tiles.iter().flat_map(|t| [&t.label, &t.number, &t.unit, &t.trend]).map(String::as_str));
        all.extend(self.bars.iter().flat_map(|b| [&b.label, &b.year, &b.number]).map(String::as_str));
        all.extend(self.rows.iter().flat_map(|r| std::iter::once(&r.name).chain(&r.cells)).map(String::as_str));
        all.extend(self.meanings.iter().flat_map(|(a, b)| [a, b]).map(String::as_str));
        if let Some(silent) = &self.silent {
            all.extend([&silent.title, &silent.count, &silent.lead, &silent.more].map(String::as_str));
            all.extend(silent.some.iter().map(String::as_str));
        }
        let mut characters: Vec<char> = all.into_iter().flat_map(str::chars).chain("、, ·".chars()).collect();
        characters.sort_unstable();
        characters.dedup();
        characters.into_iter().collect()
    }
}

/// All sheets.
pub fn sheets(words: &Words, kind: &Type<'_>) -> Vec<Drawing> {
    let mut sheets = vec![front::front(words, kind)];
    let under = table::table(words, kind, &mut sheets);
    notes::notes(words, kind, &mut sheets, under);
    let of = sheets.len();
    for (n, sheet) in sheets.iter_mut().enumerate() {
        foot(sheet, words, n + 1, of);
    }
    sheets.into_iter().map(Sheet::done).collect()
}

/// Whose report it is, and which of its sheets.
fn foot(sheet: &mut Sheet<'_>, words: &Words, n: usize, of: usize) {
    use crate::typesetting::Face;
    let page = words.page.replace("{n}", &n.to_string()).replace("{of}", &of.to_string());
    sheet.bar(MARGIN, 552.0, MEASURE, 0.5, HAIR);
    let width = sheet.right(&page, Face::Text, 8.0, FAINT, SHEET.0 - MARGIN, 566.0);
    let running = format!("{} · {} · {}", words.product.0, words.name, words.title);
    sheet.fitted(&running, Face::Text, &[8.0], FAINT, MARGIN, 566.0, MEASURE - width - 24.0);
}

#[cfg(test)]
mod tests;
