//! `register`: the held sessions of a province, in by a .csv file and out again as .xlsx and .csv, through one server.

use crate::lab::{Client, Lab, Row};
use crate::product::{Home, Kaijiang, Person, person};
use anyhow::{Context, ensure};
use app::deltas::Day;
use app::demo::scale::{self, Scale};
use kernel::Role;
use serde_json::Value;
use std::fmt::Write;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// Largest resident size to stay under, in MiB (F13).
const MEMORY_MIB: f64 = 300.0;
/// Between two looks at a job.
const LOOK: Duration = Duration::from_millis(200);
const FORMS: [&str; 3] = ["lecture", "dialogue", "story"];

pub async fn run(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    let (rows, organisations) = (lab.amount(400_000, 5_000), lab.amount(20_000, 2_500));
    let home = Home::new(lab, "register", "")?;
    let (clerk, today) = plant(&home, organisations).await?;
    let ours = home.serve(lab).await?;
    let mut line = Client::connect(ours.address, &clerk.cookie).await?;
    let before = ours.server.peak_mib();
    let file = file(rows, organisations, today)?;
    let (checked, written) = take_in(&mut line, file.as_bytes()).await?;
    let taken_in = ours.server.peak_mib();
    let (workbook, bytes) = workbook(&mut line, &ours, &clerk).await?;
    let (text, lines) = text(&ours, &clerk).await?;
    ensure!(lines == rows + 1, "void: {lines} lines came out, {rows} sessions went in");
    let told = format!(
        "{rows} sessions of {organisations} organisations, .csv of {} MB: checked in {checked:.1} s, written in {written:.1} s, out as .xlsx of {} MB in {workbook:.1} s and as .csv in {text:.1} s; the server's largest moment, {before:.0} before and {taken_in:.0} after taking in",
        file.len() / 1_000_000,
        bytes / 1_000_000,
    );
    Ok(vec![Row::absolute("register-memory", "MiB resident", ours.server.peak_mib(), MEMORY_MIB, false).with(&told)])
}

async fn plant(home: &Home, organisations: usize) -> anyhow::Result<(Person, Day)> {
    let app = home.open().await?;
    scale::plant(&app, Scale { organisations, sessions: 0, days: 1 }, |_| ()).await?;
    let clerk = person(&app, "clerk", Role::Clerk, scale::id(0)).await?;
    let today = app.today();
    app.db.close().await;
    Ok((clerk, today))
}

/// A register as an office would send it, of sessions in the four years before `today`.
fn file(rows: usize, organisations: usize, today: Day) -> anyhow::Result<String> {
    let mut text = String::from("单位编码,开讲时间,标题,主讲人,时长（分钟）,到场人数,形式\n");
    for n in 0..rows {
        let branch = scale::first_branch() + n * 7_919 % (organisations - scale::first_branch());
        let day = today.plus(-1 - (n % 1_460) as i64).date().context("a day")?;
        writeln!(text, "{branch:06},{day} {:02}:30,专题学习第{n}讲,讲课人{},45,{},{}", 8 + n % 10, n % 5_000, 5 + n % 90, FORMS[n % 3])?;
    }
    Ok(text)
}

/// Checks and confirms the register; the seconds of each.
async fn take_in(line: &mut Client, file: &[u8]) -> anyhow::Result<(f64, f64)> {
    let begin = Instant::now();
    let sent = line.ask("POST", "/api/v1/held-sessions/imports?name=sessions.csv", "", file).await?;
    ensure!(sent.status == 202, "the register was answered {}: {}", sent.status, sent.text());
    let id = told(&sent.body, "id")?;
    let at = format!("/api/v1/held-sessions/imports/{id}");
    over(line, &at).await?;
    let checked = begin.elapsed().as_secs_f64();
    let confirmed = line.ask("POST", &format!("{at}/apply"), "", b"").await?;
    ensure!(confirmed.status == 202, "the import was answered {}: {}", confirmed.status, confirmed.text());
    let at = format!("/api/v1/held-sessions/imports/{}", told(&confirmed.body, "id")?);
    over(line, &at).await?;
    Ok((checked, begin.elapsed().as_secs_f64() - checked))
}

fn told(body: &[u8], field: &str) -> anyhow::Result<String> {
    let body: Value = serde_json::from_slice(body)?;
    body[field].as_str().map(String::from).with_context(|| format!("no {field} in {body}"))
}

/// Waits until the job at `at` is done.
async fn over(line: &mut Client, at: &str) -> anyhow::Result<()> {
    loop {
        let answer = line.ask("GET", at, "", b"").await?;
        match told(&answer.body, "state")?.as_str() {
            "queued" | "running" => tokio::time::sleep(LOOK).await,
            "done" => return Ok(()),
            other => anyhow::bail!("{at} is {other}: {}", answer.text()),
        }
    }
}

/// Orders and fetches the ledger as a workbook: seconds and bytes.
async fn workbook(line: &mut Client, ours: &Kaijiang, clerk: &Person) -> anyhow::Result<(f64, usize)> {
    let begin = Instant::now();
    let ordered = line.ask("POST", "/api/v1/held-sessions/exports", "", b"").await?;
    ensure!(ordered.status == 202, "the export was answered {}: {}", ordered.status, ordered.text());
    let at = format!("/api/v1/held-sessions/exports/{}", told(&ordered.body, "id")?);
    over(line, &at).await?;
    let file = fetched(ours, clerk, &format!("{at}/file")).await?;
    Ok((begin.elapsed().as_secs_f64(), file.len()))
}

/// Fetches it as text: seconds and lines.
async fn text(ours: &Kaijiang, clerk: &Person) -> anyhow::Result<(f64, usize)> {
    let begin = Instant::now();
    let text = String::from_utf8(fetched(ours, clerk, "/held-sessions/export.csv").await?)?;
    Ok((begin.elapsed().as_secs_f64(), text.lines().count()))
}

/// The body of an answer that may have no length: HTTP/1.0 ends it with the connection.
async fn fetched(ours: &Kaijiang, clerk: &Person, path: &str) -> anyhow::Result<Vec<u8>> {
    let mut line = TcpStream::connect(ours.address).await?;
    line.write_all(format!("GET {path} HTTP/1.0\r\nhost: {}\r\n{}\r\n", ours.address, clerk.cookie).as_bytes()).await?;
    let mut all = Vec::new();
    line.read_to_end(&mut all).await?;
    ensure!(all.starts_with(b"HTTP/1.0 200"), "{path}: {}", String::from_utf8_lossy(&all[..all.len().min(200)]));
    let head = all.windows(4).position(|four| four == b"\r\n\r\n").context("no head")?;
    Ok(all.split_off(head + 4))
}
