//! The nation while people use it: pages, registrations, a move.

use super::{CITIES, Nation, any_period, p95};
use crate::lab::{Client, Http, Lab, Plan, Protocol, Row, open_loop};
use crate::product::Kaijiang;
use anyhow::{Context, ensure};
use app::demo::scale;
use app::statistics::Period;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::Instant;

/// Milliseconds, 95 of 100 pages.
const PAGE_MS: f64 = 200.0;
/// Seconds until figures show what was acknowledged.
const FRESH_S: f64 = 2.0;
/// Seconds until a move's figures stand.
const MOVE_S: f64 = 1.0;
/// Between two looks at the province's figures while sessions are registered.
const LOOK: Duration = Duration::from_millis(100);
/// Registrations a second.
const RATE: f64 = 500.0;

pub async fn rows(lab: &Lab, nation: &Nation, engine: &str) -> anyhow::Result<Vec<Row>> {
    let app = nation.home.open().await?;
    let periods: Vec<_> = (0..lab.amount(200, 20)).map(|n| any_period(&app, n)).collect::<Result<_, _>>()?;
    let today = app.today();
    app.db.close().await;
    drop(app);
    let ours = nation.home.serve(lab).await?;
    let [page, fresh, moved] = ["page", "fresh", "move"].map(|what| format!("nation-{what}-{engine}"));
    // What one of them cannot measure takes nothing from the others.
    Ok(vec![
        pages(&page, &ours, nation, &periods).await.unwrap_or_else(|cause| failed(&page, &cause)),
        self::fresh(&fresh, lab, &ours, nation, today.0).await.unwrap_or_else(|cause| failed(&fresh, &cause)),
        self::moved(&moved, &ours, nation).await.unwrap_or_else(|cause| failed(&moved, &cause)),
    ])
}

pub fn failed(name: &str, cause: &anyhow::Error) -> Row {
    Row::unmeasured(name, &format!("failed: {cause:#}"))
}

async fn pages(name: &str, ours: &Kaijiang, nation: &Nation, periods: &[Period]) -> anyhow::Result<Row> {
    let mut line = Client::connect(ours.address, &nation.reader.cookie).await?;
    let mut took = Vec::new();
    for (n, period) in periods.iter().enumerate() {
        let path = format!("/statistics?organisation={}&{}", scale::id(nation.any_node(n)), days(*period));
        let begin = Instant::now();
        let answer = line.ask("GET", &path, "", b"").await?;
        took.push(begin.elapsed().as_secs_f64() * 1e3);
        ensure!(answer.status == 200, "void: {path} answered {}", answer.status);
    }
    Ok(Row::absolute(name, "ms, p95", p95(&mut took), PAGE_MS, false).with("whole pages, one after another, signed in"))
}

fn days(period: Period) -> String {
    let iso = |day: i32| format!("{}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100);
    format!("period=custom&from={}&to={}", iso(period.first.0), iso(period.last.0))
}

/// A figure as the API tells it now.
async fn sessions(line: &mut Client, organisation: usize, period: &str) -> anyhow::Result<i64> {
    let answer = line.ask("GET", &format!("/api/v1/statistics?organisation={}&{period}", scale::id(organisation)), "", b"").await?;
    ensure!(answer.status == 200, "statistics answered {}", answer.status);
    let body: Value = serde_json::from_slice(&answer.body)?;
    body["total"]["sessions"].as_i64().context("a figure")
}

/// Notes when each answer came.
struct Noting<P> {
    inner: P,
    begin: Instant,
    acknowledged: Rc<RefCell<Vec<f64>>>,
}

impl<P: Protocol> Protocol for Noting<P> {
    fn write(&self, n: usize, out: &mut Vec<u8>) {
        self.inner.write(n, out);
    }

    fn answer(&self, start: &[u8]) -> Option<(usize, bool)> {
        let answer = self.inner.answer(start)?;
        if answer.1 {
            self.acknowledged.borrow_mut().push(self.begin.elapsed().as_secs_f64());
        }
        Some(answer)
    }
}

async fn fresh(name: &str, lab: &Lab, ours: &Kaijiang, nation: &Nation, today: i32) -> anyhow::Result<Row> {
    let requests = lab.amount(15_000, 200);
    let acknowledged = Rc::new(RefCell::new(Vec::new()));
    let begin = Instant::now();
    let inner = Http { request: register(nation, ours.address, today), contains: "" };
    let protocol = Rc::new(Noting { inner, begin, acknowledged: Rc::clone(&acknowledged) });
    let plan = Plan { to: ours.address, connections: 64, requests, rate: RATE };
    let ended = Cell::new(false);
    let mut line = Client::connect(ours.address, &nation.reader.cookie).await?;
    let before = sessions(&mut line, 0, "period=day").await?;
    // Each read with what had been acknowledged when it began, and when it ended.
    let mut reads: Vec<(usize, f64)> = Vec::new();
    let write = async {
        let load = open_loop(plan, protocol).await;
        ended.set(true);
        load
    };
    let read = async {
        while !ended.get() {
            let known = acknowledged.borrow().len();
            let shown = sessions(&mut line, 0, "period=day").await? - before;
            ensure!(shown >= known as i64, "void: {shown} shown, {known} acknowledged before");
            reads.push((known, begin.elapsed().as_secs_f64()));
            tokio::time::sleep(LOOK).await;
        }
        anyhow::Ok(())
    };
    let (load, read) = tokio::join!(write, read);
    read?;
    let load = load?.delivered()?;
    let after = sessions(&mut line, 0, "period=day").await? - before;
    ensure!(after == requests as i64, "void: {after} shown of {requests}");
    let at = acknowledged.borrow();
    let seen = |n: usize| reads.iter().find(|(known, _)| *known > n).map(|(_, end)| end - at[n]);
    let mut late: Vec<f64> = (0..at.len()).filter_map(seen).collect();
    let (p95, reads, rate) = (p95(&mut late), reads.len(), at.len() as f64 / (at.last().unwrap_or(&0.0) - at.first().unwrap_or(&0.0)));
    let told = format!("{rate:.0} registered a second, each durable, p99 {:.0} ms; {reads} reads of the province, none stale", load.p99_ms);
    Ok(Row::absolute(name, "s, p95", p95, FRESH_S, false).with(&told))
}

/// Registration `n`, of a branch by turns.
fn register(nation: &Nation, to: SocketAddr, today: i32) -> impl Fn(usize, &mut Vec<u8>) + use<> {
    let (cookie, organisations) = (nation.clerk.cookie.clone(), nation.scale.organisations);
    let held_at = format!("{}-{:02}-{:02}T00:00", today / 10_000, today / 100 % 100, today % 100);
    move |n, out| {
        let branch = scale::first_branch() + n * 7_919 % (organisations - scale::first_branch());
        let fields = json!({ "title": format!("讲课 {n}"), "held_at": held_at, "minutes": 45, "lecturer": "讲课人", "form": "lecture", "people": 30 });
        let body =
            json!({ "organisation": scale::id(branch), "operation": format!("bench-operation-{n:08}"), "based_on": 0, "fields": fields });
        let (id, body) = (format!("hs_{:032x}", 0xbe_0000_0000_u64 + n as u64), body.to_string());
        let head = format!("PUT /api/v1/held-sessions/{id} HTTP/1.1\r\nhost: {to}\r\n{cookie}content-length: {}\r\n\r\n", body.len());
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(body.as_bytes());
    }
}

/// Moves the first city below the second and reads the second all the while.
async fn moved(name: &str, ours: &Kaijiang, nation: &Nation) -> anyhow::Result<Row> {
    let mut reader = Client::connect(ours.address, &nation.reader.cookie).await?;
    let mut administrator = Client::connect(ours.address, &nation.administrator.cookie).await?;
    let (first, second) = (sessions(&mut reader, 1, "period=day").await?, sessions(&mut reader, 2, "period=day").await?);
    let body = json!({ "parent": scale::id(2) }).to_string();
    let done = Cell::new(None);
    let begin = Instant::now();
    let change = async {
        let answer = administrator.ask("POST", &format!("/api/v1/organisations/{}/move", scale::id(1)), "", body.as_bytes()).await?;
        ensure!(answer.status == 200, "void: the move answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        done.set(Some(begin.elapsed().as_secs_f64()));
        anyhow::Ok(())
    };
    let read = async {
        loop {
            let acknowledged = done.get().is_some();
            let shown = sessions(&mut reader, 2, "period=day").await?;
            ensure!(shown == second && !acknowledged || shown == first + second, "void: {shown} shown, {second} before, {first} moved");
            if acknowledged {
                return anyhow::Ok(begin.elapsed().as_secs_f64());
            }
        }
    };
    let (change, read) = tokio::join!(change, read);
    change?;
    let (stands, answered) = (read?, done.get().unwrap_or(f64::NAN));
    let below = (nation.scale.organisations - scale::first_branch()) / CITIES;
    let told = format!(
        "some {below} organisations and {first} sessions of the day; answered after {answered:.2} s, first read behind it included; every read before it as it was, every one after it as it is"
    );
    Ok(Row::absolute(name, "s", stands, MOVE_S, false).with(&told))
}
