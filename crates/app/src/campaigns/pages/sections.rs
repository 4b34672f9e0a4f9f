//! The forms of the editor, section by section.

use super::edit::{Pairs, back};
use crate::campaigns::forms::{self, Form, Reader};
use crate::campaigns::input::{CloneFields, NarrowFields, QuotaTable, StageTable, StateChange};
use crate::campaigns::{CampaignId, NarrowedId, actions, reading};
use crate::organisations::{OrganisationId, Tree};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{SignedIn, Visit};
use axum::extract::{Form as Sent, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use kernel::Actor;

/// The zone in which a campaign's deadlines are typed.
async fn zone_of(app: &App, me: &Actor, id: CampaignId) -> Result<TimeZone, Problem> {
    actions::zone(&reading::see_to_change(app, me, id).await?.call.campaign.zone)
}

/// `POST /campaigns/{id}/edit`
pub async fn save_basics(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<CampaignId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let outcome = basics_saved(&app, &me, id, &sent).await;
    back(&app, &visit, &me, id, ("basics.", sent, "campaign-saved"), outcome).await
}

async fn basics_saved(app: &App, me: &Actor, id: CampaignId, sent: &Form) -> Result<(), Problem> {
    let mut reader = Reader::new(sent, "basics.");
    let zone = actions::zone(reader.text("zone").trim())?;
    let basics = forms::read_basics(&mut reader, &zone);
    let version = reader.version();
    actions::save_basics(app, me, id, version, reader.done(basics)?).await
}

/// `POST /campaigns/{id}/stages`
pub async fn set_stages(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<CampaignId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let outcome = stages_set(&app, &me, id, &sent).await;
    back(&app, &visit, &me, id, ("stages.", sent, "campaign-stages-set"), outcome).await
}

async fn stages_set(app: &App, me: &Actor, id: CampaignId, sent: &Form) -> Result<(), Problem> {
    let zone = zone_of(app, me, id).await?;
    let mut reader = Reader::new(sent, "stages.");
    let (stages, rows) = forms::read_stages(&mut reader, &zone);
    let version = reader.version();
    let table = reader.done(StageTable { stages })?;
    actions::set_stages(app, me, id, version, table).await.map_err(|p| forms::rows_by_place(p, "/stages/", &rows))
}

/// `POST /campaigns/{id}/quotas`
pub async fn set_quotas(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<CampaignId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let outcome = quotas_set(&app, &me, id, &sent).await;
    back(&app, &visit, &me, id, ("quotas.", sent, "campaign-quotas-set"), outcome).await
}

async fn quotas_set(app: &App, me: &Actor, id: CampaignId, sent: &Form) -> Result<(), Problem> {
    let mut reader = Reader::new(sent, "quotas.");
    let (quotas, rows) = forms::read_quotas(&mut reader);
    let version = reader.version();
    let table = reader.done(QuotaTable { quotas })?;
    actions::set_quotas(app, me, id, version, table).await.map_err(|p| forms::rows_by_place(p, "/quotas/", &rows))
}

/// `POST /campaigns/{id}/consents`: the form of a consent, or the empty one of a new consent.
pub async fn put_consent(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<CampaignId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let prefix = format!("consent-{}.", sent.v("consent"));
    let reader = Reader::new(&sent, &prefix);
    let mut fields = forms::read_consent(&reader);
    if !sent.v("consent").is_empty() {
        fields.code = sent.v("consent").to_owned();
    }
    let outcome = actions::put_consent(&app, &me, id, reader.version(), fields).await;
    back(&app, &visit, &me, id, (&prefix, sent.clone(), "campaign-consent-saved"), outcome).await
}

/// `POST /campaigns/{id}/consents/{code}/remove`
pub async fn retire_consent(
    State(app): State<App>,
    me: SignedIn,
    Path((id, code)): Path<(CampaignId, String)>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Redirect, Problem> {
    let sent = Form::sent(pairs);
    actions::retire_consent(&app, &me, id, &code, Reader::new(&sent, "").version()).await?;
    Ok(Redirect::to(&format!("/campaigns/{id}/edit?done=campaign-consent-retired")))
}

/// `POST /campaigns/{id}/extensions`
pub async fn extend(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<CampaignId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let outcome = extended(&app, &me, id, &sent).await;
    back(&app, &visit, &me, id, ("extension.", sent, "campaign-extended"), outcome).await
}

async fn extended(app: &App, me: &Actor, id: CampaignId, sent: &Form) -> Result<(), Problem> {
    let zone = zone_of(app, me, id).await?;
    let mut reader = Reader::new(sent, "extension.");
    let organisation = picked(&app.tree.load(), sent.v("organisation"), &reader.text("organisation"))?;
    let fields = forms::read_extension(&mut reader, organisation, &zone);
    let version = reader.version();
    actions::extend(app, me, id, version, reader.done(fields)?).await.map(drop)
}

/// The organisation that the script found, or whose code was typed.
fn picked(tree: &Tree, id: &str, typed: &str) -> Result<OrganisationId, Problem> {
    let by_code = || tree.by_code(typed.trim()).map(|node| node.id);
    id.parse().ok().or_else(by_code).ok_or_else(|| Problem::field("organisation", "unknown-organisation", typed, ""))
}

/// `POST /campaigns/{id}/narrowed`
pub async fn narrow(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<CampaignId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let outcome = narrowed(&app, &me, id, &sent).await;
    back(&app, &visit, &me, id, ("narrow.", sent, "campaign-narrowed"), outcome).await
}

async fn narrowed(app: &App, me: &Actor, id: CampaignId, sent: &Form) -> Result<(), Problem> {
    let reader = Reader::new(sent, "narrow.");
    let organisation = picked(&app.tree.load(), sent.v("organisation"), &reader.text("organisation"))?;
    let fields = NarrowFields { role: reader.text("role"), organisation, login: reader.text("login") };
    actions::narrow(app, me, id, reader.version(), &fields).await.map(drop)
}

/// `POST /campaigns/{id}/narrowed/{row}/remove`
pub async fn widen(
    State(app): State<App>,
    me: SignedIn,
    Path((id, row)): Path<(CampaignId, NarrowedId)>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Redirect, Problem> {
    let sent = Form::sent(pairs);
    actions::widen(&app, &me, id, Reader::new(&sent, "").version(), row).await?;
    Ok(Redirect::to(&format!("/campaigns/{id}/edit?done=campaign-widened")))
}

/// `POST /campaigns/{id}/state`
pub async fn change_state(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<CampaignId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let reader = Reader::new(&sent, "state.");
    let state = crate::campaigns::CampaignState::from_code(&reader.text("state"));
    let state = state.ok_or_else(|| Problem::field("state", "one-of", reader.text("state"), "open, closed"))?;
    let change = StateChange { state, reason: reader.text("reason") };
    let outcome = actions::change_state(&app, &me, id, reader.version(), change).await;
    let done = format!("campaign-now-{}", state.code());
    back(&app, &visit, &me, id, ("state.", sent.clone(), &done), outcome).await
}

/// `POST /campaigns/{id}/copies`
pub async fn copy(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<CampaignId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    match copied(&app, &me, id, &sent).await {
        Ok(copy) => Ok(Redirect::to(&format!("/campaigns/{copy}/edit?done=campaign-copied")).into_response()),
        Err(problem) => back(&app, &visit, &me, id, ("copy.", sent, ""), Err(problem)).await,
    }
}

async fn copied(app: &App, me: &Actor, id: CampaignId, sent: &Form) -> Result<CampaignId, Problem> {
    let mut reader = Reader::new(sent, "copy.");
    let years = reader.optional("years", "number").unwrap_or(0);
    let days = reader.optional("days", "number").unwrap_or(0);
    let (code, title) = (reader.text("code").trim().to_owned(), Some(reader.text("title")));
    actions::copy(app, me, id, reader.done(CloneFields { code, title, organisation: None, years, days })?).await
}
