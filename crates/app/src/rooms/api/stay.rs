//! Somebody who stays in a room, by socket or stream: what comes next for him, and whether he still may stay.

use crate::problem::Problem;
use crate::rooms::actions;
use crate::rooms::api::wire::Text;
use crate::rooms::hub::{Heard, Listener, Room, Seat};
use crate::rooms::reading::{self, Reader};
use crate::state::App;
use crate::web::Pass;
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Somebody who stays.
pub(super) struct Stay {
    app: App,
    room: Arc<Room>,
    reader: Reader,
    pass: Pass,
    first: Option<(i64, Text)>,
    listener: Listener,
    rounds: watch::Receiver<u64>,
    closing: CancellationToken,
    _seat: Seat,
}

/// What comes next.
pub(super) enum Next {
    /// Events, and the number up to which they reach.
    Send(i64, Text),
    /// Nothing new; is he still there?
    Ping,
    /// He has to go.
    Leave(Why),
}

/// Why somebody has to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The server stops.
    Stops,
    /// Too slow: come again, and go on from the last number.
    Slow,
    /// The right to be here ended.
    Right,
    /// A moderator sent him out.
    Out,
}

impl Why {
    /// Close code of a socket (RFC 6455, section 7.4) and a word for people who look.
    pub(super) const fn code(self) -> (u16, &'static str) {
        match self {
            Self::Stops => (1001, "going away"),
            Self::Slow => (1013, "come again"),
            Self::Right => (4401, "sign in again"),
            Self::Out => (4403, "sent out"),
        }
    }
}

impl Stay {
    /// Comes in; 429 `too-many-connections` for an address that holds as many as it may. Looking in from time to time is open to it.
    pub(super) async fn begin(app: App, room: Arc<Room>, reader: Reader, (pass, address): (Pass, &str)) -> Result<Self, Problem> {
        let seat = app.rooms.seat(address, app.config.connections_per_address);
        let seat = seat.ok_or_else(|| Problem::too_many("too-many-connections"))?;
        let (rounds, closing) = (app.rooms.rounds(), app.rooms.closing());
        let (last, text, listener) = reading::joined(&app, &room, reader).await?;
        Ok(Self { app, room, reader, pass, first: Some((last, text)), listener, rounds, closing, _seat: seat })
    }

    /// Waits for what comes next. Dropping the wait loses nothing.
    pub(super) async fn next(&mut self) -> Next {
        if let Some((last, text)) = self.first.take() {
            return Next::Send(last, text);
        }
        tokio::select! {
            heard = self.listener.next() => match heard {
                Heard::Events(last, text) => Next::Send(last, text),
                Heard::Lost => Next::Leave(Why::Slow),
                Heard::Out => Next::Leave(Why::Out),
            },
            _ = self.rounds.changed() => if self.still_may().await { Next::Ping } else { Next::Leave(Why::Right) },
            () = self.closing.cancelled() => Next::Leave(Why::Stops),
        }
    }

    /// Whether the right to be here still holds; asked again in each round (S19). Where everybody may read nobody has to show anything.
    async fn still_may(&self) -> bool {
        let broadcast = self.room.broadcast();
        if !self.reader.board && actions::may_read(&broadcast, None).is_ok() {
            return true;
        }
        let holder = match self.pass.holder(&self.app).await {
            Ok(holder) => holder,
            // A failure of ours is no reason to send everybody away; the next round asks again.
            Err(problem) => return problem.status.is_server_error(),
        };
        let actor = holder.as_ref().map(|known| &known.actor);
        let moderates = actor.is_some_and(|actor| actions::moderates(&self.app, actor, &broadcast));
        actions::may_read(&broadcast, actor).is_ok() && (moderates || !self.reader.board)
    }
}
