//! Whether a signed address may still be used: what ends with a right ends for its addresses within a minute (S19).

use super::rules::Audience;
use super::{MaterialId, Recordings};
use crate::accounts::Accounts;
use crate::lessons;
use crate::problem::Problem;
use crate::state::App;
use kernel::{Actor, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How long an answer of the database is believed.
const BELIEVED_MS: i64 = 20_000;
/// How long others use the old answer while one request asks again.
const ASKING_MS: i64 = 5_000;
/// Answers that are remembered at most.
const REMEMBERED: usize = 50_000;

/// Recent answers, so that a segment asks no database.
#[derive(Debug, Default)]
pub struct Standing(Mutex<HashMap<(Audience, MaterialId), Answer>>);

#[derive(Debug, Clone, Copy)]
struct Answer {
    good: bool,
    until: Timestamp,
}

impl Standing {
    /// A recent answer; none when the caller is the one to ask.
    fn known(&self, of: (Audience, MaterialId), now: Timestamp) -> Option<bool> {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = answers.get_mut(&of)?;
        if now < answer.until {
            return Some(answer.good);
        }
        answer.until = now.plus_ms(ASKING_MS);
        None
    }

    fn remember(&self, of: (Audience, MaterialId), good: bool, now: Timestamp) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= REMEMBERED {
            answers.retain(|_, answer| now < answer.until);
        }
        if answers.len() < REMEMBERED {
            answers.insert(of, Answer { good, until: now.plus_ms(BELIEVED_MS) });
        }
    }
}

/// Whether `audience` may have `material` now or could at most 25 seconds ago.
///
/// # Errors
///
/// An internal failure when the database can't be asked; then nothing is remembered.
pub async fn stands(app: &App, audience: Audience, material: MaterialId, now: Timestamp) -> Result<bool, Problem> {
    if let Some(good) = app.standing.known((audience, material), now) {
        return Ok(good);
    }
    let good = match audience {
        Audience::Public => Recordings(&mut app.db.read().await?).is_public(material).await?,
        Audience::Account(account) => {
            let mut tx = app.db.read().await?;
            let active = Accounts(&mut tx).find(account).await?.is_some_and(|a| a.active);
            let actor = Actor { account, grants: Accounts(&mut tx).grants(account, now).await?, scopes: None };
            let lesson = Recordings(&mut tx).find(material).await?.map(|m| m.lesson);
            match lesson {
                Some(lesson) if active => lessons::actions::visible(app, &mut tx, &actor, lesson).await.is_ok(),
                _ => false,
            }
        }
    };
    app.standing.remember((audience, material), good, now);
    Ok(good)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    #[test]
    fn an_answer_is_believed_for_a_while_and_then_asked_for_by_one() {
        let standing = Standing::default();
        let of = (Audience::Public, Id::from_u128(1));
        let (start, later) = (Timestamp(0), Timestamp(BELIEVED_MS));
        assert_eq!(standing.known(of, start), None);
        standing.remember(of, true, start);
        assert_eq!(standing.known(of, later.plus_ms(-1)), Some(true));
        assert_eq!(standing.known(of, later), None, "the first asks");
        assert_eq!(standing.known(of, later), Some(true), "the others don't wait");
        standing.remember(of, false, later);
        assert_eq!(standing.known(of, later), Some(false));
        assert_eq!(standing.known((Audience::Public, Id::from_u128(2)), later), None);
    }
}
