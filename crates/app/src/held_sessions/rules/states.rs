//! Where a held session stands, and the one function that moves it.

/// A state; its code is what tables and the API call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Recorded or corrected; waits to be verified.
    Registered,
    /// The superior found it right.
    Verified,
    /// The superior wants it corrected.
    Returned,
    /// It was none: kept, and counted nowhere.
    Void,
}

/// What can happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// The recorder changes what was recorded.
    Correct,
    /// The superior finds it right.
    Verify,
    /// The superior wants it corrected.
    Return,
    /// The superior finds that it was none.
    Void,
}

/// A move that a state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{mv:?} is not possible from {from:?}")]
pub struct NotPossible {
    /// Where it stands.
    pub from: State,
    /// What was wanted.
    pub mv: Move,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Registered, Self::Verified, Self::Returned, Self::Void];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Verified => "verified",
            Self::Returned => "returned",
            Self::Void => "void",
        }
    }

    /// Reads [`State::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether figures count it.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Registered | Self::Verified)
    }

    /// The state after `mv`.
    ///
    /// # Errors
    ///
    /// [`NotPossible`]: verdicts are for what waits, and nothing moves what is void.
    pub const fn after(self, mv: Move) -> Result<Self, NotPossible> {
        match (self, mv) {
            (Self::Registered | Self::Verified | Self::Returned, Move::Correct) => Ok(Self::Registered),
            (Self::Registered, Move::Verify) => Ok(Self::Verified),
            (Self::Registered, Move::Return) => Ok(Self::Returned),
            (Self::Registered, Move::Void) => Ok(Self::Void),
            (from, mv) => Err(NotPossible { from, mv }),
        }
    }
}

impl Move {
    /// The verdicts, in the order of their buttons.
    pub const VERDICTS: [Self; 3] = [Self::Verify, Self::Return, Self::Void];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Correct => "correct",
            Self::Verify => "verify",
            Self::Return => "return",
            Self::Void => "void",
        }
    }

    /// Reads the [`Move::code`] of a verdict.
    pub fn verdict(code: &str) -> Option<Self> {
        Self::VERDICTS.into_iter().find(|mv| mv.code() == code)
    }

    /// Whether it says why.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Return | Self::Void)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f4_moves_follow_the_table() {
        use Move::{Correct, Return, Verify};
        use State::{Registered, Returned, Verified};
        let table = [
            (Registered, Correct, Some(Registered)),
            (Registered, Verify, Some(Verified)),
            (Registered, Return, Some(Returned)),
            (Registered, Move::Void, Some(State::Void)),
            (Verified, Correct, Some(Registered)),
            (Verified, Verify, None),
            (Verified, Return, None),
            (Verified, Move::Void, None),
            (Returned, Correct, Some(Registered)),
            (Returned, Verify, None),
            (Returned, Return, None),
            (Returned, Move::Void, None),
            (State::Void, Correct, None),
            (State::Void, Verify, None),
            (State::Void, Return, None),
            (State::Void, Move::Void, None),
        ];
        for (from, mv, want) in table {
            assert_eq!(from.after(mv).ok(), want, "{from:?} then {mv:?}");
        }
        assert!(State::ALL.iter().all(|state| State::from_code(state.code()) == Some(*state)));
        assert_eq!(State::ALL.map(State::counts), [true, true, false, false]);
    }
}
