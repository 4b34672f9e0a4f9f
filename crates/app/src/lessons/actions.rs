//! Registering and describing lessons.

use super::rules::{self, TextLimit};
use super::{Lesson, LessonFields, LessonFilter, LessonId, Lessons};
use crate::audit::{self, Entry};
use crate::db::Tx;
use crate::deltas::{self, Metric};
use crate::lecturers::{Lecturers, Sight, sight};
use crate::organisations::access::domains;
use crate::organisations::{Action, Tree, may};
use crate::problem::{FieldError, Problem};
use crate::state::App;
use crate::texts;
use kernel::{Actor, OrganisationId, Reach};
use serde_json::json;
use std::collections::HashSet;

/// Up to this many organisations are named in the query; a larger reach is met so often that rows are sifted here.
const FEW: usize = 1_000;
/// Rows read at once.
const BATCH: usize = 100;

/// Registers a lesson of `organisation`. A title is needed; everything else may follow.
///
/// # Errors
///
/// `forbidden` without [`Action::EditLesson`] there; `organisation-closed`; `invalid` names broken fields.
pub async fn register(app: &App, actor: &Actor, organisation: OrganisationId, fields: LessonFields) -> Result<LessonId, Problem> {
    let tree = app.tree.load();
    if !may(&tree, actor, Action::EditLesson, organisation) {
        return Err(Problem::forbidden());
    }
    if tree.get(organisation).is_none_or(|node| node.closed) {
        return Err(Problem::conflict("organisation-closed"));
    }
    let mut fields = checked(LessonFields { title: Some(fields.title.unwrap_or_default()), ..fields })?;
    let mut tx = app.db.begin().await?;
    link(app, &mut tx, actor, None, &mut fields).await?;
    let lesson = new_lesson(app, actor, organisation, fields);
    Lessons(&mut tx).insert(&lesson).await?;
    note(app, &mut tx, actor, &lesson, "lesson.registered", json!({ "title": lesson.title })).await?;
    deltas::post(&mut tx, app.clock.as_ref(), organisation, app.today(), Metric::Lessons, "", 1).await?;
    tx.commit().await?;
    Ok(lesson.id)
}

/// Saves the given fields over version `seen`; the new version.
///
/// # Errors
///
/// 404 for someone who may not see it, `forbidden` for a reader, `stale` (412) when it was saved meanwhile.
pub async fn save(app: &App, actor: &Actor, id: LessonId, seen: i64, fields: LessonFields) -> Result<i64, Problem> {
    let mut tx = app.db.begin().await?;
    save_in(app, &mut tx, actor, id, seen, fields).await?;
    tx.commit().await?;
    Ok(seen + 1)
}

/// Like [`save`], in a transaction that the caller commits.
///
/// # Errors
///
/// As [`save`].
pub async fn save_in(app: &App, tx: &mut Tx, actor: &Actor, id: LessonId, seen: i64, fields: LessonFields) -> Result<(), Problem> {
    let mut fields = checked(fields)?;
    let lesson = editable(app, tx, actor, id).await?;
    link(app, tx, actor, Some(&lesson), &mut fields).await?;
    if !Lessons(tx).save(id, seen, &fields).await? {
        return Err(Problem::stale());
    }
    note(app, tx, actor, &lesson, "lesson.saved", json!({ "version": seen + 1, "fields": names(&fields) })).await
}

/// Makes of the lecturer that the fields name the one that stands for the person, and gives a lesson without a name that person's.
async fn link(app: &App, tx: &mut Tx, actor: &Actor, lesson: Option<&Lesson>, fields: &mut LessonFields) -> Result<(), Problem> {
    let Some(given) = fields.lecturer_id.as_deref().map(str::trim).filter(|id| !id.is_empty()) else { return Ok(()) };
    let kept = lesson.and_then(|lesson| lesson.lecturer_id);
    let unknown = || Problem::field("lecturer_id", "unknown-lecturer", given, "");
    let id = given.parse().map_err(|_| unknown())?;
    let person = Lecturers(tx).root(id).await?.ok_or_else(unknown)?;
    // Who was linked before stays so, whatever this editor may see of the person.
    if kept != Some(id) && sight(&app.tree.load(), actor, &person) == Sight::Nothing {
        return Err(unknown());
    }
    let named = fields.lecturer.as_deref().or(lesson.map(|lesson| lesson.lecturer.as_str())).is_some_and(|name| !name.is_empty());
    if !named {
        fields.lecturer = Some(person.name);
    }
    fields.lecturer_id = Some(if kept == Some(id) { id } else { person.id }.to_string());
    Ok(())
}

/// Up to `most` lessons that fit and were registered before the position `at`, of organisations where `actor` may see what is
/// not public; newest first.
///
/// # Errors
///
/// 404 for a filter that cannot be read.
pub async fn list(app: &App, actor: &Actor, filter: &LessonFilter, mut at: (i64, String), most: usize) -> Result<Vec<Lesson>, Problem> {
    let (tree, below, publicity) = (app.tree.load_full(), filter.below()?, filter.publicity()?);
    let mut reach = reach_of(&tree, actor);
    reach.retain(|id| below.is_none_or(|top| tree.contains(top, *id)));
    let few = (reach.len() <= FEW).then_some(&reach[..]);
    let wanted: HashSet<_> = reach.iter().copied().collect();
    let (mut found, mut tx) = (Vec::new(), app.db.read().await?);
    while !reach.is_empty() && found.len() < most {
        let batch = Lessons(&mut tx).before(few, filter, publicity, &at, BATCH).await?;
        let (Some(last), more) = (batch.last(), batch.len() == BATCH) else { break };
        at = (last.created_at.0, last.id.to_string());
        found.extend(batch.into_iter().filter(|lesson| wanted.contains(&lesson.organisation)));
        if !more {
            break;
        }
    }
    found.truncate(most);
    Ok(found)
}

/// The organisations whose unpublished lessons `actor` sees.
fn reach_of(tree: &Tree, actor: &Actor) -> Vec<OrganisationId> {
    let mut reach: Vec<_> = domains(actor, Action::SeeUnpublished)
        .into_iter()
        .flat_map(|(top, reach)| match reach {
            Reach::Subtree => tree.subtree(top).map(|node| node.id).collect(),
            Reach::Node => vec![top],
        })
        .collect();
    reach.sort();
    reach.dedup();
    reach
}

/// The lesson, when `actor` may see what is not public of its organisation.
///
/// # Errors
///
/// 404, audited, for anyone else.
pub async fn visible(app: &App, tx: &mut Tx, actor: &Actor, id: LessonId) -> Result<Lesson, Problem> {
    let lesson = Lessons(tx).find(id).await?.ok_or_else(Problem::not_found)?;
    if sees(app, actor, &lesson) { Ok(lesson) } else { Err(Problem::hidden()) }
}

/// The lesson, when `actor` may change it.
///
/// # Errors
///
/// 404 for someone who may not even see it, `forbidden` for a reader.
pub async fn editable(app: &App, tx: &mut Tx, actor: &Actor, id: LessonId) -> Result<Lesson, Problem> {
    let lesson = Lessons(tx).find(id).await?.ok_or_else(Problem::not_found)?;
    if may(&app.tree.load(), actor, Action::EditLesson, lesson.organisation) {
        Ok(lesson)
    } else if sees(app, actor, &lesson) {
        Err(Problem::forbidden())
    } else {
        Err(Problem::hidden())
    }
}

fn sees(app: &App, actor: &Actor, lesson: &Lesson) -> bool {
    let tree = app.tree.load();
    [Action::SeeUnpublished, Action::EditLesson].into_iter().any(|action| may(&tree, actor, action, lesson.organisation))
}

async fn note(app: &App, tx: &mut Tx, actor: &Actor, lesson: &Lesson, action: &str, detail: serde_json::Value) -> Result<(), Problem> {
    let entry = Entry {
        account: Some(actor.account),
        organisation: Some(lesson.organisation),
        action,
        object: lesson.id.to_string(),
        allowed: true,
        detail,
    };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}

fn new_lesson(app: &App, actor: &Actor, organisation: OrganisationId, fields: LessonFields) -> Lesson {
    Lesson {
        id: LessonId::new(app.clock.as_ref()),
        organisation,
        title: fields.title.unwrap_or_default(),
        lecturer: fields.lecturer.unwrap_or_default(),
        lecturer_id: fields.lecturer_id.and_then(|id| id.parse().ok()),
        lecturer_kind: fields.lecturer_kind.unwrap_or_default(),
        topic: fields.topic.unwrap_or_default(),
        form: fields.form.unwrap_or_default(),
        held_on: fields.held_on.unwrap_or_default(),
        audience: fields.audience.flatten(),
        abstract_: fields.abstract_.unwrap_or_default(),
        script: fields.script.unwrap_or_default(),
        chapters: fields.chapters.unwrap_or_default(),
        created_by: actor.account,
        created_at: app.clock.now(),
        version: 1,
    }
}

/// The fields with their texts trimmed, or everything that they break.
fn checked(mut fields: LessonFields) -> Result<LessonFields, Problem> {
    let mut faults = rules::faults(&fields);
    let mut texts = vec![
        (rules::TITLE, &mut fields.title),
        (rules::LECTURER, &mut fields.lecturer),
        (rules::ABSTRACT, &mut fields.abstract_),
        (rules::SCRIPT, &mut fields.script),
    ];
    for (limit, value) in &mut texts {
        if let Some(text) = value {
            clean(*limit, text, &mut faults);
        }
    }
    for (n, chapter) in fields.chapters.iter_mut().flatten().take(rules::MOST_CHAPTERS).enumerate() {
        if let Err(mut fault) = texts::check("title", &chapter.title, 1, rules::CHAPTER_TITLE).map(|text| chapter.title = text) {
            fault.field = format!("chapters/{n}/title");
            faults.push(fault);
        }
    }
    if faults.is_empty() { Ok(fields) } else { Err(Problem::invalid(faults)) }
}

fn clean((name, min, max): TextLimit, text: &mut String, faults: &mut Vec<FieldError>) {
    let check = if name == rules::SCRIPT.0 || name == rules::ABSTRACT.0 { texts::check_lines } else { texts::check };
    match check(name, text, min, max) {
        Ok(trimmed) => *text = trimmed,
        Err(fault) => faults.push(fault),
    }
}

/// Which fields a save changes, for the audit trail: names, never texts.
fn names(fields: &LessonFields) -> Vec<&'static str> {
    let given = [
        ("title", fields.title.is_some()),
        ("lecturer", fields.lecturer.is_some()),
        ("lecturer_id", fields.lecturer_id.is_some()),
        ("lecturer_kind", fields.lecturer_kind.is_some()),
        ("topic", fields.topic.is_some()),
        ("form", fields.form.is_some()),
        ("held_on", fields.held_on.is_some()),
        ("audience", fields.audience.is_some()),
        ("abstract", fields.abstract_.is_some()),
        ("script", fields.script.is_some()),
        ("chapters", fields.chapters.is_some()),
    ];
    given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
}
