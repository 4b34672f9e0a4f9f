//! The word list of the installation.

use crate::audit::{self, Entry};
use crate::hex::hex;
use crate::organisations::{Action, may};
use crate::problem::{FieldError, Problem};
use crate::rooms::model::{ForbiddenWord, WordAction};
use crate::rooms::rules;
use crate::rooms::store::Words;
use crate::state::App;
use crate::texts;
use kernel::Actor;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

/// The list, by what its words do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WordLists {
    /// A moderator looks first at what contains one of these.
    pub hold: Vec<String>,
    /// What contains one of these is not taken.
    pub refuse: Vec<String>,
    /// Stands for the list as it was read; a change that names another is refused, none is not asked.
    #[serde(default)]
    pub version: Option<String>,
}

fn operates(app: &App, actor: &Actor) -> Result<(), Problem> {
    let tree = app.tree.load();
    if tree.roots().any(|root| may(&tree, actor, Action::Operate, root.id)) { Ok(()) } else { Err(Problem::forbidden()) }
}

fn lists(words: Vec<ForbiddenWord>) -> WordLists {
    let mut hash = Sha256::new();
    let mut lists = WordLists::default();
    for word in words {
        hash.update(format!("{}\n{}\n", word.action.code(), word.word));
        let list = if word.action == WordAction::Hold { &mut lists.hold } else { &mut lists.refuse };
        list.push(word.word);
    }
    lists.version = Some(hex(&hash.finalize()[..8]));
    lists
}

/// The list.
///
/// # Errors
///
/// `forbidden` for whoever does not operate the installation.
pub async fn word_lists(app: &App, actor: &Actor) -> Result<WordLists, Problem> {
    operates(app, actor)?;
    Ok(lists(Words(&mut app.db.read().await?).all().await?))
}

/// Puts another list in the place of the one that was read. A word in both lists is refused.
///
/// # Errors
///
/// As [`word_lists`]; `invalid` names words; 409 `moved-meanwhile` when somebody else changed the list.
pub async fn keep_words(app: &App, actor: &Actor, wanted: WordLists) -> Result<WordLists, Problem> {
    operates(app, actor)?;
    let words = checked(&wanted)?;
    let mut tx = app.db.begin().await?;
    let was = lists(Words(&mut tx).all().await?);
    if wanted.version.is_some() && wanted.version != was.version {
        return Err(Problem::moved_meanwhile());
    }
    Words(&mut tx).replace(&words).await?;
    let is = lists(Words(&mut tx).all().await?);
    if is != was {
        let detail =
            json!({ "hold": is.hold.len(), "refuse": is.refuse.len(), "before": { "hold": was.hold.len(), "refuse": was.refuse.len() } });
        let (account, object) = (Some(actor.account), "forbidden-words".to_owned());
        let entry = Entry { account, organisation: None, action: "words.changed", object, allowed: true, detail };
        audit::record(&mut tx, app.clock.as_ref(), entry).await?;
    }
    tx.commit().await?;
    app.rooms.forget_words();
    Ok(is)
}

fn checked(wanted: &WordLists) -> Result<Vec<ForbiddenWord>, Problem> {
    let mut faults = Vec::new();
    let mut words = Vec::new();
    for (field, list, action) in [("refuse", &wanted.refuse, WordAction::Refuse), ("hold", &wanted.hold, WordAction::Hold)] {
        for word in list {
            match texts::check(field, word, 1, rules::WORD) {
                Ok(word) if rules::folded(&word).is_empty() => faults.push(FieldError::new(field, "required", word, 1)),
                Ok(word) => words.push(ForbiddenWord { word, action }),
                Err(fault) => faults.push(fault),
            }
        }
    }
    if words.len() > rules::MOST_WORDS {
        faults.push(FieldError::new("hold", "number-range", words.len().to_string(), format!("0–{}", rules::MOST_WORDS)));
    }
    if faults.is_empty() { Ok(words) } else { Err(Problem::invalid(faults)) }
}
