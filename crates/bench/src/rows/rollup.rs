//! `rollup`: children × month × state of a province, exact, at 1 and 10 million facts, beside cells that Postgres maintains.
//!
//! Fact `i` counts for township, day and state by arithmetic that Rust and SQL share, so that each of the figures can be
//! compared with a `group by` over the facts themselves.

use crate::lab::{Lab, Row, Side, take_turns};
use crate::peers::postgres::Postgres;
use crate::product::Home;
use anyhow::{Context, ensure};
use app::db::Db;
use app::deltas::{Day, Fact, Metric};
use app::organisations::{BEGINNING, OrganisationId, Organisations, refresh};
use app::state::App;
use app::statistics::{Period, Recount, report};
use std::collections::BTreeMap;
use tokio::time::Instant;

const TARGET: f64 = 0.25;
const CITIES: usize = 20;
const COUNTIES: usize = 10;
const TOWNSHIPS: usize = 15;
const LEAVES: usize = CITIES * COUNTIES * TOWNSHIPS;
const STATES: [&str; 8] = ["draft", "in_review", "returned", "kept", "rejected", "selected", "published", "withdrawn"];
/// Reads of one turn; a single one is too short for the clock of a busy machine.
const READS: usize = 200;

/// City, month and state to figure.
type Figures = BTreeMap<(usize, i32, String), i64>;

/// A province with its cities and, in the order of their numbers, all townships.
struct Tree {
    province: OrganisationId,
    cities: Vec<OrganisationId>,
    townships: Vec<OrganisationId>,
}

pub async fn run(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    let sizes = lab.amount([("rollup-1m", 1_000_000), ("rollup-10m", 10_000_000)], [("rollup-1m", 10_000), ("rollup-10m", 100_000)]);
    let postgres = match Postgres::start(lab).await {
        Ok(postgres) => postgres,
        Err(cause) => return Ok(sizes.map(|(name, _)| Row::unmeasured(name, &format!("no peer: {cause:#}"))).to_vec()),
    };
    let mut rows = Vec::new();
    for (name, facts) in sizes {
        rows.push(measured(lab, &postgres, name, facts).await.with_context(|| format!("{facts} facts"))?);
    }
    Ok(rows)
}

async fn measured(lab: &Lab, postgres: &Postgres, name: &str, facts: usize) -> anyhow::Result<Row> {
    let home = Home::new(lab, name, "")?;
    let app = home.open().await?;
    let tree = tree(&app).await?;
    let begin = Instant::now();
    let mut recount = Recount::begin(&app).await?;
    recount.add((0..facts).map(|i| fact(&tree, i, facts))).await?;
    recount.finish().await?;
    let filled = begin.elapsed().as_secs_f64();
    let database = postgres.database(&format!("facts_{facts}"))?;
    let peer = Db::postgres(&database).await?;
    for sql in peer_tables(facts) {
        postgres.sql(&format!("facts_{facts}"), &sql)?;
    }
    let (ours, theirs) = (ours(&app, &tree).await?, theirs(&peer).await?);
    ensure!(ours.values().sum::<i64>() == facts as i64, "void: ours counted {} of {facts}", ours.values().sum::<i64>());
    ensure!(ours == theirs, "void: our figures are not those of group by");
    let pairs = take_turns(lab.pairs(), async |side| {
        let begin = Instant::now();
        for _ in 0..lab.amount(READS, 20) {
            match side {
                Side::Ours => self::ours(&app, &tree).await.map(drop)?,
                Side::Peer => self::theirs(&peer).await.map(drop)?,
            }
        }
        Ok(begin.elapsed().as_secs_f64() * 1e3 / lab.amount(READS, 20) as f64)
    })
    .await?;
    app.db.close().await;
    peer.close().await;
    let row = pairs.row(name, "ms a read", "Postgres, maintained cells", TARGET);
    let told = format!("{} figures, equal to group by; ours on SQLite, both called from one process; recount {filled:.0} s", ours.len());
    Ok(row.with(&told))
}

async fn tree(app: &App) -> anyhow::Result<Tree> {
    let clock = app.clock.as_ref();
    let mut add = Vec::new();
    let province = OrganisationId::new(clock);
    add.push((province, "province".to_owned(), "province", None));
    let (mut cities, mut townships) = (Vec::new(), Vec::new());
    for c in 0..CITIES {
        let city = OrganisationId::new(clock);
        add.push((city, format!("city-{c}"), "city", Some(province)));
        cities.push(city);
        for k in 0..COUNTIES {
            let county = OrganisationId::new(clock);
            add.push((county, format!("county-{c}-{k}"), "county", Some(city)));
            for t in 0..TOWNSHIPS {
                let township = OrganisationId::new(clock);
                add.push((township, format!("township-{c}-{k}-{t}"), "township", Some(county)));
                townships.push(township);
            }
        }
    }
    let mut tx = app.db.begin().await?;
    for (id, code, kind, parent) in add {
        Organisations(&mut tx).insert_plain(id, &code, &code, kind, 0, parent, BEGINNING, clock).await?;
    }
    Organisations(&mut tx).bump_revision().await?;
    tx.commit().await?;
    refresh(app).await?;
    Ok(Tree { province, cities, townships })
}

/// Facts come township by township, as a recount reads them.
fn fact(tree: &Tree, i: usize, facts: usize) -> Fact {
    let date = i * 7_919 % 336;
    Fact {
        organisation: tree.townships[i * LEAVES / facts],
        day: Day(20_260_101 + (date / 28 * 100 + date % 28) as i32),
        metric: Metric::Submissions,
        dimension: STATES[i / 3 % STATES.len()].into(),
        amount: 1,
    }
}

/// The same arithmetic: the cells as triggers or a job would keep them, read by their primary key.
fn peer_tables(facts: usize) -> [String; 3] {
    let states = STATES.map(|state| format!("'{state}'")).join(", ");
    let per_city = COUNTIES * TOWNSHIPS;
    [
        "create table cell (organisation bigint, month bigint, state text, amount bigint, primary key (organisation, month, state))".into(),
        format!(
            "insert into cell select i * {LEAVES} / {facts} / {per_city}, 202601 + i * 7919 % 336 / 28,
             (array[{states}])[i / 3 % {} + 1], count(*) from generate_series(0::bigint, {facts} - 1) as i group by 1, 2, 3",
            STATES.len()
        ),
        "vacuum analyze cell".into(),
    ]
}

async fn ours(app: &App, tree: &Tree) -> anyhow::Result<Figures> {
    let year = Period::new(Day(20_260_101), Day(20_261_231)).context("a year")?;
    let months = year.months();
    let mut tx = app.db.read().await?;
    let found = report(app, &mut tx, tree.province, &months, &[Metric::Submissions]).await?;
    let mut figures = Figures::new();
    for (n, city) in tree.cities.iter().enumerate() {
        let part = found.children.get(city).context("a city")?;
        for (month, of_month) in months.iter().zip(part) {
            let states = of_month.of(Metric::Submissions);
            figures.extend(states.map(|(state, amount)| ((n, month.first.month(), state.to_owned()), amount)));
        }
    }
    Ok(figures)
}

async fn theirs(peer: &Db) -> anyhow::Result<Figures> {
    let sql = "select organisation, month, state, amount from cell
               where organisation between 0 and $1 and month between 202601 and 202612";
    let mut tx = peer.read().await?;
    let rows = tx.fetch_all(sql, vec![(CITIES - 1).into()]).await?;
    let read =
        |row: &app::db::Row| Ok(((row.int("organisation")? as usize, row.int("month")? as i32, row.text("state")?), row.int("amount")?));
    rows.iter().map(read).collect()
}
