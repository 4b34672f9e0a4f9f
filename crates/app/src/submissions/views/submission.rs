//! One submission: where it is, what was handed in, what can be done now; and the preview before it is handed in.

use super::diff::Change;
use super::journey::HopLine;
use super::player::PlayerView;
use super::{Answer, ChecklistView, Choice, FileLine, Said, Step};
use crate::campaigns::CampaignId;
use crate::i18n::Texts;
use crate::submissions::SubmissionId;
use crate::submissions::rules::Move;
use crate::web::Page;
use askama::Template;

/// The page of one submission.
#[derive(Debug, Template)]
#[template(path = "submissions/views/submission.html")]
pub struct SubmissionPage {
    /// The frame.
    pub p: Page,
    /// What was just done.
    pub said: Said,
    /// Of the lesson.
    pub title: String,
    /// Code of the state.
    pub state: &'static str,
    /// The state in words.
    pub badge: String,
    /// The campaign, for the breadcrumb.
    pub campaign_id: CampaignId,
    /// Its title.
    pub campaign: String,
    /// Lecturer, organisation, category.
    pub facts: Vec<String>,
    /// Where it is and what that means; empty for nothing to say.
    pub standing: String,
    /// A second sentence.
    pub standing_text: String,
    /// The recording of the chosen revision.
    pub player: PlayerView,
    /// The recordings of the chosen revision: links.
    pub recordings: Vec<Choice>,
    /// The fields.
    pub answers: Vec<Answer>,
    /// The files.
    pub files: Vec<FileLine>,
    /// Which two revisions stand beside each other.
    pub diff_title: String,
    /// What changed.
    pub changes: Vec<Change>,
    /// Newest first.
    pub revisions: Vec<RevisionLine>,
    /// What the reader may do now.
    pub moves: Vec<Act>,
    /// The version that this page shows.
    pub version: i64,
    /// The way so far.
    pub hops: Vec<HopLine>,
    /// Who cleared it.
    pub approvals: Vec<Step>,
}

/// One revision.
#[derive(Debug, Clone)]
pub struct RevisionLine {
    /// The page with this revision.
    pub href: String,
    /// It is the one shown.
    pub current: bool,
    /// Which.
    pub title: String,
    /// When, by whom.
    pub meta: String,
    /// Number of its receipt.
    pub receipt: String,
}

/// Something the reader may do now.
#[derive(Debug, Clone)]
pub struct Act {
    /// Where it is done.
    pub href: String,
    /// By a form rather than a link.
    pub post: bool,
    /// Its words.
    pub label: String,
    /// Name of its icon.
    pub icon: &'static str,
    /// A class of its own, with a blank before it.
    pub look: &'static str,
    /// What will happen, for what is asked first; empty otherwise.
    pub confirm: String,
    /// It needs a reason in words: the question; empty otherwise.
    pub why: String,
}

impl Act {
    /// How `mv` is offered on the page of a submission; none for what has a page of its own.
    pub fn of(texts: &Texts, mv: Move, id: SubmissionId) -> Option<Self> {
        let label = texts.s(&format!("move-{}", super::words::dashed(mv.code())));
        let (href, post, icon, look, confirm) = match mv {
            Move::Submit | Move::Resubmit => (format!("/submissions/{id}/submit"), false, "send", " button-primary", None),
            Move::PullBack => (format!("/submissions/{id}/pull-back"), true, "undo-2", "", Some("pull-back-consequence")),
            Move::Withdraw => (format!("/submissions/{id}/withdrawal"), true, "x", " button-danger", Some("withdraw-consequence")),
            Move::Recommend | Move::Select => (format!("/review/{id}"), false, "clipboard-check", " button-primary", None),
            Move::Publish => (format!("/clearance/{id}"), false, "badge-check", " button-primary", None),
            Move::Unpublish => (format!("/clearance/{id}"), false, "undo-2", "", None),
            Move::Return | Move::Keep | Move::Reject => return None,
        };
        let label = if matches!(mv, Move::Recommend | Move::Select) { texts.s("move-review") } else { label };
        let why = if mv == Move::Withdraw { texts.s("withdraw-why") } else { String::new() };
        Some(Self { href, post, label, icon, look, confirm: confirm.map(|key| texts.s(key)).unwrap_or_default(), why })
    }

    /// The way to the editor.
    pub fn edit(texts: &Texts, id: SubmissionId) -> Self {
        let href = format!("/submissions/{id}/edit");
        Self { href, post: false, label: texts.s("edit"), icon: "pencil", look: "", confirm: String::new(), why: String::new() }
    }
}

/// The preview before handing in.
#[derive(Debug, Template)]
#[template(path = "submissions/views/confirm.html")]
pub struct ConfirmPage {
    /// The frame.
    pub p: Page,
    /// Why it was not taken.
    pub said: Said,
    /// The submission.
    pub id: SubmissionId,
    /// Of the lesson.
    pub crumb: String,
    /// What this page is.
    pub lead: String,
    /// As a reviewer will see it.
    pub player: PlayerView,
    /// As a reviewer will see them.
    pub answers: Vec<Answer>,
    /// With their hashes.
    pub files: Vec<FileLine>,
    /// What is still missing.
    pub checklist: ChecklistView,
    /// Nothing is missing and the time is right.
    pub complete: bool,
    /// What handing in does.
    pub consequence: String,
    /// The version that this page shows.
    pub version: i64,
}

/// Choosing a campaign and a category for a new submission.
#[derive(Debug, Template)]
#[template(path = "submissions/views/new.html")]
pub struct NewPage {
    /// The frame.
    pub p: Page,
    /// Why it was refused.
    pub said: Said,
    /// Campaigns that the reader can take part in.
    pub campaigns: Vec<super::desk::OpenCampaign>,
    /// The form, once a campaign is chosen.
    pub chosen: Option<NewForm>,
}

/// The form of a new submission.
#[derive(Debug, Clone)]
pub struct NewForm {
    /// The chosen campaign.
    pub campaign: CampaignId,
    /// What people call it.
    pub campaign_title: String,
    /// What it is about.
    pub theme: String,
    /// Until when it takes lessons.
    pub stage: String,
    /// As typed so far.
    pub title: String,
    /// What can be chosen.
    pub categories: Vec<Choice>,
    /// Where the reader may register lessons; empty when there are too many for a list.
    pub organisations: Vec<Choice>,
    /// The chosen organisation.
    pub organisation: String,
    /// Its name as typed.
    pub organisation_text: String,
}
