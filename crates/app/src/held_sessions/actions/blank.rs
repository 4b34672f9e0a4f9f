//! A blank workbook for one reader.

use crate::campaigns::reading::see;
use crate::held_sessions::blank::{self, Lists};
use crate::i18n::Texts;
use crate::organisations::access::domains;
use crate::organisations::{Action, Tree, may_anywhere};
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, Reach};

/// More organisations than these are not listed in a file: their codes are typed.
const LISTED: usize = 5_000;

/// A blank workbook for sessions, of the campaign with this id where one is given.
///
/// # Errors
///
/// `forbidden` for somebody who records nothing, 404 for a campaign that he does not see.
pub async fn workbook(app: &App, actor: &Actor, campaign: &str, texts: &Texts) -> Result<Vec<u8>, Problem> {
    let tree = app.tree.load_full();
    if !may_anywhere(&tree, actor, Action::RecordSession) {
        return Err(Problem::forbidden());
    }
    let title = match campaign {
        "" => String::new(),
        id => see(app, actor, id.parse().map_err(|_| Problem::not_found())?).await?.call.campaign.title,
    };
    let (texts, lists) = (texts.clone(), Lists { organisations: organisations(&tree, actor), campaign: title });
    let made = tokio::task::spawn_blocking(move || blank::workbook(&texts, &lists)).await.map_err(Problem::internal)?;
    made.map_err(Problem::internal)
}

/// Where the actor records, open ones only; none when they are too many.
fn organisations(tree: &Tree, actor: &Actor) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (top, reach) in domains(actor, Action::RecordSession) {
        let depth = if reach == Reach::Subtree { usize::MAX } else { 1 };
        found.extend(tree.subtree(top).take(depth).filter(|node| !node.closed).take(LISTED + 1).map(|n| (n.code.clone(), n.name.clone())));
    }
    found.sort();
    found.dedup();
    if found.len() > LISTED { Vec::new() } else { found }
}
