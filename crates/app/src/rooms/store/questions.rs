//! SQL for questions and votes.

use crate::broadcasts::BroadcastId;
use crate::db::{DbError, Row, Tx, Value, args};
use crate::lessons::LessonId;
use crate::rooms::model::{Question, QuestionId, QuestionState};
use kernel::AccountId;

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Questions<'t>(pub &'t mut Tx);

fn read(row: &Row) -> Result<Question, DbError> {
    Ok(Question {
        id: row.id("id")?,
        lesson: row.id("lesson")?,
        broadcast: row.opt_id("broadcast")?,
        account: row.id("account")?,
        name: row.text("name")?,
        text: row.text("text")?,
        client_id: row.text("client_id")?,
        state: row.code("state", QuestionState::from_code)?,
        votes: row.int("votes")?,
        merged_into: row.opt_id("merged_into")?,
        answer: row.opt_text("answer")?,
        answered_by: row.opt_id("answered_by")?,
        answered_at: row.opt_time("answered_at")?,
        answered_at_ms: row.opt_int("answered_at_ms")?,
        asked_at: row.time("asked_at")?,
        at_ms: row.opt_int("at_ms")?,
        told: row.int("told")?,
    })
}

impl Questions<'_> {
    async fn all(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Vec<Question>, DbError> {
        self.0.fetch_all(sql, args).await?.iter().map(read).collect()
    }

    /// By id.
    pub async fn find(&mut self, id: QuestionId) -> Result<Option<Question>, DbError> {
        Ok(self.all("select * from question where id = $1", args![id]).await?.into_iter().next())
    }

    /// The question that somebody asked under this name.
    pub async fn sent_as(&mut self, lesson: LessonId, account: AccountId, client_id: &str) -> Result<Option<Question>, DbError> {
        let sql = "select * from question where lesson = $1 and account = $2 and client_id = $3";
        Ok(self.all(sql, args![lesson, account, client_id]).await?.into_iter().next())
    }

    /// How many questions of somebody to a lesson wait for an answer.
    pub async fn open_of(&mut self, lesson: LessonId, account: AccountId) -> Result<i64, DbError> {
        let sql = "select count(*) from question where lesson = $1 and account = $2 and state in ('waiting', 'shown')";
        self.0.fetch_int(sql, args![lesson, account]).await
    }

    /// Adds a question as it stands.
    pub async fn insert(&mut self, new: &Question) -> Result<(), DbError> {
        let sql = "insert into question (id, lesson, broadcast, account, name, text, client_id, state, asked_at, at_ms, told)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let args = args![
            new.id,
            new.lesson,
            new.broadcast,
            new.account,
            &new.name,
            &new.text,
            &new.client_id,
            new.state.code(),
            new.asked_at,
            new.at_ms,
            new.told
        ];
        self.0.execute(sql, args).await.map(drop)
    }

    /// Saves what was decided about a question.
    pub async fn save(&mut self, changed: &Question) -> Result<(), DbError> {
        let sql = "update question set state = $1, merged_into = $2, answer = $3, answered_at = $4, answered_at_ms = $5, answered_by = $6, told = $7
                   where id = $8";
        let args = args![
            changed.state.code(),
            changed.merged_into,
            changed.answer.as_deref(),
            changed.answered_at,
            changed.answered_at_ms,
            changed.answered_by,
            changed.told,
            changed.id
        ];
        self.0.execute(sql, args).await.map(drop)
    }

    /// Adds a vote, or takes it back; false when that was so already.
    pub async fn vote(&mut self, id: QuestionId, account: AccountId, wanted: bool) -> Result<bool, DbError> {
        let sql = if wanted {
            "insert into question_vote (question, account) values ($1, $2) on conflict do nothing"
        } else {
            "delete from question_vote where question = $1 and account = $2"
        };
        Ok(self.0.execute(sql, args![id, account]).await? == 1)
    }

    /// Whoever voted for `from`, and whoever asked it, votes for `into`; but nobody for his own question.
    pub async fn move_votes(&mut self, from: &Question, into: &Question) -> Result<(), DbError> {
        let sql = "insert into question_vote (question, account)
                   select $1, account from question_vote where question = $2 and account <> $3 on conflict do nothing";
        self.0.execute(sql, args![into.id, from.id, into.account]).await?;
        if from.account != into.account {
            self.vote(into.id, from.account, true).await?;
        }
        Ok(())
    }

    /// Counts the votes anew and keeps the number with the question.
    pub async fn count(&mut self, id: QuestionId, told: i64) -> Result<i64, DbError> {
        let votes = self.0.fetch_int("select count(*) from question_vote where question = $1", args![id]).await?;
        self.0.execute("update question set votes = $1, told = $2 where id = $3", args![votes, told, id]).await?;
        Ok(votes)
    }

    /// Questions of a room that everybody sees and that stand for themselves, told up to `until`: the newest, in that order.
    pub async fn newest(&mut self, of: BroadcastId, until: i64, most: usize) -> Result<Vec<Question>, DbError> {
        let sql = "select * from question where broadcast = $1 and state in ('shown', 'answered') and told <= $2
                   order by told desc, id limit $3";
        let mut found = self.all(sql, args![of, until, most]).await?;
        found.reverse();
        Ok(found)
    }

    /// The newest `most` questions of a room about which something was told after `after` and up to `until`, in that order.
    pub async fn told_between(&mut self, of: BroadcastId, after: i64, until: i64, most: usize) -> Result<Vec<Question>, DbError> {
        let sql = "select * from question where broadcast = $1 and told > $2 and told <= $3 order by told desc, id limit $4";
        let mut found = self.all(sql, args![of, after, until, most]).await?;
        found.reverse();
        Ok(found)
    }

    /// Questions of a room that a moderator still decides about: waiting ones first, then those with most votes.
    pub async fn open(&mut self, of: BroadcastId, most: usize) -> Result<Vec<Question>, DbError> {
        let sql = "select * from question where broadcast = $1 and state in ('waiting', 'shown')
                   order by case state when 'waiting' then 0 else 1 end, votes desc, asked_at limit $2";
        self.all(sql, args![of, most]).await
    }

    /// What was asked about a lesson and everybody sees: answered ones in the order of the recording, then by votes.
    pub async fn of_lesson(&mut self, lesson: LessonId, most: usize) -> Result<Vec<Question>, DbError> {
        let sql = "select * from question where lesson = $1 and state in ('shown', 'answered')
                   order by case state when 'answered' then 0 else 1 end, coalesce(answered_at_ms, at_ms, 0), votes desc, asked_at limit $2";
        self.all(sql, args![lesson, most]).await
    }
}
