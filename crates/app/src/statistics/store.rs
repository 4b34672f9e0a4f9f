//! SQL for own figures and cells.

mod bands;

pub use bands::ChosenLimits;

use super::period::{ALL_DAYS, Span};
use crate::db::{DbError, Row, Tx, Value, args, assembled, tuples};
use crate::deltas::{self, Day, Metric};
use kernel::OrganisationId;

/// The key of a row: `day` is `yyyymmdd`, or `yyyymm` for a whole month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    pub organisation: OrganisationId,
    pub metric: Metric,
    pub day: i32,
    pub dimension: String,
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

/// One sum.
#[derive(Debug)]
pub(super) struct Sum {
    pub organisation: OrganisationId,
    pub bucket: usize,
    pub metric: Metric,
    pub dimension: String,
    pub own: bool,
    pub amount: i64,
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

    /// Adds to rows, making those that are missing.
    pub async fn add(&mut self, table: Table, sums: impl IntoIterator<Item = (Cell, i64)>) -> Result<(), DbError> {
        let name = table.name();
        let mut sums = sums.into_iter().filter(|(_, amount)| *amount != 0).peekable();
        while sums.peek().is_some() {
            let some: Vec<_> = sums.by_ref().take(ROWS).collect();
            let sql = format!(
                "insert into {name} (organisation, metric, day, dimension, amount) values {}
                 on conflict (organisation, metric, day, dimension) do update set amount = {name}.amount + excluded.amount",
                tuples(1, some.len(), 5)
            );
            let args = some.into_iter().flat_map(|(c, amount)| args![c.organisation, c.metric.code(), c.day, c.dimension, amount]);
            self.0.execute(assembled(sql), args.collect()).await?;
        }
        Ok(())
    }

    /// Sums of both tables, in one statement for every thousand organisations.
    pub async fn sums(&mut self, question: &Question) -> Result<Vec<Sum>, DbError> {
        let mut sums = Vec::new();
        for who in question.who.chunks(ROWS) {
            let spans: Vec<_> = question.spans.iter().filter(|(number, ..)| who.iter().any(|(_, n)| n == number)).collect();
            if spans.is_empty() {
                continue;
            }
            let sql = ask(who.len(), spans.len(), question.metrics.len());
            let mut args: Vec<Value> = who.iter().flat_map(|(organisation, number)| args![*organisation, *number]).collect();
            args.extend(spans.iter().flat_map(|(number, bucket, (first, last))| args![*number, *bucket, *first, *last]));
            args.extend(question.metrics.iter().map(|metric| Value::from(metric.code())));
            let rows = self.0.fetch_all(assembled(sql), args).await?;
            sums.extend(rows.iter().map(sum).collect::<Result<Vec<_>, _>>()?);
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
        self.0.execute(sql, args![organisation, first.0, first.month()]).await.map(drop)
    }

    /// Adds to the cells of `organisation` what its `children` themselves and all below them have in the days of `span`.
    pub async fn add_children(&mut self, organisation: OrganisationId, children: &[OrganisationId], span: Span) -> Result<(), DbError> {
        for some in children.chunks(ROWS) {
            let sql = format!(
                "insert into stat_cell (organisation, metric, day, dimension, amount)
                 select $1, metric, day, dimension, cast(sum(amount) as bigint) from ({}) as part where true group by metric, day, dimension
                 on conflict (organisation, metric, day, dimension) do update set amount = stat_cell.amount + excluded.amount",
                of_children(some.len())
            );
            self.0.execute(assembled(sql), children_args(organisation, some, span)).await?;
        }
        Ok(())
    }

    /// Sums the days of `organisation` from the month of `first` on up to months.
    pub async fn add_months(&mut self, organisation: OrganisationId, first: Day) -> Result<(), DbError> {
        let sql = "insert into stat_cell (organisation, metric, day, dimension, amount)
                   select organisation, metric, day / 100, dimension, cast(sum(amount) as bigint) from stat_cell
                   where organisation = $1 and day >= $2 group by organisation, metric, day / 100, dimension";
        self.0.execute(sql, args![organisation, first.month() * 100]).await.map(drop)
    }

    /// Every own figure: only for comparing all of them.
    pub async fn own(&mut self) -> Result<Vec<(Cell, i64)>, DbError> {
        self.0.fetch_all("select * from stat_own", vec![]).await?.iter().map(cell).collect()
    }

    /// All cells of one organisation.
    pub async fn cells(&mut self, organisation: OrganisationId) -> Result<Vec<(Cell, i64)>, DbError> {
        self.0.fetch_all("select * from stat_cell where organisation = $1", args![organisation]).await?.iter().map(cell).collect()
    }

    /// What [`Self::add_children`] would add, as cells of `organisation`.
    pub async fn of_children(
        &mut self,
        organisation: OrganisationId,
        children: &[OrganisationId],
        span: Span,
    ) -> Result<Vec<(Cell, i64)>, DbError> {
        let mut found = Vec::new();
        for some in children.chunks(ROWS) {
            let sql = format!(
                "select $1 as organisation, metric, day, dimension, cast(sum(amount) as bigint) as amount from ({}) as part
                 group by metric, day, dimension",
                of_children(some.len())
            );
            let rows = self.0.fetch_all(assembled(sql), children_args(organisation, some, span)).await?;
            found.extend(rows.iter().map(cell).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(found)
    }

    /// Forgets everything folded.
    pub async fn clear(&mut self) -> Result<(), DbError> {
        self.0.execute("delete from stat_own", vec![]).await?;
        self.0.execute("delete from stat_cell", vec![]).await.map(drop)
    }
}

/// The days of `$2` to `$3` of the organisations `$4`, …, from both tables.
fn of_children(children: usize) -> String {
    let ids = crate::db::places(4, children);
    let part = |table: Table| {
        let name = table.name();
        format!("select metric, day, dimension, amount from {name} where organisation in ({ids}) and day between $2 and $3")
    };
    format!("{} union all {}", part(Table::Own), part(Table::Cell))
}

/// The values of a statement around [`of_children`].
fn children_args(organisation: OrganisationId, children: &[OrganisationId], (first, last): Span) -> Vec<Value> {
    let mut args = args![organisation, first, last];
    args.extend(children.iter().map(|child| Value::from(*child)));
    args
}

fn ask(who: usize, spans: usize, metrics: usize) -> String {
    let part = |table: Table, own: u8| {
        format!(
            "select s.organisation, p.bucket, s.metric, s.dimension, {own} as own, cast(sum(s.amount) as bigint) as amount
             from who w join part p on p.number = w.number cross join measure m
             join {} s on s.organisation = w.organisation and s.metric = m.metric and s.day between p.first and p.last
             group by s.organisation, p.bucket, s.metric, s.dimension",
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

fn cell(row: &Row) -> Result<(Cell, i64), DbError> {
    let cell = Cell {
        organisation: row.id("organisation")?,
        metric: row.code("metric", Metric::from_code)?,
        day: deltas::day(row)?.0,
        dimension: row.text("dimension")?,
    };
    Ok((cell, row.int("amount")?))
}

fn sum(row: &Row) -> Result<Sum, DbError> {
    Ok(Sum {
        organisation: row.id("organisation")?,
        bucket: row.int("bucket")? as usize,
        metric: row.code("metric", Metric::from_code)?,
        dimension: row.text("dimension")?,
        own: row.bool("own")?,
        amount: row.int("amount")?,
    })
}
