//! Forms that change the tree. Each leads back to the organisation's page, which says what was done.

use crate::i18n::Texts;
use crate::organisations::actions::{self, Description, NewOrganisation, When};
use crate::organisations::{OrganisationId, Tree};
use crate::problem::Problem;
use crate::state::App;
use crate::web::SignedIn;
use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use serde::Deserialize;

/// Kinds of the vocabulary pack with their words.
pub(in crate::organisations) fn kinds(app: &App, texts: &Texts) -> Vec<(String, String)> {
    let keys = crate::i18n::Translations::keys(texts.language, &app.config.pack);
    let kind = |key: &String| key.strip_prefix("kind-").map(|code| (code.to_owned(), texts.s(key)));
    keys.iter().filter_map(kind).collect()
}

/// The organisation that a form names: by the id that the script filled in, or by what the reader typed, which must be a
/// code or the only organisation with that name.
pub(in crate::organisations) fn picked(tree: &Tree, field: &str, id: &str, typed: &str) -> Result<OrganisationId, Problem> {
    if let Ok(id) = id.parse() {
        return Ok(id);
    }
    let typed = typed.trim();
    if let Some(node) = tree.by_code(typed) {
        return Ok(node.id);
    }
    let named: Vec<_> = tree.search(typed, |_| true, 50).into_iter().filter(|n| n.name == typed).collect();
    match named.as_slice() {
        [one] => Ok(one.id),
        [] => Err(Problem::field(field, "unknown-organisation", typed, "")),
        _ => Err(Problem::field(field, "several-organisations", typed, "")),
    }
}

fn back(id: OrganisationId, done: &str) -> Redirect {
    Redirect::to(&format!("/organisations/{id}?done={done}"))
}

fn number(field: &str, text: &str) -> Result<i64, Problem> {
    if text.trim().is_empty() { Ok(0) } else { text.trim().parse().map_err(|_| Problem::field(field, "number", text, "")) }
}

/// A new subordinate.
#[derive(Debug, Deserialize)]
pub struct NewForm {
    code: String,
    name: String,
    kind: String,
    #[serde(default)]
    members: String,
    #[serde(default)]
    effective: String,
}

/// `POST /organisations/{id}/children`
pub async fn create(
    State(app): State<App>,
    me: SignedIn,
    Path(parent): Path<OrganisationId>,
    Form(form): Form<NewForm>,
) -> Result<Redirect, Problem> {
    let members = number("members", &form.members)?;
    let when = When { effective: form.effective, seen: None };
    actions::create(&app, &me, NewOrganisation { code: form.code, name: form.name, kind: form.kind, members, parent }, &when).await?;
    Ok(back(parent, "organisation-created"))
}

/// Name, kind and members.
#[derive(Debug, Deserialize)]
pub struct DescriptionForm {
    name: String,
    kind: String,
    members: String,
    #[serde(default)]
    effective: String,
    version: i64,
}

/// `POST /organisations/{id}`
pub async fn describe(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<OrganisationId>,
    Form(form): Form<DescriptionForm>,
) -> Result<Redirect, Problem> {
    let members = number("members", &form.members)?;
    let unchanged = app.tree.load().get(id).is_some_and(|n| n.name == form.name);
    let new = Description { name: (!unchanged).then_some(form.name), kind: Some(form.kind), members: Some(members) };
    actions::describe(&app, &me, id, new, &When { effective: form.effective, seen: Some(form.version) }).await?;
    Ok(back(id, "organisation-changed"))
}

/// Another organisation that this one is moved under or merged into.
#[derive(Debug, Deserialize)]
pub struct OtherForm {
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    organisation_text: String,
    #[serde(default)]
    effective: String,
    version: i64,
}

impl OtherForm {
    fn other(&self, app: &App) -> Result<OrganisationId, Problem> {
        picked(&app.tree.load(), "organisation", &self.organisation, &self.organisation_text)
    }

    fn when(self) -> When {
        When { effective: self.effective, seen: Some(self.version) }
    }
}

/// `POST /organisations/{id}/move`
pub async fn move_under(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<OrganisationId>,
    Form(form): Form<OtherForm>,
) -> Result<Redirect, Problem> {
    let parent = form.other(&app)?;
    actions::move_under(&app, &me, id, parent, &form.when()).await?;
    Ok(back(id, "organisation-moved"))
}

/// `POST /organisations/{id}/merge`
pub async fn merge(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<OrganisationId>,
    Form(form): Form<OtherForm>,
) -> Result<Redirect, Problem> {
    let target = form.other(&app)?;
    actions::merge(&app, &me, id, target, &form.when()).await?;
    Ok(back(target, "organisation-merged"))
}

/// The last day is the day before this one.
#[derive(Debug, Deserialize)]
pub struct CloseForm {
    #[serde(default)]
    effective: String,
    version: i64,
}

/// `POST /organisations/{id}/close`
pub async fn close(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<OrganisationId>,
    Form(form): Form<CloseForm>,
) -> Result<Redirect, Problem> {
    actions::close(&app, &me, id, &When { effective: form.effective, seen: Some(form.version) }).await?;
    Ok(back(id, "organisation-closed"))
}
