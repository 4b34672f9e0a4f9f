//! A register as it comes in: who may send one, and its way to the spool.

use super::access::{Action, may_anywhere};
use super::actions::register;
use crate::problem::Problem;
use crate::state::App;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use kernel::Actor;
use tokio::io::AsyncWriteExt;

fn refused(code: &'static str) -> Problem {
    Problem { code, ..Problem::invalid(Vec::new()) }
}

/// Bytes of a register.
pub const FILE_MOST: usize = 64 << 20;

/// Refuses who keeps nothing.
pub fn may_import(app: &App, me: &Actor) -> Result<(), Problem> {
    if may_anywhere(&app.tree.load(), me, Action::ManageOrganisations) { Ok(()) } else { Err(Problem::forbidden()) }
}

/// Writes what comes in to the spool, piece by piece; its name there.
pub async fn spooled<E: std::fmt::Display>(app: &App, mut pieces: impl Stream<Item = Result<Bytes, E>> + Unpin) -> Result<String, Problem> {
    let (name, path) = register::spool(app);
    let mut file = tokio::fs::File::create(&path).await.map_err(Problem::internal)?;
    let mut bytes = 0;
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|e| refused("malformed").with("reason", e))?;
        bytes += piece.len();
        if bytes > FILE_MOST {
            return Err(refused("sheet-too-much").with("what", "bytes").with("most", FILE_MOST));
        }
        file.write_all(&piece).await.map_err(Problem::internal)?;
    }
    file.flush().await.map_err(Problem::internal)?;
    Ok(name)
}
