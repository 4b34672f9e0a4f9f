//! Clearance: several people look at what was selected before it is public.

use super::journey::HopLine;
use super::player::PlayerView;
use super::{Answer, Choice, FileLine, Said, Step};
use crate::i18n::Texts;
use crate::submissions::{Approval, SubmissionId};
use crate::web::Page;
use askama::Template;

/// The page.
#[derive(Debug, Template)]
#[template(path = "submissions/views/clearance.html")]
pub struct ClearancePage {
    /// The frame.
    pub p: Page,
    /// What was just done, or why not.
    pub said: Said,
    /// The submission.
    pub id: SubmissionId,
    /// Of the lesson.
    pub title: String,
    /// Code of the state.
    pub state: &'static str,
    /// The state in words.
    pub badge: String,
    /// Lecturer, organisation, category.
    pub facts: Vec<String>,
    /// The recording.
    pub player: PlayerView,
    /// The fields.
    pub answers: Vec<Answer>,
    /// With their hashes.
    pub files: Vec<FileLine>,
    /// "2 of 3 approvals".
    pub progress: String,
    /// One for each approval.
    pub steps: Vec<Step>,
    /// The reader can give the next one.
    pub may_approve: bool,
    /// Why not, if the reader might expect to.
    pub why_not: String,
    /// What the approval does.
    pub consequence: String,
    /// What the campaign gave to it.
    pub award: AwardView,
    /// The reader can take it from the library.
    pub may_unpublish: bool,
    /// The version that this page shows.
    pub version: i64,
    /// The way so far.
    pub hops: Vec<HopLine>,
}

/// The award of a submission.
#[derive(Debug)]
pub struct AwardView {
    /// Its level in words; empty without one.
    pub name: String,
    /// What the reader may give; nothing when the reader may not.
    pub options: Vec<Choice>,
}

/// One step for each of `wanted` approvals; `given` come with the names of those who gave them.
pub fn steps(texts: &Texts, given: &[(Approval, String)], wanted: i64) -> Vec<Step> {
    let step = |n: i64| {
        let name = approval_name(texts, n, wanted);
        match given.iter().find(|(a, _)| a.step == n) {
            Some((approval, who)) => {
                let note = approval.note.as_deref().filter(|n| !n.is_empty()).map(|n| format!(" · {n}")).unwrap_or_default();
                Step::new("done", name, String::new(), format!("{who} · {}{note}", texts.time(approval.created_at)))
            }
            None => Step::new("missing", name, String::new(), texts.s("approval-open")),
        }
    };
    (1..=wanted).map(step).collect()
}

fn approval_name(texts: &Texts, n: i64, wanted: i64) -> String {
    match n {
        _ if n == wanted => texts.s("approval-final"),
        1 => texts.s("approval-first"),
        _ => texts.with("approval-nth", "n", n),
    }
}
