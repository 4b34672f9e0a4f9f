//! Who spoke, as the register knows them. A save never fails for a name that the register does not know.

use super::Save;
use crate::db::Tx;
use crate::held_sessions::{HeldSession, Told};
use crate::lecturers::{Lecturer, LecturerId, Lecturers, may_name, picks};
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;

/// What was told, with the lecturer whom it names: the one that the sender chose, the one that the record named under the same
/// name before, or the only one nearby who is called so. An empty id says that it is nobody of the register.
///
/// # Errors
///
/// `invalid` with the field `lecturer_id` for an id that is new and names nobody whom `actor` may name.
pub(super) async fn link(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    save: &Save,
    known: Option<&HeldSession>,
    mut told: Told,
) -> Result<Told, Problem> {
    let before = known.and_then(|known| known.told.lecturer_id.as_ref());
    match save.fields.lecturer_id.as_deref().map(str::trim) {
        Some("") => return Ok(told),
        Some(_) if told.lecturer_id.as_ref() == before => return Ok(told),
        Some(id) => return chosen(app, tx, actor, id).await.map(|person| as_register(told, person)),
        None => {}
    }
    if let Some(before) = before.filter(|_| known.is_some_and(|known| known.told.lecturer == told.lecturer)) {
        told.lecturer_id = Some(before.clone());
        return Ok(told);
    }
    let found = picks::named(app, tx, actor, save.organisation, &told.lecturer).await?;
    Ok(match found {
        Some(person) => as_register(told, person),
        None => told,
    })
}

/// Who stands for the person that the sender chose: a phone may have kept the id since before a merge.
async fn chosen(app: &App, tx: &mut Tx, actor: &Actor, id: &str) -> Result<Lecturer, Problem> {
    let unknown = || Problem::field("lecturer_id", "unknown-lecturer", id, "");
    let found = Lecturers(tx).root(id.parse::<LecturerId>().map_err(|_| unknown())?).await?;
    found.filter(|person| may_name(&app.tree.load(), actor, person)).ok_or_else(unknown)
}

/// The name as it was typed, unless it was a proposal: that gives way to the name alone.
fn as_register(mut told: Told, person: Lecturer) -> Told {
    if told.lecturer.contains(picks::BETWEEN) {
        told.lecturer = person.name;
    }
    told.lecturer_id = Some(person.id.to_string());
    told
}
