//! SQL for own figures and cells.

mod bands;
mod stamps;

pub use bands::ChosenLimits;

use super::amounts::Amounts;
use super::cube::Year;
use super::period::{ALL_DAYS, Span};
use crate::db::{DbError, Row, Tx, Value, args, assembled, tuples};
use crate::deltas::{self, Day, Metric};
use kernel::OrganisationId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The key of a row: `day` is `yyyymmdd`, or `yyyymm` for a whole month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    pub organisation: OrganisationId,
    pub metric: Metric,
    pub day: i32,
}

impl Cell {
    /// The year of it.
    fn year(self) -> Year {
        let digits = if self.day < ALL_DAYS.0 { 100 } else { 10_000 };
        (self.organisation, self.day / digits)
    }

    /// The cell of the day's month.
    pub const fn month(self) -> Self {
        Self { day: self.day / 100, ..self }
    }
}

/// Rows, or what to add to them, in the order of their key.
pub(super) type Sums = BTreeMap<Cell, Amounts>;

/// Adds all of `more`, `sign` times.
pub(super) fn join(sums: &mut Sums, more: &Sums, sign: i64) {
    for (cell, amounts) in more {
        sums.entry(*cell).or_default().join(amounts, sign);
    }
}

/// Adds to days the months that they make up.
pub(super) fn add_months(sums: &mut Sums) {
    let mut months = Sums::new();
    for (cell, amounts) in &*sums {
        months.entry(cell.month()).or_default().join(amounts, 1);
    }
    sums.append(&mut months);
}

/// Which table.
#[derive(Debug, Clone, Copy)]
pub(super) enum Table {
    /// Of the organisation itself.
    Own,
    /// Of everything strictly below it.
    Cell,
}

impl Table {
    const fn name(self) -> &'static str {
        match self {
            Self::Own => "stat_own",
            Self::Cell => "stat_cell",
        }
    }
}

/// Asks for the sums of some organisations over some spans.
#[derive(Debug, Default)]
pub(super) struct Question {
    /// Organisation, and the number of the spans that hold for it.
    pub who: Vec<(OrganisationId, usize)>,
    /// Number, bucket to sum into, span.
    pub spans: Vec<(usize, usize, Span)>,
    /// What to sum.
    pub metrics: Vec<Metric>,
}

/// Sums of an organisation in a bucket.
#[derive(Debug)]
pub(super) struct Sum {
    pub organisation: OrganisationId,
    pub bucket: usize,
    pub metric: Metric,
    pub own: bool,
    pub amounts: Arc<Amounts>,
}

/// Whether a span is of months, not days.
pub(super) const fn is_months((first, _): Span) -> bool {
    first < ALL_DAYS.0
}

/// Rows in one statement: their values stay below what either engine binds at most.
const ROWS: usize = 1_000;

/// SQL over an open transaction.
#[derive(Debug)]
pub(super) struct Statistics<'t>(pub &'t mut Tx);

impl Statistics<'_> {
    /// Takes the right to fold until the end of the transaction; false when another node has it.
    pub async fn claim(&mut self) -> Result<bool, DbError> {
        let sql = format!("select id from stat_state where id = 1{}", self.0.skip_locked());
        Ok(self.0.fetch_optional(assembled(sql), vec![]).await?.is_some())
    }

    /// Like [`Self::claim`], but waits for it.
    pub async fn hold(&mut self) -> Result<(), DbError> {
        let sql = format!("select id from stat_state where id = 1{}", self.0.for_update());
        self.0.fetch_all(assembled(sql), vec![]).await.map(drop)
    }

    /// Notes that the comparison of `day` is queued; false when it was already.
    pub async fn compare_on(&mut self, day: Day) -> Result<bool, DbError> {
        Ok(self.0.execute("update stat_state set compared_day = $1 where id = 1 and compared_day < $1", args![day.0]).await? == 1)
    }

    /// The tree revision up to which cells fit the tree.
    pub async fn refolded(&mut self) -> Result<i64, DbError> {
        self.0.fetch_int("select refolded from stat_state where id = 1", vec![]).await
    }

    /// Notes that cells fit the tree up to `revision`.
    pub async fn set_refolded(&mut self, revision: i64) -> Result<(), DbError> {
        self.0.execute("update stat_state set refolded = $1 where id = 1 and refolded < $1", args![revision]).await.map(drop)
    }

    /// The day whose comparison was queued last.
    pub async fn compared_day(&mut self) -> Result<i64, DbError> {
        self.0.fetch_int("select compared_day from stat_state where id = 1", vec![]).await
    }

    /// Adds to rows, making those that are missing. Only whoever holds the right to fold may: it reads before it writes.
    pub async fn add(&mut self, table: Table, sums: Sums) -> Result<(), DbError> {
        let mut sums = sums.into_iter().filter(|(_, amounts)| !amounts.is_empty()).peekable();
        while sums.peek().is_some() {
            let mut some: Sums = sums.by_ref().take(ROWS).collect();
            for (cell, kept) in self.kept(table, some.keys()).await? {
                some.entry(cell).or_default().join(&kept, 1);
            }
            self.put(table, &some).await?;
        }
        Ok(())
    }

    /// What the rows of `cells` hold.
    async fn kept(&mut self, table: Table, cells: impl ExactSizeIterator<Item = &Cell>) -> Result<Vec<(Cell, Amounts)>, DbError> {
        let sql = format!(
            "with w (organisation, metric, day) as (values {})
             select s.* from w join {} s on s.organisation = w.organisation and s.metric = w.metric and s.day = w.day",
            tuples(1, cells.len(), 3),
            table.name()
        );
        let args = cells.flat_map(|cell| args![cell.organisation, cell.metric.code(), cell.day]).collect();
        self.0.fetch_all(assembled(sql), args).await?.iter().map(cell).collect()
    }

    async fn put(&mut self, table: Table, sums: &Sums) -> Result<(), DbError> {
        let sql = format!(
            "insert into {} (organisation, metric, day, amounts) values {}
             on conflict (organisation, metric, day) do update set amounts = excluded.amounts",
            table.name(),
            tuples(1, sums.len(), 4)
        );
        let args = sums.iter().flat_map(|(c, amounts)| args![c.organisation, c.metric.code(), c.day, amounts.text()]);
        self.0.execute(assembled(sql), args.collect()).await?;
        self.stamp(sums.keys().map(|cell| cell.year()).collect()).await
    }

    /// Sums of both tables over spans of days, in one statement for every thousand organisations; months are [`super::cube`]'s.
    pub async fn sums(&mut self, question: &Question) -> Result<Vec<Sum>, DbError> {
        let mut sums = Vec::new();
        for who in question.who.chunks(ROWS) {
            let days = question.spans.iter().filter(|(.., span)| !is_months(*span));
            let spans: Vec<_> = days.filter(|(number, ..)| who.iter().any(|(_, n)| n == number)).collect();
            if spans.is_empty() {
                continue;
            }
            let sql = ask(who.len(), spans.len(), question.metrics.len());
            let mut args: Vec<Value> = who.iter().flat_map(|(organisation, number)| args![*organisation, *number]).collect();
            args.extend(spans.iter().flat_map(|(number, bucket, (first, last))| args![*number, *bucket, *first, *last]));
            args.extend(question.metrics.iter().map(|metric| Value::from(metric.code())));
            let mut found: BTreeMap<_, Amounts> = BTreeMap::new();
            for row in self.0.fetch_all(assembled(sql), args).await? {
                let metric = row.code("metric", Metric::from_code)?;
                let key = (row.id("organisation")?, row.int("bucket")? as usize, metric, row.bool("own")?);
                found.entry(key).or_default().read(&row.text("amounts")?)?;
            }
            let sum =
                |((organisation, bucket, metric, own), amounts)| Sum { organisation, bucket, metric, own, amounts: Arc::new(amounts) };
            sums.extend(found.into_iter().map(sum));
        }
        Ok(sums)
    }

    /// The first day on which anything counts for `organisation`.
    pub async fn first_day(&mut self, organisation: OrganisationId) -> Result<Option<Day>, DbError> {
        let sql = "select min(day) as day from (
                     select min(day) as day from stat_own where organisation = $1 and day >= $2
                     union all select min(day) from stat_cell where organisation = $1 and day >= $2) as first";
        let row = self.0.fetch_optional(sql, args![organisation, ALL_DAYS.0]).await?;
        Ok(row.map_or(Ok(None), |row| row.opt_int("day"))?.map(|day| Day(day as i32)))
    }

    /// Forgets the cells of `organisation` from `first` on: its days, and the months they belong to.
    pub async fn clear_from(&mut self, organisation: OrganisationId, first: Day) -> Result<(), DbError> {
        let sql = "delete from stat_cell where organisation = $1 and (day >= $2 or day between $3 and 999999)";
        self.0.execute(sql, args![organisation, first.0, first.month()]).await?;
        let sql = "update stat_stamp set stamp = $3 where organisation = $1 and year >= $2";
        self.0.execute(sql, args![organisation, first.month() / 100, stamps::fresh()]).await.map(drop)
    }

    /// The days of `organisation` from the month of `first` on.
    pub async fn days_from(&mut self, organisation: OrganisationId, first: Day) -> Result<Sums, DbError> {
        let sql = "select * from stat_cell where organisation = $1 and day >= $2";
        self.0.fetch_all(sql, args![organisation, first.month() * 100]).await?.iter().map(cell).collect()
    }

    /// Every own figure: only for comparing all of them.
    pub async fn own(&mut self) -> Result<Sums, DbError> {
        self.0.fetch_all("select * from stat_own", vec![]).await?.iter().map(cell).collect()
    }

    /// All cells of one organisation.
    pub async fn cells(&mut self, organisation: OrganisationId) -> Result<Sums, DbError> {
        self.0.fetch_all("select * from stat_cell where organisation = $1", args![organisation]).await?.iter().map(cell).collect()
    }

    /// What `children` themselves and all below them have in the days of `span`, as cells of `organisation`.
    pub async fn of_children(&mut self, organisation: OrganisationId, children: &[OrganisationId], span: Span) -> Result<Sums, DbError> {
        let mut sums = Sums::new();
        for some in children.chunks(ROWS) {
            let sql = of_children(some.len());
            for row in self.0.fetch_all(assembled(sql), children_args(some, span)).await? {
                let day = deltas::day(&row)?.0;
                let cell = Cell { organisation, metric: row.code("metric", Metric::from_code)?, day };
                sums.entry(cell).or_default().read(&row.text("amounts")?)?;
            }
        }
        Ok(sums)
    }

    /// Forgets everything folded.
    pub async fn clear(&mut self) -> Result<(), DbError> {
        self.0.execute("delete from stat_own", vec![]).await?;
        self.0.execute("delete from stat_cell", vec![]).await?;
        self.0.execute("update stat_stamp set stamp = $1", args![stamps::fresh()]).await.map(drop)
    }
}

/// The days of `$1` to `$2` of the organisations `$3`, …, from both tables.
fn of_children(children: usize) -> String {
    let ids = crate::db::places(3, children);
    let part = |table: Table, own: u8| {
        format!(
            "select organisation, metric, day, amounts, {own} as own from {} where organisation in ({ids}) and day between $1 and $2",
            table.name()
        )
    };
    format!("{} union all {}", part(Table::Own, 1), part(Table::Cell, 0))
}

/// The values of [`of_children`].
fn children_args(children: &[OrganisationId], (first, last): Span) -> Vec<Value> {
    let mut args = args![first, last];
    args.extend(children.iter().map(|child| Value::from(*child)));
    args
}

fn ask(who: usize, spans: usize, metrics: usize) -> String {
    let part = |table: Table, own: u8| {
        format!(
            "select s.organisation, p.bucket, s.metric, {own} as own, s.amounts
             from who w join part p on p.number = w.number cross join measure m
             join {} s on s.organisation = w.organisation and s.metric = m.metric and s.day between p.first and p.last",
            table.name()
        )
    };
    format!(
        "with who (organisation, number) as (values {}), part (number, bucket, first, last) as (values {}), measure (metric) as (values {})
         {} union all {}",
        tuples(1, who, 2),
        tuples(1 + who * 2, spans, 4),
        tuples(1 + who * 2 + spans * 4, metrics, 1),
        part(Table::Own, 1),
        part(Table::Cell, 0)
    )
}

fn cell(row: &Row) -> Result<(Cell, Amounts), DbError> {
    let cell = Cell { organisation: row.id("organisation")?, metric: row.code("metric", Metric::from_code)?, day: deltas::day(row)?.0 };
    let mut amounts = Amounts::default();
    amounts.read(&row.text("amounts")?)?;
    Ok((cell, amounts))
}
