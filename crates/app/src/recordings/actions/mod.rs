//! What happens to files: the order of effects, each in one transaction.

mod captions;
mod sweep;
mod uploads;
mod whole;

pub use captions::{Handed, keep as keep_captions, remove as remove_captions};
pub use sweep::sweep;
pub use uploads::{Begun, NewUpload, begin, cancel, finish, join, open, prolong, status, unfinished};
pub use whole::{take, too_large};

use super::{Material, MaterialId, Recordings};
use crate::lessons;
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;

/// A file, when `actor` may see what is not public of its lesson.
///
/// # Errors
///
/// 404, audited, for anyone else.
pub async fn visible(app: &App, actor: &Actor, id: MaterialId) -> Result<Material, Problem> {
    let mut tx = app.db.read().await?;
    let material = Recordings(&mut tx).find(id).await?.ok_or_else(Problem::not_found)?;
    lessons::actions::visible(app, &mut tx, actor, material.lesson).await?;
    Ok(material)
}

/// The current files of a lesson that `actor` may see.
///
/// # Errors
///
/// As [`visible`].
pub async fn files(app: &App, actor: &Actor, lesson: lessons::LessonId) -> Result<Vec<Material>, Problem> {
    let mut tx = app.db.read().await?;
    lessons::actions::visible(app, &mut tx, actor, lesson).await?;
    Ok(Recordings(&mut tx).current(lesson).await?)
}
