//! Blank workbooks: the list, the sheets to point at, the filled file.

use super::file;
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::spreadsheets::XLSX;
use crate::state::App;
use crate::statistics::choice::{Asked, iso};
use crate::statistics::views::workbooks::{WorkbookPage, WorkbooksPage};
use crate::statistics::workbooks::{Mark, WorkbookId, actions};
use crate::web::{Done, SignedIn, Visit, html, percent_encode};
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, Form, Path, Query, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A workbook with the multipart frame around it.
pub fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max((8 << 20) + (64 << 10))
}

/// Which sheet is looked at, and which of its cells is chosen.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Pointed {
    /// Name of the sheet; the first without it.
    pub sheet: String,
    /// `B3`
    #[param(ignore)]
    pub cell: String,
}

/// `GET /statistics/workbooks`
pub async fn list(State(app): State<App>, visit: Visit, me: SignedIn, Query(done): Query<Done>) -> Result<Response, Problem> {
    let found = actions::list(&app, &me).await?;
    let tree = app.tree.load();
    html(&WorkbooksPage {
        notice: done.notice(&visit.texts),
        lines: found.into_iter().map(|one| (format!("/statistics/workbooks/{}", one.id), one.title, tree.name(one.organisation))).collect(),
        organisations: actions::homes(&app, &me).into_iter().map(|id| (id.to_string(), tree.name(id))).collect(),
        p: visit.page(&app, visit.texts.s("workbooks-title")),
    })
}

/// `POST /statistics/workbooks`: takes a blank workbook.
pub async fn add(State(app): State<App>, me: SignedIn, mut form: Multipart) -> Result<Redirect, Problem> {
    let bad = |e: MultipartError| Problem::new(e.status(), "malformed").with("reason", e.body_text());
    let (mut fields, mut bytes) = (BTreeMap::new(), None);
    while let Some(field) = form.next_field().await.map_err(bad)? {
        match field.name().unwrap_or_default().to_owned().as_str() {
            "file" => bytes = Some(field.bytes().await.map_err(bad)?.to_vec()),
            name => drop(fields.insert(name.to_owned(), field.text().await.map_err(bad)?)),
        }
    }
    let text = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let organisation: OrganisationId = text("organisation").parse().map_err(|_| Problem::not_found())?;
    let added = actions::add(&app, &me, organisation, text("title"), bytes.ok_or_else(actions::no_file)?).await?;
    Ok(Redirect::to(&format!("/statistics/workbooks/{}", added.id)))
}

/// `GET /statistics/workbooks/{id}`
pub async fn show(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<WorkbookId>,
    Query(pointed): Query<Pointed>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let of = actions::visible(&app, &me, id).await?;
    let look = actions::look(&app, &of, &pointed.sheet).await?;
    let page = WorkbookPage::new(visit.page(&app, of.title.clone()), &of, look, &pointed.cell, &actions::traits());
    html(&WorkbookPage {
        notice: done.notice(&visit.texts),
        whose: app.tree.load().name(of.organisation),
        may_mark: actions::may_mark(&app, &me, of.organisation),
        today: iso(app.today()),
        ..page
    })
}

/// What the forms of a mark say.
type Pairs = Vec<(String, String)>;

fn value(pairs: &Pairs, name: &str) -> String {
    pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

/// Reads the mark of a form.
fn read(pairs: &Pairs) -> Result<Mark, Problem> {
    let sheet = value(pairs, "sheet");
    if value(pairs, "kind") != "table" {
        return Ok(Mark::Cell {
            sheet,
            cell: value(pairs, "cell"),
            what: value(pairs, "what"),
            organisation: value(pairs, "organisation"),
        });
    }
    let number = |name: &str| {
        let text = value(pairs, name);
        text.parse().map_err(|_| Problem::field(name, "number", text, ""))
    };
    let column = |(name, what): &(String, String)| {
        Some((name.strip_prefix("column-")?.to_owned(), what.clone())).filter(|(_, what)| !what.is_empty())
    };
    Ok(Mark::Table { sheet, row: number("row")?, rows: number("rows")?, columns: pairs.iter().filter_map(column).collect() })
}

fn back(id: WorkbookId, sheet: &str, done: &str) -> Redirect {
    Redirect::to(&format!("/statistics/workbooks/{id}?sheet={}&done={done}", percent_encode(sheet)))
}

/// `POST /statistics/workbooks/{id}/marks`: says what goes into a cell, or into the rows of a table.
pub async fn mark(State(app): State<App>, me: SignedIn, Path(id): Path<WorkbookId>, Form(pairs): Form<Pairs>) -> Result<Redirect, Problem> {
    let mark = read(&pairs)?;
    let sheet = mark.sheet().to_owned();
    actions::mark(&app, &me, id, mark).await?;
    Ok(back(id, &sheet, "workbook-marked"))
}

/// `POST /statistics/workbooks/{id}/marks/remove`
pub async fn unmark(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<WorkbookId>,
    Form(pairs): Form<Pairs>,
) -> Result<Redirect, Problem> {
    let sheet = value(&pairs, "sheet");
    actions::unmark(&app, &me, id, &sheet, &value(&pairs, "cell")).await?;
    Ok(back(id, &sheet, "workbook-unmarked"))
}

/// `POST /statistics/workbooks/{id}/remove`
pub async fn remove(State(app): State<App>, me: SignedIn, Path(id): Path<WorkbookId>) -> Result<Redirect, Problem> {
    actions::remove(&app, &me, id).await?;
    Ok(Redirect::to("/statistics/workbooks?done=workbook-removed"))
}

/// The workbook filled for a period: only the cells that were marked differ from the blank one.
#[utoipa::path(get, path = "/api/v1/statistics/workbooks/{id}/filled.xlsx", tag = "statistics", operation_id = "fill_workbook", params(("id" = String, Path), Asked), responses((status = 200, description = "A workbook"), (status = 404), (status = 409)))]
pub async fn filled(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<WorkbookId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    Ok(file(XLSX, "filled.xlsx", actions::fill(&app, &me, id, &asked, &visit.texts).await?))
}
