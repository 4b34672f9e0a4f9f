//! Records to work on, written through the product's own functions.

use anyhow::Context;
use app::lessons::{Lesson, LessonId, Lessons, Publication};
use app::organisations::{BEGINNING, OrganisationId, Organisations};
use app::recordings::MaterialId;
use app::state::App;
use kernel::{Id, Timestamp};

/// What was written.
#[derive(Debug)]
pub struct Seed {
    /// Who gives the lessons.
    pub organisation: OrganisationId,
    /// Published, oldest first.
    pub lessons: Vec<LessonId>,
    /// The recording that each names.
    pub material: MaterialId,
}

/// A province with one branch that has published `count` lessons of ten minutes.
pub async fn publications(app: &App, count: usize) -> anyhow::Result<Seed> {
    let clock = app.clock.as_ref();
    let (root, organisation) = (OrganisationId::new(clock), OrganisationId::new(clock));
    let mut tx = app.db.begin().await?;
    let mut tree = Organisations(&mut tx);
    tree.insert_plain(root, "province", "山海省", "province", 0, None, BEGINNING, clock).await?;
    tree.insert_plain(organisation, "branch", "青竹村党支部", "branch", 40, Some(root), BEGINNING, clock).await?;
    tree.bump_revision().await?;
    let material = MaterialId::new(clock);
    let mut lessons = Vec::with_capacity(count);
    for n in 0..count {
        let lesson = lesson(app, organisation, n);
        Lessons(&mut tx).insert(&lesson).await.context("lesson")?;
        Lessons(&mut tx).publish(&publication(&lesson, material, n)).await.context("publication")?;
        lessons.push(lesson.id);
    }
    tx.commit().await?;
    Ok(Seed { organisation, lessons, material })
}

/// The title of the `n`th lesson.
pub fn title(n: usize) -> String {
    format!("山村里的公开账本 {n:04}: accounts in the open")
}

/// A described lesson of `organisation`, complete but for files.
pub fn lesson(app: &App, organisation: OrganisationId, n: usize) -> Lesson {
    Lesson {
        lecturer_id: None,
        id: LessonId::new(app.clock.as_ref()),
        organisation,
        title: title(n),
        lecturer: "李为".into(),
        lecturer_kind: "secretary".into(),
        topic: "village".into(),
        form: "lecture".into(),
        held_on: "2026-11-20".into(),
        audience: Some(42),
        abstract_: "How a village shows its books, and what came of it.".into(),
        script: String::new(),
        chapters: Vec::new(),
        created_by: Id::from_u128(1),
        created_at: app.clock.now(),
        version: 1,
    }
}

fn publication(lesson: &Lesson, material: MaterialId, n: usize) -> Publication {
    Publication {
        lesson: lesson.id,
        organisation: lesson.organisation,
        submission: "sub_bench".into(),
        campaign: "cmp_bench".into(),
        category: "ctg_bench".into(),
        material: material.to_string(),
        title: lesson.title.clone(),
        lecturer: lesson.lecturer.clone(),
        lecturer_kind: lesson.lecturer_kind.clone(),
        topic: lesson.topic.clone(),
        form: lesson.form.clone(),
        level: 1,
        year: 2026,
        duration_ms: 600_000,
        abstract_: lesson.abstract_.clone(),
        script: String::new(),
        chapters: Vec::new(),
        search: lesson.title.to_lowercase(),
        award: String::new(),
        published_at: Timestamp(lesson.created_at.0 - 86_400_000 + n as i64),
        unpublished_at: None,
    }
}
