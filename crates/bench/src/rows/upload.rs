//! `upload`: 2 GB over tus until the server says that they are on the disk, beside `dd` writing the same bytes with fdatasync.
//!
//! The upload is declared one byte longer than what is sent, so that hashing and examining, jobs of their own, do not begin.

use crate::lab::{Client, Lab, Row, Side, finish, take_turns};
use crate::product::{Home, Kaijiang, Person, lesson, person, publications};
use anyhow::{Context, ensure};
use app::lessons::Lessons;
use app::recordings::rules::metadata_header;
use kernel::Role;
use std::io::Write;
use std::path::{Path, PathBuf};

const TARGET: f64 = 1.2;
/// Sent and written in pieces of this size.
const PIECE: usize = 1 << 20;
const TUS: &str = "tus-resumable: 1.0.0\r\n";

struct Bench<'a> {
    lab: &'a Lab,
    ours: Kaijiang,
    clerk: Person,
    lesson: String,
    spool: PathBuf,
    /// The same bytes, as a file, for `dd` and for the comparison.
    file: PathBuf,
    piece: Vec<u8>,
    pieces: usize,
}

pub async fn run(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    let bench = Bench::prepare(lab).await?;
    let pairs = take_turns(lab.pairs(), async |side| match side {
        Side::Ours => bench.ours().await,
        Side::Peer => bench.peer(),
    })
    .await?;
    let row = pairs.row("upload", "CPU s a GB", "dd with fdatasync, same bytes, same disk", TARGET);
    Ok(vec![row.with(&format!("{} MB each; what arrived was compared", bench.bytes() / 1_000_000))])
}

impl<'a> Bench<'a> {
    async fn prepare(lab: &'a Lab) -> anyhow::Result<Self> {
        let home = Home::new(lab, "upload", "")?;
        let app = home.open().await?;
        let seed = publications(&app, 0).await?;
        let clerk = person(&app, "clerk", Role::Clerk, seed.organisation).await?;
        let lesson = lesson(&app, seed.organisation, 0);
        let mut tx = app.db.begin().await?;
        Lessons(&mut tx).insert(&lesson).await?;
        tx.commit().await?;
        let spool = app.objects.spool("");
        app.db.close().await;
        let piece: Vec<u8> = (0..PIECE).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
        let pieces = lab.amount(2_000_000_000, 128_000_000) / PIECE;
        let file = lab.folder("upload-peer")?.join("source");
        let mut source = std::fs::File::create(&file)?;
        for _ in 0..pieces {
            source.write_all(&piece)?;
        }
        source.sync_all()?;
        let ours = home.serve(lab).await?;
        Ok(Self { lab, ours, clerk, lesson: lesson.id.to_string(), spool, file, piece, pieces })
    }

    fn bytes(&self) -> usize {
        self.pieces * PIECE
    }

    async fn ours(&self) -> anyhow::Result<f64> {
        let before = self.ours.server.cpu()?;
        let mut client = Client::connect(self.ours.address, &self.clerk.cookie.replace("content-type: application/json\r\n", "")).await?;
        let place = self.begin(&mut client).await?;
        let head = format!("{TUS}upload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\n");
        client.begin("PATCH", &place, &head, self.bytes()).await?;
        for _ in 0..self.pieces {
            client.send(&self.piece).await?;
        }
        let answer = client.answer().await?;
        let cost = self.per_gb(self.ours.server.cpu()? - before);
        let offset = answer.header("upload-offset").and_then(|text| text.parse::<usize>().ok());
        ensure!(answer.status == 204 && offset == Some(self.bytes()), "void: {} {}", answer.status, answer.text());
        let name = place.rsplit('/').next().context("an id in the address")?;
        ensure!(same(&self.spool.join(name), &self.file)?, "void: other bytes arrived");
        let gone = client.ask("DELETE", &place, TUS, b"").await?;
        ensure!(gone.status == 204, "the upload was not removed: {} {}", gone.status, gone.text());
        Ok(cost)
    }

    /// Its address.
    async fn begin(&self, client: &mut Client) -> anyhow::Result<String> {
        let words = [("filename", "lesson.mp4"), ("lesson", &self.lesson), ("slot", "video"), ("variant", "field")];
        let head = format!("{TUS}upload-length: {}\r\nupload-metadata: {}\r\n", self.bytes() + 1, metadata_header(&words));
        let answer = client.ask("POST", "/uploads", &head, b"").await?;
        ensure!(answer.status == 201, "the upload was not begun: {} {}", answer.status, answer.text());
        answer.header("location").map(str::to_owned).context("no address of the upload")
    }

    fn peer(&self) -> anyhow::Result<f64> {
        let target = self.file.with_file_name("target");
        let words = [format!("if={}", self.file.display()), format!("of={}", target.display()), "bs=256K".into(), "conv=fdatasync".into()];
        let command: Vec<_> = std::iter::once("dd".into()).chain(words.map(Into::into)).collect();
        let done = finish(self.lab, &command)?;
        ensure!(std::fs::metadata(&target)?.len() == self.bytes() as u64, "void: dd wrote something else");
        std::fs::remove_file(target)?;
        Ok(self.per_gb(done.cpu_s))
    }

    fn per_gb(&self, cpu_s: f64) -> f64 {
        cpu_s * 1e9 / self.bytes() as f64
    }
}

fn same(one: &Path, other: &Path) -> anyhow::Result<bool> {
    Ok(std::process::Command::new("cmp").arg("--silent").args([one, other]).status()?.success())
}
