//! What a host is told of the lower qualities.

use super::lock;
use live::Live;
use media::LiveRung;
use serde::Serialize;
use std::sync::Mutex;

/// How a lower quality stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Viewers can choose it.
    Running,
    /// It is being made and not level with the source yet.
    Starting,
    /// The machine has no room for it now; it comes back by itself.
    Shed,
    /// Not made here.
    Off,
}

/// A lower quality below the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Rung {
    /// Pixels of the picture's shorter side.
    pub height: u16,
    /// How it stands.
    pub state: State,
    /// Why it is not running: `busy`, `too-slow`, `restarting`, `no-ffmpeg`, `setting`; empty otherwise.
    pub why: &'static str,
}

/// The lower qualities as they are meant to be.
#[derive(Debug, Default)]
pub struct Board(Mutex<Vec<Rung>>);

impl Board {
    /// Those that are `possible` below the source, and those among them that are `wanted`.
    pub(super) fn plan(&self, possible: &[LiveRung], wanted: &[LiveRung], switched_off: bool) {
        let rung = |rung: &LiveRung| {
            let (state, why) = match (wanted.contains(rung), switched_off) {
                (true, _) => (State::Starting, ""),
                (false, true) => (State::Off, "setting"),
                (false, false) => (State::Shed, "busy"),
            };
            Rung { height: rung.lines, state, why }
        };
        *lock(&self.0) = possible.iter().map(rung).collect();
    }

    /// All stand alike.
    pub(super) fn all(&self, state: State, why: &'static str) {
        for rung in &mut *lock(&self.0) {
            (rung.state, rung.why) = (state, why);
        }
    }

    /// How they stand, seen from `live`.
    pub(super) fn report(&self, live: &Live) -> Vec<Rung> {
        let seen = |rung: &Rung| {
            let runs = rung.state == State::Starting && live.lists(rung.height);
            Rung { state: if runs { State::Running } else { rung.state }, ..*rung }
        };
        lock(&self.0).iter().map(seen).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use live::Packaging;
    use media::{Frame, live_rungs};

    #[test]
    fn a_host_is_told_what_is_made_and_why_not() {
        let (board, live) = (Board::default(), Live::new(Packaging::default(), 0));
        let possible = live_rungs(Frame { width: 1920, height: 1080 });
        let rung = |height, state, why| Rung { height, state, why };
        board.plan(&possible, &possible[1..], false);
        assert_eq!(board.report(&live), [rung(720, State::Shed, "busy"), rung(360, State::Starting, "")]);
        board.all(State::Shed, "too-slow");
        assert_eq!(board.report(&live)[1], rung(360, State::Shed, "too-slow"));
        board.plan(&possible, &[], true);
        assert_eq!(board.report(&live)[0], rung(720, State::Off, "setting"));
    }
}
