//! What a list of held sessions is narrowed to, as addresses say it.

use crate::deltas::Day;
use crate::held_sessions::actions::written;
use crate::held_sessions::{ListFilter, State, rules};
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};

/// The filters of an address; a value that cannot be read narrows to nothing that exists, never to everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct SessionFilter {
    /// Id of an organisation: its own held sessions and those of its subtree.
    pub organisation: String,
    /// `registered`, `verified`, `returned` or `void`.
    pub state: String,
    /// First day, `2026-11-01`.
    pub from: String,
    /// Last day, `2026-11-30`.
    pub to: String,
    /// Id of a campaign.
    pub campaign: String,
    /// Id or name of a lecturer.
    pub lecturer: String,
    /// Code of who spoke.
    pub lecturer_kind: String,
    /// Code of how it was told.
    pub form: String,
    /// Code of where it was.
    pub venue: String,
    /// Code of what it was about.
    pub topic: String,
}

impl SessionFilter {
    /// The organisation below which to look.
    pub fn organisation(&self) -> Result<Option<OrganisationId>, Problem> {
        let id = &self.organisation;
        if id.is_empty() { Ok(None) } else { id.parse().map(Some).map_err(|_| Problem::not_found()) }
    }

    /// Everything else, read.
    pub fn filter(&self) -> Result<ListFilter, Problem> {
        let text = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let state = text(&self.state).map(|code| State::from_code(&code).ok_or_else(Problem::not_found)).transpose()?;
        Ok(ListFilter {
            state,
            from: day("from", &self.from)?,
            to: day("to", &self.to)?,
            campaign: text(&self.campaign),
            lecturer: text(&self.lecturer),
            lecturer_kind: text(&self.lecturer_kind),
            form: text(&self.form),
            venue_kind: text(&self.venue),
            topic: text(&self.topic),
            unplanned: false,
        })
    }

    /// Every filter with its name, in the order of the form.
    pub fn pairs(&self) -> [(&'static str, &str); 10] {
        [
            ("organisation", &self.organisation),
            ("state", &self.state),
            ("from", &self.from),
            ("to", &self.to),
            ("campaign", &self.campaign),
            ("lecturer", &self.lecturer),
            ("lecturer_kind", &self.lecturer_kind),
            ("form", &self.form),
            ("venue", &self.venue),
            ("topic", &self.topic),
        ]
    }

    /// Some filter is set.
    pub fn any(&self) -> bool {
        self.pairs().iter().any(|(_, value)| !value.is_empty())
    }

    /// `path` with the filters and a position.
    pub fn address(&self, path: &str, after: &str) -> String {
        let set = self.pairs().into_iter().chain([("after", after)]).filter(|(_, value)| !value.is_empty());
        let query: Vec<_> = set.map(|(name, value)| format!("{name}={}", crate::web::percent_encode(value))).collect();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
    }
}

/// A day as a form writes it; none when it is empty.
///
/// # Errors
///
/// `invalid` with the field `name`.
pub fn day(name: &str, text: &str) -> Result<Option<Day>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let date: jiff::civil::Date = text.parse().map_err(|_| Problem::field(name, "day", text, "2026-11-20"))?;
    Ok(Some(Day::from(date)))
}

/// Which plans.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct WhichPlans {
    /// Id of an organisation: its own plans and those of its subtree.
    pub organisation: String,
    /// `2026-11`; the present month when it is empty.
    pub month: String,
}

impl WhichPlans {
    /// The organisation below which to look.
    pub fn organisation(&self) -> Result<Option<OrganisationId>, Problem> {
        SessionFilter { organisation: self.organisation.clone(), ..SessionFilter::default() }.organisation()
    }

    /// First and last day.
    pub fn days(&self, today: Day) -> Result<(Day, Day), Problem> {
        let present = written(today.month().into());
        let text = if self.month.is_empty() { &present } else { &self.month };
        let (first, last) = rules::month(text).ok_or_else(|| Problem::field("month", "month", text, "2026-11"))?;
        Ok((Day::from(first), Day::from(last)))
    }
}
