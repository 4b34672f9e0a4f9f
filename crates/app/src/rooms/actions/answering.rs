//! What moderators and lecturers do with questions.

use super::{moderates, opened, record};
use crate::broadcasts::{Broadcast, BroadcastId};
use crate::db::Tx;
use crate::lessons::Lessons;
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::rooms::facts;
use crate::rooms::hub::{News, Turn};
use crate::rooms::model::{Question, QuestionId};
use crate::rooms::rules::{self, Signal};
use crate::rooms::store::Questions;
use crate::state::App;
use crate::texts;
use kernel::{Actor, OrganisationId};
use serde::Deserialize;
use serde_json::json;

/// How a question was answered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
#[schema(as = QuestionAnswer)]
pub enum Answer {
    /// In writing, at most 2,000 characters.
    Text {
        /// The answer.
        text: String,
    },
    /// Aloud, at this moment of the broadcast.
    Aloud {
        /// Always true.
        aloud: bool,
    },
}

/// Lets everybody see a question and vote for it.
///
/// # Errors
///
/// 404; 409 `not-possible` for one that is answered, merged or gone; rights of moderators.
pub async fn approve_question(app: &App, actor: &Actor, id: BroadcastId, question: QuestionId) -> Result<(), Problem> {
    let act = Act::begin(app, actor, id, question, false).await?;
    let is = act.moved(Signal::Approve)?;
    act.keep(app, actor, is, "question.approved").await
}

/// Takes a question away.
///
/// # Errors
///
/// 404; rights of moderators.
pub async fn remove_question(app: &App, actor: &Actor, id: BroadcastId, question: QuestionId) -> Result<(), Problem> {
    let act = Act::begin(app, actor, id, question, false).await?;
    let is = act.moved(Signal::Remove)?;
    act.keep(app, actor, is, "question.removed").await
}

/// Answers a question: who may run the broadcast, and who edits the lesson.
///
/// # Errors
///
/// 404; `invalid`; 409 `not-possible`; `forbidden`.
pub async fn answer(app: &App, actor: &Actor, id: BroadcastId, question: QuestionId, answer: Answer) -> Result<(), Problem> {
    let act = Act::begin(app, actor, id, question, true).await?;
    let text = match answer {
        Answer::Text { text } => Some(texts::check_lines("text", &text, 1, rules::ANSWER).map_err(|fault| Problem::invalid(vec![fault]))?),
        Answer::Aloud { .. } => None,
    };
    let (now, mut is) = (app.clock.now(), act.moved(Signal::Answer)?);
    // A written answer does not forget when it was answered aloud.
    if is.answered_at.is_none() || text.is_none() {
        is.answered_at = Some(now);
        is.answered_at_ms = rules::moment_of(&act.broadcast, now).filter(|_| act.broadcast.state.is_on_air());
    }
    is.answered_by = Some(actor.account);
    is.answer = text.or(is.answer);
    act.keep(app, actor, is, "question.answered").await
}

/// Says that a question asks the same as another, which gets its votes.
///
/// # Errors
///
/// 404 for either; 409 `not-possible`, `merge-into` when the other does not stand for itself; rights of moderators.
pub async fn merge(app: &App, actor: &Actor, id: BroadcastId, question: QuestionId, into: QuestionId) -> Result<(), Problem> {
    let mut act = Act::begin(app, actor, id, question, false).await?;
    let other = Questions(&mut act.tx).find(into).await?.filter(|q| q.broadcast == Some(id)).ok_or_else(Problem::not_found)?;
    if question == into || !other.state.takes_others() {
        return Err(Problem::conflict("merge-into"));
    }
    let mut is = act.moved(Signal::Merge)?;
    if act.was.merged_into == Some(into) {
        return Ok(());
    }
    is.merged_into = Some(into);
    Questions(&mut act.tx).move_votes(&act.was, &other).await?;
    let told = act.turn.number();
    let votes = Questions(&mut act.tx).count(into, told).await?;
    act.more.push((told, News::question(&Question { votes, told, ..other })));
    act.keep(app, actor, is, "question.merged").await
}

/// One step of one question.
struct Act {
    broadcast: Broadcast,
    /// Whose lesson it is.
    organisation: OrganisationId,
    turn: Turn,
    tx: Tx,
    was: Question,
    more: Vec<(i64, News)>,
}

impl Act {
    /// `editors`: whoever edits the lesson may, too.
    async fn begin(app: &App, actor: &Actor, id: BroadcastId, question: QuestionId, editors: bool) -> Result<Self, Problem> {
        let (broadcast, room) = opened(app, id, Some(actor)).await?;
        let lesson = Lessons(&mut app.db.read().await?).find(broadcast.lesson).await?.ok_or_else(Problem::not_found)?;
        let edits = editors && may(&app.tree.load(), actor, Action::EditLesson, lesson.organisation);
        if !edits && !moderates(app, actor, &broadcast) {
            return Err(Problem::forbidden());
        }
        let turn = room.turn().await;
        let mut tx = app.db.begin().await?;
        let was = Questions(&mut tx).find(question).await?.filter(|q| q.broadcast == Some(id)).ok_or_else(Problem::not_found)?;
        Ok(Self { broadcast, organisation: lesson.organisation, turn, tx, was, more: Vec::new() })
    }

    /// The question after `signal`.
    fn moved(&self, signal: Signal) -> Result<Question, Problem> {
        let refused = |_| Problem::conflict("not-possible").with("state", self.was.state.code());
        Ok(Question { state: self.was.state.after(signal).map_err(refused)?, ..self.was.clone() })
    }

    /// Keeps what changed, tells the audit trail, then the room. What changes nothing leaves no trace.
    async fn keep(mut self, app: &App, actor: &Actor, is: Question, action: &str) -> Result<(), Problem> {
        if is == self.was {
            return Ok(());
        }
        let told = self.turn.number();
        let is = Question { told, ..is };
        Questions(&mut self.tx).save(&is).await?;
        facts::post(app, &mut self.tx, self.organisation, Some(&self.was), &is).await?;
        let detail = json!({ "broadcast": self.broadcast.id, "from": self.was.state, "to": is.state, "into": is.merged_into });
        record(app, &mut self.tx, &self.broadcast, actor, action, is.id.to_string(), detail).await?;
        self.tx.commit().await?;
        let news = std::iter::once((told, News::question(&is))).chain(self.more);
        self.turn.tell(news, app.clock.now());
        Ok(())
    }
}
