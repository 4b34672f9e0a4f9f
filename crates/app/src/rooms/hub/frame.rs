//! One tick of a room: made once, sent to everybody.

use super::event::{Event, To, array};
use crate::rooms::api::wire::Text;
use kernel::AccountId;

/// The events of one tick in the forms in which they are sent; none where there is nothing for such a reader.
#[derive(Debug)]
pub struct Frame {
    /// Its place among the frames of the room.
    pub number: u64,
    /// Everything up to this number is in this frame or was in an earlier one.
    pub last: i64,
    everybody: Option<Text>,
    board: Option<Text>,
    /// Without chat, for readers who are behind.
    kept: Option<Text>,
    kept_board: Option<Text>,
    /// Whom it is for, what it says, and whether he has to leave then.
    personal: Vec<(AccountId, Text, bool)>,
}

impl Frame {
    /// Of these events, in the order of their numbers.
    pub fn of(number: u64, last: i64, events: &[Event]) -> Self {
        let text = |wanted: &dyn Fn(&Event) -> bool| {
            let mut some = events.iter().filter(|event| wanted(event)).peekable();
            some.peek().is_some().then(|| Text::from(array(some)))
        };
        let everybody = text(&|e| e.to == To::Everybody);
        let for_board = events.iter().any(|e| e.to == To::Board);
        let kept = text(&|e| e.to == To::Everybody && !e.chat);
        let personal = events.iter().filter_map(|e| match e.to {
            To::Account(account) => Some((account, Text::from(array([e])), e.out)),
            _ => None,
        });
        Self {
            number,
            last,
            board: if for_board { text(&|e| e.is_for(None, true)) } else { everybody.clone() },
            kept_board: if for_board { text(&|e| e.is_for(None, true) && !e.chat) } else { kept.clone() },
            personal: personal.collect(),
            everybody,
            kept,
        }
    }

    /// What everybody of a kind is sent of it: all, or without chat when behind.
    pub fn shared(&self, board: bool, behind: bool) -> Option<&Text> {
        match (behind, board) {
            (false, false) => self.everybody.as_ref(),
            (false, true) => self.board.as_ref(),
            (true, false) => self.kept.as_ref(),
            (true, true) => self.kept_board.as_ref(),
        }
    }

    /// What one person is sent of it, and whether he has to leave then.
    pub fn own(&self, account: Option<AccountId>) -> impl Iterator<Item = (&Text, bool)> {
        self.personal.iter().filter(move |(one, ..)| Some(*one) == account).map(|(_, text, out)| (text, *out))
    }

    /// Whether something must reach even a reader who is behind.
    pub fn has_kept(&self) -> bool {
        self.kept_board.is_some() || !self.personal.is_empty()
    }
}
