//! SQL for notices and the files that they carry.

use super::{ATTEMPTS, Carried, Draft, NoticeFileId, NoticeId};
use crate::db::{DbError, Row, Tx, args, assembled};
use kernel::{AccountId, Timestamp};

/// Where a notice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NoticeState {
    /// For its time, or for a sender.
    Waiting,
    /// A sender has it.
    Sending,
    /// The server took it.
    Sent,
    /// It could not be sent; the reason says why.
    Parked,
    /// Nobody wanted it any more when its turn came.
    Dropped,
}

impl NoticeState {
    /// All of them, in the order in which pages show them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Sending, Self::Parked, Self::Sent, Self::Dropped];

    /// Stored code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Parked => "parked",
            Self::Dropped => "dropped",
        }
    }

    /// Reads [`NoticeState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A notice that a sender has.
#[derive(Debug, Clone)]
pub struct Leased {
    pub id: NoticeId,
    pub kind: String,
    pub about: String,
    pub to: String,
    pub name: String,
    pub subject: String,
    pub text: String,
    pub files: Vec<Carried>,
    pub unsubscribe: String,
    pub attempts: i64,
    pub created_at: Timestamp,
}

/// A notice as administrators see it: not what it says, and of its address no more than tells two people apart.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its id.
    pub id: NoticeId,
    /// What it is.
    pub kind: String,
    /// `l***@example.org`; empty once it is over.
    pub recipient: String,
    /// Where it stands.
    pub state: NoticeState,
    /// Attempts begun so far.
    pub attempts: i64,
    /// The next attempt, while it waits.
    pub due_at: Timestamp,
    /// Why the last attempt failed.
    pub reason: Option<String>,
    /// When it was posted.
    pub created_at: Timestamp,
}

/// How many notices there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// For their time, or with a sender.
    pub waiting: i64,
    /// Given up.
    pub parked: i64,
}

/// What is left of an address for eyes that need not know it.
fn masked(address: &str) -> String {
    address
        .split_once('@')
        .map_or_else(String::new, |(local, domain)| format!("{}***@{domain}", local.chars().next().map(String::from).unwrap_or_default()))
}

fn line(row: &Row) -> Result<Line, DbError> {
    Ok(Line {
        id: row.id("id")?,
        kind: row.text("kind")?,
        recipient: masked(&row.text("recipient")?),
        state: row.code("state", NoticeState::from_code)?,
        attempts: row.int("attempts")?,
        due_at: row.time("due_at")?,
        reason: row.opt_text("reason")?,
        created_at: row.time("created_at")?,
    })
}

pub(super) async fn insert(tx: &mut Tx, id: NoticeId, draft: &Draft, now: Timestamp) -> Result<(), DbError> {
    let sql = "insert into notice (id, kind, about, account, recipient, name, subject, text, files, unsubscribe, state, due_at, created_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $11, $11)";
    let files = serde_json::json!(draft.files);
    let (name, subject) = (super::one_line(&draft.name), super::one_line(&draft.subject));
    let values = args![id, draft.kind, &draft.about, draft.account, &draft.to, name, subject, &draft.text, &files, &draft.unsubscribe, now];
    tx.execute(sql, values).await.map(drop)
}

/// Keeps a file that notices carry.
pub async fn keep_file(tx: &mut Tx, id: NoticeFileId, kind: &str, bytes: Vec<u8>, now: Timestamp) -> Result<(), DbError> {
    let sql = "insert into notice_file (id, kind, size, bytes, created_at) values ($1, $2, $3, $4, $5)";
    tx.execute(sql, args![id, kind, bytes.len(), bytes, now]).await.map(drop)
}

/// Whether a file is still there.
pub async fn has_file(tx: &mut Tx, id: NoticeFileId) -> Result<bool, DbError> {
    Ok(tx.fetch_int("select count(*) from notice_file where id = $1", args![id]).await? == 1)
}

/// Media type and bytes of a file.
pub async fn read_file(tx: &mut Tx, id: NoticeFileId) -> Result<Option<(String, Vec<u8>)>, DbError> {
    let row = tx.fetch_optional("select kind, bytes from notice_file where id = $1", args![id]).await?;
    row.map(|row| Ok((row.text("kind")?, row.bytes("bytes")?))).transpose()
}

/// Bytes of all of `files`.
pub(super) async fn size(tx: &mut Tx, files: &[Carried]) -> Result<i64, DbError> {
    let mut size = 0;
    for carried in files {
        size += tx.fetch_int("select size from notice_file where id = $1", args![carried.file]).await?;
    }
    Ok(size)
}

/// Takes the notice that is due for the longest; counts the attempt. Parks what was tried too often.
pub(super) async fn lease(tx: &mut Tx, now: Timestamp, until: Timestamp) -> Result<Option<Leased>, DbError> {
    let over = "update notice set state = 'parked', reason = coalesce(reason, 'the sender died each time'), lease_until = null
                where state = 'sending' and lease_until < $1 and attempts >= $2";
    tx.execute(over, args![now, ATTEMPTS]).await?;
    let sql = format!(
        "select * from notice where (state = 'waiting' and due_at <= $1) or (state = 'sending' and lease_until < $1)
         order by due_at, id limit 1{}",
        tx.skip_locked()
    );
    let Some(row) = tx.fetch_optional(assembled(sql), args![now]).await? else { return Ok(None) };
    let id: NoticeId = row.id("id")?;
    let taken = "update notice set state = 'sending', lease_until = $1, attempts = attempts + 1 where id = $2";
    tx.execute(taken, args![until, id]).await?;
    Ok(Some(Leased {
        id,
        kind: row.text("kind")?,
        about: row.text("about")?,
        to: row.text("recipient")?,
        name: row.text("name")?,
        subject: row.text("subject")?,
        text: row.text("text")?,
        files: row.json("files")?,
        unsubscribe: row.text("unsubscribe")?,
        attempts: row.int("attempts")? + 1,
        created_at: row.time("created_at")?,
    }))
}

/// It is over, sent or dropped: what is personal goes. Nothing happens to a notice that another sender has meanwhile.
pub(super) async fn over(tx: &mut Tx, notice: &Leased, state: NoticeState, now: Timestamp) -> Result<(), DbError> {
    let sql = "update notice set state = $1, sent_at = $2, lease_until = null, reason = null, recipient = '', name = '', subject = '', text = '', unsubscribe = ''
               where id = $3 and state = 'sending' and attempts = $4";
    tx.execute(sql, args![state.code(), now, notice.id, notice.attempts]).await.map(drop)
}

/// It failed: with a time it is tried again then, without one it is parked.
pub(super) async fn failed(tx: &mut Tx, notice: &Leased, again_at: Option<Timestamp>, why: &str, now: Timestamp) -> Result<(), DbError> {
    let state = if again_at.is_some() { NoticeState::Waiting } else { NoticeState::Parked };
    let sql =
        "update notice set state = $1, due_at = $2, lease_until = null, reason = $3 where id = $4 and state = 'sending' and attempts = $5";
    tx.execute(sql, args![state.code(), again_at.unwrap_or(now), why, notice.id, notice.attempts]).await.map(drop)
}

/// One notice.
pub async fn find(tx: &mut Tx, id: NoticeId) -> Result<Option<Line>, DbError> {
    tx.fetch_optional("select * from notice where id = $1", args![id]).await?.as_ref().map(line).transpose()
}

/// Up to `most` notices older than the one with the id `before` (empty: from the newest on), newest first; with a state only that.
pub async fn older(tx: &mut Tx, state: Option<NoticeState>, before: &str, most: usize) -> Result<Vec<Line>, DbError> {
    let sql = "select * from notice where (state = $1 or $1 is null) and (id < $2 or $2 = '') order by id desc limit $3";
    tx.fetch_all(sql, args![state.map(NoticeState::code), before, most]).await?.iter().map(line).collect()
}

/// Gives a parked notice its attempts anew; true if it was one.
pub async fn again(tx: &mut Tx, id: NoticeId, now: Timestamp) -> Result<bool, DbError> {
    let sql = "update notice set state = 'waiting', attempts = 0, due_at = $1 where id = $2 and state = 'parked'";
    Ok(tx.execute(sql, args![now, id]).await? == 1)
}

/// How many wait and how many are parked.
pub async fn counts(tx: &mut Tx) -> Result<Counts, DbError> {
    let sql = "select state, count(*) as notices from notice where state in ('waiting', 'sending', 'parked') group by state";
    let mut counts = Counts::default();
    for row in tx.fetch_all(sql, vec![]).await? {
        let n = row.int("notices")?;
        if row.text("state")? == "parked" { counts.parked += n } else { counts.waiting += n }
    }
    Ok(counts)
}

/// How many notices of a kind an account was posted since `since`.
pub async fn count_since(tx: &mut Tx, account: AccountId, kind: &str, since: Timestamp) -> Result<i64, DbError> {
    let sql = "select count(*) from notice where account = $1 and kind = $2 and created_at >= $3";
    tx.fetch_int(sql, args![account, kind, since]).await
}

/// Forgets notices that are over since `before`, and files that were kept before `files_before`.
pub(super) async fn forget(tx: &mut Tx, before: Timestamp, files_before: Timestamp) -> Result<(), DbError> {
    tx.execute("delete from notice where state in ('sent', 'dropped', 'parked') and created_at < $1", args![before]).await?;
    tx.execute("delete from notice_file where created_at < $1", args![files_before]).await.map(drop)
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_is_masked_but_for_its_first_letter_and_its_server() {
        for (address, shown) in [("li.wei@example.org", "l***@example.org"), ("@x", "***@x"), ("", ""), ("nobody", "")] {
            assert_eq!(super::masked(address), shown);
        }
    }
}
