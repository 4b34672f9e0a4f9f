//! `recordings.ingest`: examine, hash, move to the originals (photos: copy without what stands beside the picture), decide.

use super::{photos, subject, tools};
use crate::audit::{self, Entry};
use crate::jobs::{self, ATTEMPTS, Context, Failure, Outcome};
use crate::recordings::rules::{self, HEAD, Kind, TAIL, Takes};
use crate::recordings::spool::{blocking, sync_folder};
use crate::recordings::{Broken, Material, MaterialState, RENDITIONS, Recordings, Uploads};
use crate::state::App;
use media::{PhotoFormat, ProbeError, SourceInfo};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use tokio_util::sync::CancellationToken;

/// Bytes hashed at a time.
const PIECE: usize = 1 << 20;

/// What examining a file came to.
enum Verdict {
    Good(Good),
    Bad(Broken),
    NotNow(Outcome),
}

/// A file that is what its slot takes.
enum Good {
    /// A recording.
    Playable(SourceInfo),
    /// A document, kept as it came.
    Document,
    /// A photo, which is kept without what stands beside the picture.
    Photo(PhotoFormat),
}

/// The body of the job. Safe to begin again at any point: a file lies in the spool or, later, with the originals.
///
/// # Errors
///
/// What failed, for the job row; the third time the file itself is refused with it.
pub async fn ingest(app: App, context: Context) -> Result<Outcome, Failure> {
    let id = subject(&context)?;
    let mut tx = app.db.read().await?;
    let found = Recordings(&mut tx).find(id).await?;
    let spool = Uploads(&mut tx).behind(id).await?.map(|upload| app.objects.spool(&upload.id.to_string()));
    drop(tx);
    let original = app.objects.original(&id.to_string());
    let Some(material) = found.filter(|m| m.state == MaterialState::Checking) else {
        // An earlier attempt was killed between its verdict and its end.
        remove(spool.as_deref()).await?;
        return Ok(Outcome::Done);
    };
    let file = spool.clone().filter(|spool| spool.exists()).unwrap_or_else(|| original.clone());
    let verdict = match examine(&app, &material, &file, &context).await {
        Err(failure) if context.job.attempts >= ATTEMPTS => {
            let found = broken("not-examined", "", "");
            settle(&app, Material { state: MaterialState::Refused, problems: vec![found], ..material }, None).await?;
            return Err(failure);
        }
        verdict => verdict?,
    };
    match verdict {
        Verdict::NotNow(later) => return Ok(later),
        Verdict::Bad(problem) => refuse(&app, material, &file, problem).await?,
        Verdict::Good(Good::Photo(format)) => photo(&app, &context, material, (&file, &original), format).await?,
        Verdict::Good(good) => {
            let sha256 = hash(file.clone(), context.cancelled.clone()).await?;
            keep(file, original).await?;
            let (source, job) = if let Good::Playable(source) = good { (Some(source), Some(RENDITIONS)) } else { (None, None) };
            settle(&app, ready(material, sha256, source), job).await?;
        }
    }
    Ok(Outcome::Done)
}

/// Keeps a photo without what stands beside the picture, and both hashes; or refuses it.
async fn photo(
    app: &App,
    context: &Context,
    material: Material,
    (file, original): (&Path, &Path),
    format: PhotoFormat,
) -> Result<(), Failure> {
    let sent = hash(file.to_owned(), context.cancelled.clone()).await?;
    let (bytes, size) = match photos::keep(file.to_owned(), original.to_owned(), format).await? {
        Ok(kept) => kept,
        Err(at) => return refuse(app, material, file, broken("broken-photo", at.to_string(), "")).await,
    };
    let sha256 = hash(original.to_owned(), context.cancelled.clone()).await?;
    let sent_sha256 = Some(sent).filter(|sent| *sent != sha256);
    settle(app, Material { bytes, sent_sha256, photo: Some(size), ..ready(material, sha256, None) }, None).await?;
    // Last of all: an attempt that begins again must find what came, or its hash would be lost.
    Ok(remove(Some(file).filter(|file| *file != original)).await?)
}

fn ready(material: Material, sha256: String, source: Option<SourceInfo>) -> Material {
    Material { state: MaterialState::Ready, sha256: Some(sha256), source, ..material }
}

async fn refuse(app: &App, material: Material, file: &Path, problem: Broken) -> Result<(), Failure> {
    remove(Some(file)).await?;
    settle(app, Material { state: MaterialState::Refused, problems: vec![problem], ..material }, None).await
}

async fn remove(file: Option<&Path>) -> io::Result<()> {
    match file {
        Some(file) => tokio::fs::remove_file(file).await.or_else(absent),
        None => Ok(()),
    }
}

fn absent(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn broken(rule: &str, found: impl Into<String>, wanted: impl Into<String>) -> Broken {
    Broken { rule: rule.into(), found: found.into(), wanted: wanted.into() }
}

async fn examine(app: &App, material: &Material, file: &Path, context: &Context) -> Result<Verdict, Failure> {
    match rules::slot(&material.slot).map(|slot| slot.takes) {
        Some(Takes::Documents(kinds)) => document(file.to_owned(), &material.filename, kinds).await,
        Some(Takes::Media) => {
            let (tools, jail) = match tools(&app.toolbox).await {
                Ok(found) => found,
                Err(later) => return Ok(Verdict::NotNow(later)),
            };
            match media::probe(&tools, jail, file, &context.cancelled).await {
                Ok(source) => Ok(Verdict::Good(Good::Playable(source))),
                Err(fault) if fault.is_user_fault() => Ok(Verdict::Bad(explained(&fault, &material.filename))),
                Err(fault) => Err(fault.into()),
            }
        }
        None => Err(format!("no slot {}", material.slot).into()),
    }
}

/// What a person can do something about, with what was found and what is wanted.
fn explained(fault: &ProbeError, filename: &str) -> Broken {
    let minutes = |ms: u64| (ms / 60_000).to_string();
    match fault {
        ProbeError::TooManyPixels { width, height, limit } => broken(fault.code(), format!("{width}×{height}"), limit.to_string()),
        ProbeError::TooLong { found_ms, limit_ms } => broken("too-long-recording", minutes(*found_ms), minutes(*limit_ms)),
        _ => broken(fault.code(), filename, "MP4, MOV, MKV, WebM, AVI, MPEG-TS, FLV, WAV, MP3, OGG, AAC"),
    }
}

async fn document(file: PathBuf, filename: &str, kinds: &[&str]) -> Result<Verdict, Failure> {
    let (head, tail) = blocking(move || ends(&file)).await?;
    let (named, wanted) = (rules::ending(filename), kinds.join(", "));
    let kind = rules::kind(&head, &tail);
    let code = kind.map_or("", Kind::code);
    Ok(if !kinds.contains(&named.as_str()) {
        Verdict::Bad(broken("file-kind", named, wanted))
    } else if code != named {
        Verdict::Bad(broken("file-content", code, named))
    } else {
        Verdict::Good(match kind {
            Some(Kind::Jpeg) => Good::Photo(PhotoFormat::Jpeg),
            Some(Kind::Png) => Good::Photo(PhotoFormat::Png),
            _ => Good::Document,
        })
    })
}

/// The first and last bytes of a file.
fn ends(path: &Path) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL as u64)))?;
    file.take(TAIL as u64).read_to_end(&mut tail)?;
    Ok((head, tail))
}

/// SHA-256 of a file in hex; stops early when the job is cancelled.
async fn hash(path: PathBuf, cancelled: CancellationToken) -> io::Result<String> {
    blocking(move || {
        let (mut file, mut hash, mut piece) = (File::open(path)?, Sha256::new(), vec![0; PIECE]);
        loop {
            match file.read(&mut piece)? {
                _ if cancelled.is_cancelled() => return Err(io::Error::other("stopped on request")),
                0 => return Ok(crate::hex::hex(&hash.finalize())),
                n => hash.update(&piece[..n]),
            }
        }
    })
    .await
}

/// Moves a file to the originals, durably in both folders.
async fn keep(file: PathBuf, original: PathBuf) -> io::Result<()> {
    if file == original {
        return Ok(());
    }
    blocking(move || {
        match std::fs::rename(&file, &original) {
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => copy(&file, &original)?,
            other => other?,
        }
        sync_folder(&original)?;
        sync_folder(&file)
    })
    .await
}

/// For a spool that lies on a disk of its own: the original gets its name when it is whole.
fn copy(file: &Path, original: &Path) -> io::Result<()> {
    let part = original.with_extension("part");
    std::fs::copy(file, &part)?;
    File::open(&part)?.sync_all()?;
    std::fs::rename(part, original)?;
    std::fs::remove_file(file)
}

/// Writes the verdict with everything that follows from it, in one transaction.
async fn settle(app: &App, done: Material, next: Option<&str>) -> Result<(), Failure> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if !Recordings(&mut tx).examined(&done).await? {
        return Ok(());
    }
    let alone = rules::slot(&done.slot).is_some_and(|slot| !slot.several);
    if done.state == MaterialState::Ready && alone && !Recordings(&mut tx).yield_to_newer(&done, now).await? {
        Recordings(&mut tx).replace_older(&done, false, now).await?;
    }
    if let Some(kind) = next {
        jobs::enqueue(&mut tx, app.clock.as_ref(), kind, &done.id.to_string(), &json!({}), Some(done.created_by)).await?;
    }
    let action = if done.state == MaterialState::Ready { "material.ready" } else { "material.refused" };
    let entry = Entry {
        account: None,
        organisation: None,
        action,
        object: done.id.to_string(),
        allowed: true,
        detail: json!({ "lesson": done.lesson, "sha256": done.sha256, "problems": done.problems }),
    };
    audit::record(&mut tx, app.clock.as_ref(), entry).await?;
    tx.commit().await?;
    app.wake.notify_waiters();
    Ok(())
}
