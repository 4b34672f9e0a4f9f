//! `segment` and `playlist`: files of a recording under their signed address, beside nginx with the same files and no signature.

use crate::lab::{Http, Lab, Load, Plan, Row, Side, get, open_loop, take_turns};
use crate::peers::nginx::Nginx;
use crate::product::{Home, publications};
use anyhow::{Context, ensure};
use kernel::{Clock, SystemClock};
use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;

const CONNECTIONS: usize = 32;

/// One of the two benches.
struct Kind {
    name: &'static str,
    unit: &'static str,
    target: f64,
    file: &'static str,
    bytes: usize,
    requests: usize,
    rate: f64,
    /// CPU seconds a request, in `unit`.
    scale: f64,
}

pub async fn segment(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    run(
        lab,
        &Kind {
            name: "segment",
            unit: "CPU s a GB",
            target: 0.80,
            file: "v0/s00001.m4s",
            bytes: 1_000_000,
            requests: lab.amount(1_500, 300),
            rate: 300.0,
            scale: 1_000.0,
        },
    )
    .await
}

pub async fn playlist(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    run(
        lab,
        &Kind {
            name: "playlist",
            unit: "µs CPU a request",
            target: 1.0,
            file: "v0/index.m3u8",
            bytes: 1_024,
            requests: lab.amount(25_000, 4_000),
            rate: 5_000.0,
            scale: 1e6,
        },
    )
    .await
}

async fn run(lab: &Lab, kind: &Kind) -> anyhow::Result<Vec<Row>> {
    let home = Home::new(lab, kind.name, "")?;
    let app = home.open().await?;
    let seed = publications(&app, 1).await?;
    let folder = app.objects.renditions(&seed.material.to_string());
    write(&folder.join(kind.file), kind.bytes)?;
    let base = app::recordings::media_base(&app, app::recordings::Audience::Public, seed.material, SystemClock.now());
    app.db.close().await;
    drop(app);
    let ours = home.serve(lab).await?;
    let signed = format!("{base}/{}", kind.file);
    let plain = format!("/{}", kind.file);
    check(ours.address, &signed, kind.bytes).await.context("void: ours")?;
    let forged = signed.replacen('.', ".A", 1);
    ensure!(get(ours.address, &forged).await?.0 == 403, "void: a changed signature was served");
    let nginx = match best(lab, &folder, &plain, kind).await {
        Ok(nginx) => nginx,
        Err(cause) => return Ok(vec![Row::unmeasured(kind.name, &format!("no peer: {cause:#}"))]),
    };
    let mut last = [Load::default(); 2];
    let pairs = take_turns(lab.pairs(), async |side| match side {
        Side::Ours => cost(kind, ours.address, &signed, &mut last[0], &|| ours.server.cpu()).await,
        Side::Peer => cost(kind, nginx.address, &plain, &mut last[1], &|| nginx.server.cpu()).await,
    })
    .await?;
    let row = pairs.row(kind.name, kind.unit, nginx.name, kind.target);
    Ok(vec![row.with(&format!("signature checked; p99 {:.1} ms, nginx {:.1} ms at {:.0}/s", last[0].p99_ms, last[1].p99_ms, kind.rate))])
}

/// A file of bytes that differ, so that a wrong one would show.
fn write(file: &Path, bytes: usize) -> anyhow::Result<()> {
    std::fs::create_dir_all(file.parent().context("a folder")?)?;
    Ok(std::fs::write(file, content(bytes))?)
}

fn content(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

async fn check(address: SocketAddr, path: &str, bytes: usize) -> anyhow::Result<()> {
    let (status, body) = get(address, path).await?;
    ensure!(status == 200 && body == content(bytes), "answered {status} with {} bytes, not the file", body.len());
    Ok(())
}

/// The better of nginx's two ways on this file; a turn to warm up comes before each.
async fn best(lab: &Lab, folder: &Path, path: &str, kind: &Kind) -> anyhow::Result<Nginx> {
    let mut found: Option<(f64, Nginx)> = None;
    for sendfile in [true, false] {
        let nginx = Nginx::start(lab, folder, sendfile).await?;
        check(nginx.address, path, kind.bytes).await.context("nginx")?;
        let mut costs = [0.0; 2];
        for turn in &mut costs {
            *turn = cost(kind, nginx.address, path, &mut Load::default(), &|| nginx.server.cpu()).await?;
        }
        if found.as_ref().is_none_or(|(least, _)| costs[1] < *least) {
            found = Some((costs[1], nginx));
        }
    }
    found.map(|(_, nginx)| nginx).context("nginx was not measured")
}

async fn cost(kind: &Kind, to: SocketAddr, path: &str, last: &mut Load, cpu: &dyn Fn() -> anyhow::Result<f64>) -> anyhow::Result<f64> {
    let text = format!("GET {path} HTTP/1.1\r\nhost: {to}\r\nuser-agent: Mozilla/5.0\r\naccept: */*\r\n\r\n");
    let request = move |_: usize, out: &mut Vec<u8>| out.extend_from_slice(text.as_bytes());
    let plan = Plan { to, connections: CONNECTIONS, requests: kind.requests, rate: kind.rate };
    let before = cpu()?;
    *last = open_loop(plan, Rc::new(Http { request, contains: "" })).await?.delivered()?;
    Ok((cpu()? - before) * kind.scale / kind.requests as f64)
}
