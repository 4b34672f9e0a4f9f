//! Questions: who may ask and vote, and the one function that moves them.

use crate::rooms::QuestionState;
use kernel::AccountId;

/// Characters of a question.
pub const QUESTION: usize = 500;
/// Characters of a written answer.
pub const ANSWER: usize = 2_000;
/// Questions of one person to one lesson that wait for an answer.
pub const OPEN_QUESTIONS: i64 = 5;

/// What happens to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// A moderator lets everybody see it.
    Approve,
    /// It is answered, aloud or in writing; a written answer may follow a spoken one.
    Answer,
    /// Another question asks the same.
    Merge,
    /// A moderator takes it away.
    Remove,
}

/// The step does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{signal:?} is not possible from {from:?}")]
pub struct NotPossible {
    /// The state it was in.
    pub from: QuestionState,
    /// What was to happen.
    pub signal: Signal,
}

impl QuestionState {
    /// The state after `signal`. What is done already may be done again and changes nothing.
    ///
    /// # Errors
    ///
    /// [`NotPossible`]
    pub fn after(self, signal: Signal) -> Result<Self, NotPossible> {
        use QuestionState::{Answered, Merged, Removed, Shown, Waiting};
        Ok(match (self, signal) {
            (Waiting | Shown, Signal::Approve) => Shown,
            (Waiting | Shown | Answered, Signal::Answer) => Answered,
            (Waiting | Shown | Merged, Signal::Merge) => Merged,
            (_, Signal::Remove) => Removed,
            (from, signal) => return Err(NotPossible { from, signal }),
        })
    }

    /// Whether figures count it: moderators let it through, by itself or as one that asks the same.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Shown | Self::Answered | Self::Merged)
    }

    /// Whether another question may be merged into one in this state.
    pub const fn takes_others(self) -> bool {
        matches!(self, Self::Waiting | Self::Shown | Self::Answered)
    }
}

/// Whether `voter` may say that a question of `asker` interests him too.
pub fn may_vote(state: QuestionState, asker: AccountId, voter: AccountId) -> bool {
    state == QuestionState::Shown && asker != voter
}

#[cfg(test)]
mod tests {
    use super::*;
    use QuestionState::{Answered, Merged, Removed, Shown, Waiting};
    use Signal::{Answer, Approve, Merge, Remove};
    use kernel::Id;
    use proptest::prelude::*;

    #[test]
    fn steps_follow_the_table() {
        let table = [
            (Waiting, Approve, Some(Shown)),
            (Shown, Approve, Some(Shown)),
            (Answered, Approve, None),
            (Merged, Approve, None),
            (Removed, Approve, None),
            (Waiting, Answer, Some(Answered)),
            (Shown, Answer, Some(Answered)),
            (Answered, Answer, Some(Answered)),
            (Merged, Answer, None),
            (Removed, Answer, None),
            (Waiting, Merge, Some(Merged)),
            (Shown, Merge, Some(Merged)),
            (Answered, Merge, None),
            (Merged, Merge, Some(Merged)),
            (Removed, Merge, None),
            (Waiting, Remove, Some(Removed)),
            (Answered, Remove, Some(Removed)),
            (Removed, Remove, Some(Removed)),
        ];
        for (from, signal, want) in table {
            assert_eq!(from.after(signal).ok(), want, "{from:?} then {signal:?}");
        }
    }

    #[test]
    fn votes_follow_the_table() {
        let (li, wang) = (Id::from_u128(1), Id::from_u128(2));
        for state in QuestionState::ALL {
            assert_eq!(may_vote(*state, li, wang), *state == Shown, "{state:?}");
            assert!(!may_vote(*state, li, li), "nobody votes for his own");
        }
    }

    proptest! {
        /// Whatever moderators do in whatever order: what was taken away stays away, and what was answered is not forgotten.
        #[test]
        fn no_history_brings_back_what_was_removed(signals in prop::collection::vec(prop::sample::select(vec![Approve, Answer, Merge, Remove]), 0..30)) {
            let mut state = Waiting;
            for signal in signals {
                let Ok(next) = state.after(signal) else { continue };
                prop_assert!(state != Removed || next == Removed);
                prop_assert!(state != Answered || matches!(next, Answered | Removed));
                prop_assert!(next != Waiting || state == Waiting);
                state = next;
            }
        }
    }
}
