//! SQL for messages.

use super::Talk;
use crate::broadcasts::BroadcastId;
use crate::db::{DbError, Row, Value, args};
use crate::rooms::model::{Message, MessageId, MessageState};
use crate::rooms::rules::Own;
use kernel::{AccountId, Timestamp};

fn read(row: &Row) -> Result<Message, DbError> {
    Ok(Message {
        id: row.id("id")?,
        broadcast: row.id("broadcast")?,
        account: row.id("account")?,
        name: row.text("name")?,
        text: row.text("text")?,
        danmaku: row.bool("danmaku")?,
        client_id: row.text("client_id")?,
        state: row.code("state", MessageState::from_code)?,
        at: row.time("at")?,
        at_ms: row.opt_int("at_ms")?,
        seq: row.opt_int("seq")?,
        told: row.int("told")?,
    })
}

impl Talk<'_> {
    async fn messages(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Vec<Message>, DbError> {
        self.0.fetch_all(sql, args).await?.iter().map(read).collect()
    }

    /// A message of a room.
    pub async fn message(&mut self, of: BroadcastId, id: MessageId) -> Result<Option<Message>, DbError> {
        let found = self.messages("select * from room_message where broadcast = $1 and id = $2", args![of, id]).await?;
        Ok(found.into_iter().next())
    }

    /// The message that somebody sent under this name.
    pub async fn sent_as(&mut self, of: BroadcastId, account: AccountId, client_id: &str) -> Result<Option<Message>, DbError> {
        let sql = "select * from room_message where broadcast = $1 and account = $2 and client_id = $3";
        Ok(self.messages(sql, args![of, account, client_id]).await?.into_iter().next())
    }

    /// What somebody said in a room so far, as the rules of speaking want to know it.
    pub async fn own(&mut self, of: BroadcastId, account: AccountId, now: Timestamp) -> Result<Own, DbError> {
        let sql = "select * from room_message where broadcast = $1 and account = $2 order by at desc, id desc limit 1";
        let last = self.messages(sql, args![of, account]).await?.into_iter().next();
        let sql = "select count(*) from room_message where broadcast = $1 and account = $2 and at > $3";
        let in_minute = self.0.fetch_int(sql, args![of, account, now.plus_ms(-60_000)]).await?;
        Ok(Own { last: last.map(|m| (m.at, m.text)), in_minute, ban: self.ban(of, account).await? })
    }

    /// Adds a message as it stands.
    pub async fn insert(&mut self, new: &Message) -> Result<(), DbError> {
        let sql = "insert into room_message (id, broadcast, account, name, text, danmaku, client_id, state, at, seq, told, at_ms)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let args = args![
            new.id,
            new.broadcast,
            new.account,
            &new.name,
            &new.text,
            new.danmaku,
            &new.client_id,
            new.state.code(),
            new.at,
            new.seq,
            new.told,
            new.at_ms
        ];
        self.0.execute(sql, args).await.map(drop)
    }

    /// Moves a message; `told` is the number with which it is told.
    pub async fn decide(&mut self, id: MessageId, state: MessageState, told: i64, by: AccountId) -> Result<(), DbError> {
        let sql = "update room_message set state = $1, told = $2, decided_by = $3, seq = case when $1 = 'shown' then $2 else seq end where id = $4";
        self.0.execute(sql, args![state.code(), told, by, id]).await.map(drop)
    }

    /// Takes away whatever is shown in a room; how many messages that were.
    pub async fn remove_all(&mut self, of: BroadcastId, told: i64, by: AccountId) -> Result<u64, DbError> {
        let sql = "update room_message set state = 'removed', told = $1, decided_by = $2 where broadcast = $3 and state = 'shown'";
        self.0.execute(sql, args![told, by, of]).await
    }

    /// Takes away what somebody said that waits or is shown.
    pub async fn of_account(&mut self, of: BroadcastId, account: AccountId) -> Result<Vec<Message>, DbError> {
        let sql = "select * from room_message where broadcast = $1 and account = $2 and state <> 'removed' order by told limit 500";
        self.messages(sql, args![of, account]).await
    }

    /// The newest `most` messages that are shown and were told up to `until`, in their order.
    pub async fn newest(&mut self, of: BroadcastId, until: i64, most: usize) -> Result<Vec<Message>, DbError> {
        let sql = "select * from room_message where broadcast = $1 and state = 'shown' and seq <= $2 order by seq desc limit $3";
        let mut found = self.messages(sql, args![of, until, most]).await?;
        found.reverse();
        Ok(found)
    }

    /// The newest `most` messages about which something was told after `after` and up to `until`, in that order.
    pub async fn told_between(&mut self, of: BroadcastId, after: i64, until: i64, most: usize) -> Result<Vec<Message>, DbError> {
        let sql = "select * from room_message where broadcast = $1 and told > $2 and told <= $3 order by told desc, id limit $4";
        let mut found = self.messages(sql, args![of, after, until, most]).await?;
        found.reverse();
        Ok(found)
    }

    /// Messages that wait for a moderator, the oldest first.
    pub async fn waiting(&mut self, of: BroadcastId, most: usize) -> Result<Vec<Message>, DbError> {
        let sql = "select * from room_message where broadcast = $1 and state = 'waiting' order by told limit $2";
        self.messages(sql, args![of, most]).await
    }

    /// Whatever is shown, in the order in which it was said; for the recording.
    pub async fn shown(&mut self, of: BroadcastId, most: usize) -> Result<Vec<Message>, DbError> {
        let sql = "select * from room_message where broadcast = $1 and state = 'shown' order by at, id limit $2";
        self.messages(sql, args![of, most]).await
    }
}
