//! The form of a lecturer: new, or changed.

use super::mendable;
use crate::accounts::Accounts;
use crate::lecturers::actions::{kept, people};
use crate::lecturers::views::{FormPage, kinds, topics};
use crate::lecturers::{Fields, Lecturer, LecturerId};
use crate::organisations::pages::picked;
use crate::organisations::{Action, OrganisationId, may_anywhere};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Form, SignedIn, Visit, html, in_words};
use axum::extract::{Form as Sent, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Actor, Role};

/// The fields of a form in the order in which they were sent.
type Pairs = Vec<(String, String)>;

fn page(app: &App, visit: &Visit, f: Form, of: Option<&Lecturer>) -> FormPage {
    let texts = &visit.texts;
    FormPage {
        p: visit.page(app, texts.s(if of.is_some() { "lecturer-edit" } else { "lecturer-new" })),
        error: String::new(),
        id: of.map(|l| l.id.to_string()).unwrap_or_default(),
        name: of.map(|l| l.name.clone()).unwrap_or_default(),
        kinds: kinds(texts, f.v("kind")),
        topics: topics(texts, ""),
        f,
    }
}

/// `GET /desk/lecturers/new`
pub async fn new(State(app): State<App>, visit: Visit, me: SignedIn) -> Result<Response, Problem> {
    if !may_anywhere(&app.tree.load(), &me, Action::KeepLecturers) {
        return Err(Problem::forbidden());
    }
    let mut form = Form::default();
    if let Some(own) = me.holds(Role::Clerk).next() {
        form.set("organisation_text", app.tree.load().name(own));
        form.set("organisation_id", own);
    }
    html(&page(&app, &visit, form, None))
}

/// What the form says; `organisation` apart, because a new lecturer needs one.
fn read(app: &App, sent: &Form) -> Result<(OrganisationId, Fields), Problem> {
    let organisation = picked(&app.tree.load(), "organisation", sent.v("organisation"), sent.v("organisation_text"))?;
    let text = |name: &str| Some(sent.v(name).to_owned());
    let fields = Fields {
        name: text("name"),
        organisation: Some(organisation),
        kind: text("kind"),
        topics: Some(sent.all("topics")),
        occupation: text("occupation"),
        about: text("about"),
        contact: text("contact"),
        term_from: text("term_from"),
        term_to: text("term_to"),
        account: text("account"),
    };
    Ok((organisation, fields))
}

/// `POST /desk/lecturers`
pub async fn create(State(app): State<App>, visit: Visit, me: SignedIn, Sent(pairs): Sent<Pairs>) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let act = async {
        let (organisation, fields) = read(&app, &sent)?;
        people::create(&app, &me, organisation, fields).await
    };
    match mendable(act.await)? {
        Ok(id) => Ok(Redirect::to(&format!("/desk/lecturers/{id}?done=lecturer-registered")).into_response()),
        Err(problem) => again(&app, &visit, sent, &problem, None),
    }
}

fn again(app: &App, visit: &Visit, sent: Form, problem: &Problem, of: Option<&Lecturer>) -> Result<Response, Problem> {
    let (error, faults) = in_words(&visit.texts, problem);
    let (id, kind) = (sent.v("organisation").to_owned(), sent.v("kind").to_owned());
    let mut form = Form::default();
    form.overlay("", sent, faults);
    form.set("organisation_id", id);
    let page = FormPage { error, kinds: kinds(&visit.texts, &kind), ..page(app, visit, form, of) };
    Ok((problem.status, html(&page)?).into_response())
}

/// `GET /desk/lecturers/{id}/edit`
pub async fn edit(State(app): State<App>, visit: Visit, me: SignedIn, Path(id): Path<LecturerId>) -> Result<Response, Problem> {
    let (found, login) = known(&app, &me, id).await?;
    let mut form = Form::default();
    form.set("name", &found.name);
    form.set("organisation_text", app.tree.load().name(found.organisation));
    form.set("organisation_id", found.organisation);
    form.set("kind", &found.kind);
    form.set_all("topics", found.topics.clone());
    form.set("occupation", &found.occupation);
    form.set("about", &found.about);
    form.set("contact", &found.contact);
    form.set("term_from", &found.term_from);
    form.set("term_to", &found.term_to);
    form.set("account", login);
    form.set("version", found.version);
    html(&page(&app, &visit, form, Some(&found)))
}

async fn known(app: &App, me: &Actor, id: LecturerId) -> Result<(Lecturer, String), Problem> {
    let mut tx = app.db.read().await?;
    let found = kept(app, &mut tx, me, id).await?;
    let login = match found.account {
        Some(account) => Accounts(&mut tx).find(account).await?.map(|account| account.login).unwrap_or_default(),
        None => String::new(),
    };
    Ok((found, login))
}

/// `POST /desk/lecturers/{id}/edit`
pub async fn change(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<LecturerId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let (found, _) = known(&app, &me, id).await?;
    let act = async { people::change(&app, &me, id, sent.v("version").parse().ok().or(Some(0)), read(&app, &sent)?.1).await };
    match mendable(act.await)? {
        Ok(()) => Ok(Redirect::to(&format!("/desk/lecturers/{id}?done=lecturer-saved")).into_response()),
        Err(problem) => again(&app, &visit, sent, &problem, Some(&found)),
    }
}
