//! `fanout-10k`, `fanout-5k`, `fanout-memory`: a room full of sockets, beside nchan with the same messages.
//!
//! µWebSockets, which the targets name too, is in neither Debian nor npm; the rows say so.

use crate::lab::{Http, Lab, Plan, Row, Side, Sockets, open_loop, take_turns};
use crate::peers::nchan::{LISTEN, Nchan, PUBLISH};
use crate::product::OnAir;
use anyhow::{Context, ensure};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

/// People who speak in turn: each may send twice a second.
const HOSTS: usize = 40;
/// Connections that carry what is said.
const CONNECTIONS: usize = 8;
const SECONDS: f64 = 10.0;
const NOTE: &str = "µWebSockets is in neither Debian nor npm";

/// A room and how much is said in it.
struct Kind {
    name: &'static str,
    sockets: usize,
    rate: f64,
    target: f64,
}

pub async fn ten_thousand(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    deliveries(lab, &Kind { name: "fanout-10k", sockets: lab.amount(9_000, 300), rate: 10.0, target: 1.0 }).await
}

pub async fn five_thousand(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    deliveries(lab, &Kind { name: "fanout-5k", sockets: lab.amount(5_000, 200), rate: 50.0, target: 1.0 }).await
}

async fn deliveries(lab: &Lab, kind: &Kind) -> anyhow::Result<Vec<Row>> {
    let room = OnAir::serve(lab, kind.name, HOSTS).await?;
    let nchan = match Nchan::start(lab).await {
        Ok(nchan) => nchan,
        Err(cause) => return Ok(vec![Row::unmeasured(kind.name, &format!("no peer: {cause:#}"))]),
    };
    let seconds = lab.amount(SECONDS, 3.0);
    let mut turn = 0;
    let pairs = take_turns(lab.pairs(), async |side| {
        turn += 1;
        match side {
            Side::Ours => {
                let (to, path) = (room.ours.address, format!("/rooms/{}/messages", room.id));
                let listen = format!("/rooms/{}/socket", room.id);
                let request = |n: usize, out: &mut Vec<u8>| say(out, to, &path, &room.hosts[n % HOSTS].cookie, &body(turn, n));
                cost(kind, seconds, to, &listen, owned(kind, seconds, request), &|| room.ours.server.cpu()).await.context("ours")
            }
            Side::Peer => {
                let to = nchan.address;
                let request = |n: usize, out: &mut Vec<u8>| say(out, to, PUBLISH, "", &body(turn, n));
                cost(kind, seconds, to, LISTEN, owned(kind, seconds, request), &|| nchan.server.cpu()).await.context("nchan")
            }
        }
    })
    .await?;
    let said = format!("{} sockets, {:.0} messages/s; every message on every socket; {NOTE}", kind.sockets, kind.rate);
    Ok(vec![pairs.row(kind.name, "µs CPU a delivery", "nchan", kind.target).with(&said)])
}

/// Every request as it will be sent, so that writing it costs the client nothing while it counts.
fn owned(kind: &Kind, seconds: f64, request: impl Fn(usize, &mut Vec<u8>)) -> Vec<Vec<u8>> {
    let made = |n| {
        let mut out = Vec::new();
        request(n, &mut out);
        out
    };
    (0..messages(kind, seconds)).map(made).collect()
}

fn messages(kind: &Kind, seconds: f64) -> usize {
    (kind.rate * seconds) as usize
}

/// About 200 bytes on the wire, with the mark that sockets count.
fn body(turn: usize, n: usize) -> String {
    let words = format!("^ {turn}-{n} 老师讲得真好，我们村也在看，请问今年的补贴怎么申请");
    format!("{{\"client_id\":\"bench-{turn:06}-{n:06}\",\"text\":\"{words}\"}}")
}

fn say(out: &mut Vec<u8>, to: SocketAddr, path: &str, head: &str, body: &str) {
    out.extend_from_slice(format!("POST {path} HTTP/1.1\r\nhost: {to}\r\n{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes());
}

async fn cost(
    kind: &Kind,
    seconds: f64,
    to: SocketAddr,
    listen: &str,
    requests: Vec<Vec<u8>>,
    cpu: &dyn Fn() -> anyhow::Result<f64>,
) -> anyhow::Result<f64> {
    let sockets = Sockets::open(to, listen, kind.sockets).await?;
    // What was said before is sent to whoever comes in; it counts for nobody.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let (history, count) = (sockets.seen(), messages(kind, seconds));
    let plan = Plan { to, connections: CONNECTIONS, requests: count, rate: kind.rate };
    let request = move |n: usize, out: &mut Vec<u8>| out.extend_from_slice(&requests[n]);
    let before = cpu()?;
    open_loop(plan, Rc::new(Http { request, contains: "" })).await?.delivered()?;
    let wanted = (count * kind.sockets) as u64;
    let delivered = sockets.wait_for(history + wanted).await - history;
    let spent = cpu()? - before;
    ensure!(delivered * 1_000 >= wanted * 999, "void: {delivered} of {wanted} deliveries arrived");
    Ok(spent * 1e6 / delivered as f64)
}

/// Bytes that stay in memory for each idle connection.
pub async fn memory(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    const NAME: &str = "fanout-memory";
    let sockets = lab.amount(5_000, 300);
    if let Err(cause) = Nchan::start(lab).await {
        return Ok(vec![Row::unmeasured(NAME, &format!("no peer: {cause:#}"))]);
    }
    // Each turn its own server: memory that a turn freed would be used again by the next.
    let pairs = take_turns(lab.pairs(), async |side| match side {
        Side::Ours => {
            let room = OnAir::serve(lab, NAME, 1).await?;
            grown(room.ours.address, &format!("/rooms/{}/socket", room.id), sockets, &|| room.ours.server.memory()).await
        }
        Side::Peer => {
            let nchan = Nchan::start(lab).await?;
            grown(nchan.address, LISTEN, sockets, &|| nchan.server.memory()).await
        }
    })
    .await?;
    let said = format!("{sockets} idle sockets, a fresh server each turn; {NOTE}");
    Ok(vec![pairs.row(NAME, "bytes a connection", "nchan", 0.35).with(&said)])
}

async fn grown(to: SocketAddr, listen: &str, count: usize, memory: &dyn Fn() -> anyhow::Result<u64>) -> anyhow::Result<f64> {
    let idle = memory()?;
    let sockets = Sockets::open(to, listen, count).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let full = memory()?;
    drop(sockets);
    Ok(full.saturating_sub(idle) as f64 / count as f64)
}
