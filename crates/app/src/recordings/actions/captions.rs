//! Captions: read, cleaned, kept as strict WebVTT.

use crate::audit::{self, Entry};
use crate::lessons::{self, LessonId};
use crate::problem::{FieldError, Problem};
use crate::recordings::{Caption, CaptionId, Recordings};
use crate::state::App;
use crate::texts;
use kernel::Actor;
use serde_json::json;

/// A caption file as it is handed in.
#[derive(Debug, Clone)]
pub struct Handed<'a> {
    /// BCP 47 tag.
    pub language: &'a str,
    /// What a menu calls it; empty means the tag.
    pub label: &'a str,
    /// WebVTT or SubRip.
    pub bytes: &'a [u8],
}

/// Keeps captions of a lesson, in place of earlier ones in the same language.
///
/// # Errors
///
/// `invalid` names the rule and line that the file breaks; 404 or `forbidden` without the right to edit.
pub async fn keep(app: &App, actor: &Actor, lesson: LessonId, handed: Handed<'_>) -> Result<Caption, Problem> {
    let language = tag(handed.language)?;
    let label = texts::check("label", handed.label, 0, 60).map_err(|fault| Problem::invalid(vec![fault]))?;
    let body = media::captions::sanitise(handed.bytes).map_err(|e| Problem::field("captions", e.rule.code(), e.line.to_string(), ""))?;
    let mut tx = app.db.begin().await?;
    let of = lessons::actions::editable(app, &mut tx, actor, lesson).await?;
    let label = if label.is_empty() { language.clone() } else { label };
    let caption = Caption { id: CaptionId::new(app.clock.as_ref()), lesson, language, label, body, created_at: app.clock.now() };
    Recordings(&mut tx).keep_caption(&caption, actor.account).await?;
    note(app, &mut tx, actor, &of, "captions.kept", &caption.language).await?;
    tx.commit().await?;
    Ok(caption)
}

/// Removes captions of a lesson.
///
/// # Errors
///
/// 404 when there are none in this language; 404 or `forbidden` without the right to edit.
pub async fn remove(app: &App, actor: &Actor, lesson: LessonId, language: &str) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let of = lessons::actions::editable(app, &mut tx, actor, lesson).await?;
    if !Recordings(&mut tx).drop_caption(lesson, language).await? {
        return Err(Problem::not_found());
    }
    note(app, &mut tx, actor, &of, "captions.removed", language).await?;
    Ok(tx.commit().await?)
}

/// Letters, digits and hyphens: `zh-CN`, `en`, `ug`.
fn tag(language: &str) -> Result<String, Problem> {
    let good = (2..=35).contains(&language.len())
        && language.starts_with(|c: char| c.is_ascii_alphabetic())
        && language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if good { Ok(language.to_owned()) } else { Err(Problem::invalid(vec![FieldError::new("language", "language-tag", language, "zh-CN")])) }
}

async fn note(
    app: &App,
    tx: &mut crate::db::Tx,
    actor: &Actor,
    lesson: &lessons::Lesson,
    action: &str,
    language: &str,
) -> Result<(), Problem> {
    let entry = Entry {
        account: Some(actor.account),
        organisation: Some(lesson.organisation),
        action,
        object: lesson.id.to_string(),
        allowed: true,
        detail: json!({ "language": language }),
    };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}
