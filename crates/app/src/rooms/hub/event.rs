//! What a room tells, as JSON with a number.

use super::presence::Here;
use crate::broadcasts::Profile;
use crate::machine::LoadStage;
use crate::rooms::model::{Chat, Message, MessageId, Question, QuestionId, QuestionState, RoomRules};
use kernel::{AccountId, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Who hears it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// Whoever is in the room.
    Everybody,
    /// Those who moderate.
    Board,
    /// One person, on all devices.
    Account(AccountId),
}

/// Something that a room tells. The number is given when it is told.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    /// Who hears it.
    pub to: To,
    /// Whether a slow reader may miss it: chat, claps and counts; never what a moderator did.
    pub chat: bool,
    /// The question it is about: of several news about one question in a tick the last says all.
    pub question: Option<QuestionId>,
    /// Whether whoever hears it has to leave.
    pub out: bool,
    body: Map<String, Value>,
}

/// News with their number, ready to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its place in the room.
    pub seq: i64,
    /// Who hears it.
    pub to: To,
    /// Whether a slow reader may miss it.
    pub chat: bool,
    /// The question it is about.
    pub question: Option<QuestionId>,
    /// Whether whoever hears it has to leave.
    pub out: bool,
    /// The JSON object.
    pub json: String,
}

/// How a room is run, as readers are told.
#[derive(Debug, Serialize)]
struct RulesBody {
    chat: Chat,
    slow_s: i64,
    pre_moderated: bool,
    danmaku: bool,
    transport: &'static str,
    /// One of so many claps is sent.
    claps_one_in: u32,
    stage: LoadStage,
}

fn news(to: To, chat: bool, kind: &str, body: Value) -> News {
    let mut fields = Map::from_iter([("kind".to_owned(), kind.into())]);
    if let Value::Object(body) = body {
        fields.extend(body);
    }
    News { to, chat, question: None, out: false, body: fields }
}

impl News {
    /// A message that everybody sees.
    pub fn message(m: &Message) -> Self {
        let body = json!({ "id": m.id, "at": m.at, "name": m.name, "text": m.text, "danmaku": m.danmaku });
        news(To::Everybody, true, "message", body)
    }

    /// A message that waits for a moderator.
    pub fn waiting(m: &Message) -> Self {
        let body = json!({ "id": m.id, "at": m.at, "name": m.name, "text": m.text, "danmaku": m.danmaku, "account": m.account });
        news(To::Board, false, "waiting", body)
    }

    /// A message that is gone. What nobody but moderators saw is taken back from them alone.
    pub fn removed(id: MessageId, was_shown: bool) -> Self {
        news(if was_shown { To::Everybody } else { To::Board }, false, "removed", json!({ "id": id }))
    }

    /// Everything that was said is gone.
    pub fn cleared() -> Self {
        news(To::Everybody, false, "cleared", json!({}))
    }

    /// Claps since the last time.
    pub fn reactions(counts: &Map<String, Value>) -> Self {
        news(To::Everybody, true, "reactions", json!({ "counts": counts }))
    }

    /// How many are here, and how sure that is.
    pub fn presence(here: impl Into<Here>) -> Self {
        let Here { watching, error } = here.into();
        let body = if error == 0 { json!({ "watching": watching }) } else { json!({ "watching": watching, "error": error }) };
        news(To::Everybody, true, "presence", body)
    }

    /// A question as it is now; or that it is gone.
    pub fn question(q: &Question) -> Self {
        let body = json!({ "id": q.id, "at": q.asked_at, "name": q.name, "text": q.text, "votes": q.votes, "state": q.state,
                           "answer": q.answer, "answered_at": q.answered_at, "merged_into": q.merged_into });
        let told = match q.state {
            QuestionState::Removed => news(To::Everybody, false, "question_removed", json!({ "id": q.id })),
            QuestionState::Waiting => news(To::Board, false, "question", body),
            _ => news(To::Everybody, false, "question", body),
        };
        Self { question: Some(q.id), ..told }
    }

    /// Where the broadcast stands: what is the same for every viewer. Addresses and tokens are each viewer's own.
    pub fn state(facts: &Value) -> Self {
        news(To::Everybody, false, "state", facts.clone())
    }

    /// How the room is run, and how talk reaches people now.
    pub fn rules(rules: &RoomRules, profile: Profile, stage: LoadStage) -> Self {
        let body = RulesBody {
            chat: rules.chat,
            slow_s: rules.slow_s,
            pre_moderated: rules.pre_moderated,
            danmaku: rules.danmaku,
            transport: if profile == Profile::Mass { "files" } else { "socket" },
            claps_one_in: stage.claps_one_in(),
            stage,
        };
        news(To::Everybody, false, "rules", json!(body))
    }

    /// To somebody who may not speak any more; no time means for good.
    pub fn muted(account: AccountId, until: Option<Timestamp>) -> Self {
        Self { out: until.is_none(), ..news(To::Account(account), false, "muted", json!({ "until": until })) }
    }

    /// With its number.
    pub fn numbered(mut self, seq: i64) -> Event {
        self.body.insert("seq".to_owned(), seq.into());
        let json = Value::Object(self.body).to_string();
        Event { seq, to: self.to, chat: self.chat, question: self.question, out: self.out, json }
    }
}

impl Event {
    /// Whether it cannot wait for a slower pace: what a moderator did, and where the broadcast stands.
    pub fn is_urgent(&self) -> bool {
        !self.chat && self.question.is_none() && self.to != To::Board
    }

    /// Whether somebody hears it: moderators what is for the board too, and each what is for him alone.
    pub fn is_for(&self, account: Option<AccountId>, board: bool) -> bool {
        match self.to {
            To::Everybody => true,
            To::Board => board,
            To::Account(one) => account == Some(one),
        }
    }
}

/// A JSON array of these events.
pub fn array<'e>(events: impl IntoIterator<Item = &'e Event>) -> String {
    let mut text = String::from("[");
    for event in events {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&event.json);
    }
    text.push(']');
    text
}
