//! What rooms consist of.

use crate::broadcasts::BroadcastId;
use crate::deltas::Day;
use crate::lessons::LessonId;
use kernel::{AccountId, Id, Identified, OrganisationId, Timestamp};
use serde::{Deserialize, Serialize};

/// What a [`MessageId`] names.
#[derive(Debug)]
pub struct MessageRow;
impl Identified for MessageRow {
    const PREFIX: &'static str = "msg";
}
/// Names a message.
pub type MessageId = Id<MessageRow>;

/// What a [`QuestionId`] names.
#[derive(Debug)]
pub struct QuestionRow;
impl Identified for QuestionRow {
    const PREFIX: &'static str = "qst";
}
/// Names a question.
pub type QuestionId = Id<QuestionRow>;

/// An enum with the code that is stored of it.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),* }
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// Stored code.
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),* } }
            /// Reads the stored code.
            pub fn from_code(code: &str) -> Option<Self> { match code { $($code => Some(Self::$variant),)* _ => None } }
        }
    };
}

coded! {
    /// Whether people may speak.
    Chat {
        /// As often as the limits for each person allow.
        Open = "open",
        /// Each person waits a while before the next word.
        Slow = "slow",
        /// Nobody but moderators: the kill switch.
        Closed = "closed",
    }
}

coded! {
    /// Where a message stands.
    MessageState {
        /// A moderator has not looked at it yet.
        Waiting = "waiting",
        /// Everybody sees it.
        Shown = "shown",
        /// Nobody sees it any more.
        Removed = "removed",
    }
}

coded! {
    /// Where a question stands.
    QuestionState {
        /// A moderator has not looked at it yet.
        Waiting = "waiting",
        /// Everybody sees it and may vote for it.
        Shown = "shown",
        /// Answered, aloud or in writing.
        Answered = "answered",
        /// Another question asks the same.
        Merged = "merged",
        /// Nobody sees it any more.
        Removed = "removed",
    }
}

coded! {
    /// What a word of the list does to a text that contains it.
    WordAction {
        /// A moderator looks at it first.
        Hold = "hold",
        /// It is not taken.
        Refuse = "refuse",
    }
}

/// How a room is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomRules {
    /// Whether people may speak.
    pub chat: Chat,
    /// In slow mode: seconds between two words of one person.
    pub slow_s: i64,
    /// Whether a moderator sees each message first.
    pub pre_moderated: bool,
    /// Whether words may fly over the picture.
    pub danmaku: bool,
    /// The number with which the room was last cleared; 0 for never.
    pub cleared: i64,
    /// Grows with each change.
    pub version: i64,
}

impl Default for RoomRules {
    fn default() -> Self {
        Self { chat: Chat::Open, slow_s: 0, pre_moderated: true, danmaku: true, cleared: 0, version: 1 }
    }
}

/// How a moderator wants a room to be run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RoomRulesWish)]
pub struct Wish {
    /// Whether people may speak.
    pub chat: Chat,
    /// In slow mode: seconds between two words of one person, 1 to 600.
    #[serde(default)]
    pub slow_s: i64,
    /// Whether a moderator sees each message first.
    pub pre_moderated: bool,
    /// Whether words may fly over the picture.
    pub danmaku: bool,
}

/// A message as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// In which room.
    pub broadcast: BroadcastId,
    /// Whose.
    pub account: AccountId,
    /// As the person was called then.
    pub name: String,
    /// What was said.
    pub text: String,
    /// Whether it flies over the picture.
    pub danmaku: bool,
    /// The sender's name for it, so that a repetition is known.
    pub client_id: String,
    /// Where it stands.
    pub state: MessageState,
    /// When it was said.
    pub at: Timestamp,
    /// At which moment of what was on air, milliseconds; none before it went on air.
    pub at_ms: Option<i64>,
    /// Its number in the room, once it was shown.
    pub seq: Option<i64>,
    /// The number of what was last told about it.
    pub told: i64,
}

/// A question as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// To which lesson.
    pub lesson: LessonId,
    /// In which room it is moderated.
    pub broadcast: Option<BroadcastId>,
    /// Whose.
    pub account: AccountId,
    /// As the person was called then.
    pub name: String,
    /// What is asked.
    pub text: String,
    /// The sender's name for it.
    pub client_id: String,
    /// Where it stands.
    pub state: QuestionState,
    /// How many others want to know it too.
    pub votes: i64,
    /// The question that asks the same.
    pub merged_into: Option<QuestionId>,
    /// What was answered in writing.
    pub answer: Option<String>,
    /// Who answered it, or said that it was answered.
    pub answered_by: Option<AccountId>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// At which moment of the recording it was answered, milliseconds.
    pub answered_at_ms: Option<i64>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// At which moment of the recording it was asked, milliseconds.
    pub at_ms: Option<i64>,
    /// The number of what was last told about it.
    pub told: i64,
}

/// Somebody who may not speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ban {
    /// Until when; none for good.
    pub until: Option<Timestamp>,
}

impl Ban {
    /// Whether it holds at `now`.
    pub fn holds(self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// A word of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForbiddenWord {
    /// As somebody typed it.
    pub word: String,
    /// What it does.
    pub action: WordAction,
}

/// A group before one screen, as its account said: a record of its own beside views, one for each account, lesson and day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupViewing {
    /// Whose screen.
    pub account: AccountId,
    /// What was watched.
    pub lesson: LessonId,
    /// On which day.
    pub day: Day,
    /// During which broadcast, if it was one.
    pub broadcast: Option<BroadcastId>,
    /// The organisation that it counts for.
    pub organisation: OrganisationId,
    /// Heads before the screen.
    pub people: i64,
    /// When it was first said.
    pub started_at: Timestamp,
    /// When it was last corrected.
    pub changed_at: Timestamp,
}

/// How many watched in groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GroupCount {
    /// Groups: one account on one day.
    pub groups: i64,
    /// People in all of them.
    pub people: i64,
}
