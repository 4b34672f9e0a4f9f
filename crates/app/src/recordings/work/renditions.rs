//! `recordings.renditions`: what players are given, the soonest first.
//!
//! Each finished step is a row; a job that begins again, after `kill -9` too, does only what has no row.

use super::{subject, tools};
use crate::jobs::{Context, Failure, Outcome};
use crate::recordings::spool::blocking;
use crate::recordings::{Material, MaterialId, Recordings, Rendition};
use crate::state::App;
use media::{AudioRendition, Plan, RunError, RungInfo, SourceInfo, Step, StepKind, StepOutput};
use serde_json::json;
use std::io;
use std::path::{Path, PathBuf};

/// Name and kind of the row that says: players can begin.
const MASTER: &str = "master";

/// How long an encode waits when broadcasts need the machine.
const BROADCASTS_MS: i64 = 5_000;

/// The body of the job.
///
/// # Errors
///
/// Why a step failed, for the job row.
pub async fn renditions(app: App, context: Context) -> Result<Outcome, Failure> {
    let id = subject(&context)?;
    let found = Recordings(&mut app.db.read().await?).find(id).await?;
    let Some(Material { source: Some(source), .. }) = found else { return Ok(Outcome::Done) };
    let plan = media::plan(&source);
    let folder = app.objects.renditions(&id.to_string());
    tokio::fs::create_dir_all(&folder).await?;
    let mut maker = Maker { app: &app, context: &context, id, source: &source, folder, made: Vec::new() };
    maker.resume(&plan).await?;
    for (done, step) in plan.steps.iter().enumerate() {
        if maker.has(step) {
            continue;
        }
        if is_costly(step) && app.machine.is_starved() {
            return Ok(Outcome::Later { ms: BROADCASTS_MS, why: "broadcasts go first".to_owned() });
        }
        if let Some(later) = maker.make(&plan, done, step).await? {
            return Ok(later);
        }
    }
    Ok(Outcome::Done)
}

/// The folder of a step's output, which names its row.
fn name(step: &Step) -> String {
    match &step.kind {
        StepKind::CopyRung { frame } => format!("v{}x{}", frame.width, frame.height),
        StepKind::EncodeRung(rung) => format!("v{}x{}", rung.frame.width, rung.frame.height),
        StepKind::Audio { .. } => "a".into(),
        StepKind::Poster(_) => "poster".into(),
        StepKind::Storyboard(_) => "storyboard".into(),
        StepKind::Loudness => "loudness".into(),
    }
}

const fn kind(step: &Step) -> &'static str {
    match step.kind {
        StepKind::CopyRung { .. } | StepKind::EncodeRung(_) => "rung",
        StepKind::Audio { .. } => "audio",
        StepKind::Poster(_) => "poster",
        StepKind::Storyboard(_) => "storyboard",
        StepKind::Loudness => "loudness",
    }
}

/// A recording can be watched without these.
const fn is_extra(step: &Step) -> bool {
    matches!(step.kind, StepKind::Poster(_) | StepKind::Storyboard(_) | StepKind::Loudness)
}

/// It takes the machine for minutes; a copy takes seconds, and lets viewers begin.
const fn is_costly(step: &Step) -> bool {
    matches!(step.kind, StepKind::EncodeRung(_))
}

struct Maker<'a> {
    app: &'a App,
    context: &'a Context,
    id: MaterialId,
    source: &'a SourceInfo,
    folder: PathBuf,
    made: Vec<(String, StepOutput)>,
}

impl Maker<'_> {
    fn has(&self, step: &Step) -> bool {
        let name = name(step);
        self.made.iter().any(|(made, _)| *made == name)
    }

    /// Takes over what an earlier attempt finished and clears away what it left half done.
    async fn resume(&mut self, plan: &Plan) -> Result<(), Failure> {
        let rows = Recordings(&mut self.app.db.read().await?).renditions(self.id).await?;
        for step in &plan.steps {
            let row = rows.iter().find(|row| row.name == name(step));
            self.made.extend(row.map(|row| Ok::<_, Failure>((row.name.clone(), serde_json::from_value(row.detail.clone())?))).transpose()?);
        }
        let folder = self.folder.clone();
        Ok(blocking(move || clear_parts(&folder)).await?)
    }

    /// Runs one step; something to wait for instead of an end when the tools are gone.
    async fn make(&mut self, plan: &Plan, done: usize, step: &Step) -> Result<Option<Outcome>, Failure> {
        let (tools, jail) = match tools(&self.app.toolbox).await {
            Ok(found) => found,
            Err(later) => return Ok(Some(later)),
        };
        let original = self.app.objects.original(&self.id.to_string());
        let progress = |fraction: f32| self.context.progress(plan.percent(done, fraction) as i64);
        progress(0.0);
        match media::run_step(&tools, jail, step, &original, &self.folder, progress, &self.context.cancelled).await {
            Ok(output) => self.keep(step, output).await.map(|()| None),
            Err(fault) if is_extra(step) && !fault.is_worth_retrying() && !matches!(fault, RunError::Cancelled) => {
                tracing::warn!(material = %self.id, step = name(step), code = fault.code(), "goes without");
                Ok(None)
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// Records a finished step, after the master playlist that names it is in place.
    async fn keep(&mut self, step: &Step, output: StepOutput) -> Result<(), Failure> {
        let name = name(step);
        let (folder, detail) = (self.folder.join(&name), json!(output));
        self.made.push((name.clone(), output));
        let bytes = blocking(move || Ok(folder_size(&folder))).await?;
        let master = self.write_master().await?;
        let now = self.app.clock.now();
        let mut tx = self.app.db.begin().await?;
        let made = Rendition { name, kind: kind(step).into(), detail, bytes };
        Recordings(&mut tx).keep_rendition(self.id, &made, now).await?;
        if let Some(bytes) = master {
            let master = Rendition { name: MASTER.into(), kind: MASTER.into(), detail: json!({}), bytes };
            Recordings(&mut tx).keep_rendition(self.id, &master, now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Writes the master playlist once a picture has its sound; its size.
    async fn write_master(&self) -> io::Result<Option<i64>> {
        let rungs: Vec<RungInfo> =
            self.made.iter().filter_map(|(_, made)| if let StepOutput::Rung(rung) = made { Some(rung.clone()) } else { None }).collect();
        let sound = self.sound();
        let whole = sound.is_some() == self.source.audio.is_some() && rungs.is_empty() == self.source.video.is_none();
        if !whole {
            return Ok(None);
        }
        let text = media::master_playlist(&rungs, sound);
        let (folder, bytes) = (self.folder.clone(), text.len() as i64);
        blocking(move || {
            let part = folder.join("master.part");
            std::fs::write(&part, text)?;
            std::fs::File::open(&part)?.sync_all()?;
            std::fs::rename(&part, folder.join("master.m3u8"))
        })
        .await?;
        Ok(Some(bytes))
    }

    /// The levelled sound when there is one.
    fn sound(&self) -> Option<&AudioRendition> {
        let levelled =
            self.made.iter().find_map(|(_, made)| if let StepOutput::Loudness { levelled, .. } = made { levelled.as_ref() } else { None });
        let plain = self.made.iter().find_map(|(_, made)| if let StepOutput::Audio(sound) = made { Some(sound) } else { None });
        levelled.or(plain)
    }
}

/// Removes what is called `NAME.part`: half of something.
fn clear_parts(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "part") {
            if path.is_dir() { std::fs::remove_dir_all(path)? } else { std::fs::remove_file(path)? }
        }
    }
    Ok(())
}

/// Bytes of the files in a folder; what can't be read counts nothing.
fn folder_size(folder: &Path) -> i64 {
    let sizes = std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.metadata().ok()?.len()));
    sizes.sum::<u64>().cast_signed()
}
