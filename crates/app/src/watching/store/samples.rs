//! SQL for the periods of broadcasts in which only some viewers report.

use super::Watching;
use crate::broadcasts::BroadcastId;
use crate::db::{DbError, Row, RowError, args};
use crate::watching::rules::sampling::Period;
use ledger::Weight;

fn read(row: &Row) -> Result<Period, DbError> {
    let one_in = u32::try_from(row.int("one_in")?)
        .ok()
        .and_then(Weight::of)
        .ok_or_else(|| RowError { column: "one_in".into(), expected: "a weight" })?;
    Ok(Period { number: row.int("number")?, one_in, from: row.time("began_at")? })
}

impl Watching<'_> {
    /// The periods that were announced for a broadcast, the first first.
    pub async fn periods(&mut self, broadcast: BroadcastId) -> Result<Vec<Period>, DbError> {
        let sql = "select number, one_in, began_at from broadcast_sample where broadcast = $1 order by number";
        self.0.fetch_all(sql, args![broadcast]).await?.iter().map(read).collect()
    }

    /// Announces a period, unless another node announced one of that number meanwhile.
    pub async fn announce(&mut self, broadcast: BroadcastId, period: Period) -> Result<bool, DbError> {
        let sql = "insert into broadcast_sample (broadcast, number, one_in, began_at) values ($1, $2, $3, $4) on conflict do nothing";
        let values = args![broadcast, period.number, i64::from(period.one_in.get()), period.from];
        Ok(self.0.execute(sql, values).await? == 1)
    }
}
