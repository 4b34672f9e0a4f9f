//! Choosing a lecturer in a form without script: a text field with a list of proposals, `NAME · ORGANISATION`.

use super::reading::{Sight, few, near_of_name, of_name, sight};
use super::{Lecturer, LecturerId, Lecturers, Narrowed};
use crate::db::Tx;
use crate::organisations::{OrganisationId, Tree};
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;

/// Between the name and the organisation.
pub const BETWEEN: &str = " · ";
/// Proposals of one list.
const MOST: usize = 300;

/// A lecturer in words.
pub fn label(tree: &Tree, of: &Lecturer) -> String {
    format!("{}{BETWEEN}{}", of.name, tree.name(of.organisation))
}

/// The same with the end of the id, for two of one name in organisations of one name.
fn exact(tree: &Tree, of: &Lecturer) -> String {
    let id = of.id.to_string();
    format!("{}{BETWEEN}{}", label(tree, of), &id[id.len() - 6..])
}

/// Somebody whom a form proposes.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// What the form says, and what names exactly this person.
    pub label: String,
    /// Who that is.
    pub id: LecturerId,
    /// The name alone.
    pub name: String,
    /// Code of the kind.
    pub kind: String,
}

/// Proposals for a form of `organisation`: who belongs to it, its superiors and what is below, by name.
///
/// # Errors
///
/// An internal failure when the database can't be asked.
pub async fn proposals(app: &App, actor: &Actor, organisation: OrganisationId) -> Result<Vec<Proposal>, Problem> {
    let tree = app.tree.load_full();
    let mut near: Vec<_> = tree.path_up(organisation);
    near.extend(tree.subtree(organisation).map(|node| node.id).take(MOST));
    let wanted = Narrowed { organisations: few(&near), ..Narrowed::default() };
    let found = Lecturers(&mut app.db.read().await?).after(&wanted, &Default::default(), MOST).await?;
    let seen: Vec<_> = found.iter().filter(|l| sight(&tree, actor, l) > Sight::Nothing).collect();
    let word = |l: &&Lecturer| {
        let twice = seen.iter().filter(|other| label(&tree, other) == label(&tree, l)).count() > 1;
        if twice { exact(&tree, l) } else { label(&tree, l) }
    };
    let proposal = |l: &&Lecturer| Proposal { label: word(l), id: l.id, name: l.name.clone(), kind: l.kind.clone() };
    Ok(seen.iter().map(proposal).collect())
}

/// Whom `text` names in something that `organisation` did: as a proposal says it, or by a name that only one of those near has,
/// as a namesake far away is probably somebody else. None when that is nobody, or might be several.
///
/// # Errors
///
/// An internal failure when the database can't be asked.
pub async fn named(app: &App, tx: &mut Tx, actor: &Actor, organisation: OrganisationId, text: &str) -> Result<Option<Lecturer>, Problem> {
    let (tree, text) = (app.tree.load_full(), text.trim());
    let name = text.split(BETWEEN).next().unwrap_or_default();
    let mut found = if text == name {
        near_of_name(app, tx, actor, organisation, name).await?
    } else {
        let mut all = of_name(app, tx, actor, name).await?;
        all.retain(|l| label(&tree, l) == text || exact(&tree, l) == text);
        all
    };
    Ok(found.pop().filter(|_| found.is_empty()))
}

/// The lecturer that `text` names.
///
/// # Errors
///
/// `unknown-lecturer` when nobody is called so, `ambiguous-lecturer` when several are, as a fault of `field`.
pub async fn resolve(app: &App, actor: &Actor, field: &str, text: &str) -> Result<LecturerId, Problem> {
    let (tree, text) = (app.tree.load_full(), text.trim());
    let name = text.split(BETWEEN).next().unwrap_or_default();
    let mut found = of_name(app, &mut app.db.read().await?, actor, name).await?;
    if text != name {
        found.retain(|l| label(&tree, l) == text || exact(&tree, l) == text);
    }
    match found.as_slice() {
        [one] => Ok(one.id),
        [] => Err(Problem::field(field, "unknown-lecturer", text, "")),
        several => {
            let mut words: Vec<_> = several.iter().take(5).map(|l| if text == name { label(&tree, l) } else { exact(&tree, l) }).collect();
            words.sort();
            Err(Problem::field(field, "ambiguous-lecturer", text, words.join(" / ")))
        }
    }
}
