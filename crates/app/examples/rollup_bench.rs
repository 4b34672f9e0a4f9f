//! What a roll-up read costs beside Postgres: `rollup_bench [FACTS [ORGANISATIONS]]`, with `KAIJIANG_TEST_POSTGRES` set.
//!
//! The read is a province's children × twelve months × form. Ours is [`statistics::report`] with everything around it
//! (transaction, dated tree, deltas that wait), on SQLite and on Postgres. The peers are plain queries of an integer-keyed
//! table of monthly cells that somebody else would have to maintain, and a GROUP BY over the facts with a level column.
//!
//! Pairs are interleaved; every line holds the median, least and largest ratio ours ÷ peer, and the peer against itself. A
//! run counts only after its own check: all of them answer the same sums.

use app::commands;
use app::config::Config;
use app::deltas::{Day, Fact, Metric};
use app::organisations::{BEGINNING, Change, OrganisationId, Organisations, StagingId};
use app::state::App;
use app::statistics::{self, Period, Recount};
use kernel::{Id, SystemClock};
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::future::Future;
use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

type AnyError = Box<dyn std::error::Error + Send + Sync>;
/// Child, month, form.
type Sums = BTreeMap<(i32, i32, i16), i64>;

const PAIRS: usize = 9;
const FORMS: u64 = 8;
const LEVELS: [i32; 3] = [13, 130, 1_560];
const METRIC: Metric = Metric::Submissions;

#[tokio::main]
async fn main() -> Result<(), AnyError> {
    let mut args = std::env::args().skip(1);
    let facts: u64 = args.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let organisations: i32 = args.next().map_or(Ok(150_000), |text| text.parse())?;
    let cluster = std::env::var("KAIJIANG_TEST_POSTGRES").map_err(|_| "run it with scripts/with-postgres")?;
    let database = fresh_database(&cluster).await?;
    let dir = tempfile::tempdir()?;
    let peer = Peer::fill(&PgPool::connect(&database).await?, facts, organisations).await?;
    let wanted = peer.cells().await?;
    for (engine, database) in [("sqlite", String::new()), ("postgres", database)] {
        let app = filled(dir.path().join(engine), database, facts, organisations).await?;
        if ours(&app).await? != wanted || peer.group_by().await? != wanted {
            return Err(format!("{engine}: the sums differ").into());
        }
        compare(&format!("rollup-{engine}"), "Postgres maintained cells", 0.25, 20, || ours(&app), || peer.cells()).await?;
        compare(&format!("rollup-{engine}-facts"), "Postgres GROUP BY on a level column", 1.0, 1, || ours(&app), || peer.group_by())
            .await?;
    }
    Ok(())
}

/// Organisation number `n`: 0 the province, then cities, counties, townships, branches; the number of its superior.
fn parent(n: i32) -> Option<i32> {
    let [cities, counties, townships] = LEVELS;
    let (first_county, first_township, first_branch) = (1 + cities, 1 + cities + counties, 1 + cities + counties + townships);
    match n {
        0 => None,
        n if n < first_county => Some(0),
        n if n < first_township => Some(1 + (n - first_county) % cities),
        n if n < first_branch => Some(first_county + (n - first_township) % counties),
        n => Some(first_township + (n - first_branch) % townships),
    }
}

fn id(n: i32) -> OrganisationId {
    Id::from_u128(n as u128 + 1)
}

/// Fact number `n` of `all`: organisation, day and form, spread evenly over 2026 and without pattern over the branches.
fn fact(n: u64, all: u64, organisations: i32) -> (i32, Day, i16) {
    let mixed = (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 16;
    let first_branch = 1 + LEVELS.iter().sum::<i32>();
    let branch = first_branch + (mixed % (organisations - first_branch) as u64) as i32;
    (branch, Day(20_260_101).plus((n * 365 / all) as i64), (mixed / 7 % FORMS) as i16)
}

async fn fresh_database(cluster: &str) -> Result<String, AnyError> {
    let name = format!("bench_{:032x}", u128::from_le_bytes(kernel::random::bytes()));
    let pool = PgPool::connect(cluster).await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("create database {name}"))).execute(&pool).await?;
    let (base, _) = cluster.rsplit_once('/').ok_or("no database in the address")?;
    Ok(format!("{base}/{name}"))
}

/// The application with the tree and the facts, folded.
async fn filled(data: std::path::PathBuf, database: String, facts: u64, organisations: i32) -> Result<App, AnyError> {
    let clock = Arc::new(SystemClock);
    let app = commands::build(Config { data, database, ..Config::default() }, clock.clone()).await?;
    let names: Vec<_> = (0..organisations).map(|n| (format!("{n:06}"), n.to_string())).collect();
    let added = names
        .iter()
        .zip(0..)
        .map(|((code, name), n)| (id(n), Change::Add { code, name, kind: "branch", members: 1, parent: parent(n).map(id) }));
    let (added, staging) = (added.collect::<Vec<_>>(), StagingId::new(clock.as_ref()));
    let mut tx = app.db.begin().await?;
    for some in added.chunks(1_000) {
        Organisations(&mut tx).stage(staging, some, clock.as_ref()).await?;
    }
    Organisations(&mut tx).apply_staged(staging, BEGINNING, clock.as_ref()).await?;
    Organisations(&mut tx).unstage(staging).await?;
    Organisations(&mut tx).bump_revision().await?;
    tx.commit().await?;
    let mut recount = Recount::begin(&app).await?;
    let counted = |n| {
        let (organisation, day, form) = fact(n, facts, organisations);
        Fact { organisation: id(organisation), day, metric: METRIC, dimension: form.to_string(), amount: 1 }
    };
    recount.add((0..facts).map(counted)).await?;
    recount.finish().await?;
    if app.db.engine() == "postgres" {
        sqlx::query("vacuum analyze").execute(&PgPool::connect(&app.config.database).await?).await?;
    }
    Ok(app)
}

/// What the product answers.
async fn ours(app: &App) -> Result<Sums, AnyError> {
    let year = Period::new(Day(20_260_101), Day(20_261_231)).ok_or("a year")?;
    let months = year.months();
    let mut tx = app.db.read().await?;
    let report = statistics::report(app, &mut tx, id(0), &months, &[METRIC]).await?;
    let mut sums = Sums::new();
    for (child, part) in &report.children {
        for (month, figures) in months.iter().zip(part) {
            let child = child.as_u128() as i32 - 1;
            for (form, amount) in figures.of(METRIC) {
                sums.insert((child, month.first.month(), form.parse()?), amount);
            }
        }
    }
    Ok(sums)
}

/// The peer: facts with their city, and cells by month of everyone above them.
struct Peer(PgPool);

impl Peer {
    async fn fill(pool: &PgPool, facts: u64, organisations: i32) -> Result<Self, AnyError> {
        for sql in [
            "create table peer_organisation (id integer primary key, parent integer)",
            "create table peer_fact (organisation integer not null, city integer not null, month integer not null, form smallint not null)",
            "create table peer_cell (organisation integer not null, month integer not null, form smallint not null, amount bigint not null,
               primary key (organisation, month, form))",
        ] {
            sqlx::query(sql).execute(pool).await?;
        }
        let (ids, parents): (Vec<i32>, Vec<Option<i32>>) = (0..organisations).map(|n| (n, parent(n))).unzip();
        let add = "insert into peer_organisation select * from unnest($1::integer[], $2::integer[])";
        sqlx::query(add).bind(ids).bind(parents).execute(pool).await?;
        let cells = Self::add_facts(pool, facts, organisations).await?;
        let (mut ids, mut months, mut forms, mut amounts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for ((organisation, month, form), amount) in cells {
            ids.push(organisation);
            months.push(month);
            forms.push(form);
            amounts.push(amount);
        }
        let add = "insert into peer_cell select * from unnest($1::integer[], $2::integer[], $3::smallint[], $4::bigint[])";
        sqlx::query(add).bind(ids).bind(months).bind(forms).bind(amounts).execute(pool).await?;
        for sql in ["create index on peer_organisation (parent)", "vacuum analyze"] {
            sqlx::query(sql).execute(pool).await?;
        }
        Ok(Self(pool.clone()))
    }

    /// Adds the facts; the sums of everyone above them.
    async fn add_facts(pool: &PgPool, facts: u64, organisations: i32) -> Result<Sums, AnyError> {
        let mut cells = Sums::new();
        let mut n = 0;
        while n < facts {
            let end = facts.min(n + 50_000);
            let (mut ids, mut cities, mut months, mut forms) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            for (organisation, day, form) in (n..end).map(|n| fact(n, facts, organisations)) {
                let above: Vec<i32> = std::iter::successors(parent(organisation), |at| parent(*at)).collect();
                ids.push(organisation);
                cities.push(above[above.len() - 2]);
                months.push(day.month());
                forms.push(form);
                for at in above {
                    *cells.entry((at, day.month(), form)).or_default() += 1;
                }
            }
            let add = "insert into peer_fact select * from unnest($1::integer[], $2::integer[], $3::integer[], $4::smallint[])";
            sqlx::query(add).bind(ids).bind(cities).bind(months).bind(forms).execute(pool).await?;
            n = end;
        }
        Ok(cells)
    }

    async fn cells(&self) -> Result<Sums, AnyError> {
        let sql = "select c.organisation, c.month, c.form, c.amount from peer_organisation o join peer_cell c on c.organisation = o.id
                   where o.parent = $1 and c.month between 202601 and 202612";
        let rows: Vec<(i32, i32, i16, i64)> = sqlx::query_as(sql).bind(0).fetch_all(&self.0).await?;
        Ok(rows.into_iter().map(|(child, month, form, amount)| ((child, month, form), amount)).collect())
    }

    async fn group_by(&self) -> Result<Sums, AnyError> {
        let sql = "select city, month, form, count(*) from peer_fact where month between 202601 and 202612 group by city, month, form";
        let rows: Vec<(i32, i32, i16, i64)> = sqlx::query_as(sql).fetch_all(&self.0).await?;
        Ok(rows.into_iter().map(|(child, month, form, amount)| ((child, month, form), amount)).collect())
    }
}

/// Milliseconds of one of `times` reads in a row.
async fn milliseconds<F: Future<Output = Result<Sums, AnyError>>>(times: u32, read: &impl Fn() -> F) -> Result<f64, AnyError> {
    #[allow(clippy::disallowed_methods, reason = "a bench measures the machine, not the product's time")]
    let began = Instant::now();
    for _ in 0..times {
        read().await?;
    }
    Ok(began.elapsed().as_secs_f64() * 1e3 / f64::from(times))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Measures pairs and prints the line.
async fn compare<A, B>(
    name: &str,
    peer_name: &str,
    target: f64,
    times: u32,
    ours: impl Fn() -> A,
    peer: impl Fn() -> B,
) -> Result<(), AnyError>
where
    A: Future<Output = Result<Sums, AnyError>>,
    B: Future<Output = Result<Sums, AnyError>>,
{
    let (mut mine, mut theirs, mut ratios, mut same) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    milliseconds(1, &ours).await?;
    milliseconds(1, &peer).await?;
    for _ in 0..PAIRS {
        let (a, b, again) = (milliseconds(times, &ours).await?, milliseconds(times, &peer).await?, milliseconds(times, &peer).await?);
        mine.push(a);
        theirs.push(b);
        ratios.push(a / b);
        same.push(again / b);
    }
    let (least, most) = ratios.iter().fold((f64::MAX, 0f64), |(least, most), r| (least.min(*r), most.max(*r)));
    let (ratio, aa) = (median(ratios), median(same));
    let line = serde_json::json!({
        "name": name, "unit": "ms", "ours": median(mine), "peer": median(theirs), "peer_name": peer_name, "ratio": ratio,
        "min": least, "max": most, "target": target, "met": ratio <= target, "aa": aa,
        "void": !(0.93..=1.07).contains(&aa),
    });
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
