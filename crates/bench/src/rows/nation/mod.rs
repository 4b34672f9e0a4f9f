//! `nation`: a province of 150,000 organisations with ten million held sessions (`kaijiang demo --scale`), on either database.
//!
//! * `nation-*`: children × month × form over a year, beside the same question in plain SQL: DuckDB, Postgres.
//! * `nation-node-*`: any node × any period at the store; `nation-page-*`: the same at the page.
//! * `nation-fresh-*`: 500 sessions registered a second; when figures show each.
//! * `nation-move-*`: a node with some 11,500 below it is moved; when the new figures stand, none wrong in between.

mod life;
mod plain;

use crate::lab::{Lab, Pairs, Row, Side, take_turns};
use crate::peers::{duckdb::DuckDb, postgres::Postgres};
use crate::product::{Home, Person, person};
use anyhow::{Context, ensure};
use app::db::Db;
use app::deltas::{Day, Metric};
use app::demo::scale::{self, Scale};
use app::state::App;
use app::statistics::{Lens, Period, reach, report};
use kernel::Role;
use plain::Answer;
use std::collections::BTreeMap;
use tokio::time::Instant;

/// Against the scan of plain SQL.
const TARGET: f64 = 0.01;
/// Milliseconds, 95 of 100 reads, at the store.
const STORE_MS: f64 = 20.0;
/// Cities: what the province is read by.
const CITIES: usize = 13;

/// A planted installation, and who looks at it.
struct Nation {
    home: Home,
    scale: Scale,
    /// How long that took, in words.
    planted: String,
    reader: Person,
    clerk: Person,
    administrator: Person,
}

/// On the database that a county has.
pub async fn sqlite(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    on_sqlite(lab, size(lab)).await
}

/// On the database that a province has.
pub async fn postgres(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    let postgres = Postgres::start(lab).await.context("no Postgres")?;
    on_postgres(lab, &postgres, size(lab)).await
}

fn size(lab: &Lab) -> Scale {
    Scale { organisations: lab.amount(150_000, 5_000), sessions: lab.amount(10_000_000, 20_000), days: lab.amount(1_096, 400) }
}

async fn on_sqlite(lab: &Lab, scale: Scale) -> anyhow::Result<Vec<Row>> {
    let nation = Nation::plant(lab, "sqlite", "", scale).await?;
    let app = nation.home.open().await?;
    let months = year(&app)?;
    let mut duck = DuckDb::start(lab, &plain::create(&app, scale, plain::Engine::DuckDb), &plain::question(&months))?;
    let theirs = plain::answer(duck.answer()?);
    let compared = nation.compare(lab, &app, "sqlite", &months, (theirs, "DuckDB, plain SQL"), async |reads| duck.time(reads)).await?;
    drop(duck);
    nation.rows(lab, "sqlite", app, compared).await
}

async fn on_postgres(lab: &Lab, postgres: &Postgres, scale: Scale) -> anyhow::Result<Vec<Row>> {
    let nation = Nation::plant(lab, "postgres", &postgres.database("nation")?, scale).await?;
    postgres.sql("nation", "vacuum analyze")?;
    let app = nation.home.open().await?;
    let months = year(&app)?;
    let peer = Db::postgres(&postgres.database("plain")?).await?;
    postgres.sql("plain", &plain::create(&app, scale, plain::Engine::Postgres))?;
    postgres.sql("plain", "vacuum analyze")?;
    let question = plain::question(&months);
    let theirs = plain::ask(&peer, &question).await?;
    let time = async |reads: usize| {
        let begin = Instant::now();
        for _ in 0..reads {
            plain::ask(&peer, &question).await?;
        }
        Ok(begin.elapsed().as_secs_f64() * 1e3 / reads as f64)
    };
    let compared = nation.compare(lab, &app, "postgres", &months, (theirs, "Postgres, plain SQL"), time).await?;
    peer.close().await;
    nation.rows(lab, "postgres", app, compared).await
}

/// The twelve whole months before this one.
fn year(app: &App) -> anyhow::Result<Vec<Period>> {
    let first = Day(app.today().month() * 100 + 1);
    Ok(Period::new(Day(first.0 - 10_000), first.plus(-1)).context("a year")?.months())
}

impl Nation {
    /// Fills an empty installation.
    async fn plant(lab: &Lab, engine: &str, database: &str, scale: Scale) -> anyhow::Result<Self> {
        let home = Home::new(lab, &format!("nation-{engine}"), database)?;
        let app = home.open().await?;
        let begin = Instant::now();
        scale::plant(&app, scale, |what| eprintln!("  {:>5.0} s {what}", begin.elapsed().as_secs_f64())).await?;
        let planted = format!("made and counted in {:.0} s", begin.elapsed().as_secs_f64());
        let province = scale::id(0);
        let reader = person(&app, "reader", Role::Auditor, province).await?;
        let clerk = person(&app, "clerk", Role::Clerk, province).await?;
        let administrator = person(&app, "administrator", Role::Administrator, province).await?;
        app.db.close().await;
        Ok(Self { home, scale, planted, reader, clerk, administrator })
    }

    /// The question beside its peer; `time` gives the peer's milliseconds for one of so many answers.
    async fn compare(
        &self,
        lab: &Lab,
        app: &App,
        engine: &str,
        months: &[Period],
        (theirs, peer): (Answer, &str),
        mut time: impl AsyncFnMut(usize) -> anyhow::Result<f64>,
    ) -> anyhow::Result<Row> {
        let ours = ours(app, months).await?;
        ensure!(!ours.is_empty() && ours == theirs, "void: our {} figures are not those of plain SQL ({})", ours.len(), theirs.len());
        let reads: i32 = lab.amount(100, 5);
        let pairs: Pairs = take_turns(lab.pairs(), async |side| match side {
            Side::Peer => time(lab.amount(5, 2)).await,
            Side::Ours => {
                let begin = Instant::now();
                for _ in 0..reads {
                    self::ours(app, months).await?;
                }
                Ok(begin.elapsed().as_secs_f64() * 1e3 / f64::from(reads))
            }
        })
        .await?;
        let Scale { organisations, sessions, .. } = self.scale;
        let told = format!("{organisations} organisations, {sessions} sessions, {}; {} figures, equal", self.planted, ours.len());
        Ok(pairs.row(&format!("nation-{engine}"), "ms a read", peer, TARGET).with(&told))
    }

    /// All rows of an engine, after the first.
    async fn rows(&self, lab: &Lab, engine: &str, app: App, first: Row) -> anyhow::Result<Vec<Row>> {
        let nodes = format!("nation-node-{engine}");
        let mut rows = vec![first, self.nodes(&nodes, lab, &app).await.unwrap_or_else(|cause| life::failed(&nodes, &cause))];
        app.db.close().await;
        drop(app);
        rows.extend(life::rows(lab, self, engine).await?);
        Ok(rows)
    }

    /// Any node × any period at the store.
    async fn nodes(&self, name: &str, lab: &Lab, app: &App) -> anyhow::Result<Row> {
        let (mut figures, mut reached) = (Vec::new(), Vec::new());
        for n in 0..lab.amount(400, 20) {
            let (node, period) = (scale::id(self.any_node(n)), any_period(app, n)?);
            let begin = Instant::now();
            let mut tx = app.db.read().await?;
            report(app, &mut tx, node, &[period], &[Metric::Sessions, Metric::Attendances]).await?;
            figures.push(begin.elapsed().as_secs_f64() * 1e3);
            let begin = Instant::now();
            reach(app, &mut tx, node, Lens::Then, &[period], period).await?;
            reached.push(begin.elapsed().as_secs_f64() * 1e3);
        }
        let row = Row::absolute(name, "ms, p95", p95(&mut figures), STORE_MS, false);
        let told = format!("{} nodes of every level × day to all time; coverage of them p95 {:.1} ms", figures.len(), p95(&mut reached));
        Ok(row.with(&told))
    }

    /// One of every level in turn: the province, cities, counties, townships, branches.
    fn any_node(&self, n: usize) -> usize {
        let levels = [0, 1, 1 + CITIES, 1 + CITIES + 126, scale::first_branch(), self.scale.organisations];
        let (from, to) = (levels[n % 5], levels[n % 5 + 1]);
        from + n * 7_919 % (to - from)
    }
}

/// A day, a month, a quarter, a year, all time, some days across months.
fn any_period(app: &App, n: usize) -> anyhow::Result<Period> {
    let last = app.today().plus(-((n * 31 % 300) as i64));
    let date = last.date().context("a day")?;
    let all = Period { first: app.today().plus(-1_096), last: app.today() };
    Ok(match n / 5 % 6 {
        0 => Period { first: last, last },
        1 => Period::month_of(date),
        2 => Period::quarter_of(date),
        3 => Period::year_of(date),
        4 => all,
        _ => Period { first: last.plus(-100), last },
    })
}

/// City, month and form to sessions.
async fn ours(app: &App, months: &[Period]) -> anyhow::Result<Answer> {
    let mut tx = app.db.read().await?;
    let found = report(app, &mut tx, scale::id(0), months, &[Metric::Sessions]).await?;
    let mut figures = BTreeMap::new();
    for city in 1..=CITIES {
        let part = found.children.get(&scale::id(city)).context("a city")?;
        for (month, of_month) in months.iter().zip(part) {
            let forms = of_month.of(Metric::Sessions).filter_map(|(dimension, amount)| Some((dimension.strip_prefix("form:")?, amount)));
            figures.extend(forms.map(|(form, amount)| ((city as i64, i64::from(month.first.month()), form.to_owned()), amount)));
        }
    }
    Ok(figures)
}

/// The value that 95 of 100 do not exceed.
fn p95(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() * 95 / 100).copied().unwrap_or(f64::NAN)
}
