//! `submit` and `verdict`: 200 people at once, each acting as fast as it is answered, over the API, on SQLite and on Postgres.
//!
//! There is no peer: the figures are decisions a second, each with its quota place, audit record and deltas in one durable
//! transaction. A verdict that finds no place left is decided again as "keep"; only what was decided counts.

use crate::lab::{Client, Lab, Row};
use crate::peers::postgres::Postgres;
use crate::product::{Contest, Home, contest};
use anyhow::{Context, bail, ensure};
use futures_util::future::try_join_all;
use serde_json::json;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::Instant;

/// Decisions a second to reach, on SQLite and on Postgres.
const TARGETS: [f64; 2] = [300.0, 500.0];

/// What one crowd did.
#[derive(Default)]
struct Crowd {
    latencies: Vec<f64>,
    recommended: usize,
    wall: Duration,
    cpu_s: f64,
}

pub async fn submit(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    engines(lab, "submit").await
}

pub async fn verdict(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    engines(lab, "verdict").await
}

async fn engines(lab: &Lab, name: &str) -> anyhow::Result<Vec<Row>> {
    let first = measured(lab, &format!("{name}-sqlite"), "", &|| Ok(0.0), TARGETS[0]).await;
    let on_postgres = format!("{name}-postgres");
    let second = match Postgres::start(lab).await {
        Ok(postgres) => match postgres.database("contest") {
            Ok(database) => measured(lab, &on_postgres, &database, &|| postgres.server.cpu(), TARGETS[1]).await,
            Err(cause) => Err(cause),
        },
        Err(cause) => Ok(Row::unmeasured(&on_postgres, &format!("no Postgres: {cause:#}"))),
    };
    let told = |name: &str, row: anyhow::Result<Row>| row.unwrap_or_else(|cause| Row::unmeasured(name, &format!("failed: {cause:#}")));
    Ok(vec![told(&format!("{name}-sqlite"), first), told(&on_postgres, second)])
}

/// Prepares, hands in, and for verdicts decides; `beside` is the CPU of the database's own processes.
async fn measured(lab: &Lab, name: &str, database: &str, beside: &dyn Fn() -> anyhow::Result<f64>, target: f64) -> anyhow::Result<Row> {
    let home = Home::new(lab, name, database)?;
    let app = home.open().await?;
    let contest = contest(&app, lab.amount(10, 2)).await?;
    app.db.close().await;
    drop(app);
    let ours = home.serve(lab).await?;
    let cpu = || Ok(ours.server.cpu()? + beside()?);
    let mut crowd = act(ours.address, &contest, Act::Submit, &cpu).await.context("void")?;
    if name.starts_with("verdict") {
        crowd = act(ours.address, &contest, Act::Decide, &cpu).await.context("void")?;
    }
    drop(ours);
    let app = home.open().await?;
    check(&app, &contest, &crowd, name).await.context("void")?;
    app.db.close().await;
    let done = crowd.latencies.len();
    crowd.latencies.sort_by(f64::total_cmp);
    let row = Row::absolute(name, "decisions/s", done as f64 / crowd.wall.as_secs_f64(), target, true);
    let (p50, p99, each) = (crowd.latencies[done / 2], crowd.latencies[done * 99 / 100], crowd.cpu_s * 1e3 / done as f64);
    let told =
        format!("{done} by 200 people at once, database on the server's core; p50 {p50:.0} ms, p99 {p99:.0} ms; {each:.2} ms CPU each");
    Ok(row.with(&told).with("quota never exceeded; one audit record each"))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Submit,
    Decide,
}

/// Everybody acts on what is theirs, one after another.
async fn act(to: SocketAddr, contest: &Contest, act: Act, cpu: &dyn Fn() -> anyhow::Result<f64>) -> anyhow::Result<Crowd> {
    let desks = if act == Act::Submit { &contest.clerks } else { &contest.reviewers };
    let mut clients = Vec::new();
    for desk in desks {
        clients.push(Client::connect(to, &desk.person.cookie).await?);
    }
    let (before, begin) = (cpu()?, Instant::now());
    let one = async |(desk, client): (&crate::product::Desk, Client)| {
        let mut client = client;
        let mut crowd = Crowd::default();
        for id in &desk.submissions {
            let start = Instant::now();
            let recommended = match act {
                Act::Submit => submitted(&mut client, &id.to_string()).await?,
                Act::Decide => decided(&mut client, &id.to_string()).await?,
            };
            crowd.recommended += usize::from(recommended);
            crowd.latencies.push(start.elapsed().as_secs_f64() * 1e3);
        }
        anyhow::Ok(crowd)
    };
    let all = try_join_all(desks.iter().zip(clients).map(one)).await?;
    let sum = Crowd { wall: begin.elapsed(), cpu_s: cpu()? - before, ..Crowd::default() };
    Ok(all.into_iter().fold(sum, |mut sum, one| {
        sum.recommended += one.recommended;
        sum.latencies.extend(one.latencies);
        sum
    }))
}

/// Nothing is recommended by handing in.
async fn submitted(client: &mut Client, id: &str) -> anyhow::Result<bool> {
    let body = json!({ "version": 1 }).to_string();
    let answer = client.ask("POST", &format!("/api/v1/submissions/{id}/revisions"), "", body.as_bytes()).await?;
    ensure!(answer.status == 201, "handing in: {} {}", answer.status, answer.text());
    Ok(false)
}

/// Recommends, or keeps when no place is left; whether a place was found.
async fn decided(client: &mut Client, id: &str) -> anyhow::Result<bool> {
    for decision in ["recommend", "keep"] {
        let body = json!({ "version": 2, "decision": decision }).to_string();
        let answer = client.ask("POST", &format!("/api/v1/submissions/{id}/verdict"), "", body.as_bytes()).await?;
        match answer.status {
            200 => return Ok(decision == "recommend"),
            409 if decision == "recommend" && answer.text().contains("quota-used-up") => {}
            status => bail!("{decision}: {status} {}", answer.text()),
        }
    }
    bail!("no place, and not kept either")
}

async fn check(app: &app::state::App, contest: &Contest, crowd: &Crowd, name: &str) -> anyhow::Result<()> {
    let mut tx = app.db.read().await?;
    let all: usize = contest.clerks.iter().map(|desk| desk.submissions.len()).sum();
    ensure!(crowd.latencies.len() == all, "{} of {all} were done", crowd.latencies.len());
    let in_trail = "select count(*) from audit_record where action = 'submission.submitted'";
    ensure!(tx.fetch_int(in_trail, vec![]).await? == all as i64, "not every submission is in the audit trail");
    if name.starts_with("submit") {
        return Ok(());
    }
    let over = tx.fetch_int("select count(*) from quota where used > $1", vec![(contest.places).into()]).await?;
    let used = tx.fetch_int("select cast(sum(used) as bigint) from quota", vec![]).await?;
    let open = tx.fetch_int("select count(*) from place where freed_at is null", vec![]).await?;
    ensure!(over == 0, "{over} quotas were exceeded");
    ensure!(crowd.recommended == contest.all_places, "{} places were taken of {}", crowd.recommended, contest.all_places);
    ensure!(used == open && used == crowd.recommended as i64, "{used} used, {open} open, {} recommended", crowd.recommended);
    let verdicts = "select count(*) from audit_record where action in ('submission.recommended', 'submission.kept')";
    ensure!(tx.fetch_int(verdicts, vec![]).await? == all as i64, "not every verdict is in the audit trail");
    Ok(())
}
