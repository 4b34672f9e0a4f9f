//! A session with somebody to send to: what the task of a door keeps for each browser.

use super::opus::Packet;
use super::session::{Gone, Heard, Session};
use crate::serve::{Admitted, Input};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::UdpSocket;
use tokio::sync::mpsc::{self, error::TrySendError};

/// A consumer that turned away is noticed after so long at the latest.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// What a browser is told that sends what cannot be used; it sees a closed connection, the host's page these words.
const UNUSABLE: &str = "the browser sends H.264 that not every browser plays";

pub(super) struct Guest {
    pub(super) name: String,
    pub(super) session: Session,
    pub(super) admitted: Admitted,
    /// To the transcoder; `None` for a browser without sound.
    pub(super) sound: Option<mpsc::Sender<Packet>>,
    pub(super) due: Instant,
}

impl Guest {
    /// Does what is due; false when the session is over and its consumer was told.
    pub(super) fn work(&mut self, now: Instant, socket: &UdpSocket) -> bool {
        if self.is_dismissed() {
            self.close(now, socket);
            return false;
        }
        let Self { session, admitted, sound, .. } = self;
        let (mut skipped, mut is_over) = (false, false);
        let hear = |heard| match heard {
            Heard::Event(event) => match admitted.sink.try_send(Input::Event(event)) {
                Ok(()) => {}
                Err(TrySendError::Full(_)) => skipped = true,
                Err(TrySendError::Closed(_)) => is_over = true,
            },
            // A transcoder that is behind loses a packet, which is filled with silence; one that died ends the session.
            Heard::Sound(packet) => {
                is_over |= sound.as_ref().is_some_and(|sound| matches!(sound.try_send(packet), Err(TrySendError::Closed(_))));
            }
        };
        match session.work(now, |to, datagram| transmit(socket, to, datagram), hear) {
            Ok(due) if !is_over => {
                if skipped {
                    session.skip_to_keyframe();
                }
                self.due = due.min(now + LOOK_EVERY);
                true
            }
            ended => {
                if ended == Err(Gone::Unusable) {
                    // Nobody may be left to hear it.
                    let _ = self.admitted.sink.try_send(Input::Refused(UNUSABLE.to_owned()));
                }
                self.close(now, socket);
                false
            }
        }
    }

    /// The browser stopped on purpose.
    pub(super) fn end(mut self, now: Instant, socket: &UdpSocket) {
        let _ = self.admitted.sink.try_send(Input::Ended);
        self.close(now, socket);
    }

    fn is_dismissed(&mut self) -> bool {
        self.admitted.sink.is_closed() || self.admitted.last_word.try_recv().is_ok()
    }

    fn close(&mut self, now: Instant, socket: &UdpSocket) {
        self.session.close(now, |to, datagram| transmit(socket, to, datagram));
    }
}

/// A datagram that the socket has no room for is lost, as on the way.
fn transmit(socket: &UdpSocket, to: SocketAddr, datagram: &[u8]) {
    let _ = socket.try_send_to(datagram, to);
}
