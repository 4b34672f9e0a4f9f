//! The order of recommendation, and verdicts for many at once.

use super::{Choice, QuotaView, Said};
use crate::campaigns::{CampaignId, CategoryId};
use crate::submissions::SubmissionId;
use crate::web::Page;
use askama::Template;

/// The ranking board.
#[derive(Debug, Template)]
#[template(path = "submissions/views/rank.html")]
pub struct RankPage {
    /// The frame.
    pub p: Page,
    /// What was just done.
    pub said: Said,
    /// Whose order this is.
    pub lead: String,
    /// Of which campaign.
    pub campaign_id: CampaignId,
    /// In which category.
    pub category_id: CategoryId,
    /// Its name.
    pub category: String,
    /// This board.
    pub back: String,
    /// Where scripts send the order.
    pub here: String,
    /// Where buttons move one.
    pub move_to: String,
    /// First the best.
    pub lines: Vec<RankLine>,
    /// The places there are.
    pub quota: Option<QuotaView>,
    /// What a batch can decide.
    pub verdicts: Vec<Choice>,
    /// Why.
    pub reasons: Vec<Choice>,
}

/// One entry of the board.
#[derive(Debug, Clone)]
pub struct RankLine {
    /// The submission.
    pub id: SubmissionId,
    /// Its place.
    pub number: usize,
    /// From here on there are no places.
    pub cut: bool,
    /// Of the lesson.
    pub title: String,
    /// Whose, and how it stands.
    pub facts: String,
    /// On the reserve list.
    pub reserve: bool,
}

/// What a batch would do.
#[derive(Debug, Template)]
#[template(path = "submissions/views/batch.html")]
pub struct BatchPage {
    /// The frame.
    pub p: Page,
    /// Why it was refused.
    pub said: Said,
    /// What will happen.
    pub lead: String,
    /// The board.
    pub back: String,
    /// Code of the verdict.
    pub verdict: String,
    /// One by one.
    pub lines: Vec<BatchLine>,
    /// Code of the reason, or empty.
    pub reason: String,
    /// The opinion in words.
    pub note: String,
    /// Reason and opinion as they will be read.
    pub reason_words: String,
    /// Stands for exactly this batch; empty when something is in the way.
    pub token: String,
    /// Words of the one confirmation.
    pub confirm: String,
}

/// One submission of a batch.
#[derive(Debug, Clone)]
pub struct BatchLine {
    /// Of the lesson.
    pub title: String,
    /// Whose.
    pub organisation: String,
    /// It can be done.
    pub possible: bool,
    /// What happens, or why nothing does.
    pub outcome: String,
}
