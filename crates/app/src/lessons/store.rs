//! SQL for lessons and their publications.

use super::{Lesson, LessonFields, LessonId, Publication};
use crate::db::{DbError, Row, Tx, args, assembled};
use crate::lecturers::LecturerId;
use kernel::{OrganisationId, Timestamp};
use serde_json::json;

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Lessons<'t>(pub &'t mut Tx);

pub(super) fn lesson(row: &Row) -> Result<Lesson, DbError> {
    Ok(Lesson {
        id: row.id("id")?,
        organisation: row.id("organisation")?,
        title: row.text("title")?,
        lecturer: row.text("lecturer")?,
        lecturer_id: row.opt_id("lecturer_id")?,
        lecturer_kind: row.text("lecturer_kind")?,
        topic: row.text("topic")?,
        form: row.text("form")?,
        held_on: row.text("held_on")?,
        audience: row.opt_int("audience")?,
        abstract_: row.text("abstract")?,
        script: row.text("script")?,
        chapters: row.json("chapters")?,
        created_by: row.id("created_by")?,
        created_at: row.time("created_at")?,
        version: row.int("version")?,
    })
}

impl Lessons<'_> {
    /// By id.
    pub async fn find(&mut self, id: LessonId) -> Result<Option<Lesson>, DbError> {
        self.0.fetch_optional("select * from lesson where id = $1", args![id]).await?.as_ref().map(lesson).transpose()
    }

    /// Those of `ids` that exist, in no order; give it at most a page of them.
    pub async fn several(&mut self, ids: &[LessonId]) -> Result<Vec<Lesson>, DbError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!("select * from lesson where id in ({})", crate::db::places(1, ids.len()));
        self.0.fetch_all(assembled(sql), ids.iter().map(|id| (*id).into()).collect()).await?.iter().map(lesson).collect()
    }

    /// The `most` lessons of these lecturers, public or not, the latest first.
    pub async fn of_lecturers(&mut self, ids: &[LecturerId], most: usize) -> Result<Vec<Lesson>, DbError> {
        let places = crate::db::places(1, ids.len());
        let sql = format!("select * from lesson where lecturer_id in ({places}) order by created_at desc, id desc limit {most}");
        self.0.fetch_all(assembled(sql), ids.iter().map(|id| (*id).into()).collect()).await?.iter().map(lesson).collect()
    }

    /// Adds a lesson as it stands.
    pub async fn insert(&mut self, new: &Lesson) -> Result<(), DbError> {
        self.0
            .execute(
                "insert into lesson (id, organisation, title, lecturer, lecturer_kind, topic, form, held_on, audience, abstract, script,
                                     chapters, created_by, created_at, version, lecturer_id)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
                args![
                    new.id,
                    new.organisation,
                    &new.title,
                    &new.lecturer,
                    &new.lecturer_kind,
                    &new.topic,
                    &new.form,
                    &new.held_on,
                    new.audience,
                    &new.abstract_,
                    &new.script,
                    &json!(new.chapters),
                    new.created_by,
                    new.created_at,
                    new.version,
                    new.lecturer_id
                ],
            )
            .await?;
        Ok(())
    }

    /// Changes the given fields unless someone saved since version `seen` was read; false if someone did.
    pub async fn save(&mut self, id: LessonId, seen: i64, fields: &LessonFields) -> Result<bool, DbError> {
        let chapters = fields.chapters.as_ref().map(|chapters| json!(chapters).to_string());
        let sql = "update lesson set title = coalesce($1, title), lecturer = coalesce($2, lecturer),
                     lecturer_kind = coalesce($3, lecturer_kind), topic = coalesce($4, topic), form = coalesce($5, form),
                     held_on = coalesce($6, held_on), audience = case when $7 = 1 then $8 else audience end,
                     abstract = coalesce($9, abstract), script = coalesce($10, script), chapters = coalesce($11, chapters),
                     lecturer_id = case when $14 = 1 then $15 else lecturer_id end, version = version + 1
                   where id = $12 and version = $13";
        let args = args![
            fields.title.as_deref(),
            fields.lecturer.as_deref(),
            fields.lecturer_kind.as_deref(),
            fields.topic.as_deref(),
            fields.form.as_deref(),
            fields.held_on.as_deref(),
            fields.audience.is_some(),
            fields.audience.flatten(),
            fields.abstract_.as_deref(),
            fields.script.as_deref(),
            chapters,
            id,
            seen,
            fields.lecturer_id.is_some(),
            fields.lecturer_id.as_deref().filter(|id| !id.is_empty()),
        ];
        Ok(self.0.execute(sql, args).await? == 1)
    }

    /// Lessons of one organisation itself, newest first, at most `most`.
    pub async fn of(&mut self, organisation: OrganisationId, most: usize) -> Result<Vec<Lesson>, DbError> {
        let sql = "select * from lesson where organisation = $1 order by created_at desc, id desc limit $2";
        self.0.fetch_all(sql, args![organisation, most]).await?.iter().map(lesson).collect()
    }

    /// The public face of a lesson, also one that was taken back.
    pub async fn publication(&mut self, lesson: LessonId) -> Result<Option<Publication>, DbError> {
        self.0.fetch_optional("select * from publication where lesson = $1", args![lesson]).await?.as_ref().map(publication).transpose()
    }

    /// Shows the lesson to everybody, in the place of an earlier publication.
    pub async fn publish(&mut self, new: &Publication) -> Result<(), DbError> {
        self.0.execute("delete from publication where lesson = $1", args![new.lesson]).await?;
        let args = args![
            new.lesson,
            new.organisation,
            &new.submission,
            &new.campaign,
            &new.category,
            &new.material,
            &new.title,
            &new.lecturer,
            &new.lecturer_kind,
            &new.topic,
            &new.form,
            new.level,
            new.year,
            new.duration_ms,
            &new.abstract_,
            &new.script,
            &json!(new.chapters),
            &new.search,
            new.published_at,
            new.unpublished_at,
            &new.award
        ];
        self.0
            .execute(
                "insert into publication (lesson, organisation, submission, campaign, category, material, title, lecturer, lecturer_kind,
                   topic, form, level, year, duration_ms, abstract, script, chapters, search, published_at, unpublished_at, award)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
                args,
            )
            .await?;
        Ok(())
    }

    /// Plays another recording in a public lesson that no submission put there; false when there is none.
    pub async fn set_recording(&mut self, lesson: LessonId, material: &str, duration_ms: i64) -> Result<bool, DbError> {
        let sql = "update publication set material = $1, duration_ms = $2 where lesson = $3 and submission = '' and unpublished_at is null";
        Ok(self.0.execute(sql, args![material, duration_ms, lesson]).await? == 1)
    }

    /// Shows the award that the submission behind a publication was given, or that it has none.
    pub async fn set_award(&mut self, lesson: LessonId, submission: &str, award: &str) -> Result<(), DbError> {
        let sql = "update publication set award = $1 where lesson = $2 and submission = $3";
        self.0.execute(sql, args![award, lesson, submission]).await.map(drop)
    }

    /// Takes it back; false when it was not public.
    pub async fn unpublish(&mut self, lesson: LessonId, now: Timestamp) -> Result<bool, DbError> {
        let sql = "update publication set unpublished_at = $1 where lesson = $2 and unpublished_at is null";
        Ok(self.0.execute(sql, args![now, lesson]).await? == 1)
    }
}

/// A row of `publication`.
pub(super) fn publication(row: &Row) -> Result<Publication, DbError> {
    Ok(Publication {
        lesson: row.id("lesson")?,
        organisation: row.id("organisation")?,
        submission: row.text("submission")?,
        campaign: row.text("campaign")?,
        category: row.text("category")?,
        material: row.text("material")?,
        title: row.text("title")?,
        lecturer: row.text("lecturer")?,
        lecturer_kind: row.text("lecturer_kind")?,
        topic: row.text("topic")?,
        form: row.text("form")?,
        level: row.int("level")?,
        year: row.int("year")?,
        duration_ms: row.int("duration_ms")?,
        abstract_: row.text("abstract")?,
        script: row.text("script")?,
        chapters: row.json("chapters")?,
        search: row.text("search")?,
        award: row.text("award")?,
        published_at: row.time("published_at")?,
        unpublished_at: row.opt_time("unpublished_at")?,
    })
}
