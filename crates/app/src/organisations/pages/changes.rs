//! Forms that change the tree. Each leads back to the organisation's page, which says what was done.

use super::node::redrawn;
use crate::i18n::Texts;
use crate::organisations::actions::{self, Description, NewOrganisation, When};
use crate::organisations::{OrganisationId, Tree};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{SignedIn, Visit};
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;
use serde::Deserialize;

/// Kinds of the vocabulary pack with their words.
pub(in crate::organisations) fn kinds(app: &App, texts: &Texts) -> Vec<(String, String)> {
    let keys = crate::i18n::Translations::keys(texts.language, &app.config.pack);
    let kind = |key: &String| key.strip_prefix("kind-").map(|code| (code.to_owned(), texts.s(key)));
    keys.iter().filter_map(kind).collect()
}

/// The organisation that a form names: by the id that the script filled in, or by what the reader typed, which must be a
/// code or the only organisation with that name.
pub fn picked(tree: &Tree, field: &str, id: &str, typed: &str) -> Result<OrganisationId, Problem> {
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

/// After a form of the page of `id`: to the page that says what was done, or the form again with what is wrong.
async fn after(
    app: &App,
    visit: &Visit,
    me: &Actor,
    id: OrganisationId,
    form: (&str, &[(&str, &str)]),
    (outcome, done): (Result<OrganisationId, Problem>, &str),
) -> Result<Response, Problem> {
    match outcome {
        Ok(shown) => Ok(Redirect::to(&format!("/organisations/{shown}?done={done}")).into_response()),
        Err(problem) => redrawn(app, visit, me, id, form, problem).await,
    }
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
    visit: Visit,
    me: SignedIn,
    Path(parent): Path<OrganisationId>,
    Form(form): Form<NewForm>,
) -> Result<Response, Problem> {
    let NewForm { code, name, kind, members, effective } = &form;
    let act = async {
        let (members, when) = (number("members", members)?, When { effective: effective.clone(), seen: None });
        let new = NewOrganisation { code: code.clone(), name: name.clone(), kind: kind.clone(), members, parent };
        actions::create(&app, &me, new, &when).await.map(|_| parent)
    };
    let outcome = (act.await, "organisation-created");
    let typed = [("code", code), ("name", name), ("kind", kind), ("members", members), ("effective", effective)].map(text);
    after(&app, &visit, &me, parent, ("create", &typed), outcome).await
}

fn text<'t>((name, value): (&'static str, &'t String)) -> (&'static str, &'t str) {
    (name, value)
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
    visit: Visit,
    me: SignedIn,
    Path(id): Path<OrganisationId>,
    Form(form): Form<DescriptionForm>,
) -> Result<Response, Problem> {
    let DescriptionForm { name, kind, members, effective, version } = &form;
    let act = async {
        let members = Some(number("members", members)?);
        let unchanged = app.tree.load().get(id).is_some_and(|n| n.name == *name);
        let new = Description { name: (!unchanged).then(|| name.clone()), kind: Some(kind.clone()), members };
        actions::describe(&app, &me, id, new, &When { effective: effective.clone(), seen: Some(*version) }).await.map(|()| id)
    };
    let outcome = (act.await, "organisation-changed");
    let typed = [("name", name), ("kind", kind), ("members", members), ("effective", effective)].map(text);
    after(&app, &visit, &me, id, ("describe", &typed), outcome).await
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

    fn when(&self) -> When {
        When { effective: self.effective.clone(), seen: Some(self.version) }
    }

    fn typed(&self) -> [(&'static str, &str); 3] {
        [("organisation_id", &self.organisation), ("organisation_text", &self.organisation_text), ("effective", &self.effective)].map(text)
    }
}

/// `POST /organisations/{id}/move`
pub async fn move_under(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<OrganisationId>,
    Form(form): Form<OtherForm>,
) -> Result<Response, Problem> {
    let act = async { actions::move_under(&app, &me, id, form.other(&app)?, &form.when()).await.map(|()| id) };
    let outcome = (act.await, "organisation-moved");
    after(&app, &visit, &me, id, ("move", &form.typed()), outcome).await
}

/// `POST /organisations/{id}/line`; a name left empty takes it off the line.
pub async fn attach(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<OrganisationId>,
    Form(form): Form<OtherForm>,
) -> Result<Response, Problem> {
    let act = async {
        let above = if form.organisation_text.trim().is_empty() { None } else { Some(form.other(&app)?) };
        actions::attach(&app, &me, id, above, &form.when()).await.map(|()| id)
    };
    let outcome = (act.await, "organisation-attached");
    after(&app, &visit, &me, id, ("line", &form.typed()), outcome).await
}

/// `POST /organisations/{id}/merge`
pub async fn merge(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<OrganisationId>,
    Form(form): Form<OtherForm>,
) -> Result<Response, Problem> {
    let act = async {
        let target = form.other(&app)?;
        actions::merge(&app, &me, id, target, &form.when()).await.map(|()| target)
    };
    let outcome = (act.await, "organisation-merged");
    after(&app, &visit, &me, id, ("merge", &form.typed()), outcome).await
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
    visit: Visit,
    me: SignedIn,
    Path(id): Path<OrganisationId>,
    Form(form): Form<CloseForm>,
) -> Result<Response, Problem> {
    let when = When { effective: form.effective.clone(), seen: Some(form.version) };
    let outcome = (actions::close(&app, &me, id, &when).await.map(|()| id), "organisation-closed");
    after(&app, &visit, &me, id, ("close", &[("effective", &form.effective)]), outcome).await
}
