//! Who may make which move, and whether its time has come.

use super::{Move, Sender, sender};
use crate::campaigns::narrowing::{Narrowed, leaves};
use crate::campaigns::rules::Gate;
use crate::campaigns::{Campaign, CampaignState};
use crate::organisations::{Action, Tree, may};
use crate::submissions::{Hop, State, Submission};
use kernel::{Actor, OrganisationId, Role, Timestamp};

/// The gates that stand before a submission now.
#[derive(Debug, Clone, Copy)]
pub struct Gates {
    /// For its owner.
    pub submit: Gate,
    /// For its holder.
    pub review: Gate,
}

/// Why a move is not made now, though it leads somewhere and the actor may make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untimely {
    /// The campaign is being written or is over.
    CampaignNotOpen,
    /// The stage begins later.
    NotYet(Timestamp),
    /// The stage is over; an extension would help.
    Over(Timestamp),
    /// A reviewer has opened it.
    Opened,
}

/// Everything a decision about one submission needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The tree as it is now.
    pub tree: &'a Tree,
    /// The campaign.
    pub campaign: &'a Campaign,
    /// Who alone acts in it.
    pub narrowed: &'a [Narrowed],
    /// The submission.
    pub submission: &'a Submission,
    /// Its hops, in the order of their numbers.
    pub hops: &'a [Hop],
    /// The gates before it.
    pub gates: Gates,
    /// The time now.
    pub now: Timestamp,
}

impl Standing<'_> {
    /// Whether `actor` may make `mv` at all, whatever the state and the time.
    pub fn may(&self, actor: &Actor, mv: Move) -> bool {
        let (action, organisation) = match mv {
            Move::Submit | Move::Resubmit | Move::Withdraw => (Action::EditLesson, self.submission.organisation),
            Move::Recommend | Move::Select | Move::Return | Move::Keep | Move::Reject => (Action::Review, self.submission.holder),
            Move::PullBack => match sender(self.hops) {
                Sender::Owner(_) => (Action::EditLesson, self.submission.organisation),
                Sender::Organisation(below) => (Action::Review, below),
            },
            Move::Publish | Move::Unpublish => (Action::Publish, self.campaign.organisation),
        };
        may_in(self.tree, self.narrowed, actor, action, organisation)
    }

    /// Whether `actor` gives the holder's verdicts, were it the time for it.
    pub fn reviews(&self, actor: &Actor) -> bool {
        may_in(self.tree, self.narrowed, actor, Action::Review, self.submission.holder)
    }

    /// Whether it is the time for `mv`.
    pub fn timely(&self, mv: Move) -> Result<(), Untimely> {
        let open = self.campaign.state == CampaignState::Open;
        match mv {
            Move::Publish | Move::Unpublish => Ok(()),
            _ if !open => Err(Untimely::CampaignNotOpen),
            Move::Submit => through(self.gates.submit),
            Move::PullBack if self.hops.last().is_some_and(|hop| hop.opened_at.is_some()) => Err(Untimely::Opened),
            Move::PullBack | Move::Withdraw if self.now >= self.campaign.closes_at => Err(Untimely::Over(self.campaign.closes_at)),
            Move::PullBack | Move::Withdraw => Ok(()),
            _ => through(self.gates.review),
        }
    }

    /// The moves that `actor` could make now, in their natural order.
    pub fn options(&self, actor: &Actor) -> Vec<Move> {
        let top = self.submission.holder == self.campaign.organisation;
        let wrong_end = if top { Move::Recommend } else { Move::Select };
        let fits =
            |mv: &Move| *mv != wrong_end && self.submission.state.after(*mv).is_ok() && self.may(actor, *mv) && self.timely(*mv).is_ok();
        Move::ALL.into_iter().filter(fits).collect()
    }
}

/// Whether `actor` may do `action` to `organisation` in a campaign: the tree grants it, and the campaign leaves it to him (A5).
pub fn may_in(tree: &Tree, narrowed: &[Narrowed], actor: &Actor, action: Action, organisation: OrganisationId) -> bool {
    let left = |role| leaves(narrowed, actor, role, organisation);
    let left = match action {
        Action::Review => left(Role::Reviewer),
        Action::Publish => left(Role::Editor),
        _ => true,
    };
    left && may(tree, actor, action, organisation)
}

/// Whether the gate lets something through now.
pub fn through(gate: Gate) -> Result<(), Untimely> {
    match gate {
        Gate::Open { .. } | Gate::Grace { .. } => Ok(()),
        Gate::NotYet { opens_at } => Err(Untimely::NotYet(opens_at)),
        Gate::Closed { at } => Err(Untimely::Over(at)),
    }
}

/// Whether `actor` may know of the submission: from its first hand-in on everybody who sees the unpublished work of its
/// organisation, before that only those who may work on it.
pub fn may_see(tree: &Tree, actor: &Actor, organisation: OrganisationId, submitted: bool) -> bool {
    let sees = may(tree, actor, Action::SeeUnpublished, organisation);
    sees && (submitted || may(tree, &unscoped(actor), Action::EditLesson, organisation))
}

/// The same rights without the limits of a token: a token that only reads shows its owner's drafts.
pub fn unscoped(actor: &Actor) -> Actor {
    Actor { scopes: None, ..actor.clone() }
}

/// Whether the owner may change the work now.
pub fn is_editable(campaign: &Campaign, state: State) -> bool {
    campaign.state == CampaignState::Open && state.is_editable()
}
