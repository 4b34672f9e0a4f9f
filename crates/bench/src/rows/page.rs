//! `page`: the public catalogue with twenty lessons, beside Django and gunicorn listing the same twenty from the same tables.

use crate::lab::{Http, Lab, Pairs, Plan, Row, Side, get, open_loop, take_turns};
use crate::peers::{django::Django, postgres::Postgres};
use crate::product::{Home, Kaijiang, publications, title};
use anyhow::{Context, ensure};
use std::net::SocketAddr;
use std::rc::Rc;

const TARGET: f64 = 0.05;
const LESSONS: usize = 400;
const PAGE: usize = 20;
/// Django's side is most of a core at this rate.
const RATE: f64 = 120.0;

pub async fn run(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    let (postgres, database, django) = match peers(lab).await {
        Ok(started) => started,
        Err(cause) => return Ok(vec![Row::unmeasured("page", &format!("no peer: {cause:#}"))]),
    };
    let shared = served(lab, "page", &database, "").await?;
    postgres.sql("page", "vacuum analyze")?;
    let alone = served(lab, "page-sqlite", "", "").await?;
    let anew = served(lab, "page-anew", "", "portal_keep_ms = 0\n").await?;
    let all = [
        ("ours", shared.address, "/lessons"),
        ("ours on SQLite", alone.address, "/lessons"),
        ("ours without memory", anew.address, "/lessons"),
        ("Django", django.address, "/"),
    ];
    for (who, address, path) in all {
        check(address, path).await.with_context(|| format!("void: {who}"))?;
    }
    let requests = lab.amount(480, 120);
    let cost = async |address, path, cpu: &dyn Fn() -> anyhow::Result<f64>| {
        let before = cpu()?;
        load(address, path, requests).await?;
        Ok((cpu()? - before) * 1e3 / requests as f64)
    };
    // On Postgres its backends count on either side; all take turns, so that one peer serves every row.
    let both = |own: &Kaijiang| Ok(own.server.cpu()? + postgres.server.cpu()?);
    let (mut sqlite, mut each) = (Vec::new(), Vec::new());
    let pairs = take_turns(lab.pairs(), async |side| match side {
        Side::Ours => {
            sqlite.push(cost(alone.address, "/lessons", &|| alone.server.cpu()).await?);
            each.push(cost(anew.address, "/lessons", &|| anew.server.cpu()).await?);
            cost(shared.address, "/lessons", &|| both(&shared)).await
        }
        Side::Peer => cost(django.address, "/", &|| Ok(django.server.cpu()? + postgres.server.cpu()?)).await,
    })
    .await?;
    Ok(rows(&pairs, sqlite, each))
}

/// One row for Postgres and two for SQLite, which took part in the same turns.
fn rows(pairs: &Pairs, sqlite: Vec<f64>, each: Vec<f64>) -> Vec<Row> {
    let peer = "Django + gunicorn, same rows from Postgres";
    let row = |name, mut ours: Vec<f64>, told| {
        // The uncounted first turn.
        ours.remove(0);
        Pairs { ours, peer: pairs.peer.clone() }.row(name, "ms CPU a page", peer, TARGET).with(told)
    };
    let second = row("page-sqlite", sqlite, "ours from SQLite, the default; kept for 2 s");
    let third = row("page-anew", each, "ours from SQLite, each page made anew: portal_keep_ms = 0");
    let first = pairs.row("page", "ms CPU a page", peer, TARGET);
    vec![first.with("ours from Postgres, with facets, kept for 2 s; Django the list alone"), second, third]
}

/// Both programs of the peer, and the address of an empty database.
async fn peers(lab: &Lab) -> anyhow::Result<(Postgres, String, Django)> {
    let postgres = Postgres::start(lab).await?;
    let database = postgres.database("page")?;
    let django = Django::start(lab, &database).await?;
    Ok((postgres, database, django))
}

/// A server of ours over freshly published lessons.
async fn served(lab: &Lab, name: &str, database: &str, settings: &str) -> anyhow::Result<Kaijiang> {
    let home = Home::new(lab, name, database)?;
    let app = home.open().await?;
    publications(&app, LESSONS).await?;
    app.db.close().await;
    home.serve_with(lab, settings).await
}

/// The page holds the newest twenty and not the next.
async fn check(address: SocketAddr, path: &str) -> anyhow::Result<()> {
    let (status, body) = get(address, path).await?;
    let text = String::from_utf8(body)?;
    ensure!(status == 200, "answered {status}");
    let newest = LESSONS - PAGE..LESSONS;
    ensure!(newest.clone().all(|n| text.contains(&title(n))), "a lesson is missing on the page");
    ensure!(!text.contains(&title(newest.start - 1)), "more than {PAGE} lessons on the page");
    Ok(())
}

async fn load(to: SocketAddr, path: &str, requests: usize) -> anyhow::Result<()> {
    let text = format!("GET {path} HTTP/1.1\r\nhost: {to}\r\naccept-language: zh-CN\r\nuser-agent: Mozilla/5.0\r\n\r\n");
    let request = move |_: usize, out: &mut Vec<u8>| out.extend_from_slice(text.as_bytes());
    let plan = Plan { to, connections: 4, requests, rate: RATE };
    open_loop(plan, Rc::new(Http { request, contains: "accounts in the open" })).await?.delivered().map(drop)
}
