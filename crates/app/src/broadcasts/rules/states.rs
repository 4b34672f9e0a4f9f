//! Where a broadcast stands, and what moves it.

use kernel::Timestamp;

/// Where a broadcast stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Announced; nothing is being sent.
    Planned,
    /// A publisher sends, and only the host sees it.
    Testing,
    /// Everybody sees it.
    OnAir,
    /// On air, and the publisher's link is gone.
    Dropped {
        /// Since when.
        since: Timestamp,
    },
    /// Over.
    Ended,
    /// Called off before it began.
    Cancelled,
}

/// What happens to a broadcast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// A publisher with the right key began to send, the first or one who takes over.
    Publishing,
    /// The newest publisher is gone, on purpose or not.
    Lost,
    /// The host lets everybody see it.
    GoOnAir,
    /// The time of a showing or of somebody else's stream has come.
    Due,
    /// The host ends it, or a showing has come to its end.
    End,
    /// Time passed; a dropped broadcast ends when `grace_ms` are over.
    Waited {
        /// How long a publisher may stay away, milliseconds.
        grace_ms: i64,
    },
    /// The host calls it off.
    Cancel,
}

/// The step does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{signal:?} is not possible from {from:?}")]
pub struct NotPossible {
    /// The state it was in.
    pub from: State,
    /// What was to happen.
    pub signal: Signal,
}

impl State {
    /// The state after `signal` at `now`.
    ///
    /// # Errors
    ///
    /// [`NotPossible`]
    pub fn after(self, signal: Signal, now: Timestamp) -> Result<Self, NotPossible> {
        use State::{Cancelled, Dropped, Ended, OnAir, Planned, Testing};
        Ok(match (self, signal) {
            (Planned | Testing, Signal::Publishing) => Testing,
            (Testing, Signal::Lost) => Planned,
            (Testing, Signal::GoOnAir) | (Planned, Signal::Due) | (OnAir | Dropped { .. }, Signal::Publishing) => OnAir,
            (OnAir, Signal::Lost) => Dropped { since: now },
            (OnAir | Dropped { .. }, Signal::End) => Ended,
            (Dropped { since }, Signal::Waited { grace_ms }) if now - since >= grace_ms => Ended,
            (Planned | Testing, Signal::Cancel) => Cancelled,
            (from, signal) => return Err(NotPossible { from, signal }),
        })
    }

    /// Stored code; what [`State::Dropped`] carries has a column of its own.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Testing => "testing",
            Self::OnAir => "on-air",
            Self::Dropped { .. } => "dropped",
            Self::Ended => "ended",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads [`State::code`] and the moment of the drop.
    pub fn from_code(code: &str, dropped_at: Option<Timestamp>) -> Option<Self> {
        Some(match code {
            "planned" => Self::Planned,
            "testing" => Self::Testing,
            "on-air" => Self::OnAir,
            "dropped" => Self::Dropped { since: dropped_at? },
            "ended" => Self::Ended,
            "cancelled" => Self::Cancelled,
            _ => return None,
        })
    }

    /// When its publisher was lost, if it is away.
    pub const fn dropped_at(self) -> Option<Timestamp> {
        match self {
            Self::Dropped { since } => Some(since),
            _ => None,
        }
    }

    /// Whether everybody may watch now.
    pub const fn is_on_air(self) -> bool {
        matches!(self, Self::OnAir | Self::Dropped { .. })
    }

    /// Whether nothing will be sent any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Ended | Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(100_000);
    const GONE: State = State::Dropped { since: Timestamp(40_000) };
    const STATES: [State; 6] = [State::Planned, State::Testing, State::OnAir, GONE, State::Ended, State::Cancelled];

    #[test]
    fn steps_follow_the_table() {
        use Signal::{Cancel, Due, End, GoOnAir, Lost, Publishing, Waited};
        use State::{Cancelled, Ended, OnAir, Planned, Testing};
        let table = [
            (Planned, Publishing, Some(Testing)),
            (Testing, Publishing, Some(Testing)),
            (OnAir, Publishing, Some(OnAir)),
            (GONE, Publishing, Some(OnAir)),
            (Ended, Publishing, None),
            (Cancelled, Publishing, None),
            (Testing, Lost, Some(Planned)),
            (OnAir, Lost, Some(State::Dropped { since: NOW })),
            (GONE, Lost, None),
            (Testing, GoOnAir, Some(OnAir)),
            (Planned, GoOnAir, None),
            (Planned, Due, Some(OnAir)),
            (Testing, Due, None),
            (OnAir, End, Some(Ended)),
            (GONE, End, Some(Ended)),
            (Testing, End, None),
            (Ended, End, None),
            (GONE, Waited { grace_ms: 60_000 }, Some(Ended)),
            (GONE, Waited { grace_ms: 60_001 }, None),
            (OnAir, Waited { grace_ms: 0 }, None),
            (Planned, Cancel, Some(Cancelled)),
            (Testing, Cancel, Some(Cancelled)),
            (OnAir, Cancel, None),
        ];
        for (from, signal, want) in table {
            assert_eq!(from.after(signal, NOW).ok(), want, "{from:?} then {signal:?}");
        }
    }

    #[test]
    fn what_is_stored_reads_back() {
        for state in STATES {
            assert_eq!(State::from_code(state.code(), state.dropped_at()), Some(state));
        }
        assert_eq!(State::from_code("dropped", None), None);
    }

    fn signal() -> impl Strategy<Value = Signal> {
        use Signal::{Cancel, Due, End, GoOnAir, Lost, Publishing, Waited};
        prop::sample::select(vec![Publishing, Lost, GoOnAir, Due, End, Waited { grace_ms: 500 }, Cancel])
    }

    proptest! {
        /// Whatever happens in whatever order: what is over stays over, and nobody sees a test.
        #[test]
        fn no_history_leads_back_from_the_end_or_unasked_onto_the_air(signals in prop::collection::vec((signal(), 0_i64..1000), 0..40)) {
            let (mut state, mut now, mut let_on) = (State::Planned, Timestamp(0), false);
            for (signal, ms) in signals {
                now = now.plus_ms(ms);
                let Ok(next) = state.after(signal, now) else { continue };
                prop_assert!(!state.is_over(), "{state:?} then {signal:?}");
                let_on |= matches!(signal, Signal::GoOnAir | Signal::Due);
                prop_assert!(let_on || !next.is_on_air(), "{next:?} before anybody let it on");
                state = next;
            }
        }
    }
}
