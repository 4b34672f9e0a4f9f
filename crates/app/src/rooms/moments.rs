//! Where words and questions lie in what was kept of a broadcast: a line that broke is missing in its recording, and so is what was cut.

use super::model::{Message, Question};
use super::rules::{Stretch, moment_of, recorded_moment};
use crate::broadcasts::rules::{Piece, after_cut, before_cut};
use crate::broadcasts::{Broadcast, BroadcastId, Broadcasts, Kind, RecordedSegments, Unbroken};
use crate::db::{DbError, Tx};
use kernel::Timestamp;
use live::Track;

/// The way from what was on air to what is in the library.
#[derive(Debug)]
pub struct Moments {
    broadcast: Broadcast,
    recorded: Vec<Stretch>,
    kept: Option<Vec<Piece>>,
}

impl Moments {
    /// Of a broadcast as it is kept now.
    pub async fn of(tx: &mut Tx, broadcast: Broadcast) -> Result<Self, DbError> {
        let pieces = if broadcast.kind == Kind::Live { RecordedSegments(&mut *tx).unbroken(broadcast.id).await? } else { Vec::new() };
        let kept = Broadcasts(tx).kept(broadcast.id).await?;
        Ok(Self { recorded: stretches(&pieces), kept, broadcast })
    }

    /// Of a broadcast by its id; none when it does not exist.
    pub async fn find(tx: &mut Tx, id: BroadcastId) -> Result<Option<Self>, DbError> {
        match Broadcasts(&mut *tx).find(id).await? {
            Some(broadcast) => Ok(Some(Self::of(tx, broadcast).await?)),
            None => Ok(None),
        }
    }

    /// Where a message lies; none for one that was said before or after, or whose moment was cut out.
    pub fn said(&self, message: &Message) -> Option<i64> {
        let reckoned = moment_of(&self.broadcast, message.at)?;
        self.moved(recorded_moment(&self.recorded, message.at).unwrap_or(message.at_ms.unwrap_or(reckoned)))
    }

    /// The question with its moments in what is in the library.
    pub fn placed(&self, question: Question) -> Question {
        let during = self.broadcast.ended_at.is_none_or(|ended| question.asked_at <= ended);
        let whole = |at_ms| if during { self.live(at_ms) } else { at_ms };
        let at_ms = question.at_ms.and_then(|at_ms| self.moved(whole(at_ms)));
        let answered_at_ms = question.answered_at_ms.and_then(|at_ms| self.moved(self.live(at_ms)));
        Question { answered_at_ms, at_ms, ..question }
    }

    /// A moment of what is in the library, as a moment of the whole recording: what is asked later keeps its place when it is cut again.
    pub fn whole(&self, at_ms: i64) -> i64 {
        self.kept.as_deref().map_or(at_ms, |kept| before_cut(kept, at_ms))
    }

    /// A moment that was reckoned by the clock, in the recording.
    fn live(&self, at_ms: i64) -> i64 {
        let wall = |began: Timestamp| recorded_moment(&self.recorded, began.plus_ms(at_ms));
        self.broadcast.on_air_at.and_then(wall).unwrap_or(at_ms)
    }

    fn moved(&self, at_ms: i64) -> Option<i64> {
        match &self.kept {
            Some(kept) => after_cut(kept, at_ms),
            None => Some(at_ms),
        }
    }
}

/// The picture's pieces, or those of the sound where there is none, one after the other.
fn stretches(pieces: &[Unbroken]) -> Vec<Stretch> {
    let has_picture = pieces.iter().any(|piece| piece.track == Track::Video);
    let wanted = if has_picture { Track::Video } else { Track::Audio };
    let (mut at_ms, mut found) = (0.0, Vec::new());
    for piece in pieces.iter().filter(|piece| piece.track == wanted) {
        found.push(Stretch { wall_ms: piece.wall_ms, at_ms: at_ms as i64, length_ms: piece.length_ms as i64 });
        at_ms += piece.length_ms;
    }
    found
}
