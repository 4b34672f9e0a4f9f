//! Everything about one submission that its page and its API resource show, read in one transaction.

use super::actions::{self, Case, places};
use super::rules::{self, Checklist, Difference, Move, depth_below, is_editable};
use super::{Approval, Award, Quota, Revision, SubmissionId, Submissions};
use crate::campaigns::{CampaignId, Campaigns};
use crate::lessons::{Lesson, Lessons};
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::recordings::{Material, Recordings};
use crate::state::App;
use kernel::{Actor, OrganisationId};

/// One submission with all that belongs to it.
#[derive(Debug)]
pub struct Dossier {
    /// The submission, its hops, its campaign and the gates before it.
    pub case: Case,
    /// The work as it is now.
    pub lesson: Lesson,
    /// Its current files.
    pub materials: Vec<Material>,
    /// What is still missing.
    pub checklist: Checklist,
    /// Everything that was handed in, the oldest first.
    pub revisions: Vec<Revision>,
    /// Approvals of the newest revision.
    pub approvals: Vec<Approval>,
    /// What the campaign gave to it.
    pub award: Option<Award>,
    /// What the reader could do now.
    pub options: Vec<Move>,
    /// Whether the reader may change the work now.
    pub editable: bool,
    /// Whether the reader gives the verdicts of the holder, were it the time for it.
    pub reviews: bool,
}

impl Dossier {
    /// What the newest revision changed against the one that was returned last, or else the one before it.
    pub fn difference(&self) -> Option<Difference> {
        let newest = self.revisions.last()?;
        let returned = self.case.hops.iter().rev().find(|h| h.verdict == Some(super::Verdict::Returned) && h.revision < newest.number);
        let before = returned.map_or(newest.number - 1, |hop| hop.revision);
        self.revisions.iter().find(|r| r.number == before).map(|old| rules::diff(old, newest))
    }
}

/// The dossier of `id` for `actor`. A fixed number of queries, whatever the journey.
///
/// # Errors
///
/// 404 for someone who may not know of it.
pub async fn dossier(app: &App, actor: &Actor, id: SubmissionId) -> Result<Dossier, Problem> {
    let mut tx = app.db.read().await?;
    let case = actions::read(app, &mut tx, actor, id).await?;
    let (lesson_id, revision) = (case.submission.lesson, case.submission.revision);
    let lesson = Lessons(&mut tx).find(lesson_id).await?.ok_or_else(|| Problem::internal("a submission whose lesson is gone"))?;
    let materials = Recordings(&mut tx).current(lesson_id).await?;
    let revisions = Submissions(&mut tx).revisions(id).await?;
    let approvals = Submissions(&mut tx).approvals(id, revision).await?;
    let award = Submissions(&mut tx).award(id).await?;
    let checklist = rules::checklist(&case.call, case.category()?, &lesson, &materials, &case.submission.consents);
    let edits = may(&case.tree, actor, Action::EditLesson, case.submission.organisation);
    let editable = edits && is_editable(&case.call.campaign, case.submission.state);
    let reviews = case.standing().reviews(actor);
    let options = case.standing().options(actor);
    Ok(Dossier { case, lesson, materials, checklist, revisions, approvals, award, options, editable, reviews })
}

/// What changed between two revisions.
///
/// # Errors
///
/// 404 when there is no such revision, or the submission may not be known.
pub async fn difference(app: &App, actor: &Actor, id: SubmissionId, from: i64, to: i64) -> Result<Difference, Problem> {
    let mut tx = app.db.read().await?;
    actions::by_id(app, &mut tx, actor, id).await?;
    let old = Submissions(&mut tx).revision(id, from).await?.ok_or_else(Problem::not_found)?;
    let new = Submissions(&mut tx).revision(id, to).await?.ok_or_else(Problem::not_found)?;
    Ok(rules::diff(&old, &new))
}

/// Places that `holder` has and has taken in each category of a campaign, by the rules as they are now.
///
/// # Errors
///
/// 404 for someone who may not see what is not public of `holder`.
pub async fn quotas(app: &App, actor: &Actor, holder: OrganisationId, campaign: CampaignId) -> Result<Vec<Quota>, Problem> {
    let tree = app.tree.load_full();
    if !may(&tree, actor, Action::SeeUnpublished, holder) {
        return Err(Problem::hidden());
    }
    let mut tx = app.db.read().await?;
    let call = Campaigns(&mut tx).call(campaign).await?.ok_or_else(Problem::not_found)?;
    let depth = depth_below(&tree, call.campaign.organisation, holder).ok_or_else(Problem::not_found)?;
    let used = Submissions(&mut tx).used_places(holder, campaign).await?;
    let mut quotas = Vec::new();
    for category in &call.categories {
        let taken = used.iter().find(|q| q.category == category.id).map_or(0, |q| q.used);
        let there = match call.quota(category.id, depth) {
            Some(rule) => Some(places(&mut tx, &tree, rule, holder).await?),
            None => None,
        };
        quotas.push(Quota { category: category.id, places: there, used: taken });
    }
    Ok(quotas)
}
