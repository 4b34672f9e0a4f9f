//! Rooms: what people say, ask and clap while they watch a broadcast together.
//!
//! ```text
//! say ─rules─► row (waiting or shown) ─commit─► [`hub`] ─tick, 100 ms─► one frame ─► sockets, SSE, polls, batch files
//!                    │ ▲
//!      moderators ───┘ └── questions stay with the lesson, and may be asked there when the broadcast is over
//! ```
//!
//! * An act is its rows, and its audit record when it moderates, in one transaction; the hub is told after the commit.
//! * What a room tells is numbered in the order of commits, and numbers go on after a restart: whoever comes back says which
//!   number it heard last and misses nothing.
//! * A slow reader loses the oldest chat and nothing that a moderator did (S15).
//! * A question counts for the organisation of its lesson, on the day it was asked, once moderators let it through.
//! * Not here: the picture (`broadcasts`), the pages of viewers (`watching`).

pub mod actions;
pub mod api;
mod facts;
pub mod hub;
mod model;
mod moments;
pub mod pages;
mod panel;
mod reading;
pub mod rules;
mod store;
mod views;
pub mod work;

pub use facts::AskedQuestion;
pub use hub::Rooms;
pub use model::{
    Ban, Chat, ForbiddenWord, GroupCount, GroupViewing, Message, MessageId, MessageState, Question, QuestionId, QuestionState, RoomRules,
    Wish, WordAction,
};
pub use panel::{group_form, panel, questions_of};
pub use reading::{Reader, Said, joined, polled, replay};
pub use store::{Groups, Questions, Talk, Words};
