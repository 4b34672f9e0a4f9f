//! SQL for quotas and the places taken in them.

use super::Submissions;
use crate::campaigns::{CampaignId, CategoryId};
use crate::db::{DbError, args};
use crate::submissions::{PlaceId, Quota, QuotaId, SubmissionId};
use kernel::{Clock, OrganisationId, Timestamp};

/// A place that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The place.
    pub id: PlaceId,
    /// Its quota.
    pub quota: QuotaId,
    /// Whose quota.
    pub organisation: OrganisationId,
    /// Since when.
    pub taken_at: Timestamp,
}

/// What became of the wish for a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// One more is taken.
    Taken,
    /// The submission has one already.
    Held,
    /// All are taken.
    NoneLeft,
}

impl Submissions<'_> {
    /// The quota of one organisation in one category, made when it was not there yet.
    pub async fn quota(
        &mut self,
        clock: &dyn Clock,
        campaign: CampaignId,
        category: CategoryId,
        organisation: OrganisationId,
    ) -> Result<QuotaId, DbError> {
        let find = "select id from quota where campaign = $1 and category = $2 and organisation = $3";
        if let Some(row) = self.0.fetch_optional(find, args![campaign, category, organisation]).await? {
            return Ok(row.id("id")?);
        }
        let add = "insert into quota (id, campaign, category, organisation) values ($1, $2, $3, $4)
                   on conflict (campaign, category, organisation) do nothing";
        self.0.execute(add, args![QuotaId::new(clock), campaign, category, organisation]).await?;
        let row = self.0.fetch_all(find, args![campaign, category, organisation]).await?;
        row.first().map_or_else(
            || Err(DbError::Row(crate::db::RowError { column: "quota".into(), expected: "the row just made" })),
            |row| Ok(row.id("id")?),
        )
    }

    /// How many submissions of a category ever arrived at `holder`.
    pub async fn arrived(&mut self, category: CategoryId, holder: OrganisationId) -> Result<i64, DbError> {
        let sql = "select count(distinct h.submission) from hop h join submission s on s.id = h.submission
                   where h.holder = $1 and s.category = $2";
        self.0.fetch_int(sql, args![holder, category]).await
    }

    /// Takes a place for `id`, with `places` there now (none: no limit), unless it holds one of this quota.
    ///
    /// One statement decides, so the last place is given once however many ask at the same moment. The row of `id` is
    /// locked by the caller, so nobody else takes a place for it meanwhile.
    pub async fn take_place(
        &mut self,
        clock: &dyn Clock,
        quota: QuotaId,
        places: Option<i64>,
        id: SubmissionId,
    ) -> Result<Placed, DbError> {
        let held = "select id from place where quota = $1 and submission = $2 and freed_at is null";
        if self.0.fetch_optional(held, args![quota, id]).await?.is_some() {
            return Ok(Placed::Held);
        }
        let sql = "update quota set used = used + 1, places = $1 where id = $2 and ($1 is null or used < $1)";
        if self.0.execute(sql, args![places, quota]).await? == 0 {
            return Ok(Placed::NoneLeft);
        }
        let sql = "insert into place (id, quota, submission, taken_at) values ($1, $2, $3, $4)";
        self.0.execute(sql, args![PlaceId::new(clock), quota, id, clock.now()]).await?;
        Ok(Placed::Taken)
    }

    /// The places that `id` holds, in the order in which quotas are locked.
    pub async fn places(&mut self, id: SubmissionId) -> Result<Vec<Taken>, DbError> {
        let sql = "select p.id, p.quota, p.taken_at, q.organisation from place p join quota q on q.id = p.quota
                   where p.submission = $1 and p.freed_at is null order by q.category, q.organisation";
        let rows = self.0.fetch_all(sql, args![id]).await?;
        let read = |row: &crate::db::Row| {
            Ok(Taken { id: row.id("id")?, quota: row.id("quota")?, organisation: row.id("organisation")?, taken_at: row.time("taken_at")? })
        };
        rows.iter().map(read).collect()
    }

    /// Gives a place back.
    pub async fn free_place(&mut self, place: &Taken, now: Timestamp) -> Result<(), DbError> {
        let sql = "update place set freed_at = $1 where id = $2 and freed_at is null";
        if self.0.execute(sql, args![now, place.id]).await? == 1 {
            self.0.execute("update quota set used = used - 1 where id = $1", args![place.quota]).await?;
        }
        Ok(())
    }

    /// Places taken by `holder` in each category of a campaign. Places there are is what the rules said when the last was taken.
    pub async fn used_places(&mut self, holder: OrganisationId, campaign: CampaignId) -> Result<Vec<Quota>, DbError> {
        let sql = "select category, places, used from quota where organisation = $1 and campaign = $2 order by category";
        let rows = self.0.fetch_all(sql, args![holder, campaign]).await?;
        rows.iter().map(|row| Ok(Quota { category: row.id("category")?, places: row.opt_int("places")?, used: row.int("used")? })).collect()
    }
}
