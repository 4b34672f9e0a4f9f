//! My desk: what waits for me, what is left of my places, which campaigns are open.

use super::{QuotaView, Said, WorkItem};
use crate::campaigns::rules::Gate;
use crate::campaigns::{Campaign, CampaignId};
use crate::i18n::Texts;
use crate::web::Page;
use askama::Template;
use kernel::Timestamp;

/// The page.
#[derive(Debug, Template)]
#[template(path = "submissions/views/desk.html")]
pub struct DeskPage {
    /// The frame.
    pub p: Page,
    /// What was just done.
    pub said: Said,
    /// By the time of day, with the reader's name.
    pub greeting: String,
    /// How much waits, and until when.
    pub summary: String,
    /// The reader may register lessons.
    pub may_register: bool,
    /// To review, to change, to clear; the nearest deadline first.
    pub waiting: Vec<WorkItem>,
    /// The queue holds more than is shown.
    pub more_to_review: bool,
    /// Drafts with what they lack.
    pub drafts: Vec<WorkItem>,
    /// Places left, per organisation and campaign.
    pub quotas: Vec<QuotaGroup>,
    /// Campaigns that take lessons now or will.
    pub campaigns: Vec<OpenCampaign>,
}

/// The places of one organisation in one campaign.
#[derive(Debug, Clone)]
pub struct QuotaGroup {
    /// Organisation and campaign.
    pub title: String,
    /// By category.
    pub quotas: Vec<QuotaView>,
}

/// A campaign that is open.
#[derive(Debug, Clone)]
pub struct OpenCampaign {
    /// For links.
    pub id: CampaignId,
    /// What people call it.
    pub title: String,
    /// What may be done until when.
    pub stage: String,
    /// RFC 3339; empty when nothing can be handed in.
    pub countdown: String,
    /// Days, hours, minutes, seconds with their units.
    pub left: Vec<(String, String)>,
    /// Lessons can be handed in now.
    pub may_submit: bool,
}

impl OpenCampaign {
    /// A campaign whose hand-in stands at `gate`.
    pub fn new(texts: &Texts, campaign: &Campaign, gate: Gate, now: Timestamp) -> Self {
        let until = match gate {
            Gate::Open { until } | Gate::Grace { until } => Some(until),
            Gate::NotYet { .. } | Gate::Closed { .. } => None,
        };
        Self {
            id: campaign.id,
            title: campaign.title.clone(),
            stage: super::words::gate(texts, gate, now),
            countdown: until.map(|u| u.to_string()).unwrap_or_default(),
            left: until.map(|u| parts(texts, u - now)).unwrap_or_default(),
            may_submit: gate.permits(),
        }
    }
}

fn parts(texts: &Texts, ms: i64) -> Vec<(String, String)> {
    let s = ms.max(0) / 1000;
    let all = [(s / 86_400, "unit-days"), (s / 3600 % 24, "unit-hours"), (s / 60 % 60, "unit-minutes"), (s % 60, "unit-seconds")];
    let two = |(n, (value, unit)): (usize, (i64, &str))| (if n == 0 { value.to_string() } else { format!("{value:02}") }, texts.s(unit));
    all.into_iter().enumerate().map(two).collect()
}
