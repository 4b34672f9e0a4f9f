//! A new submission: campaign, category, organisation, title.

use super::desk::{self, own_organisation};
use super::reading::Reading;
use super::{Sent, mendable};
use crate::campaigns::{Call, CampaignId, CategoryId};
use crate::i18n::Texts;
use crate::lessons::{self, LessonFields};
use crate::organisations::access::domains;
use crate::organisations::{Action, OrganisationId, Tree, may_anywhere};
use crate::problem::{FieldError, Problem};
use crate::state::App;
use crate::submissions::views::submission::{NewForm, NewPage};
use crate::submissions::views::{Choice, Said, words};
use crate::submissions::{SubmissionId, actions};
use crate::web::{SignedIn, Visit, html};
use axum::extract::{Form, Query, State as Shared};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Actor, Reach};
use serde::Deserialize;

/// More organisations than these are searched for, not listed.
const LISTED: usize = 100;

/// The campaign chosen in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    #[serde(default)]
    campaign: String,
}

/// `GET /submissions/new`
pub async fn new(Shared(app): Shared<App>, visit: Visit, me: SignedIn, Query(chosen): Query<Chosen>) -> Result<Response, Problem> {
    let sent = Sent(vec![("campaign".into(), chosen.campaign)]);
    page(&app, &visit, &me, &sent, Said::default()).await
}

async fn page(app: &App, visit: &Visit, me: &Actor, sent: &Sent, said: Said) -> Result<Response, Problem> {
    let mut reading = Reading::open(app, &visit.texts).await?;
    if !may_anywhere(&reading.tree, me, Action::EditLesson) {
        return Err(Problem::forbidden());
    }
    let campaigns = desk::campaigns(&mut reading, me).await?;
    let asked = campaigns.iter().find(|c| c.id.to_string() == sent.get("campaign"));
    let only = campaigns.iter().filter(|c| c.may_submit).collect::<Vec<_>>();
    // With one campaign open there is nothing to choose.
    let chosen = asked.or(if sent.get("campaign").is_empty() && only.len() == 1 { only.first().copied() } else { None });
    let form = match chosen {
        Some(campaign) => Some(form(&mut reading, me, campaign.id, campaign.stage.clone(), sent).await?),
        None => None,
    };
    html(&NewPage { p: visit.page(app, visit.texts.s("desk-register")), said, campaigns, chosen: form })
}

async fn form(reading: &mut Reading<'_>, me: &Actor, campaign: CampaignId, stage: String, sent: &Sent) -> Result<NewForm, Problem> {
    let call = reading.call(campaign).await?;
    let organisations = organisations(&reading.tree, me, &call);
    let organisation = match sent.get("organisation") {
        "" => own_organisation(me).map(|o| o.to_string()).unwrap_or_default(),
        typed => typed.to_owned(),
    };
    let listed = if organisations.len() <= LISTED { organisations } else { Vec::new() };
    Ok(NewForm {
        campaign,
        campaign_title: call.campaign.title.clone(),
        theme: call.campaign.theme.clone(),
        stage,
        title: sent.get("title").to_owned(),
        categories: categories(reading.texts, &call, sent.get("category")),
        organisations: listed.iter().map(|o| Choice::new(o.to_string(), path(&reading.tree, *o), &organisation)).collect(),
        organisation_text: organisation.parse().map(|id| reading.tree.name(id)).unwrap_or_default(),
        organisation,
    })
}

fn categories(texts: &Texts, call: &Call, now: &str) -> Vec<Choice> {
    let needs = |c: &crate::campaigns::Category| {
        let required: Vec<_> = c.rules.slots.iter().filter(|s| s.required).map(|s| words::slot(texts, &s.slot)).collect();
        if required.is_empty() {
            String::new()
        } else {
            texts.with("category-needs", "list", required.join(texts.s("list-comma").as_str()))
        }
    };
    let one = call.categories.len() == 1;
    call.categories
        .iter()
        .map(|c| Choice { help: needs(c), chosen: one || c.id.to_string() == now, ..Choice::new(c.id.to_string(), c.name.clone(), now) })
        .collect()
}

/// Where the actor may register lessons for this campaign, at most one more than are listed.
fn organisations(tree: &Tree, me: &Actor, call: &Call) -> Vec<OrganisationId> {
    let mut found = Vec::new();
    for (top, reach) in domains(me, Action::EditLesson) {
        match reach {
            Reach::Node => found.push(top),
            Reach::Subtree => found.extend(tree.subtree(top).filter(|n| !n.closed).map(|n| n.id).take(LISTED + 1)),
        }
    }
    found.retain(|org| tree.contains(call.campaign.organisation, *org));
    let mut met = std::collections::HashSet::new();
    found.retain(|org| met.insert(*org));
    found
}

/// The organisation with its superior, so that two of the same name are told apart.
fn path(tree: &Tree, org: OrganisationId) -> String {
    match tree.parent(org) {
        Some(above) => format!("{} · {}", tree.name(org), tree.name(above)),
        None => tree.name(org),
    }
}

/// `POST /submissions/new`
pub async fn create(Shared(app): Shared<App>, visit: Visit, me: SignedIn, Form(sent): Form<Sent>) -> Result<Response, Problem> {
    match mendable(begin(&app, &me, &sent).await)? {
        Ok(id) => Ok(Redirect::to(&format!("/submissions/{id}/edit?done=started")).into_response()),
        Err(problem) => {
            let mut response = page(&app, &visit, &me, &sent, Said::refused(&visit.texts, &problem)).await?;
            *response.status_mut() = problem.status;
            Ok(response)
        }
    }
}

/// Registers the lesson and starts its journey. Everything that can be asked beforehand is, so that no lesson is left behind
/// by a refused start.
async fn begin(app: &App, me: &Actor, sent: &Sent) -> Result<SubmissionId, Problem> {
    let mut faults = Vec::new();
    let campaign: Option<CampaignId> = known(sent, "campaign", &mut faults);
    let category: Option<CategoryId> = known(sent, "category", &mut faults);
    let organisation: Option<OrganisationId> = known(sent, "organisation", &mut faults);
    let (Some(campaign), Some(category), Some(organisation)) = (campaign, category, organisation) else {
        return Err(Problem::invalid(faults));
    };
    actions::may_start(app, campaign, category, organisation).await?;
    let fields = LessonFields { title: Some(sent.get("title").to_owned()), ..LessonFields::default() };
    let lesson = lessons::actions::register(app, me, organisation, fields).await?;
    actions::start(app, me, campaign, category, lesson).await
}

fn known<T: std::str::FromStr>(sent: &Sent, name: &'static str, faults: &mut Vec<FieldError>) -> Option<T> {
    let text = sent.get(name);
    let read = text.parse().ok();
    if read.is_none() {
        faults.push(FieldError::new(name, if text.is_empty() { "required" } else { "unknown" }, text, ""));
    }
    read
}
