//! SQL for hops: the stays of submissions.

use super::Submissions;
use crate::campaigns::{CampaignId, CategoryId};
use crate::db::{DbError, Row, args};
use crate::submissions::{Hop, HopId, Remark, SubmissionId, Verdict};
use kernel::{AccountId, Clock, OrganisationId, Timestamp};
use serde_json::json;

/// What closes a hop.
#[derive(Debug, Clone)]
pub struct Closing {
    /// How it ends.
    pub verdict: Verdict,
    /// Code of the reason.
    pub reason: Option<String>,
    /// In words.
    pub note: String,
    /// What should be changed.
    pub remarks: Vec<Remark>,
    /// Who decided.
    pub account: AccountId,
    /// Only if nobody opened it.
    pub unopened: bool,
}

impl Closing {
    /// A verdict without words.
    pub fn plain(verdict: Verdict, account: AccountId) -> Self {
        Self { verdict, reason: None, note: String::new(), remarks: Vec::new(), account, unopened: false }
    }
}

pub(super) fn hop(row: &Row) -> Result<Hop, DbError> {
    let verdict = match row.opt_text("verdict")? {
        Some(_) => Some(row.code("verdict", Verdict::from_code)?),
        None => None,
    };
    Ok(Hop {
        id: row.id("id")?,
        seq: row.int("seq")?,
        holder: row.id("holder")?,
        revision: row.int("revision")?,
        arrived_at: row.time("arrived_at")?,
        opened_at: row.opt_time("opened_at")?,
        closed_at: row.opt_time("closed_at")?,
        verdict,
        reason: row.opt_text("reason")?,
        note: row.opt_text("note")?,
        remarks: row.json("remarks")?,
        rank: row.opt_int("rank")?,
        reserve: row.bool("reserve")?,
        account: row.opt_id("account")?,
    })
}

impl Submissions<'_> {
    /// The journey so far, in the order of its hops.
    pub async fn hops(&mut self, id: SubmissionId) -> Result<Vec<Hop>, DbError> {
        self.0.fetch_all("select * from hop where submission = $1 order by seq", args![id]).await?.iter().map(hop).collect()
    }

    /// Puts a submission on the desk of `holder`; `opened_at` when its reviewers know it already.
    pub async fn insert_hop(
        &mut self,
        clock: &dyn Clock,
        id: SubmissionId,
        seq: i64,
        holder: OrganisationId,
        revision: i64,
        opened_at: Option<Timestamp>,
    ) -> Result<HopId, DbError> {
        let hop = HopId::new(clock);
        let sql = "insert into hop (id, submission, seq, holder, revision, arrived_at, opened_at) values ($1, $2, $3, $4, $5, $6, $7)";
        self.0.execute(sql, args![hop, id, seq, holder, revision, clock.now(), opened_at]).await?;
        Ok(hop)
    }

    /// Closes an open hop; false when it is closed already, or opened although it must not be.
    pub async fn close_hop(&mut self, id: HopId, closing: &Closing, now: Timestamp) -> Result<bool, DbError> {
        let sql = "update hop set closed_at = $1, verdict = $2, reason = $3, note = $4, remarks = $5, account = $6
                   where id = $7 and closed_at is null and ($8 = 0 or opened_at is null)";
        let args = args![
            now,
            closing.verdict.code(),
            closing.reason.as_deref(),
            &closing.note,
            &json!(closing.remarks),
            closing.account,
            id,
            closing.unopened
        ];
        Ok(self.0.execute(sql, args).await? == 1)
    }

    /// Notes that a reviewer has opened it; false when one had before, or it is no longer there.
    pub async fn open_hop(&mut self, id: HopId, now: Timestamp) -> Result<bool, DbError> {
        let sql = "update hop set opened_at = $1 where id = $2 and opened_at is null and closed_at is null";
        Ok(self.0.execute(sql, args![now, id]).await? == 1)
    }

    /// Puts a hop on the reserve list of its holder, or takes it off.
    pub async fn set_reserve(&mut self, id: HopId, reserve: bool) -> Result<(), DbError> {
        self.0.execute("update hop set reserve = $1 where id = $2", args![reserve, id]).await?;
        Ok(())
    }

    /// The newest hop at `holder` of each submission in a category that a rank can be given to: waiting there, kept, or
    /// recommended by it. In the order of their ranks, then of their arrival; at most `most`.
    pub async fn rankable(
        &mut self,
        campaign: CampaignId,
        category: CategoryId,
        holder: OrganisationId,
        most: usize,
    ) -> Result<Vec<(SubmissionId, Hop)>, DbError> {
        let sql = "select h.* from hop h join submission s on s.id = h.submission
                   where h.holder = $1 and s.campaign = $2 and s.category = $3
                     and (h.closed_at is null or h.verdict in ('recommended', 'selected', 'kept'))
                     and h.seq = (select max(n.seq) from hop n where n.submission = h.submission and n.holder = h.holder)
                   order by coalesce(h.rank, 1000000), h.arrived_at, h.submission limit $4";
        let rows = self.0.fetch_all(sql, args![holder, campaign, category, most]).await?;
        rows.iter().map(|row| Ok((row.id("submission")?, hop(row)?))).collect()
    }

    /// Gives a hop its place in the holder's order, or takes it away.
    pub async fn set_rank(&mut self, id: HopId, rank: Option<i64>) -> Result<(), DbError> {
        self.0.execute("update hop set rank = $1 where id = $2", args![rank, id]).await?;
        Ok(())
    }
}
