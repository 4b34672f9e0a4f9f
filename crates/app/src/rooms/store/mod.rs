//! SQL for rooms: rules and bans here, messages, questions and words beside.

mod groups;
mod messages;
mod questions;
mod words;

pub use groups::Groups;
pub use questions::Questions;
pub use words::Words;

use super::model::{Ban, Chat, RoomRules};
use crate::broadcasts::BroadcastId;
use crate::db::{DbError, Tx, args};
use kernel::{AccountId, Timestamp};

/// SQL over an open transaction: what is said in a room and how it is run.
#[derive(Debug)]
pub struct Talk<'t>(pub &'t mut Tx);

impl Talk<'_> {
    /// How a room is run; as rooms are run when nobody decided anything.
    pub async fn rules(&mut self, of: BroadcastId) -> Result<RoomRules, DbError> {
        let row = self.0.fetch_optional("select * from room_rules where broadcast = $1", args![of]).await?;
        let Some(row) = row else { return Ok(RoomRules::default()) };
        Ok(RoomRules {
            chat: row.code("chat", Chat::from_code)?,
            slow_s: row.int("slow_s")?,
            pre_moderated: row.bool("pre_moderated")?,
            danmaku: row.bool("danmaku")?,
            cleared: row.int("cleared")?,
            version: row.int("version")?,
        })
    }

    /// Makes the room's row when there is none.
    async fn ensure(&mut self, of: BroadcastId) -> Result<(), DbError> {
        let plain = RoomRules::default();
        let sql =
            "insert into room_rules (broadcast, chat, slow_s, pre_moderated, danmaku) values ($1, $2, $3, $4, $5) on conflict do nothing";
        let args = args![of, plain.chat.code(), plain.slow_s, plain.pre_moderated, plain.danmaku];
        self.0.execute(sql, args).await.map(drop)
    }

    /// Changes how a room is run.
    pub async fn set_rules(&mut self, of: BroadcastId, rules: &RoomRules) -> Result<(), DbError> {
        self.ensure(of).await?;
        let sql =
            "update room_rules set chat = $1, slow_s = $2, pre_moderated = $3, danmaku = $4, version = version + 1 where broadcast = $5";
        self.0.execute(sql, args![rules.chat.code(), rules.slow_s, rules.pre_moderated, rules.danmaku, of]).await.map(drop)
    }

    /// Remembers with which number a room was cleared.
    pub async fn set_cleared(&mut self, of: BroadcastId, seq: i64) -> Result<(), DbError> {
        self.ensure(of).await?;
        self.0.execute("update room_rules set cleared = $1 where broadcast = $2", args![seq, of]).await.map(drop)
    }

    /// Takes `block` numbers out for this node alone: the number below the first of them. They are never given again, even if the
    /// node dies before it used them.
    pub async fn take_numbers(&mut self, of: BroadcastId, block: i64) -> Result<i64, DbError> {
        self.ensure(of).await?;
        self.0.execute("update room_rules set mark = mark + $1 where broadcast = $2", args![block, of]).await?;
        let mark = self.0.fetch_int("select mark from room_rules where broadcast = $1", args![of]).await?;
        Ok(mark - block)
    }

    /// Whether somebody was muted in a room, at whatever time.
    pub async fn ban(&mut self, of: BroadcastId, account: AccountId) -> Result<Option<Ban>, DbError> {
        let sql = "select until_at from room_ban where broadcast = $1 and account = $2";
        let row = self.0.fetch_optional(sql, args![of, account]).await?;
        row.map(|row| Ok(Ban { until: row.opt_time("until_at")? })).transpose()
    }

    /// Mutes somebody, in the place of what was decided before.
    pub async fn set_ban(&mut self, of: BroadcastId, account: AccountId, ban: Ban, by: AccountId, now: Timestamp) -> Result<(), DbError> {
        let sql = "insert into room_ban (broadcast, account, until_at, banned_by, at) values ($1, $2, $3, $4, $5)
                   on conflict (broadcast, account) do update set until_at = excluded.until_at, banned_by = excluded.banned_by, at = excluded.at";
        self.0.execute(sql, args![of, account, ban.until, by, now]).await.map(drop)
    }
}
