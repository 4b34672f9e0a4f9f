//! SQL for materials, renditions and captions; uploads beside it.

mod uploads;
mod whole;

pub use uploads::Uploads;

use super::{Caption, Material, MaterialId, MaterialState, Rendition, Variant};
use crate::db::{DbError, Row, Tx, args, assembled};
use crate::lessons::LessonId;
use kernel::{AccountId, Timestamp};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Recordings<'t>(pub &'t mut Tx);

fn material(row: &Row) -> Result<Material, DbError> {
    let facts = |column| row.opt_text(column).map(|there| there.is_some());
    Ok(Material {
        id: row.id("id")?,
        lesson: row.id("lesson")?,
        slot: row.text("slot")?,
        variant: row.code("variant", Variant::from_code)?,
        filename: row.text("filename")?,
        bytes: row.int("bytes")?,
        sha256: row.opt_text("sha256")?,
        sent_sha256: row.opt_text("sent_sha256")?,
        state: row.code("state", MaterialState::from_code)?,
        source: facts("source")?.then(|| row.json("source")).transpose()?,
        photo: facts("photo")?.then(|| row.json("photo")).transpose()?,
        problems: row.json("problems")?,
        created_by: row.id("created_by")?,
        created_at: row.time("created_at")?,
        replaced_at: row.opt_time("replaced_at")?,
    })
}

fn rendition(row: &Row) -> Result<Rendition, DbError> {
    Ok(Rendition { name: row.text("name")?, kind: row.text("kind")?, detail: row.json("detail")?, bytes: row.int("bytes")? })
}

fn caption(row: &Row) -> Result<Caption, DbError> {
    Ok(Caption {
        id: row.id("id")?,
        lesson: row.id("lesson")?,
        language: row.text("language")?,
        label: row.text("label")?,
        body: row.text("body")?,
        created_at: row.time("created_at")?,
    })
}

impl Recordings<'_> {
    /// By id.
    pub async fn find(&mut self, id: MaterialId) -> Result<Option<Material>, DbError> {
        self.0.fetch_optional("select * from material where id = $1", args![id]).await?.as_ref().map(material).transpose()
    }

    /// Files of a lesson that nothing newer replaced, oldest first.
    pub async fn current(&mut self, lesson: LessonId) -> Result<Vec<Material>, DbError> {
        let sql = "select * from material where lesson = $1 and replaced_at is null order by slot, created_at, id";
        self.0.fetch_all(sql, args![lesson]).await?.iter().map(material).collect()
    }

    /// Like [`Self::current`] for the lessons of one page, of each in the same order.
    pub async fn current_of(&mut self, lessons: &[LessonId]) -> Result<HashMap<LessonId, Vec<Material>>, DbError> {
        let mut found: HashMap<_, Vec<_>> = HashMap::new();
        if !lessons.is_empty() {
            let sql = format!(
                "select * from material where lesson in ({}) and replaced_at is null order by slot, created_at, id",
                crate::db::places(1, lessons.len())
            );
            for row in self.0.fetch_all(assembled(sql), lessons.iter().map(|id| (*id).into()).collect()).await? {
                let one = material(&row)?;
                found.entry(one.lesson).or_default().push(one);
            }
        }
        Ok(found)
    }

    /// Adds a file as it stands.
    pub async fn insert(&mut self, new: &Material) -> Result<(), DbError> {
        self.0
            .execute(
                "insert into material (id, lesson, slot, variant, filename, bytes, sha256, state, source, problems, created_by, created_at,
                                       replaced_at, sent_sha256, photo)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
                args![
                    new.id,
                    new.lesson,
                    &new.slot,
                    new.variant.code(),
                    &new.filename,
                    new.bytes,
                    new.sha256.as_deref(),
                    new.state.code(),
                    new.source.as_ref().map(|source| json!(source).to_string()),
                    &json!(new.problems),
                    new.created_by,
                    new.created_at,
                    new.replaced_at,
                    new.sent_sha256.as_deref(),
                    new.photo.as_ref().map(|photo| json!(photo).to_string())
                ],
            )
            .await?;
        Ok(())
    }

    /// Ends the examination of a file; false when it had ended before.
    pub async fn examined(&mut self, done: &Material) -> Result<bool, DbError> {
        let sql = "update material set state = $1, sha256 = $2, source = $3, problems = $4, bytes = $5, sent_sha256 = $6, photo = $7
                   where id = $8 and state = 'checking'";
        let source = done.source.as_ref().map(|source| json!(source).to_string());
        let photo = done.photo.as_ref().map(|photo| json!(photo).to_string());
        let (kept, sent) = (done.sha256.as_deref(), done.sent_sha256.as_deref());
        let args = args![done.state.code(), kept, source, &json!(done.problems), done.bytes, sent, photo, done.id];
        Ok(self.0.execute(sql, args).await? == 1)
    }

    /// Tells the size of a file that was made here and is not examined yet.
    pub async fn set_bytes(&mut self, id: MaterialId, bytes: i64) -> Result<(), DbError> {
        self.0.execute("update material set bytes = $1 where id = $2 and state = 'checking'", args![bytes, id]).await.map(drop)
    }

    /// Puts the files before `new` in its slot aside: all of them, or the refused ones only. Of two that came at once, the
    /// one examined last stays.
    pub async fn replace_older(&mut self, new: &Material, refused_only: bool, now: Timestamp) -> Result<(), DbError> {
        let sql = "update material set replaced_at = $1 where lesson = $2 and slot = $3 and variant = $4 and replaced_at is null
                   and id <> $5 and created_at <= $6 and (state = 'refused' or $7 = 0)";
        self.0.execute(sql, args![now, new.lesson, &new.slot, new.variant.code(), new.id, new.created_at, refused_only]).await?;
        Ok(())
    }

    /// Puts `old` aside when a file that came after it is ready already; true if so.
    pub async fn yield_to_newer(&mut self, old: &Material, now: Timestamp) -> Result<bool, DbError> {
        let sql = "update material set replaced_at = $1 where id = $2 and exists (select 1 from material newer where newer.lesson = $3
                     and newer.slot = $4 and newer.variant = $5 and newer.created_at > $6 and newer.state = 'ready' and newer.replaced_at is null)";
        Ok(self.0.execute(sql, args![now, old.id, old.lesson, &old.slot, old.variant.code(), old.created_at]).await? == 1)
    }

    /// Whether players can begin: the master playlist is written.
    pub async fn ready_rungs(&mut self, material: MaterialId) -> Result<bool, DbError> {
        let sql = "select count(*) from rendition where material = $1 and kind = 'master'";
        Ok(self.0.fetch_int(sql, args![material]).await? > 0)
    }

    /// Whether the material plays in a published lesson.
    pub async fn is_public(&mut self, material: MaterialId) -> Result<bool, DbError> {
        let sql = "select count(*) from publication where material = $1 and unpublished_at is null";
        Ok(self.0.fetch_int(sql, args![material.to_string()]).await? > 0)
    }

    /// Everything made from an original so far.
    pub async fn renditions(&mut self, material: MaterialId) -> Result<Vec<Rendition>, DbError> {
        let sql = "select * from rendition where material = $1 order by created_at, name";
        self.0.fetch_all(sql, args![material]).await?.iter().map(rendition).collect()
    }

    /// Which of these materials have a poster: for lists, in one query.
    pub async fn with_poster(&mut self, materials: &[MaterialId]) -> Result<HashSet<MaterialId>, DbError> {
        if materials.is_empty() {
            return Ok(HashSet::new());
        }
        let places = crate::db::places(1, materials.len());
        let sql = assembled(format!("select material from rendition where kind = 'poster' and material in ({places})"));
        let rows = self.0.fetch_all(sql, materials.iter().map(|m| (*m).into()).collect()).await?;
        rows.iter().map(|row| Ok(row.id("material")?)).collect()
    }

    /// Keeps what was made, in place of an earlier making.
    pub async fn keep_rendition(&mut self, material: MaterialId, made: &Rendition, now: Timestamp) -> Result<(), DbError> {
        let sql = "insert into rendition (material, name, kind, detail, bytes, created_at) values ($1, $2, $3, $4, $5, $6)
                   on conflict (material, name) do update set kind = excluded.kind, detail = excluded.detail, bytes = excluded.bytes";
        self.0.execute(sql, args![material, &made.name, &made.kind, &made.detail, made.bytes, now]).await?;
        Ok(())
    }

    /// Captions of a lesson, by language.
    pub async fn captions(&mut self, lesson: LessonId) -> Result<Vec<Caption>, DbError> {
        self.0.fetch_all("select * from caption where lesson = $1 order by language", args![lesson]).await?.iter().map(caption).collect()
    }

    /// Keeps captions, in place of earlier ones in the same language.
    pub async fn keep_caption(&mut self, new: &Caption, by: AccountId) -> Result<(), DbError> {
        self.drop_caption(new.lesson, &new.language).await?;
        let sql = "insert into caption (id, lesson, language, label, body, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7)";
        self.0.execute(sql, args![new.id, new.lesson, &new.language, &new.label, &new.body, by, new.created_at]).await?;
        Ok(())
    }

    /// Removes captions; false when there were none in this language.
    pub async fn drop_caption(&mut self, lesson: LessonId, language: &str) -> Result<bool, DbError> {
        Ok(self.0.execute("delete from caption where lesson = $1 and language = $2", args![lesson, language]).await? == 1)
    }
}
