//! Files on their way in: begun, continued by whoever may edit the lesson, finished once.

use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::jobs;
use crate::lessons::{self, LessonId};
use crate::problem::Problem;
use crate::recordings::rules;
use crate::recordings::spool::{Spool, blocking, is_full};
use crate::recordings::{
    INGEST, Material, MaterialId, MaterialState, RENDITIONS, Recordings, Upload, UploadId, UploadState, Uploads, Variant,
};
use crate::state::App;
use crate::texts;
use kernel::{Actor, Timestamp};
use serde_json::json;
use std::collections::BTreeMap;

/// An upload's time is prolonged when this much of it is gone.
const PROLONG_AFTER_MS: i64 = 600_000;

/// What a client says of a file that it wants to send.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// Size in bytes.
    pub length: u64,
    /// `filename`, `lesson`, `slot`, `variant`.
    pub metadata: BTreeMap<String, String>,
    /// A part for a later concatenation.
    pub partial: bool,
}

/// An upload and the file that receives it.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The row.
    pub upload: Upload,
    /// Its file.
    pub spool: Spool,
}

pub(super) fn spool(app: &App, id: UploadId) -> Spool {
    Spool::at(app.objects.spool(&id.to_string()))
}

pub(super) fn disk(error: std::io::Error) -> Problem {
    if is_full(&error) { Problem::disk_full() } else { Problem::internal(error) }
}

/// Takes a name and a place for a file; its bytes may come in the same request or later.
///
/// # Errors
///
/// `invalid` for an empty file, an unknown slot, a bad name; `upload-too-large`; `disk-full` when it can never fit;
/// 404 for a lesson that the actor may not edit.
pub async fn begin(app: &App, actor: &Actor, new: NewUpload) -> Result<Begun, Problem> {
    sized(app, new.length).await?;
    let concat = new.partial.then(|| "partial".to_owned());
    let upload = described(app, actor, &new, concat).await?;
    let spool = spool(app, upload.id);
    spool.create().await.map_err(disk)?;
    keep(app, &upload).await?;
    Ok(Begun { upload, spool })
}

/// Puts parts together to one file, which is complete at once. The parts are gone afterwards.
///
/// # Errors
///
/// As [`begin`]; `upload-parts` unless all parts are the actor's own and complete.
pub async fn join(app: &App, actor: &Actor, metadata: BTreeMap<String, String>, parts: &[String]) -> Result<Upload, Problem> {
    let bad = || Problem::unprocessable("upload-parts");
    let mut sources = Vec::new();
    for part in parts {
        let Begun { upload, spool } = open(app, actor, part.parse().map_err(|_| bad())?).await?;
        let whole = spool.offset().await.map_err(disk)? == upload.length.cast_unsigned();
        let fresh = sources.iter().all(|(id, _, _)| *id != upload.id);
        if !(whole && fresh && upload.concat.as_deref() == Some("partial")) {
            return Err(bad());
        }
        sources.push((upload.id, upload.length.cast_unsigned(), spool));
    }
    let length = sources.iter().map(|(_, length, _)| length).sum();
    sized(app, length).await?;
    let names: Vec<_> = sources.iter().map(|(id, _, _)| format!("/uploads/{id}")).collect();
    let new = NewUpload { length, metadata, partial: false };
    let upload = described(app, actor, &new, Some(format!("final;{}", names.join(" ")))).await?;
    spool(app, upload.id).join(sources.iter().map(|(_, _, spool)| spool.clone()).collect()).await.map_err(disk)?;
    keep(app, &upload).await?;
    finish(app, &upload).await?;
    for (id, _, spool) in sources {
        let mut tx = app.db.begin().await?;
        Uploads(&mut tx).remove(id).await?;
        tx.commit().await?;
        spool.remove().await.map_err(Problem::internal)?;
    }
    Ok(upload)
}

/// Refuses sizes that can't work, before a byte is sent.
pub(super) async fn sized(app: &App, length: u64) -> Result<(), Problem> {
    if length == 0 {
        return Err(Problem::field("file", "empty-file", "0", 1));
    }
    let most = app.config.upload_max_mib * (1 << 20);
    if length > most {
        return Err(Problem::too_large("upload-too-large").with("found", length).with("wanted", most));
    }
    let root = app.objects.spool("");
    let free = blocking(move || Ok(rustix::fs::statvfs(&root)?)).await.map(|stat| stat.f_bavail * stat.f_frsize);
    if length > free.map_err(Problem::internal)? { Err(Problem::disk_full()) } else { Ok(()) }
}

pub(super) async fn described(app: &App, actor: &Actor, new: &NewUpload, concat: Option<String>) -> Result<Upload, Problem> {
    let given = |key: &str| new.metadata.get(key).map(String::as_str).unwrap_or_default();
    let now = app.clock.now();
    let mut upload = Upload {
        id: UploadId::new(app.clock.as_ref()),
        account: actor.account,
        lesson: None,
        slot: String::new(),
        variant: Variant::Field,
        filename: String::new(),
        length: new.length.cast_signed(),
        state: UploadState::Open,
        concat,
        material: None,
        created_at: now,
        expires_at: expiry(app, now),
    };
    if new.partial {
        return Ok(upload);
    }
    let lesson: LessonId = given("lesson").parse().map_err(|_| Problem::field("lesson", "not-an-id", given("lesson"), "lsn_…"))?;
    editable(app, &mut app.db.read().await?, actor, lesson).await?;
    let slot = rules::slot(given("slot")).ok_or_else(|| Problem::field("slot", "one-of", given("slot"), slot_names()))?;
    let variant = if given("variant").is_empty() { Variant::Field.code() } else { given("variant") };
    upload.variant = Variant::from_code(variant).ok_or_else(|| Problem::field("variant", "one-of", variant, variant_names()))?;
    // Some browsers send a path; only its end is a name.
    let name = given("filename").rsplit(['/', '\\']).next().unwrap_or_default();
    upload.filename = texts::check("filename", name, 1, 200).map_err(|fault| Problem::invalid(vec![fault]))?;
    (upload.lesson, upload.slot) = (Some(lesson), slot.name.to_owned());
    Ok(upload)
}

fn slot_names() -> String {
    rules::SLOTS.map(|slot| slot.name).join(", ")
}

fn variant_names() -> String {
    Variant::ALL.map(Variant::code).join(", ")
}

fn expiry(app: &App, now: Timestamp) -> Timestamp {
    now.plus_ms(i64::from(app.config.upload_hours) * 3_600_000)
}

/// Someone who may not edit the lesson learns nothing of its uploads.
async fn editable(app: &App, tx: &mut Tx, actor: &Actor, lesson: LessonId) -> Result<(), Problem> {
    match lessons::actions::editable(app, tx, actor, lesson).await {
        Err(problem) if problem.against_rights => Err(Problem::hidden()),
        other => other.map(drop),
    }
}

pub(super) async fn keep(app: &App, upload: &Upload) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    Uploads(&mut tx).insert(upload).await?;
    note(app, &mut tx, upload, "upload.began").await?;
    Ok(tx.commit().await?)
}

async fn note(app: &App, tx: &mut Tx, upload: &Upload, action: &str) -> Result<(), Problem> {
    let entry = Entry {
        account: Some(upload.account),
        organisation: None,
        action,
        object: upload.id.to_string(),
        allowed: true,
        detail: json!({ "lesson": upload.lesson, "slot": upload.slot, "bytes": upload.length, "material": upload.material }),
    };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}

/// An upload that `actor` may continue: their own part, or one of a lesson that they may edit, whoever began it.
///
/// # Errors
///
/// 404, audited, for anyone else; `upload-expired` when its time is over.
pub async fn open(app: &App, actor: &Actor, id: UploadId) -> Result<Begun, Problem> {
    let mut tx = app.db.read().await?;
    let upload = Uploads(&mut tx).find(id).await?.ok_or_else(Problem::not_found)?;
    match upload.lesson {
        Some(lesson) => editable(app, &mut tx, actor, lesson).await?,
        None if upload.account == actor.account => {}
        None => return Err(Problem::hidden()),
    }
    let over = upload.state == UploadState::Open && upload.expires_at <= app.clock.now();
    if over || upload.state == UploadState::Expired {
        return Err(Problem::gone("upload-expired"));
    }
    Ok(Begun { spool: spool(app, id), upload })
}

/// Turns a complete upload into a file of its lesson and has it examined. Doing it again changes nothing.
pub async fn finish(app: &App, upload: &Upload) -> Result<(), Problem> {
    let Some(lesson) = upload.lesson else { return Ok(()) };
    let now = app.clock.now();
    let material = Material {
        id: MaterialId::new(app.clock.as_ref()),
        lesson,
        slot: upload.slot.clone(),
        variant: upload.variant,
        filename: upload.filename.clone(),
        bytes: upload.length,
        sha256: None,
        sent_sha256: None,
        state: MaterialState::Checking,
        source: None,
        photo: None,
        problems: Vec::new(),
        created_by: upload.account,
        created_at: now,
        replaced_at: None,
    };
    let mut tx = app.db.begin().await?;
    if !Uploads(&mut tx).done(upload.id, material.id).await? {
        return Ok(());
    }
    Recordings(&mut tx).insert(&material).await?;
    Recordings(&mut tx).replace_older(&material, true, now).await?;
    jobs::enqueue(&mut tx, app.clock.as_ref(), INGEST, &material.id.to_string(), &json!({}), Some(upload.account)).await?;
    note(app, &mut tx, &Upload { material: Some(material.id), ..upload.clone() }, "upload.completed").await?;
    tx.commit().await?;
    app.wake.notify_waiters();
    Ok(())
}

/// Gives an upload that moves its full time again, but not with every request.
pub async fn prolong(app: &App, upload: &Upload) -> Result<Timestamp, Problem> {
    let until = expiry(app, app.clock.now());
    if until - upload.expires_at < PROLONG_AFTER_MS {
        return Ok(upload.expires_at);
    }
    let mut tx = app.db.begin().await?;
    Uploads(&mut tx).prolong(upload.id, until).await?;
    tx.commit().await?;
    Ok(until)
}

/// Forgets an upload and its bytes.
///
/// # Errors
///
/// `upload-complete` when it became a file already.
pub async fn cancel(app: &App, Begun { upload, spool }: &Begun) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    if !Uploads(&mut tx).remove(upload.id).await? {
        return Err(Problem::conflict("upload-complete"));
    }
    note(app, &mut tx, upload, "upload.cancelled").await?;
    tx.commit().await?;
    spool.remove().await.map_err(Problem::internal)
}

/// Uploads of a slot that another device may continue, with their offsets.
pub async fn unfinished(app: &App, actor: &Actor, lesson: LessonId, slot: &str) -> Result<Vec<(Upload, u64)>, Problem> {
    let mut tx = app.db.read().await?;
    editable(app, &mut tx, actor, lesson).await?;
    let mut found = Vec::new();
    for upload in Uploads(&mut tx).unfinished(lesson, slot, app.clock.now()).await? {
        let offset = spool(app, upload.id).glance().await;
        found.push((upload, offset));
    }
    Ok(found)
}

/// What became of a complete upload, with the job that works on it now.
pub async fn status(app: &App, material: MaterialId) -> Result<(Option<Material>, Option<jobs::Job>), Problem> {
    let mut tx = app.db.read().await?;
    let found = Recordings(&mut tx).find(material).await?;
    let kind = if found.as_ref().is_some_and(|m| m.state == MaterialState::Checking) { INGEST } else { RENDITIONS };
    let job = jobs::latest_for(&mut tx, kind, &material.to_string()).await?;
    Ok((found, job))
}
