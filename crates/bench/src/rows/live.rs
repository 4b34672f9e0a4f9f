//! `live-viewers` and `held-reload`: a real broadcast on air, beside nginx with the same bytes as files.

use crate::lab::{Client, Http, Lab, Load, Plan, Row, Side, get, open_loop, take_turns};
use crate::peers::nginx::Nginx;
use crate::product::OnAir;
use anyhow::{Context, ensure};
use futures_util::future::join_all;
use std::net::SocketAddr;
use std::rc::Rc;
use tokio::time::Instant;

/// Connections of nginx's plain requests.
const CONNECTIONS: usize = 64;
/// Seconds of a segment: each viewer asks for one in this time.
const SEGMENT: f64 = 2.0;
/// Segments each viewer fetches in a turn.
const TURNS: usize = 6;

/// So many viewers of one broadcast, each with its own connection.
struct Crowd {
    name: &'static str,
    viewers: usize,
    size: &'static str,
    kbps: u32,
}

/// 1,000 viewers of 720p and 4,000 of 360p, by their bit rates some 2.5 Gbit/s either. CPU a gigabit.
pub async fn viewers(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    let crowds = [
        Crowd { name: "live-viewers-1k", viewers: lab.amount(1_000, 50), size: "1280x720", kbps: 2_500 },
        Crowd { name: "live-viewers-4k", viewers: lab.amount(4_000, 200), size: "640x360", kbps: 600 },
    ];
    let mut rows = Vec::new();
    for crowd in crowds {
        rows.push(crowd.row(lab).await?);
    }
    Ok(rows)
}

impl Crowd {
    /// Every viewer fetches whole segments as they come.
    async fn row(&self, lab: &Lab) -> anyhow::Result<Row> {
        let air = OnAir::serve(lab, self.name, 1).await?;
        let _publisher = air.publish(self.size, self.kbps, 4).await?;
        let folder = lab.folder(&format!("{}-files", self.name))?;
        let nginx = match Nginx::start(lab, &folder, true).await {
            Ok(nginx) => nginx,
            Err(cause) => return Ok(Row::unmeasured(self.name, &format!("no peer: {cause:#}"))),
        };
        let mut last = [Load::default(); 2];
        let pairs = take_turns(lab.pairs(), async |side| {
            // The same segments on both sides: what is in memory now, also as files.
            let (paths, bytes) = copied(&air, &folder).await?;
            let names: Vec<_> = paths.iter().map(|path| format!("/{}", path.rsplit('/').next().unwrap_or_default())).collect();
            match side {
                Side::Ours => self.per_gigabit(air.ours.address, paths, bytes, &mut last[0], &|| air.ours.server.cpu()).await,
                Side::Peer => self.per_gigabit(nginx.address, names, bytes, &mut last[1], &|| nginx.server.cpu()).await,
            }
        })
        .await?;
        let Self { viewers, size, kbps, .. } = self;
        let row = pairs.row(self.name, "CPU s a Gbit", nginx.name, 1.0);
        let told = format!(
            "{viewers} viewers of {size} at {kbps} kbit/s, a segment each {SEGMENT} s; taking the broadcast in included; p99 {:.0} ms, nginx {:.0} ms",
            last[0].p99_ms, last[1].p99_ms
        );
        Ok(row.with(&told))
    }

    async fn per_gigabit(
        &self,
        to: SocketAddr,
        paths: Vec<String>,
        bytes: f64,
        last: &mut Load,
        cpu: &dyn Fn() -> anyhow::Result<f64>,
    ) -> anyhow::Result<f64> {
        let texts: Vec<_> = paths.iter().map(|path| format!("GET {path} HTTP/1.1\r\nhost: {to}\r\naccept: */*\r\n\r\n")).collect();
        let request = move |n: usize, out: &mut Vec<u8>| out.extend_from_slice(texts[n % texts.len()].as_bytes());
        let plan = Plan { to, connections: self.viewers, requests: self.viewers * TURNS, rate: self.viewers as f64 / SEGMENT };
        let before = cpu()?;
        *last = open_loop(plan, Rc::new(Http { request, contains: "" })).await?.delivered()?;
        Ok((cpu()? - before) / (bytes * 8.0 * plan.requests as f64 / 1e9))
    }
}

/// The newest three whole segments, kept as files too; their addresses and how long one is on average.
async fn copied(air: &OnAir, folder: &std::path::Path) -> anyhow::Result<(Vec<String>, f64)> {
    let mut paths = air.segments().await?;
    paths.drain(..paths.len().saturating_sub(3));
    let mut bytes = 0;
    for path in &paths {
        let (status, body) = get(air.ours.address, path).await?;
        ensure!(status == 200 && body.len() > 10_000, "{path} answered {status}");
        bytes += body.len();
        std::fs::write(folder.join(path.rsplit('/').next().context("a name")?), body)?;
    }
    ensure!(!paths.is_empty(), "nothing is on air");
    let mean = bytes as f64 / paths.len() as f64;
    Ok((paths, mean))
}

/// Playlists that are held until the next part; CPU a request, beside plain requests for the same text.
pub async fn held_reload(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    const NAME: &str = "held-reload";
    let (held, waves) = (lab.amount(5_000, 200), lab.amount(12, 4));
    let air = OnAir::serve(lab, NAME, 1).await?;
    let _publisher = air.publish("320x180", 300, 2).await?;
    let folder = lab.folder("live-playlist")?;
    let path = format!("{}/video/index.m3u8", air.base);
    let (_, text) = get(air.ours.address, &path).await?;
    std::fs::write(folder.join("index.m3u8"), text)?;
    let nginx = match Nginx::start(lab, &folder, true).await {
        Ok(nginx) => nginx,
        Err(cause) => return Ok(vec![Row::unmeasured(NAME, &format!("no peer: {cause:#}"))]),
    };
    let mut clients = Vec::with_capacity(held);
    for _ in 0..held {
        clients.push(Client::connect(air.ours.address, "").await?);
    }
    let mut late = Vec::new();
    let pairs = take_turns(lab.pairs(), async |side| match side {
        Side::Ours => {
            let before = air.ours.server.cpu()?;
            for _ in 0..waves {
                late.extend(wave(&mut clients, &path).await?);
            }
            Ok((air.ours.server.cpu()? - before) * 1e6 / (held * waves) as f64)
        }
        Side::Peer => plain(&nginx, held * waves, held as f64 / 0.35).await,
    })
    .await?;
    late.sort_by(f64::total_cmp);
    let p99 = late.get(late.len() * 99 / 100).copied().unwrap_or(f64::NAN);
    let row = pairs.row(NAME, "µs CPU a request", nginx.name, 2.0);
    Ok(vec![row.with(&format!("{held} held at once; p99 {p99:.0} ms after the first was released (≤ 100); nginx answers plain requests"))])
}

/// All ask for the part that comes next and are answered together; milliseconds of each after the first.
async fn wave(clients: &mut [Client], path: &str) -> anyhow::Result<Vec<f64>> {
    let first = clients.first_mut().context("no clients")?;
    let text = first.ask("GET", path, "", b"").await?.text();
    let (msn, part) = next_part(&text).with_context(|| format!("no hint in {text}"))?;
    let asked = format!("{path}?_HLS_msn={msn}&_HLS_part={part}");
    let answers = join_all(clients.iter_mut().map(async |client| {
        let answer = client.ask("GET", &asked, "", b"").await?;
        ensure!(answer.status == 200, "a held playlist answered {}", answer.status);
        anyhow::Ok(Instant::now())
    }))
    .await
    .into_iter()
    .collect::<anyhow::Result<Vec<_>>>()?;
    let begun = answers.iter().min().copied().context("no answers")?;
    Ok(answers.into_iter().map(|at| at.duration_since(begun).as_secs_f64() * 1e3).collect())
}

/// `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="12.3.m4s"`
fn next_part(text: &str) -> Option<(u64, u32)> {
    let line = text.lines().find(|line| line.starts_with("#EXT-X-PRELOAD-HINT:"))?;
    let name = line.split("URI=\"").nth(1)?.split('"').next()?;
    let mut numbers = name.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

async fn plain(nginx: &Nginx, requests: usize, rate: f64) -> anyhow::Result<f64> {
    let text = format!("GET /index.m3u8 HTTP/1.1\r\nhost: {}\r\n\r\n", nginx.address);
    let request = move |_: usize, out: &mut Vec<u8>| out.extend_from_slice(text.as_bytes());
    let before = nginx.server.cpu()?;
    let plan = Plan { to: nginx.address, connections: CONNECTIONS, requests, rate };
    open_loop(plan, Rc::new(Http { request, contains: "" })).await?.delivered()?;
    Ok((nginx.server.cpu()? - before) * 1e6 / requests as f64)
}
