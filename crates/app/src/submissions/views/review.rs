//! The review page: queue, recording, answers, verdict.

use super::diff::Change;
use super::journey::HopLine;
use super::player::PlayerView;
use super::{Answer, Choice, FileLine, QuotaView, Said, words};
use crate::i18n::Texts;
use crate::submissions::rules::REASONS;
use crate::web::Page;
use askama::Template;

/// The page.
#[derive(Debug, Template)]
#[template(path = "submissions/views/review.html")]
pub struct ReviewPage {
    /// The frame.
    pub p: Page,
    /// What was just done, or why not.
    pub said: Said,
    /// Address of this page.
    pub here: String,
    /// How many wait.
    pub queue_title: String,
    /// The queue as a list, with its filters.
    pub queue_href: String,
    /// What waits.
    pub queue: Vec<QueueItem>,
    /// Why no verdict can be given now; empty when it can.
    pub closed: String,
    /// When it can.
    pub closed_text: String,
    /// The recording.
    pub player: PlayerView,
    /// Code of the state.
    pub state: &'static str,
    /// The state in words.
    pub badge: String,
    /// Category and the like.
    pub tags: Vec<String>,
    /// Of the lesson.
    pub title: String,
    /// Lecturer, organisation, revision.
    pub facts: Vec<String>,
    /// The fields.
    pub answers: Vec<Answer>,
    /// Since which return.
    pub diff_title: String,
    /// What changed since it was returned.
    pub changes: Vec<Change>,
    /// With their hashes.
    pub files: Vec<FileLine>,
    /// The way so far.
    pub hops: Vec<HopLine>,
    /// The places of the holder.
    pub quota: Option<QuotaView>,
    /// The places in a sentence.
    pub places_words: String,
    /// A verdict can be given now, by this reader.
    pub may_decide: bool,
    /// It can be kept.
    pub may_keep: bool,
    /// A place is left.
    pub may_recommend: bool,
    /// "Recommend to …", or "select" at the top.
    pub recommend_label: String,
    /// The verdict whose form stands open for readers without script; empty for none.
    pub asked: String,
    /// Verdicts that ask for a reason.
    pub asks: Vec<Ask>,
    /// Notes pinned to moments that were sent and refused.
    pub pinned: Vec<Pinned>,
    /// Under which key this browser keeps what is not sent yet: one reader, one stay of the submission.
    pub keep: String,
    /// The opinion as typed so far.
    pub opinion: String,
    /// The version that this page shows.
    pub version: i64,
}

/// One entry of the queue.
#[derive(Debug, Clone)]
pub struct QueueItem {
    /// Its review page.
    pub href: String,
    /// It is the one shown.
    pub current: bool,
    /// Of the lesson.
    pub title: String,
    /// Whose, in which category.
    pub facts: String,
    /// How long there is left; empty when that does not count.
    pub deadline: String,
    /// It deserves a colour.
    pub urgent: bool,
}

/// A note at a moment.
#[derive(Debug, Clone)]
pub struct Pinned {
    /// `3:12`.
    pub moment: String,
    /// In milliseconds.
    pub at_ms: i64,
    /// In whole seconds.
    pub second: i64,
    /// What to do.
    pub text: String,
}

/// A verdict that asks for a reason.
#[derive(Debug, Clone)]
pub struct Ask {
    /// `return` or `reject`.
    pub verdict: &'static str,
    /// Beginning of the ids of its fields.
    pub prefix: String,
    /// Its words.
    pub title: String,
    /// What it does.
    pub consequence: String,
    /// Key of the verdict bar.
    pub key: &'static str,
    /// As it is printed.
    pub key_label: &'static str,
    /// It cannot simply be undone.
    pub danger: bool,
    /// It names a date and remarks.
    pub with_due: bool,
    /// What it can be.
    pub reasons: Vec<Choice>,
    /// The opinion as typed so far.
    pub note: String,
    /// `2026-11-30T18:00`.
    pub due: String,
    /// In which zone the date is.
    pub zone: String,
    /// Rows for remarks on fields.
    pub remarks: Vec<RemarkRow>,
}

/// One row for a remark on a field.
#[derive(Debug, Clone)]
pub struct RemarkRow {
    /// What it can be about.
    pub fields: Vec<Choice>,
    /// What to do.
    pub text: String,
}

/// What was typed into the form of a verdict.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Code of the reason.
    pub reason: String,
    /// The opinion.
    pub note: String,
    /// The date.
    pub due: String,
    /// Field and words, row by row.
    pub remarks: Vec<(String, String)>,
}

/// Rows for remarks that a form without script has at least.
const REMARK_ROWS: usize = 3;
/// What a remark can be about.
const REMARK_FIELDS: [&str; 8] = ["title", "lecturer", "topic", "form", "abstract", "held_on", "chapters", "script"];

impl Ask {
    /// The form of a return.
    pub fn to_return(texts: &Texts, typed: &Typed, zone: &str) -> Self {
        let rows = (0..typed.remarks.len().max(REMARK_ROWS)).map(|n| row(texts, typed.remarks.get(n)));
        Self {
            with_due: true,
            zone: texts.with("return-due-zone", "zone", zone),
            remarks: rows.collect(),
            due: typed.due.clone(),
            ..Self::plain(texts, "return", ("b", "B"), typed)
        }
    }

    /// The form of a rejection.
    pub fn to_reject(texts: &Texts, typed: &Typed) -> Self {
        Self { danger: true, consequence: texts.s("reject-consequence"), ..Self::plain(texts, "reject", ("x", "X"), typed) }
    }

    fn plain(texts: &Texts, verdict: &'static str, (key, key_label): (&'static str, &'static str), typed: &Typed) -> Self {
        Self {
            verdict,
            prefix: format!("f-{verdict}"),
            title: texts.s(&format!("verdict-do-{verdict}")),
            consequence: String::new(),
            key,
            key_label,
            danger: false,
            with_due: false,
            reasons: REASONS.iter().map(|code| Choice::new(*code, words::coded(texts, "reason", code), &typed.reason)).collect(),
            note: typed.note.clone(),
            due: String::new(),
            zone: String::new(),
            remarks: Vec::new(),
        }
    }
}

fn row(texts: &Texts, typed: Option<&(String, String)>) -> RemarkRow {
    let (field, text) = typed.cloned().unwrap_or_default();
    RemarkRow { fields: REMARK_FIELDS.iter().map(|f| Choice::new(*f, words::field(texts, f), &field)).collect(), text }
}
