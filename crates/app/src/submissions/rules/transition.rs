//! The one function that moves a state.

use crate::submissions::{Hop, State, Verdict};
use kernel::OrganisationId;
use serde::{Deserialize, Serialize};

/// Everything that can be done to a submission that changes where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// The owner hands it in.
    Submit,
    /// The owner hands it in again after a return.
    Resubmit,
    /// The holder sends it to its superior.
    Recommend,
    /// The organisation that runs the campaign chooses it.
    Select,
    /// The holder sends it back with a reason.
    Return,
    /// The holder keeps it.
    Keep,
    /// The holder refuses it.
    Reject,
    /// The sender takes it back unopened.
    PullBack,
    /// The owner gives it up.
    Withdraw,
    /// The last approval.
    Publish,
    /// It leaves the public library.
    Unpublish,
}

impl Move {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Submit,
        Self::Resubmit,
        Self::Recommend,
        Self::Select,
        Self::Return,
        Self::Keep,
        Self::Reject,
        Self::PullBack,
        Self::Withdraw,
        Self::Publish,
        Self::Unpublish,
    ];

    /// The stable code; its words are [`Move::key`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Resubmit => "resubmit",
            Self::Recommend => "recommend",
            Self::Select => "select",
            Self::Return => "return",
            Self::Keep => "keep",
            Self::Reject => "reject",
            Self::PullBack => "pull_back",
            Self::Withdraw => "withdraw",
            Self::Publish => "publish",
            Self::Unpublish => "unpublish",
        }
    }

    /// The key of its words.
    pub fn key(self) -> String {
        format!("move-{}", self.code().replace('_', "-"))
    }
}

/// The move does not lead anywhere from this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{mv:?} is not possible from {from:?}")]
pub struct NotPossible {
    /// The state it is in.
    pub from: State,
    /// What was tried.
    pub mv: Move,
}

impl State {
    /// The state after `mv`. A pull-back ends where the sender stands, see [`sender`]; here it only is possible.
    pub fn after(self, mv: Move) -> Result<State, NotPossible> {
        use State::{Draft, InReview, Kept, Published, Rejected, Returned, Selected, Withdrawn};
        Ok(match (self, mv) {
            (Draft, Move::Submit) | (Returned, Move::Resubmit) | (InReview, Move::Recommend | Move::PullBack) => InReview,
            (InReview, Move::Select) | (Published, Move::Unpublish) => Selected,
            (InReview, Move::Return) => Returned,
            (InReview, Move::Keep) => Kept,
            (InReview, Move::Reject) => Rejected,
            (Draft | InReview | Returned | Kept | Selected, Move::Withdraw) => Withdrawn,
            (Selected, Move::Publish) => Published,
            (from, mv) => return Err(NotPossible { from, mv }),
        })
    }

    /// The owner may change the work.
    pub fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::Returned)
    }
}

/// Who put a submission on the desk where it lies, and so may take it back while it is unopened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// The owner, who had it in this state before.
    Owner(State),
    /// The organisation below, which recommended it.
    Organisation(OrganisationId),
}

/// The sender of the newest of `hops`, which are in the order of their numbers.
pub fn sender(hops: &[Hop]) -> Sender {
    match hops.iter().rev().nth(1) {
        Some(Hop { verdict: Some(Verdict::Recommended), holder, .. }) => Sender::Organisation(*holder),
        Some(Hop { verdict: Some(Verdict::Returned), .. }) => Sender::Owner(State::Returned),
        _ => Sender::Owner(State::Draft),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use State::{Draft, InReview, Kept, Published, Rejected, Returned, Selected, Withdrawn};

    #[test]
    fn moves_follow_the_table() {
        let table = [
            (Draft, Move::Submit, InReview),
            (Draft, Move::Withdraw, Withdrawn),
            (InReview, Move::Recommend, InReview),
            (InReview, Move::Select, Selected),
            (InReview, Move::Return, Returned),
            (InReview, Move::Keep, Kept),
            (InReview, Move::Reject, Rejected),
            (InReview, Move::PullBack, InReview),
            (InReview, Move::Withdraw, Withdrawn),
            (Returned, Move::Resubmit, InReview),
            (Returned, Move::Withdraw, Withdrawn),
            (Kept, Move::Withdraw, Withdrawn),
            (Selected, Move::Publish, Published),
            (Selected, Move::Withdraw, Withdrawn),
            (Published, Move::Unpublish, Selected),
        ];
        for from in State::ALL {
            for mv in Move::ALL {
                let want = table.iter().find(|(f, m, _)| (*f, *m) == (from, mv)).map(|(_, _, to)| *to).ok_or(NotPossible { from, mv });
                assert_eq!(from.after(mv), want, "{from:?} then {mv:?}");
            }
        }
    }

    #[test]
    fn codes_read_back() {
        for state in State::ALL {
            assert_eq!(State::from_code(state.code()), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.code());
        }
        for mv in Move::ALL {
            assert_eq!(serde_json::to_value(mv).unwrap(), mv.code());
        }
    }
}
