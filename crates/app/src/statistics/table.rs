//! The table of an overview: one function makes it for the screen, the workbook and the text file.

use super::choice::Choice;
use super::figures::Figures;
use super::indicator::Indicator;
use super::overview::Overview;
use crate::i18n::Texts;
use crate::organisations::OrganisationId;

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The organisation itself, without those below.
    Itself,
    /// A child with everything below it.
    Child(OrganisationId),
    /// All rows together.
    Total,
}

/// One row.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is about.
    pub about: About,
    /// Its name.
    pub name: String,
    /// Where the name leads; empty when the reader may not go there.
    pub href: String,
    /// One figure for each of [`Indicator::ALL`], in the unit of its column.
    pub figures: Vec<i64>,
}

/// Rows below a head.
#[derive(Debug, Clone)]
pub struct Table {
    /// Words of the first column and of each metric.
    pub head: Vec<String>,
    /// Rows, the total last.
    pub rows: Vec<Row>,
}

fn row(figures: &Figures, only: &str) -> Vec<i64> {
    Indicator::ALL.into_iter().map(|indicator| indicator.number(figures, only)).collect()
}

/// The organisation, its children and the total.
pub fn of_children(overview: &Overview, words: &Texts) -> Table {
    let choice = &overview.choice;
    let line = |line: &super::overview::Line| Row {
        about: line.child.map_or(About::Itself, About::Child),
        name: line.child.map_or_else(|| words.with("statistics-itself", "name", line.name.as_str()), |_| line.name.clone()),
        href: line
            .child
            .filter(|_| line.open)
            .map(|child| Choice { organisation: child, ..choice.clone() }.href("/statistics"))
            .unwrap_or_default(),
        figures: row(&line.figures, &choice.only),
    };
    let total =
        Row { about: About::Total, name: words.s("statistics-total"), href: String::new(), figures: row(&overview.total, &choice.only) };
    Table { head: head("statistics-organisation", words), rows: overview.lines.iter().map(line).chain([total]).collect() }
}

/// The course of the period, by day or by month.
pub fn of_course(overview: &Overview, words: &Texts) -> Table {
    let line = |(step, figures): &(super::Period, Figures)| Row {
        about: About::Total,
        name: super::views::step_name(*step, words),
        href: String::new(),
        figures: row(figures, &overview.choice.only),
    };
    Table { head: head("statistics-time", words), rows: overview.course.iter().map(line).collect() }
}

fn head(first: &str, words: &Texts) -> Vec<String> {
    std::iter::once(first.to_owned())
        .chain(Indicator::ALL.map(|indicator| format!("metric-{}", indicator.code())))
        .map(|key| words.s(&key))
        .collect()
}
