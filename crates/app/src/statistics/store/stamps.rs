//! Which state the rows of an organisation's year are in, for [`crate::statistics::cube`].

use super::{ROWS, Statistics, cell, children_args, of_children};
use crate::db::{DbError, Row, args, assembled, tuples};
use crate::statistics::cube::{Months, Year};
use kernel::OrganisationId;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A stamp that was never given before.
pub(super) fn fresh() -> i64 {
    i64::from_ne_bytes(kernel::random::bytes())
}

impl Statistics<'_> {
    /// Marks years as changed.
    pub(super) async fn stamp(&mut self, years: BTreeSet<Year>) -> Result<(), DbError> {
        let sql = format!(
            "insert into stat_stamp (organisation, year, stamp) values {}
             on conflict (organisation, year) do update set stamp = excluded.stamp",
            tuples(1, years.len(), 3)
        );
        let stamp = fresh();
        let args = years.into_iter().flat_map(|(organisation, year)| args![organisation, year, stamp]);
        self.0.execute(assembled(sql), args.collect()).await.map(drop)
    }

    /// Which state the years of `organisations` from the first to the last are in; those without any rows are left out.
    pub(in crate::statistics) async fn stamps(
        &mut self,
        organisations: &[OrganisationId],
        (first, last): (i32, i32),
    ) -> Result<Vec<(Year, i64)>, DbError> {
        let mut stamps = Vec::new();
        for some in organisations.chunks(ROWS) {
            let ids = crate::db::places(3, some.len());
            let sql = format!("select * from stat_stamp where organisation in ({ids}) and year between $1 and $2");
            let rows = self.0.fetch_all(assembled(sql), children_args(some, (first, last))).await?;
            let read = |row: &Row| Ok(((row.id("organisation")?, row.int("year")? as i32), row.int("stamp")?));
            stamps.extend(rows.iter().map(read).collect::<Result<Vec<_>, DbError>>()?);
        }
        Ok(stamps)
    }

    /// All months of `years`.
    pub(in crate::statistics) async fn months(&mut self, years: impl Iterator<Item = Year>) -> Result<HashMap<Year, Months>, DbError> {
        let mut wanted: BTreeMap<i32, Vec<OrganisationId>> = BTreeMap::new();
        years.for_each(|(organisation, year)| wanted.entry(year).or_default().push(organisation));
        let mut found: HashMap<Year, Months> = HashMap::new();
        for (year, organisations) in wanted {
            for some in organisations.chunks(ROWS) {
                let sql = of_children(some.len());
                for row in self.0.fetch_all(assembled(sql), children_args(some, (year * 100 + 1, year * 100 + 12))).await? {
                    let (cell, amounts) = cell(&row)?;
                    found.entry(cell.year()).or_default().insert(row.bool("own")?, cell.metric, cell.day, amounts);
                }
            }
        }
        Ok(found)
    }
}
