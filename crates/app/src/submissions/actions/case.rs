//! One submission with everything that a decision about it needs, and the refusals that name it.

use crate::campaigns::rules::gate;
use crate::campaigns::{Call, Campaign, Campaigns, Category, Extension, StageKind};
use crate::db::Tx;
use crate::organisations::Tree;
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::rules::{Gates, Move, Standing, Untimely, depth_below, may_see};
use crate::submissions::{Hop, State, Submission, SubmissionId, Submissions};
use jiff::ZonedDateTime;
use jiff::tz::TimeZone;
use kernel::{Actor, Timestamp};
use std::sync::Arc;

/// A submission in its surroundings, all read in one transaction.
#[derive(Debug)]
pub struct Case {
    /// The submission.
    pub submission: Submission,
    /// Its journey so far.
    pub hops: Vec<Hop>,
    /// The campaign with everything in it.
    pub call: Call,
    /// The gates before it.
    pub gates: Gates,
    /// The tree as it is now.
    pub tree: Arc<Tree>,
    /// The time now.
    pub now: Timestamp,
}

impl Case {
    /// What the rules want to know.
    pub fn standing(&self) -> Standing<'_> {
        Standing {
            tree: &self.tree,
            campaign: &self.call.campaign,
            narrowed: &self.call.narrowed,
            submission: &self.submission,
            hops: &self.hops,
            gates: self.gates,
            now: self.now,
        }
    }

    /// Its category.
    pub fn category(&self) -> Result<&Category, Problem> {
        self.call.category(self.submission.category).ok_or_else(|| Problem::internal("a submission whose category is gone"))
    }

    /// The hop that waits for a verdict.
    pub fn open_hop(&self) -> Option<&Hop> {
        self.hops.last().filter(|hop| hop.is_open())
    }

    /// The state after `mv`, if it is the version that was seen, leads somewhere, the actor may and it is the time for it.
    ///
    /// The version is asked first: someone whose right went on with the submission came late and did no wrong.
    pub fn after(&self, actor: &Actor, seen: i64, mv: Move) -> Result<State, Problem> {
        self.unmoved(actor, seen)?;
        let standing = self.standing();
        if !standing.may(actor, mv) {
            return Err(Problem::forbidden());
        }
        let state = self.submission.state.after(mv).map_err(|_| self.conflict(actor, "not-possible"))?;
        standing.timely(mv).map_err(|why| untimely(&self.call.campaign, why))?;
        Ok(state)
    }

    /// Refuses when it is no longer the version that was seen.
    pub fn unmoved(&self, actor: &Actor, seen: i64) -> Result<(), Problem> {
        if self.submission.version == seen { Ok(()) } else { Err(self.conflict(actor, "moved-meanwhile")) }
    }

    /// 409 with the state as it is now and what the reader may do.
    pub fn conflict(&self, actor: &Actor, code: &'static str) -> Problem {
        let options: Vec<_> = self.standing().options(actor).into_iter().map(Move::code).collect();
        Problem::conflict(code)
            .with("state", self.submission.state.code())
            .with("holder", self.submission.holder)
            .with("version", self.submission.version)
            .with("may", options.join(", "))
    }
}

/// Why it is not the time, in the words of a problem; instants in the time zone of the campaign.
pub(super) fn untimely(campaign: &Campaign, why: Untimely) -> Problem {
    let zone = TimeZone::get(&campaign.zone).unwrap_or(TimeZone::UTC);
    let local = |at: Timestamp| ZonedDateTime::new(at.to_jiff(), zone).strftime("%Y-%m-%d %H:%M (UTC%:z)").to_string();
    match why {
        Untimely::CampaignNotOpen => Problem::conflict("call-not-open"),
        Untimely::NotYet(at) => Problem::conflict("stage-not-yet").with("at", local(at)),
        Untimely::Over(at) => Problem::conflict("stage-over").with("at", local(at)),
        Untimely::Opened => Problem::conflict("already-opened"),
    }
}

/// The case of `id` for `actor`, its row locked until the commit.
///
/// # Errors
///
/// 404 for someone who may not know of it.
pub(super) async fn locked(app: &App, tx: &mut Tx, actor: &Actor, id: SubmissionId) -> Result<Case, Problem> {
    Submissions(tx).lock(&[id]).await?;
    read(app, tx, actor, id).await
}

/// The case of `id` for `actor`.
///
/// # Errors
///
/// 404 for someone who may not know of it.
pub(in crate::submissions) async fn read(app: &App, tx: &mut Tx, actor: &Actor, id: SubmissionId) -> Result<Case, Problem> {
    let submission = by_id(app, tx, actor, id).await?;
    let tree = app.tree.load_full();
    let call = Campaigns(tx).call(submission.campaign).await?.ok_or_else(|| Problem::internal("a submission whose campaign is gone"))?;
    let hops = Submissions(tx).hops(id).await?;
    let own = Campaigns(tx).extensions(submission.campaign, submission.organisation).await?;
    let holders = Campaigns(tx).extensions(submission.campaign, submission.holder).await?;
    let depth = depth_below(&tree, call.campaign.organisation, submission.holder).unwrap_or(0);
    let now = app.clock.now();
    let of = |extensions: &[Extension], kind| gate(&call.stages, extensions, kind, depth, now);
    let gates = Gates { submit: of(&own, StageKind::Submit), review: of(&holders, StageKind::Review) };
    Ok(Case { submission, hops, call, gates, tree, now })
}

/// The submission alone, when `actor` may know of it.
///
/// # Errors
///
/// 404 for everybody else.
pub(in crate::submissions) async fn by_id(app: &App, tx: &mut Tx, actor: &Actor, id: SubmissionId) -> Result<Submission, Problem> {
    let found = Submissions(tx).find(id).await?.ok_or_else(Problem::not_found)?;
    let known = may_see(&app.tree.load(), actor, found.organisation, found.submitted_at.is_some());
    if known { Ok(found) } else { Err(Problem::hidden()) }
}
