//! `view-http`: a durable, exact view, one request each. Ours over HTTP with its signed token; Redis with a script, `always`.

use crate::lab::{Http, Lab, Load, Plan, Row, Side, get, open_loop, take_turns};
use crate::peers::redis::{OneByOne, Redis, key};
use crate::product::{Home, Kaijiang, Seed, publications};
use anyhow::{Context, ensure};
use app::watching::token::Playback;
use kernel::{Clock, SystemClock};
use std::rc::Rc;
use std::time::Duration;

const NAME: &str = "view-http";
const TARGET: f64 = 1.2;
/// Both acknowledge when the disk has it, so many wait at once and share a sync.
const CONNECTIONS: usize = 256;
/// Far enough below what either can do that a busy machine does not turn this into a test of queues.
const RATE: f64 = 5_000.0;
/// A report of so many seconds makes the view; one less, and nothing would be counted.
const PLAYED_S: i64 = 30;

struct Bench<'a> {
    lab: &'a Lab,
    seed: Seed,
    secret: [u8; 32],
    requests: usize,
    /// Views asked for so far, on either side: no viewer comes twice.
    asked: [usize; 2],
    last: [Load; 2],
}

pub async fn run(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    let home = Home::new(lab, NAME, "")?;
    let app = home.open().await?;
    let seed = publications(&app, 1).await?;
    let secret = app.secret;
    app.db.close().await;
    drop(app);
    let ours = home.serve(lab).await?;
    let redis = match Redis::start(lab).await {
        Ok(redis) => redis,
        Err(cause) => return Ok(vec![Row::unmeasured(NAME, &format!("no peer: {cause:#}"))]),
    };
    let requests = lab.amount(25_000, 5_000);
    let mut bench = Bench { lab, seed, secret, requests, asked: [0; 2], last: [Load::default(); 2] };
    let pairs = take_turns(lab.pairs(), async |side| match side {
        Side::Ours => bench.ours(&ours).await,
        Side::Peer => bench.peer(&redis).await,
    })
    .await?;
    let [our_load, peer_load] = bench.last;
    let row = pairs.row(NAME, "µs CPU a view", "Redis, fsync always, script, one by one", TARGET);
    let row = row.with(&format!(
        "at {RATE:.0}/s p50 {:.1} ms, p99 {:.1} ms; Redis {:.1}, {:.1}",
        our_load.p50_ms, our_load.p99_ms, peer_load.p50_ms, peer_load.p99_ms
    ));
    Ok(vec![match bench.check(&home, ours, &redis).await {
        Ok(()) => row.with("acknowledged = counted after kill -9"),
        Err(cause) => row.void(&format!("{cause:#}")),
    }])
}

impl Bench<'_> {
    async fn ours(&mut self, ours: &Kaijiang) -> anyhow::Result<f64> {
        let bodies: Vec<String> = (0..self.requests).map(|n| self.report(self.asked[0] + n)).collect();
        self.asked[0] += self.requests;
        let host = ours.address;
        let request = move |n: usize, out: &mut Vec<u8>| {
            let body = &bodies[n];
            let head = "content-type: application/json\r\nsec-fetch-site: same-origin\r\nuser-agent: Mozilla/5.0 (Linux; Android 10)";
            let text = format!("POST /watch/heartbeat HTTP/1.1\r\nhost: {host}\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            out.extend_from_slice(text.as_bytes());
        };
        let before = ours.server.cpu()?;
        let load = open_loop(self.plan(host), Rc::new(Http { request, contains: "\"counted\":true" })).await?;
        // The folding of the last second belongs to these views too.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        self.last[0] = load.delivered().context("ours")?;
        Ok((ours.server.cpu()? - before) * 1e6 / self.requests as f64)
    }

    async fn peer(&mut self, redis: &Redis) -> anyhow::Result<f64> {
        let lesson = self.seed.lessons[0].to_string();
        let commands = (0..self.requests).map(|n| redis.view(&key(self.asked[1] + n), &lesson)).collect();
        self.asked[1] += self.requests;
        let before = redis.server.cpu()?;
        let load = open_loop(self.plan(redis.address), Rc::new(OneByOne { commands })).await?;
        self.last[1] = load.delivered().context("Redis")?;
        Ok((redis.server.cpu()? - before) * 1e6 / self.requests as f64)
    }

    fn plan(&self, to: std::net::SocketAddr) -> Plan {
        Plan { to, connections: CONNECTIONS, requests: self.requests, rate: RATE }
    }

    /// What the player of viewer `n` reports when the view is complete.
    fn report(&self, n: usize) -> String {
        let issued = SystemClock.now().plus_ms(-PLAYED_S * 1_000);
        let (lesson, organisation) = (self.seed.lessons[0], self.seed.organisation);
        let playback = Playback { lesson, organisation, viewer: n as u128 + 1, issued, duration_ms: 600_000, broadcast: None };
        format!("{{\"token\":\"{}\",\"seq\":1,\"played_s\":{PLAYED_S}}}", playback.sign(&self.secret))
    }

    /// Kills ours, starts it again, and compares; asks Redis for its number.
    async fn check(&self, home: &Home, ours: Kaijiang, redis: &Redis) -> anyhow::Result<()> {
        let lesson = self.seed.lessons[0];
        let counted = redis.views(&lesson.to_string()).await?;
        ensure!(counted == self.asked[1], "Redis counted {counted} of {}", self.asked[1]);
        ours.server.kill()?;
        let again = home.serve(self.lab).await?;
        let mut seen = None;
        for _ in 0..150 {
            let (_, body) = get(again.address, &format!("/api/v1/library/{lesson}")).await?;
            let body: serde_json::Value = serde_json::from_slice(&body)?;
            seen = body["counts"]["views"].as_u64();
            if seen == Some(self.asked[0] as u64) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        anyhow::bail!("{} views were acknowledged, {seen:?} are counted after kill -9", self.asked[0])
    }
}
