//! What goes into the cells: figures as the statistics page has them.

use super::Workbook;
use super::marks::{Mark, What};
use crate::i18n::Texts;
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::spreadsheets::given::{Edit, Edits, Fill, column, place, reference};
use crate::state::App;
use crate::statistics::choice::{Asked, iso};
use crate::statistics::figures::Figures;
use crate::statistics::overview::{self, Line, Overview};
use crate::statistics::views::step_name;
use kernel::Actor;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

/// Whom and what a cell tells of.
struct Told<'a> {
    name: &'a str,
    code: String,
    figures: &'a Figures,
    number: i64,
}

/// The cells of every sheet.
///
/// # Errors
///
/// As the statistics page: 403 for organisations whose figures `actor` may not see, 422 for days that are none;
/// `workbook-organisation-gone`, `workbook-table-full`.
pub async fn edits(app: &App, actor: &Actor, of: &Workbook, asked: &Asked, texts: &Texts) -> Result<BTreeMap<String, Edits>, Problem> {
    let mut loaded: HashMap<OrganisationId, Overview> = HashMap::new();
    let mut sheets: BTreeMap<String, Edits> = BTreeMap::new();
    for mark in &of.marks {
        let organisation = meant(app, of, mark)?;
        let overview = match loaded.entry(organisation) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(free) => {
                let asked = Asked { organisation: organisation.to_string(), campaign: String::new(), sort: String::new(), ..asked.clone() };
                free.insert(overview::load(app, actor, &asked).await?)
            }
        };
        let edits = sheets.entry(mark.sheet().to_owned()).or_default();
        match mark {
            Mark::Cell { cell, what, .. } => {
                let code = app.tree.load().get(organisation).map(|node| node.code.clone()).unwrap_or_default();
                let told = Told { name: &overview.name, code, figures: &overview.total, number: 0 };
                if let (Some(at), Some(what)) = (place(cell), read(what)) {
                    edits.insert(at, Edit { fill: fill(&what, &told, overview, texts), like: None });
                }
            }
            Mark::Table { .. } => table(app, mark, overview, texts, edits)?,
        }
    }
    Ok(sheets)
}

fn read(what: &str) -> Option<What> {
    What::read(what, &super::actions::traits())
}

/// The organisation that a mark means.
fn meant(app: &App, of: &Workbook, mark: &Mark) -> Result<OrganisationId, Problem> {
    match mark {
        Mark::Cell { organisation, .. } if !organisation.is_empty() => {
            let tree = app.tree.load();
            let found = tree.by_code(organisation).map(|node| node.id).filter(|id| tree.contains(of.organisation, *id));
            found.ok_or_else(|| Problem::conflict("workbook-organisation-gone").with("code", organisation))
        }
        _ => Ok(of.organisation),
    }
}

/// One row for each child.
fn table(app: &App, mark: &Mark, overview: &Overview, texts: &Texts, edits: &mut Edits) -> Result<(), Problem> {
    let Mark::Table { row: first, rows, columns, .. } = mark else { return Ok(()) };
    let children: Vec<&Line> = overview.lines.iter().filter(|line| line.child.is_some()).collect();
    if children.len() > *rows as usize {
        let at = columns.keys().next().and_then(|letters| column(letters)).unwrap_or_default();
        let problem = Problem::conflict("workbook-table-full").with("cell", reference((*first, at)));
        return Err(problem.with("room", rows).with("needed", children.len()));
    }
    let tree = app.tree.load();
    for (number, (row, line)) in (*first..).zip(children).enumerate() {
        let code = line.child.and_then(|id| tree.get(id)).map(|node| node.code.clone()).unwrap_or_default();
        let told = Told { name: &line.name, code, figures: &line.figures, number: number as i64 + 1 };
        for (letters, what) in columns {
            if let (Some(at), Some(what)) = (column(letters), read(what)) {
                edits.insert((row, at), Edit { fill: fill(&what, &told, overview, texts), like: Some((*first, at)) });
            }
        }
    }
    Ok(())
}

fn fill(what: &What, told: &Told<'_>, overview: &Overview, texts: &Texts) -> Fill {
    let period = overview.choice.period;
    match what {
        What::Name => Fill::Text(told.name.to_owned()),
        What::Code => Fill::Text(told.code.clone()),
        What::Number => Fill::Number(told.number),
        What::Period => Fill::Text(step_name(period, texts)),
        What::FirstDay => Fill::Text(iso(period.first)),
        What::LastDay => Fill::Text(iso(period.last)),
        What::Today => Fill::Text(iso(overview.today)),
        What::Figure(indicator, only) => Fill::Number(indicator.number(told.figures, only)),
    }
}
