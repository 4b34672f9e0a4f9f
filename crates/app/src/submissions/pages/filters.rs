//! What lists are narrowed to, kept in the address.

use super::reading::Reading;
use crate::campaigns::{Campaign, CampaignId, CampaignState, Campaigns, CategoryId};
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::submissions::State;
use crate::submissions::views::lists::FilterField;
use crate::submissions::views::{Choice, words};
use kernel::{Actor, OrganisationId};
use serde::Deserialize;

/// The filters of an address. A value that cannot be read narrows to nothing that exists, never to everything.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Narrowed {
    pub campaign: String,
    pub category: String,
    pub state: String,
    pub organisation: String,
    pub after: String,
    pub done: String,
}

/// A filter of the address: not set, or set to something, readable or not.
fn set<T: std::str::FromStr>(text: &str) -> Result<Option<T>, Problem> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| Problem::not_found()) }
}

impl Narrowed {
    pub fn campaign(&self) -> Result<Option<CampaignId>, Problem> {
        set(&self.campaign)
    }

    pub fn category(&self) -> Result<Option<CategoryId>, Problem> {
        set(&self.category)
    }

    pub fn organisation(&self) -> Result<Option<OrganisationId>, Problem> {
        set(&self.organisation)
    }

    pub fn state(&self) -> Result<Option<State>, Problem> {
        if self.state.is_empty() { Ok(None) } else { State::from_code(&self.state).map(Some).ok_or_else(Problem::not_found) }
    }

    /// Some filter is set.
    pub fn any(&self) -> bool {
        [&self.campaign, &self.category, &self.state, &self.organisation].into_iter().any(|f| !f.is_empty())
    }

    /// `path` with the filters and a position.
    pub fn address(&self, path: &str, after: &str) -> String {
        let pairs = [
            ("campaign", self.campaign.as_str()),
            ("category", &self.category),
            ("state", &self.state),
            ("organisation", &self.organisation),
            ("after", after),
        ];
        let set: Vec<_> = pairs.into_iter().filter(|(_, v)| !v.is_empty()).collect();
        let query: Vec<_> = set.into_iter().map(|(n, v)| format!("{n}={}", crate::web::percent_encode(v))).collect();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
    }
}

/// Campaigns that `actor` may see, the latest to open first, drafts left out.
pub(super) async fn campaigns(reading: &mut Reading<'_>, actor: &Actor) -> Result<Vec<Campaign>, Problem> {
    let runners = Campaigns(&mut reading.tx).runners().await?;
    let seen: Vec<_> = runners.into_iter().filter(|org| may(&reading.tree, actor, Action::SeeCampaign, *org)).collect();
    let mut found = Campaigns(&mut reading.tx).run_by(&seen, None).await?;
    found.retain(|c| c.state != CampaignState::Draft);
    Ok(found)
}

/// The filter for campaigns and, once one is chosen, for its categories.
pub(super) async fn campaign_fields(reading: &mut Reading<'_>, actor: &Actor, now: &Narrowed) -> Result<Vec<FilterField>, Problem> {
    let texts = reading.texts;
    let seen = campaigns(reading, actor).await?;
    let options = seen.iter().map(|c| Choice::new(c.id.to_string(), c.title.clone(), &now.campaign)).collect();
    let mut fields = vec![FilterField { name: "campaign", label: texts.s("field-campaign"), options }];
    if let Some(chosen) = seen.iter().find(|c| c.id.to_string() == now.campaign) {
        let call = reading.call(chosen.id).await?;
        let options = call.categories.iter().map(|c| Choice::new(c.id.to_string(), c.name.clone(), &now.category)).collect();
        fields.push(FilterField { name: "category", label: texts.s("field-category"), options });
    }
    Ok(fields)
}

/// The filter for states.
pub(super) fn state_field(reading: &Reading<'_>, now: &Narrowed) -> FilterField {
    let options = State::ALL.iter().map(|s| Choice::new(s.code(), words::state(reading.texts, *s), &now.state)).collect();
    FilterField { name: "state", label: reading.texts.s("field-state"), options }
}

/// The filter for organisations, when there are several and not too many.
pub(super) fn organisation_field(reading: &Reading<'_>, orgs: &[OrganisationId], now: &Narrowed) -> Option<FilterField> {
    const MOST: usize = 50;
    let options = || orgs.iter().map(|o| Choice::new(o.to_string(), reading.tree.name(*o), &now.organisation)).collect();
    let field = || FilterField { name: "organisation", label: reading.texts.s("field-organisation"), options: options() };
    (2..=MOST).contains(&orgs.len()).then(field)
}
