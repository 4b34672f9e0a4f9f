//! One line of the table and of `bench/results.json`.

use serde::Serialize;

/// What was measured; a part that was not is null and `note` says why.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// As in the targets.
    pub name: String,
    /// Of `ours` and `peer`.
    pub unit: String,
    /// Median.
    pub ours: Option<f64>,
    /// Median.
    pub peer: Option<f64>,
    /// Who that is, or what an absolute target means.
    pub peer_name: String,
    /// Median of the pairs' ours ÷ peer.
    pub ratio: Option<f64>,
    /// Smallest ratio of a pair.
    pub min: Option<f64>,
    /// Largest ratio of a pair.
    pub max: Option<f64>,
    /// The ratio to stay under; for a row without a peer the figure to reach.
    pub target: Option<f64>,
    /// Null when nothing can be said.
    pub met: Option<bool>,
    /// The peer against itself; 0.93 to 1.07 or the run is void.
    pub aa: Option<f64>,
    /// What a reader must know beside the figures.
    pub note: String,
}

impl Row {
    /// A row without figures, and why.
    pub fn unmeasured(name: &str, why: &str) -> Self {
        Self {
            name: name.into(),
            unit: String::new(),
            ours: None,
            peer: None,
            peer_name: String::new(),
            ratio: None,
            min: None,
            max: None,
            target: None,
            met: None,
            aa: None,
            note: why.into(),
        }
    }

    /// A figure of ours that has no peer; `at_least` tells whether more is better.
    pub fn absolute(name: &str, unit: &str, ours: f64, target: f64, at_least: bool) -> Self {
        let (sign, met) = if at_least { ("≥", ours >= target) } else { ("≤", ours <= target) };
        let peer_name = format!("absolute {sign} {target}");
        Self { unit: unit.into(), ours: Some(ours), peer_name, target: Some(target), met: Some(met), ..Self::unmeasured(name, "") }
    }

    /// Adds something a reader must know.
    pub fn with(mut self, note: &str) -> Self {
        self.note = if self.note.is_empty() { note.into() } else { format!("{}; {note}", self.note) };
        self
    }

    /// The same figures, which count for nothing, and why.
    pub fn void(mut self, why: &str) -> Self {
        self.met = None;
        self.with(&format!("void: {why}"))
    }

    fn cells(&self) -> [String; 10] {
        let met = match self.met {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "–",
        };
        let spread = match (self.min, self.max) {
            (Some(low), Some(high)) => format!("{}–{}", short(Some(low)), short(Some(high))),
            _ => "–".into(),
        };
        let named = |text: &str| if text.is_empty() { "–".into() } else { text.to_owned() };
        [
            self.name.clone(),
            named(&self.unit),
            short(self.ours),
            short(self.peer),
            named(&self.peer_name),
            short(self.ratio),
            spread,
            short(self.target),
            met.into(),
            short(self.aa),
        ]
    }
}

/// Three digits that say something.
fn short(value: Option<f64>) -> String {
    match value {
        None => "–".into(),
        Some(v) if v.abs() >= 100.0 => format!("{v:.0}"),
        Some(v) if v.abs() >= 10.0 => format!("{v:.1}"),
        Some(v) if v.abs() >= 0.1 => format!("{v:.3}"),
        Some(v) => format!("{v:.5}"),
    }
}

const HEAD: [&str; 10] = ["name", "unit", "ours", "peer", "peer is", "ratio", "min–max", "target", "met", "A/A"];

/// Prints all rows as one table, notes below it.
#[allow(clippy::print_stdout, reason = "the table is what this program is for")]
pub fn print_table(rows: &[Row]) {
    let lines: Vec<[String; 10]> = std::iter::once(HEAD.map(String::from)).chain(rows.iter().map(Row::cells)).collect();
    let widths: Vec<usize> = (0..HEAD.len()).map(|i| lines.iter().map(|l| l[i].chars().count()).max().unwrap_or(0)).collect();
    for (n, line) in lines.iter().enumerate() {
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        println!("| {} |", cells.join(" | "));
        if n == 0 {
            println!("|{}|", widths.iter().map(|w| "-".repeat(w + 2)).collect::<Vec<_>>().join("|"));
        }
    }
    for row in rows.iter().filter(|row| !row.note.is_empty()) {
        println!("{}: {}", row.name, row.note);
    }
}
