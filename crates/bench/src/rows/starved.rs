//! `starved`: whether the source of a broadcast keeps its pace while a recording is encoded with everything the machine has left.

use crate::lab::{Client, Lab, Row, finish};
use crate::product::OnAir;
use anyhow::{Context, ensure};
use app::recordings::rules::metadata_header;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::Instant;

const NAME: &str = "starved";
const TUS: &str = "tus-resumable: 1.0.0\r\n";
/// Cores that an encoder uses at least once it is at work.
const AT_WORK: f64 = 0.3;
/// Looks, a second apart, until it is.
const LOOKS: usize = 180;
/// Sent in pieces of this size.
const PIECE: usize = 1 << 20;

/// How a broadcast kept its pace for a while.
#[derive(Debug, Default)]
struct Pace {
    parts: usize,
    /// Parts that came later than one part's length, measured from the promptest.
    late: usize,
    worst_ms: f64,
    /// Cores that the server and its encoders used meanwhile.
    cores: f64,
}

/// Parts late by more than a part while a recording is encoded; the same run without encoding stands in the note.
pub async fn run(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    let watched = Duration::from_secs(lab.amount(90, 15));
    let clip = clip(lab, lab.amount(150, 30))?;
    let air = OnAir::serve_with(lab, NAME, 1, "auto").await?;
    let _publisher = air.publish("1280x720", 2_500, 2).await?;
    let calm = follow(&air, watched).await?;
    upload(&air, &clip).await?;
    let idle = air.ours.server.cpu()?;
    encodes(&air, idle).await?;
    let busy = follow(&air, watched).await?;
    let row = Row::absolute(NAME, "parts late by more than one", busy.late as f64, 0.0, false);
    let told =
        |pace: &Pace| format!("{} of {} parts late, the latest by {:.0} ms, {:.2} cores", pace.late, pace.parts, pace.worst_ms, pace.cores);
    let row = row.with(&format!("while 1080p is encoded to its ladder: {}; without: {}", told(&busy), told(&calm)));
    // An encoder that had ended by then would make a row about nothing.
    Ok(vec![if busy.cores > calm.cores + AT_WORK { row } else { row.void("nothing was encoded meanwhile") }])
}

/// A noisy clip above what is copied, so that its whole ladder is encoded.
fn clip(lab: &Lab, seconds: u32) -> anyhow::Result<PathBuf> {
    let file = lab.folder("starved-clip")?.join("lecture.mp4");
    let picture = format!("testsrc2=size=1920x1080:rate=30:duration={seconds},noise=alls=12:allf=t");
    let sound = format!("sine=frequency=330:sample_rate=48000:duration={seconds}");
    let words = ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &sound];
    let coding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-b:v", "12M", "-g", "60", "-c:a", "aac", "-shortest"];
    let command = words.iter().chain(&coding).map(Into::into).chain([file.clone().into_os_string()]).collect::<Vec<_>>();
    finish(lab, &command)?;
    Ok(file)
}

/// Hands the clip in as a clerk does.
async fn upload(air: &OnAir, clip: &Path) -> anyhow::Result<()> {
    let bytes = std::fs::read(clip)?;
    let mut client = Client::connect(air.ours.address, &air.clerk.cookie.replace("content-type: application/json\r\n", "")).await?;
    let words = [("filename", "lecture.mp4"), ("lesson", &air.lesson), ("slot", "video"), ("variant", "field")];
    let head = format!("{TUS}upload-length: {}\r\nupload-metadata: {}\r\n", bytes.len(), metadata_header(&words));
    let begun = client.ask("POST", "/uploads", &head, b"").await?;
    ensure!(begun.status == 201, "the upload was not begun: {} {}", begun.status, begun.text());
    let place = begun.header("location").map(str::to_owned).context("no address of the upload")?;
    let head = format!("{TUS}upload-offset: 0\r\ncontent-type: application/offset+octet-stream\r\n");
    client.begin("PATCH", &place, &head, bytes.len()).await?;
    for piece in bytes.chunks(PIECE) {
        client.send(piece).await?;
    }
    let done = client.answer().await?;
    ensure!(done.status == 204, "the upload broke off: {} {}", done.status, done.text());
    Ok(())
}

/// Waits until an encoder is at work: hashing and examining come first.
async fn encodes(air: &OnAir, mut before: f64) -> anyhow::Result<()> {
    let mut at_work = 0;
    for _ in 0..LOOKS {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let now = air.ours.server.cpu()?;
        at_work = if now - before > AT_WORK { at_work + 1 } else { 0 };
        before = now;
        if at_work >= 5 {
            return Ok(());
        }
    }
    anyhow::bail!("the recording is not encoded")
}

/// Hears of each part as a player does, by a playlist that is held until the part is there.
async fn follow(air: &OnAir, watched: Duration) -> anyhow::Result<Pace> {
    let path = format!("{}/video/index.m3u8", air.base);
    let mut client = Client::connect(air.ours.address, "").await?;
    let (cpu, began) = (air.ours.server.cpu()?, Instant::now());
    let mut heard = Heard::new(&client.ask("GET", &path, "", b"").await?.text())?;
    while began.elapsed() < watched {
        let (msn, part) = heard.next;
        let answer = client.ask("GET", &format!("{path}?_HLS_msn={msn}&_HLS_part={part}"), "", b"").await?;
        ensure!(answer.status == 200, "a held playlist answered {}", answer.status);
        heard.take(&answer.text(), began.elapsed().as_secs_f64())?;
    }
    let cores = (air.ours.server.cpu()? - cpu) / began.elapsed().as_secs_f64();
    Ok(Pace { cores, ..heard.pace() })
}

/// Parts in the order in which they came.
struct Heard {
    target_s: f64,
    /// The newest part that was heard of.
    newest: (u64, u32),
    /// The part that is hinted at.
    next: (u64, u32),
    media_s: f64,
    /// How far behind its place in the media each part came, seconds; only differences mean something.
    behind: Vec<f64>,
}

impl Heard {
    fn new(text: &str) -> anyhow::Result<Self> {
        let target = text.split("PART-TARGET=").nth(1).and_then(|rest| rest.split([',', '\n']).next());
        let target_s = target.and_then(|word| word.trim().parse().ok()).context("no length of parts")?;
        let newest = parts(text).last().map(|(name, _)| name).context("no parts")?;
        Ok(Self { target_s, newest, next: hint(text)?, media_s: 0.0, behind: Vec::new() })
    }

    fn take(&mut self, text: &str, at_s: f64) -> anyhow::Result<()> {
        for (name, seconds) in parts(text) {
            if name > self.newest {
                self.media_s += seconds;
                self.behind.push(at_s - self.media_s);
                self.newest = name;
            }
        }
        self.next = hint(text)?;
        Ok(())
    }

    fn pace(&self) -> Pace {
        let promptest = self.behind.iter().copied().fold(f64::INFINITY, f64::min);
        let late: Vec<f64> = self.behind.iter().map(|behind| behind - promptest).collect();
        let worst_ms = late.iter().copied().fold(0.0, f64::max) * 1e3;
        Pace { parts: late.len(), late: late.iter().filter(|late| **late > self.target_s).count(), worst_ms, cores: 0.0 }
    }
}

/// The part that comes next.
fn hint(text: &str) -> anyhow::Result<(u64, u32)> {
    let line = text.lines().find(|line| line.starts_with("#EXT-X-PRELOAD-HINT:")).context("nothing comes next")?;
    part_name(line).context("a hint without a part")
}

/// `…URI="12.3.m4s"…`
fn part_name(line: &str) -> Option<(u64, u32)> {
    let name = line.split("URI=\"").nth(1)?.split('"').next()?;
    let mut numbers = name.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// `#EXT-X-PART:DURATION=0.36,URI="12.3.m4s"`: names and lengths.
fn parts(text: &str) -> impl Iterator<Item = ((u64, u32), f64)> {
    text.lines().filter_map(|line| {
        let rest = line.strip_prefix("#EXT-X-PART:")?;
        let seconds = rest.split("DURATION=").nth(1)?.split(',').next()?.parse().ok()?;
        Some((part_name(rest)?, seconds))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_late_against_the_promptest() {
        let text = |parts: &[(u64, u32)], next: (u64, u32)| {
            let line = |(msn, part): &(u64, u32)| format!("#EXT-X-PART:DURATION=0.35000,URI=\"{msn}.{part}.m4s\",INDEPENDENT=YES\n");
            let lines: String = parts.iter().map(line).collect();
            format!(
                "#EXTM3U\n#EXT-X-PART-INF:PART-TARGET=0.35000\n{lines}#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"{}.{}.m4s\"\n",
                next.0, next.1
            )
        };
        let mut heard = Heard::new(&text(&[(7, 0)], (7, 1))).expect("a playlist");
        assert_eq!((heard.target_s, heard.next), (0.35, (7, 1)));
        heard.take(&text(&[(7, 0), (7, 1)], (7, 2)), 1.0).expect("the promptest");
        heard.take(&text(&[(7, 1), (7, 2)], (8, 0)), 1.75).expect("a late one");
        heard.take(&text(&[(7, 2), (8, 0)], (8, 1)), 1.75).expect("with the next");
        let pace = heard.pace();
        assert_eq!((pace.parts, pace.late, heard.next), (3, 1, (8, 1)));
        assert!((pace.worst_ms - 400.0).abs() < 1e-6, "{}", pace.worst_ms);
    }
}
