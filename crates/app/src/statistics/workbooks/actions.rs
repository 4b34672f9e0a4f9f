//! What people do with blank workbooks: upload, say what goes where, fill, remove.

use super::marks::{MARKS_MOST, Mark};
use super::{Workbook, WorkbookId, Workbooks, filling};
use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::held_sessions::rules::VENUES;
use crate::i18n::Texts;
use crate::lessons::rules::{FORMS, LECTURER_KINDS, TOPICS};
use crate::organisations::access::domains;
use crate::organisations::{Action, OrganisationId, may};
use crate::problem::{FieldError, Problem};
use crate::spreadsheets::given::{self, Look, Refused, place, reference};
use crate::spreadsheets::{Cell, Unreadable};
use crate::state::App;
use crate::statistics::choice::Asked;
use crate::texts;
use kernel::Actor;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Rows and columns of a sheet that are drawn.
const DRAWN: (u32, u32) = (60, 20);
/// Workbooks that one page lists.
pub const LISTED: usize = 200;
/// Different organisations that one workbook may ask for.
const ORGANISATIONS_MOST: usize = 100;

/// Kinds of trait with their codes.
pub const fn traits() -> [(&'static str, &'static [&'static str]); 4] {
    [("form", &FORMS), ("lecturer", &LECTURER_KINDS), ("venue", &VENUES), ("topic", &TOPICS)]
}

/// The file of a workbook, as it came.
fn file(app: &App, id: WorkbookId) -> PathBuf {
    app.objects.original(&id.to_string())
}

/// The refusal of a workbook.
fn refused(why: &Refused) -> Problem {
    let problem = |code| Problem { code, ..Problem::invalid(Vec::new()) };
    match why {
        Refused::Unreadable(why) => match why {
            Unreadable::TooMuch { what, most } => problem(why.code()).with("what", what).with("most", most),
            Unreadable::Damaged(reason) => problem(why.code()).with("reason", reason),
            _ => problem(why.code()),
        },
        Refused::Macros => problem("workbook-macros"),
        Refused::Embedded(part) => problem("workbook-embedded").with("part", part),
        Refused::External(target) => problem("workbook-external").with("target", target),
        Refused::NoSheet(name) => problem("workbook-no-sheet").with("sheet", name),
        Refused::Formula(cell) => problem("workbook-formula").with("cell", cell),
    }
}

/// Runs something with the file off the async threads.
async fn with_file<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(PathBuf) -> Result<T, Refused> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(move || work(path)).await.map_err(Problem::internal)?.map_err(|why| refused(&why))
}

async fn note(app: &App, tx: &mut Tx, actor: &Actor, of: &Workbook, action: &str, detail: Value) -> Result<(), Problem> {
    let entry = Entry {
        account: Some(actor.account),
        organisation: Some(of.organisation),
        action,
        object: of.id.to_string(),
        allowed: true,
        detail,
    };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}

/// Whether `actor` says what goes where in workbooks of `organisation`.
pub fn may_mark(app: &App, actor: &Actor, organisation: OrganisationId) -> bool {
    let tree = app.tree.load();
    [Action::RecordSession, Action::SeeStatistics].into_iter().all(|action| may(&tree, actor, action, organisation))
}

/// Where `actor` may upload workbooks, the organisations of his roles only.
pub fn homes(app: &App, actor: &Actor) -> Vec<OrganisationId> {
    let mut homes: Vec<_> = domains(actor, Action::RecordSession).into_iter().map(|(top, _)| top).collect();
    homes.retain(|id| may_mark(app, actor, *id));
    homes.dedup();
    homes
}

/// Workbooks of the organisations of the actor's roles, the latest first.
///
/// # Errors
///
/// `forbidden` for somebody who sees no figures.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Workbook>, Problem> {
    let homes: Vec<_> = domains(actor, Action::SeeStatistics).into_iter().map(|(top, _)| top).take(1_000).collect();
    if homes.is_empty() {
        return Err(Problem::forbidden());
    }
    Ok(Workbooks(&mut app.db.read().await?).of(&homes, LISTED).await?)
}

/// The workbook, when `actor` may see the figures of its organisation.
///
/// # Errors
///
/// 404, audited, for anyone else.
pub async fn visible(app: &App, actor: &Actor, id: WorkbookId) -> Result<Workbook, Problem> {
    let found = Workbooks(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?;
    if may(&app.tree.load(), actor, Action::SeeStatistics, found.organisation) { Ok(found) } else { Err(Problem::hidden()) }
}

async fn to_mark(app: &App, actor: &Actor, id: WorkbookId) -> Result<Workbook, Problem> {
    let found = visible(app, actor, id).await?;
    if may_mark(app, actor, found.organisation) { Ok(found) } else { Err(Problem::forbidden()) }
}

/// Takes a blank workbook for `organisation`.
///
/// # Errors
///
/// `forbidden` or 404 for organisations that are not the actor's; `invalid` without a title; `sheet-…`, `workbook-macros`,
/// `workbook-embedded`, `workbook-external` for files that are not taken.
pub async fn add(app: &App, actor: &Actor, organisation: OrganisationId, title: &str, bytes: Vec<u8>) -> Result<Workbook, Problem> {
    if !may_mark(app, actor, organisation) {
        let sees = may(&app.tree.load(), actor, Action::SeeStatistics, organisation);
        return Err(if sees { Problem::forbidden() } else { Problem::hidden() });
    }
    let title = texts::check("title", title, 1, 100).map_err(|fault| Problem::invalid(vec![fault]))?;
    let now = app.clock.now();
    let new = Workbook {
        id: WorkbookId::new(app.clock.as_ref()),
        organisation,
        title,
        marks: Vec::new(),
        created_by: actor.account,
        created_at: now,
        version: 1,
    };
    let path = file(app, new.id);
    tokio::fs::write(&path, bytes).await.map_err(Problem::internal)?;
    let checked = with_file(path.clone(), |path| given::check(&path).and_then(|()| given::look(&path, "", (1, 1)).map(drop))).await;
    let kept = match checked {
        Ok(()) => keep(app, actor, &new).await,
        Err(problem) => Err(problem),
    };
    if kept.is_err() {
        // What nobody knows of needs no place.
        let _ = tokio::fs::remove_file(path).await;
    }
    kept.map(|()| new)
}

async fn keep(app: &App, actor: &Actor, new: &Workbook) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    Workbooks(&mut tx).insert(new).await?;
    note(app, &mut tx, actor, new, "statistics-workbook.added", json!({ "title": new.title })).await?;
    Ok(tx.commit().await?)
}

/// What a sheet of the workbook shows.
///
/// # Errors
///
/// As [`visible`].
pub async fn look(app: &App, of: &Workbook, sheet: &str) -> Result<Look, Problem> {
    let sheet = sheet.to_owned();
    with_file(file(app, of.id), move |path| given::look(&path, &sheet, DRAWN)).await
}

/// Adds a mark in the place of those that would fill the same cells.
///
/// # Errors
///
/// `forbidden` or 404 for organisations that are not the actor's; `invalid` names what is wrong; `moved-meanwhile`.
pub async fn mark(app: &App, actor: &Actor, id: WorkbookId, mark: Mark) -> Result<(), Problem> {
    let of = to_mark(app, actor, id).await?;
    let mark = settled(app, &of, mark).await?;
    let mut marks: Vec<_> = of.marks.iter().filter(|other| !other.meets(&mark)).cloned().collect();
    marks.push(mark);
    save(app, actor, &of, marks).await
}

/// Keeps these marks and no others.
///
/// # Errors
///
/// As [`mark`].
pub async fn mark_all(app: &App, actor: &Actor, id: WorkbookId, marks: Vec<Mark>) -> Result<Workbook, Problem> {
    let of = to_mark(app, actor, id).await?;
    if marks.len() > MARKS_MOST {
        return Err(Problem::field("marks", "too-many", marks.len().to_string(), MARKS_MOST));
    }
    let mut settled_marks: Vec<Mark> = Vec::new();
    for mark in marks {
        let mark = settled(app, &of, mark).await?;
        if settled_marks.iter().any(|other| other.meets(&mark)) {
            return Err(Problem::field("marks", "twice", mark.sheet(), ""));
        }
        settled_marks.push(mark);
    }
    save(app, actor, &of, settled_marks).await?;
    visible(app, actor, id).await
}

/// Takes the marks at a cell away.
///
/// # Errors
///
/// As [`mark`].
pub async fn unmark(app: &App, actor: &Actor, id: WorkbookId, sheet: &str, cell: &str) -> Result<(), Problem> {
    let of = to_mark(app, actor, id).await?;
    let here = place(cell).ok_or_else(|| Problem::field("cell", "cell", cell, "B3"))?;
    let marks = of.marks.iter().filter(|mark| mark.sheet() != sheet || !mark.places().contains(&here)).cloned().collect();
    save(app, actor, &of, marks).await
}

async fn save(app: &App, actor: &Actor, of: &Workbook, marks: Vec<Mark>) -> Result<(), Problem> {
    let named = |mark: &Mark| match mark {
        Mark::Cell { organisation, .. } => organisation.clone(),
        Mark::Table { .. } => String::new(),
    };
    let organisations: std::collections::BTreeSet<_> = marks.iter().map(named).collect();
    if marks.len() > MARKS_MOST || organisations.len() > ORGANISATIONS_MOST {
        return Err(Problem::field("marks", "too-many", marks.len().to_string(), MARKS_MOST));
    }
    let mut tx = app.db.begin().await?;
    if !Workbooks(&mut tx).mark(of, &marks).await? {
        return Err(Problem::moved_meanwhile());
    }
    note(app, &mut tx, actor, of, "statistics-workbook.marked", json!({ "marks": marks.len() })).await?;
    Ok(tx.commit().await?)
}

/// The mark as it can be kept: it names a sheet that there is and cells without formulas, the first of joined ones, and organisations
/// within the workbook's; a table knows its room.
async fn settled(app: &App, of: &Workbook, mark: Mark) -> Result<Mark, Problem> {
    let faults = mark.faults(&traits());
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    if let Mark::Cell { organisation, .. } = &mark
        && !organisation.is_empty()
    {
        let tree = app.tree.load();
        if !tree.by_code(organisation).is_some_and(|node| tree.contains(of.organisation, node.id)) {
            return Err(Problem::field("organisation", "unknown-organisation", organisation, ""));
        }
    }
    let sheet = mark.sheet().to_owned();
    let seen = with_file(file(app, of.id), move |path| given::survey(&path, &sheet)).await?;
    let formula = |at| matches!(seen.cells.get(&at), Some(Cell::Formula(_)));
    match mark {
        Mark::Cell { sheet, cell, what, organisation } => {
            let at = place(&cell).map(|at| seen.standing_for(at)).unwrap_or_default();
            if formula(at) {
                return Err(Problem::field("cell", "formula-stays", reference(at), ""));
            }
            Ok(Mark::Cell { sheet, cell: reference(at), what, organisation })
        }
        Mark::Table { sheet, row, rows, columns } => {
            let columns_at: Vec<_> = columns.keys().filter_map(|letters| given::column(letters)).collect();
            if let Some(at) = columns_at.iter().find(|at| formula((row, **at))) {
                return Err(Problem::field("cell", "formula-stays", reference((row, *at)), ""));
            }
            let taken = |row: u32| columns_at.iter().any(|at| seen.cells.contains_key(&(row, *at)));
            let room = (1..rows).find(|n| taken(row + n)).unwrap_or(rows);
            Ok(Mark::Table { sheet, row, rows: room, columns })
        }
    }
}

/// The workbook filled for the period that `asked` names, in the words of `texts`.
///
/// # Errors
///
/// As [`visible`] and [`filling::edits`]; `workbook-unmarked`.
pub async fn fill(app: &App, actor: &Actor, id: WorkbookId, asked: &Asked, texts: &Texts) -> Result<Vec<u8>, Problem> {
    let of = visible(app, actor, id).await?;
    if of.marks.is_empty() {
        return Err(Problem::conflict("workbook-unmarked"));
    }
    let edits = filling::edits(app, actor, &of, asked, texts).await?;
    with_file(file(app, id), move |path| given::fill(&path, &edits)).await
}

/// Removes a workbook for good.
///
/// # Errors
///
/// As [`mark`].
pub async fn remove(app: &App, actor: &Actor, id: WorkbookId) -> Result<(), Problem> {
    let of = to_mark(app, actor, id).await?;
    let mut tx = app.db.begin().await?;
    if Workbooks(&mut tx).remove(id).await? {
        note(app, &mut tx, actor, &of, "statistics-workbook.removed", json!({ "title": of.title })).await?;
        tx.commit().await?;
        // It may be gone already.
        let _ = tokio::fs::remove_file(file(app, id)).await;
    }
    Ok(())
}

/// What is wrong when somebody sends no file.
pub fn no_file() -> Problem {
    Problem::invalid(vec![FieldError::new("file", "required", "", "")])
}
