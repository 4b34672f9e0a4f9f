//! The editor of a campaign: one page, a form for each section.

use crate::campaigns::forms::{self, Form, Reader};
use crate::campaigns::input::NewCampaign;
use crate::campaigns::reading::{self, Seen};
use crate::campaigns::views::{EditPage, Level, NewPage, QuotaLine, Words, consents};
use crate::campaigns::{Burden, CampaignId, CampaignState, SUBMIT_DEPTH, StageKind, actions, rules};
use crate::i18n::Texts;
use crate::organisations::{Action, OrganisationId, may};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Done, Fault, SignedIn, Visit, html, in_words};
use axum::extract::{Form as Sent, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Actor, Timestamp};

/// The fields of a form in the order in which they were sent.
pub type Pairs = Vec<(String, String)>;

/// Like [`in_words`], with moments as this reader writes them.
pub fn faults_in_words(texts: &Texts, mut problem: Problem) -> (String, Vec<Fault>) {
    let readable = |text: &mut String| {
        if let Ok(at) = text.parse::<jiff::Timestamp>() {
            *text = texts.time(Timestamp(at.as_millisecond()));
        }
    };
    for fault in &mut problem.fields {
        readable(&mut fault.found);
        readable(&mut fault.wanted);
    }
    in_words(texts, &problem)
}

/// `GET /campaigns/new`
pub async fn new_form(State(app): State<App>, visit: Visit, me: SignedIn) -> Result<Response, Problem> {
    let mut form = Form::default();
    form.set("basics.zone", app.zone.iana_name().unwrap_or("UTC"));
    form.set("basics.approvals", 3);
    html(&new_page(&app, &visit, &me, form)?)
}

fn new_page(app: &App, visit: &Visit, me: &Actor, f: Form) -> Result<NewPage, Problem> {
    let tree = app.tree.load();
    let mut organisations: Vec<_> = me.grants.iter().map(|g| g.organisation).collect();
    organisations.retain(|org| may(&tree, me, Action::ManageCampaign, *org));
    organisations.dedup();
    if organisations.is_empty() {
        return Err(Problem::forbidden());
    }
    let organisations = organisations.into_iter().map(|org| (org.to_string(), tree.name(org))).collect();
    Ok(NewPage { p: visit.page(app, visit.texts.s("campaign-new")), f, organisations, fixed: false })
}

/// `POST /campaigns`
pub async fn create(State(app): State<App>, visit: Visit, me: SignedIn, Sent(pairs): Sent<Pairs>) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    match created(&app, &me, &sent).await {
        Ok(id) => Ok(Redirect::to(&format!("/campaigns/{id}/edit?done=campaign-created")).into_response()),
        Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let mut form = Form::default();
            form.overlay("basics.", sent, faults_in_words(&visit.texts, problem).1);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&new_page(&app, &visit, &me, form)?)?).into_response())
        }
        Err(problem) => Err(problem),
    }
}

async fn created(app: &App, me: &Actor, sent: &Form) -> Result<CampaignId, Problem> {
    let mut reader = Reader::new(sent, "basics.");
    let zone = actions::zone(reader.text("zone").trim())?;
    let organisation: Option<OrganisationId> = reader.optional("organisation", "unknown");
    let code = reader.text("code").trim().to_owned();
    let basics = forms::read_basics(&mut reader, &zone);
    let organisation = organisation.ok_or_else(|| Problem::field("organisation", "required", "", ""))?;
    actions::create(app, me, reader.done(NewCampaign { organisation, code, basics })?).await
}

/// `GET /campaigns/{id}/edit`
pub async fn edit(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<CampaignId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let seen = reading::see_to_change(&app, &me, id).await?;
    html(&EditPage { notice: done.notice(&visit.texts), ..edit_page(&app, &visit, &seen)? })
}

/// After the form of a section: back to the editor, or the editor with what was typed and what is wrong with it.
pub async fn back(
    app: &App,
    visit: &Visit,
    me: &Actor,
    id: CampaignId,
    (prefix, sent, done): (&str, Form, &str),
    outcome: Result<(), Problem>,
) -> Result<Response, Problem> {
    let problem = match outcome {
        Ok(()) => return Ok(Redirect::to(&format!("/campaigns/{id}/edit?done={done}")).into_response()),
        Err(problem) if problem.status != StatusCode::UNPROCESSABLE_ENTITY => return Err(problem),
        Err(problem) => problem,
    };
    let seen = reading::see_to_change(app, me, id).await?;
    let mut page = edit_page(app, visit, &seen)?;
    let (error, faults) = faults_in_words(&visit.texts, problem);
    page.f.overlay(prefix, sent, faults);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&EditPage { error, ..page })?).into_response())
}

fn edit_page(app: &App, visit: &Visit, seen: &Seen) -> Result<EditPage, Problem> {
    let tree = app.tree.load();
    let words = Words { texts: &visit.texts, tree: &tree };
    let call = &seen.call;
    let zone = actions::zone(&call.campaign.zone)?;
    let mut f = Form::default();
    forms::fill_basics(&mut f, &call.campaign, &zone);
    let names = words.levels(call.campaign.organisation);
    let deepest = call.stages.iter().map(|s| s.depth).max().unwrap_or(0).max(names.len() as i64 - 1);
    let name = |depth: i64| names.iter().find(|(d, _)| *d == depth).map_or_else(|| depth.to_string(), |(_, n)| n.clone());
    let depths = std::iter::once(SUBMIT_DEPTH).chain((0..=deepest).rev());
    let levels: Vec<_> = depths.enumerate().map(|(row, depth)| Level { row, depth, name: words.stage_name(depth, &name(depth)) }).collect();
    for level in &levels {
        let kind = if level.depth == SUBMIT_DEPTH { StageKind::Submit } else { StageKind::Review };
        if let Some(stage) = call.stages.iter().find(|s| s.kind == kind && s.depth == level.depth) {
            forms::fill_stage(&mut f, level.row, stage, &zone);
        }
    }
    let quotas = quota_lines(&mut f, seen, deepest, name);
    call.consents.iter().for_each(|c| forms::fill_consent(&mut f, c));
    f.set("copy.years", 1);
    f.set("copy.code", format!("{}-next", call.campaign.code.chars().take(35).collect::<String>()));
    Ok(EditPage {
        p: visit.page(app, call.campaign.title.clone()),
        notice: String::new(),
        error: String::new(),
        head: words.head(&call.campaign),
        fixed: call.campaign.state != CampaignState::Draft,
        short: rules::is_short(call, app.clock.now()),
        zone: call.campaign.zone.clone(),
        categories: call.categories.iter().map(|c| words.category(c, None, None)).collect(),
        consents: consents(seen),
        extensions: words.extensions(seen),
        narrowed: words.narrowed(seen),
        burden: words.burden(&Burden::of(&tree, call)),
        burdens: words.burdens(&Burden::of(&tree, call)),
        f,
        levels,
        quotas,
    })
}

fn quota_lines(f: &mut Form, seen: &Seen, deepest: i64, name: impl Fn(i64) -> String) -> Vec<QuotaLine> {
    let cells = seen.call.categories.iter().flat_map(|c| (0..=deepest).rev().map(move |depth| (c, depth)));
    let mut lines = Vec::new();
    for (row, (category, depth)) in cells.enumerate() {
        if let Some(quota) = seen.call.quota(category.id, depth) {
            f.set(format!("quotas./quotas/{row}/amount"), quota.amount);
            f.set(format!("quotas./quotas/{row}/kind"), quota.kind.code());
        }
        lines.push(QuotaLine { row, category: category.id.to_string(), category_name: category.name.clone(), depth, level: name(depth) });
    }
    lines
}
