//! SQL for broadcasts and what was recorded of them.

mod segments;

pub use segments::{RecordedSegments, Unbroken};

use super::rules::Piece;
use super::{Admission, Broadcast, BroadcastId, Kind, Profile, State};
use crate::db::{DbError, Row, Tx, Value, args, assembled, places};
use crate::lessons::LessonId;
use crate::machine::LoadStage;
use kernel::{OrganisationId, Timestamp};

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Broadcasts<'t>(pub &'t mut Tx);

/// Which broadcasts a list shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Only of these organisations; none for all.
    pub within: Option<&'a [OrganisationId]>,
    /// Not those that were called off.
    pub announced: bool,
    /// Overlapping with the time from here …
    pub from: Timestamp,
    /// … to here.
    pub until: Timestamp,
    /// At most so many.
    pub most: usize,
}

fn read(row: &Row) -> Result<Broadcast, DbError> {
    let dropped_at = row.opt_time("dropped_at")?;
    Ok(Broadcast {
        id: row.id("id")?,
        organisation: row.id("organisation")?,
        lesson: row.id("lesson")?,
        campaign: row.opt_id("campaign")?,
        kind: row.code("kind", Kind::from_code)?,
        title: row.text("title")?,
        lecturer: row.text("lecturer")?,
        abstract_: row.text("abstract")?,
        admission: row.code("admission", Admission::from_code)?,
        host: row.opt_id("host")?,
        starts_at: row.time("starts_at")?,
        ends_at: row.time("ends_at")?,
        state: row.code("state", |code| State::from_code(code, dropped_at))?,
        profile: row.code("profile", Profile::from_code)?,
        on_air_at: row.opt_time("on_air_at")?,
        ended_at: row.opt_time("ended_at")?,
        held_at: row.opt_time("held_at")?,
        held_ms: row.int("held_ms")?,
        key_hint: row.opt_text("key_hint")?,
        material: row.opt_text("material")?,
        keeps_recording: row.bool("keeps_recording")?,
        external_url: row.opt_text("external_url")?,
        pinned_stage: row.opt_text("pinned_stage")?.as_deref().and_then(LoadStage::from_code),
        series: row.opt_text("series")?,
        created_by: row.id("created_by")?,
        created_at: row.time("created_at")?,
        version: row.int("version")?,
    })
}

/// Every column that a change may set, after the id and the version it was read with.
fn columns(b: &Broadcast) -> Vec<Value> {
    args![
        b.id,
        b.version,
        b.campaign,
        &b.title,
        &b.lecturer,
        &b.abstract_,
        b.admission.code(),
        b.host,
        b.starts_at,
        b.ends_at,
        b.state.code(),
        b.state.dropped_at(),
        b.profile.code(),
        b.on_air_at,
        b.ended_at,
        b.held_at,
        b.held_ms,
        b.material.as_deref(),
        b.keeps_recording,
        b.external_url.as_deref(),
        b.pinned_stage.map(LoadStage::code)
    ]
}

impl Broadcasts<'_> {
    /// By id.
    pub async fn find(&mut self, id: BroadcastId) -> Result<Option<Broadcast>, DbError> {
        self.one("select * from broadcast where id = $1".to_owned(), args![id]).await
    }

    /// By id, to be changed: nobody else changes it until the end of the transaction.
    pub async fn locked(&mut self, id: BroadcastId) -> Result<Option<Broadcast>, DbError> {
        let sql = format!("select * from broadcast where id = $1{}", self.0.for_update());
        self.one(sql, args![id]).await
    }

    /// The one that `key_hash` opens.
    pub async fn by_key(&mut self, key_hash: &str) -> Result<Option<Broadcast>, DbError> {
        self.one("select * from broadcast where key_hash = $1".to_owned(), args![key_hash]).await
    }

    async fn one(&mut self, sql: String, args: Vec<Value>) -> Result<Option<Broadcast>, DbError> {
        self.0.fetch_optional(assembled(sql), args).await?.as_ref().map(read).transpose()
    }

    /// Those that are not over and may need something done: planned ones only when they begin before `until`.
    pub async fn running(&mut self, until: Timestamp) -> Result<Vec<Broadcast>, DbError> {
        let sql = "select * from broadcast where state in ('testing', 'on-air', 'dropped') or (state = 'planned' and starts_at <= $1)
                   order by starts_at, id limit 1000";
        self.0.fetch_all(sql, args![until]).await?.iter().map(read).collect()
    }

    /// Broadcasts of a stretch of time, in the order in which they begin.
    pub async fn between(&mut self, wanted: &Wanted<'_>) -> Result<Vec<Broadcast>, DbError> {
        let mut args = args![wanted.until, wanted.from, wanted.most];
        let mut sql = "select * from broadcast where starts_at < $1 and ends_at >= $2".to_owned();
        if wanted.announced {
            sql += " and state <> 'cancelled'";
        }
        if let Some(organisations) = wanted.within {
            if organisations.is_empty() {
                return Ok(Vec::new());
            }
            sql = [&sql, " and organisation in (", &places(4, organisations.len()), ")"].concat();
            args.extend(organisations.iter().map(|o| Value::from(*o)));
        }
        sql += " order by starts_at, id limit $3";
        self.0.fetch_all(assembled(sql), args).await?.iter().map(read).collect()
    }

    /// The newest broadcasts about a lesson, at most 20.
    pub async fn of_lesson(&mut self, lesson: LessonId) -> Result<Vec<Broadcast>, DbError> {
        let sql = "select * from broadcast where lesson = $1 order by starts_at desc, id desc limit 20";
        self.0.fetch_all(sql, args![lesson]).await?.iter().map(read).collect()
    }

    /// Adds one as it stands.
    pub async fn insert(&mut self, new: &Broadcast) -> Result<(), DbError> {
        let mut args = columns(new);
        args.extend(args![new.organisation, new.lesson, new.kind.code(), new.series.as_deref(), new.created_by, new.created_at]);
        let sql = format!(
            "insert into broadcast (id, version, campaign, title, lecturer, abstract, admission, host, starts_at, ends_at, state, dropped_at,
               profile, on_air_at, ended_at, held_at, held_ms, material, keeps_recording, external_url, pinned_stage,
               organisation, lesson, kind, series, created_by, created_at) values ({})",
            places(1, 27)
        );
        self.0.execute(assembled(sql), args).await.map(drop)
    }

    /// Changes it unless somebody did since it was read; false if somebody did.
    pub async fn save(&mut self, changed: &Broadcast) -> Result<bool, DbError> {
        let sql =
            "update broadcast set version = $2 + 1, campaign = $3, title = $4, lecturer = $5, abstract = $6, admission = $7, host = $8,
                     starts_at = $9, ends_at = $10, state = $11, dropped_at = $12, profile = $13, on_air_at = $14, ended_at = $15,
                     held_at = $16, held_ms = $17, material = $18, keeps_recording = $19, external_url = $20, pinned_stage = $21
                   where id = $1 and version = $2";
        Ok(self.0.execute(sql, columns(changed)).await? == 1)
    }

    /// The TARGETDURATION that players were promised, seconds: it outlives the program, since it may not change.
    pub async fn promised(&mut self, id: BroadcastId) -> Result<Option<u32>, DbError> {
        let row = self.0.fetch_optional("select target_s from broadcast where id = $1", args![id]).await?;
        Ok(row.map(|row| row.opt_int("target_s")).transpose()?.flatten().map(|s| s as u32))
    }

    /// Remembers it.
    pub async fn promise(&mut self, id: BroadcastId, target_s: u32) -> Result<(), DbError> {
        self.0.execute("update broadcast set target_s = $1 where id = $2", args![target_s, id]).await.map(drop)
    }

    /// What is kept of its recording; none while the library shows the whole.
    pub async fn kept(&mut self, id: BroadcastId) -> Result<Option<Vec<Piece>>, DbError> {
        let row = self.0.fetch_optional("select kept from broadcast where id = $1", args![id]).await?;
        let text = row.map(|row| row.opt_text("kept")).transpose()?.flatten();
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Remembers it.
    pub async fn set_kept(&mut self, id: BroadcastId, kept: Option<&[Piece]>) -> Result<(), DbError> {
        let text = kept.map(|pieces| serde_json::json!(pieces).to_string());
        self.0.execute("update broadcast set kept = $1 where id = $2", args![text.as_deref(), id]).await.map(drop)
    }

    /// Puts another stream key in force: its hash, and the last characters that a host may see.
    pub async fn set_key(&mut self, id: BroadcastId, hash: &str, hint: &str) -> Result<(), DbError> {
        let sql = "update broadcast set key_hash = $1, key_hint = $2, version = version + 1 where id = $3";
        self.0.execute(sql, args![hash, hint, id]).await.map(drop)
    }
}
