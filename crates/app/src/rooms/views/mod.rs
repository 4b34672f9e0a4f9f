//! What pages show of a room, in finished strings.

use crate::i18n::Texts;
use crate::rooms::{Message, Question, QuestionState, RoomRules};
use crate::web::Page;
use askama::Template;

/// A message.
#[derive(Debug, Clone)]
pub struct MessageLine {
    pub id: String,
    pub at: String,
    pub name: String,
    pub text: String,
}

impl MessageLine {
    /// Of a stored message.
    pub fn of(texts: &Texts, m: &Message) -> Self {
        Self { id: m.id.to_string(), at: texts.time(m.at), name: m.name.clone(), text: m.text.clone() }
    }
}

/// A question.
#[derive(Debug, Clone)]
pub struct QuestionLine {
    pub id: String,
    pub name: String,
    pub text: String,
    pub votes: String,
    pub state_words: String,
    pub waiting: bool,
    pub answered: bool,
    pub answer: Vec<String>,
    /// The moment of the recording to which the page leads; none when it belongs to none.
    pub moment: Option<MomentLine>,
}

/// A moment of a recording.
#[derive(Debug, Clone)]
pub struct MomentLine {
    pub at_ms: i64,
    pub at_s: i64,
    pub clock: String,
}

impl QuestionLine {
    /// Of a stored question.
    pub fn of(texts: &Texts, q: &Question) -> Self {
        let moment = |at_ms: i64| MomentLine { at_ms, at_s: at_ms / 1000, clock: texts.duration(at_ms) };
        Self {
            id: q.id.to_string(),
            name: q.name.clone(),
            text: q.text.clone(),
            votes: texts.with("room-votes", "n", q.votes),
            state_words: texts.s(&format!("question-{}", q.state.code())),
            waiting: q.state == QuestionState::Waiting,
            answered: q.state == QuestionState::Answered,
            answer: q.answer.iter().flat_map(|text| text.lines()).map(str::to_owned).collect(),
            moment: q.answered_at_ms.or(q.at_ms).map(moment),
        }
    }
}

/// What was refused and what was done, above a form.
#[derive(Debug, Clone, Default)]
pub struct Told {
    pub done: String,
    pub error: String,
}

/// The board of moderators.
#[derive(Debug, Template)]
#[template(path = "rooms/views/board.html")]
pub struct BoardPage {
    pub p: Page,
    pub told: Told,
    pub id: String,
    /// What was told so far, as JSON.
    pub history: String,
    pub title: String,
    pub watching: String,
    /// Groups before one screen; empty when there are none.
    pub groups: String,
    pub rules: RoomRules,
    pub chats: Vec<(&'static str, String, bool)>,
    pub waiting: Vec<MessageLine>,
    pub shown: Vec<MessageLine>,
    pub questions: Vec<QuestionLine>,
}

/// The word list.
#[derive(Debug, Template)]
#[template(path = "rooms/views/words.html")]
pub struct WordsPage {
    pub p: Page,
    pub operates: bool,
    pub told: Told,
    pub hold: String,
    pub refuse: String,
    pub version: String,
}

/// The room beside the picture: readable as it is, lively with script.
#[derive(Debug, Template)]
#[template(path = "rooms/views/panel.html")]
pub struct RoomPanel {
    pub p: Page,
    pub id: String,
    /// What was told so far, as JSON: script goes on from it without a gap.
    pub told: String,
    pub chat: &'static str,
    pub slow_s: i64,
    pub danmaku: bool,
    pub pre_moderated: bool,
    pub transport: &'static str,
    pub open: bool,
    pub signed_in: bool,
    pub moderates: bool,
    pub messages: Vec<MessageLine>,
    pub questions: Vec<QuestionLine>,
    pub client_id: String,
    pub sign_in: String,
}

/// Questions on the page of a lesson.
#[derive(Debug, Template)]
#[template(path = "rooms/views/asked.html")]
pub struct AskedPanel {
    pub p: Page,
    pub lesson: String,
    pub may_ask: bool,
    pub signed_in: bool,
    pub questions: Vec<QuestionLine>,
    pub client_id: String,
    pub sign_in: String,
}

/// How many watch before one screen.
#[derive(Debug, Template)]
#[template(path = "rooms/views/group.html")]
pub struct GroupForm {
    pub p: Page,
    pub action: String,
    /// As said today; empty for nothing.
    pub own: String,
    pub signed_in: bool,
    pub sign_in: String,
}

/// A new name for what a form without script will send, so that pressing twice sends once.
pub fn client_id() -> String {
    format!("{:032x}", u128::from_be_bytes(kernel::random::bytes()))
}
