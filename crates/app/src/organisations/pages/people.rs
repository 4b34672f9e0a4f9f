//! People within the reader's reach, their accounts and roles.

use super::picked;
use crate::accounts::{AccountId, RoleGrantId};
use crate::organisations::access::may_hand_on;
use crate::organisations::actions::people::{self, NewGrant, NewPerson};
use crate::organisations::people_list::{AccountBody, GrantBody, WantedPeople, people_page};
use crate::organisations::views::{GrantView, PeoplePage, PersonPage, PersonRow};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{self, Done, SignedIn, Visit, html};
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Grant, Reach, Role};
use serde::Deserialize;

fn grant_view(app: &App, visit: &Visit, me: &kernel::Actor, g: &GrantBody) -> GrantView {
    let (now, texts) = (app.clock.now(), &visit.texts);
    let grant = Grant { organisation: g.organisation, role: g.role, reach: g.reach };
    GrantView {
        id: g.id.to_string(),
        role: texts.s(&format!("role-{}", g.role.code())),
        organisation: g.organisation_name.clone(),
        reach: texts.s(&format!("reach-{}", g.reach.code())),
        from: texts.date(g.from),
        // The last day is the one before the role ends.
        to: g.to.map(|to| texts.date(to.plus_ms(-1))).unwrap_or_default(),
        ended: g.to.is_some_and(|to| to <= now),
        mine_to_end: g.to.is_none_or(|to| to > now) && may_hand_on(&app.tree.load(), me, &grant),
    }
}

fn row(app: &App, visit: &Visit, me: &kernel::Actor, body: &AccountBody) -> PersonRow {
    PersonRow {
        id: body.id.to_string(),
        name: body.name.clone(),
        login: body.login.clone(),
        active: body.active,
        grants: body.grants.iter().map(|g| grant_view(app, visit, me, g)).filter(|g| !g.ended).collect(),
    }
}

fn roles(visit: &Visit) -> Vec<(&'static str, String)> {
    Role::ALL.iter().map(|role| (role.code(), visit.texts.s(&format!("role-{}", role.code())))).collect()
}

/// `GET /people`
pub async fn people(State(app): State<App>, visit: Visit, me: SignedIn, Query(wanted): Query<WantedPeople>) -> Result<Response, Problem> {
    html(&people_shown(&app, &visit, &me, &wanted).await?)
}

async fn people_shown(app: &App, visit: &Visit, me: &kernel::Actor, wanted: &WantedPeople) -> Result<PeoplePage, Problem> {
    let slice = people_page(app, me, wanted).await?;
    let organisation = wanted.organisation.parse().map(|id| app.tree.load().name(id)).unwrap_or_default();
    Ok(PeoplePage {
        p: visit.page(app, visit.texts.s("nav-people")),
        error: String::new(),
        f: grant_form(&organisation, &wanted.organisation),
        q: wanted.q.clone(),
        organisation_id: wanted.organisation.clone(),
        organisation,
        rows: slice.items.iter().map(|body| row(app, visit, me, body)).collect(),
        next: slice.next.unwrap_or_default(),
        roles: roles(visit),
    })
}

/// The form of a role before anybody typed.
fn grant_form(organisation: &str, id: &str) -> web::Form {
    let mut f = web::Form::default();
    f.set("organisation_text", organisation);
    f.set("organisation_id", id);
    f.set("subtree", 1);
    f
}

/// `GET /people/{id}`
pub async fn person(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<AccountId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    html(&PersonPage { notice: done.notice(&visit.texts), ..person_shown(&app, &visit, &me, id).await? })
}

async fn person_shown(app: &App, visit: &Visit, me: &kernel::Actor, id: AccountId) -> Result<PersonPage, Problem> {
    let (account, grants) = people::seen(app, me, id).await?;
    let tree = app.tree.load_full();
    Ok(PersonPage {
        p: visit.page(app, account.name.clone()),
        error: String::new(),
        f: grant_form("", ""),
        notice: String::new(),
        id: id.to_string(),
        login: account.login,
        active: account.active,
        version: account.version,
        grants: grants.iter().map(|g| grant_view(app, visit, me, &GrantBody::of(&tree, g))).collect(),
        roles: roles(visit),
        myself: id == me.account,
    })
}

/// The page of a person with what was typed into the form of `section`, and what is wrong with it.
async fn redrawn(
    app: &App,
    visit: &Visit,
    me: &kernel::Actor,
    id: AccountId,
    (section, typed): (&str, &[(&str, &str)]),
    problem: Problem,
) -> Result<Response, Problem> {
    if !web::is_mendable(&problem) {
        return Err(problem);
    }
    let mut page = person_shown(app, visit, me, id).await?;
    page.error = page.f.typed("", typed, &visit.texts, &problem);
    page.f.set("open", section);
    Ok((problem.status, html(&page)?).into_response())
}

/// A role of a form.
#[derive(Debug, Deserialize)]
pub struct GrantForm {
    role: String,
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    organisation_text: String,
    #[serde(default)]
    subtree: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

impl GrantForm {
    fn typed(&self) -> [(&'static str, &str); 6] {
        [
            ("organisation_id", &self.organisation),
            ("organisation_text", &self.organisation_text),
            ("role", &self.role),
            ("subtree", &self.subtree),
            ("from", &self.from),
            ("to", &self.to),
        ]
    }

    fn read(&self, app: &App) -> Result<NewGrant, Problem> {
        let organisation = picked(&app.tree.load(), "organisation", &self.organisation, &self.organisation_text)?;
        let role = Role::from_code(&self.role).ok_or_else(|| Problem::field("role", "role", &self.role, ""))?;
        let reach = if self.subtree.is_empty() { Reach::Node } else { Reach::Subtree };
        Ok(NewGrant { grant: Grant { organisation, role, reach }, from: self.from.clone(), to: self.to.clone() })
    }
}

/// A new account with its first role.
#[derive(Deserialize)]
pub struct PersonForm {
    login: String,
    name: String,
    password: String,
    role: String,
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    organisation_text: String,
    #[serde(default)]
    subtree: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// `POST /people`
pub async fn create_person(State(app): State<App>, visit: Visit, me: SignedIn, Form(form): Form<PersonForm>) -> Result<Response, Problem> {
    let grant = GrantForm {
        role: form.role,
        organisation: form.organisation,
        organisation_text: form.organisation_text,
        subtree: form.subtree,
        from: form.from,
        to: form.to,
    };
    let (login, name) = (form.login, form.name);
    let act = async {
        let new = NewPerson { login: login.clone(), name: name.clone(), password: form.password, grant: grant.read(&app)? };
        people::create_person(&app, &me, new).await
    };
    match act.await {
        Ok(id) => Ok(back(id, "account-created").into_response()),
        Err(problem) if web::is_mendable(&problem) => {
            let mut page = people_shown(&app, &visit, &me, &WantedPeople::default()).await?;
            let typed = [[("login", login.as_str()), ("name", name.as_str())].as_slice(), grant.typed().as_slice()].concat();
            page.error = page.f.typed("", &typed, &visit.texts, &problem);
            Ok((problem.status, html(&page)?).into_response())
        }
        Err(problem) => Err(problem),
    }
}

fn back(id: AccountId, done: &str) -> Redirect {
    Redirect::to(&format!("/people/{id}?done={done}"))
}

/// `POST /people/{id}/grants`
pub async fn grant(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<AccountId>,
    Form(form): Form<GrantForm>,
) -> Result<Response, Problem> {
    let act = async { people::grant(&app, &me, id, &form.read(&app)?).await };
    match act.await {
        Ok(_) => Ok(back(id, "role-granted").into_response()),
        Err(problem) => redrawn(&app, &visit, &me, id, ("grant", &form.typed()), problem).await,
    }
}

/// `POST /people/{id}/grants/{grant}/revoke`
pub async fn revoke_grant(
    State(app): State<App>,
    me: SignedIn,
    Path((id, grant)): Path<(AccountId, RoleGrantId)>,
) -> Result<Redirect, Problem> {
    people::revoke(&app, &me, id, grant).await?;
    // Without the last role that he administers, the reader no longer sees the account.
    match people::seen(&app, &me, id).await {
        Ok(_) => Ok(back(id, "role-revoked")),
        Err(_) => Ok(Redirect::to("/people")),
    }
}

/// In or out.
#[derive(Debug, Deserialize)]
pub struct ActiveForm {
    active: bool,
    version: i64,
}

/// `POST /people/{id}/active`
pub async fn set_active(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<AccountId>,
    Form(form): Form<ActiveForm>,
) -> Result<Redirect, Problem> {
    people::set_active(&app, &me, id, form.active, Some(form.version)).await?;
    Ok(back(id, if form.active { "account-enabled" } else { "account-disabled" }))
}

/// A new password for somebody else.
#[derive(Deserialize)]
pub struct ResetForm {
    password: String,
}

/// `POST /people/{id}/password`
pub async fn reset_password(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<AccountId>,
    Form(form): Form<ResetForm>,
) -> Result<Response, Problem> {
    match people::reset_password(&app, &me, id, form.password).await {
        Ok(()) => Ok(back(id, "password-reset").into_response()),
        Err(problem) => redrawn(&app, &visit, &me, id, ("password", &[]), problem).await,
    }
}
