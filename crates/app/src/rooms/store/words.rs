//! SQL for the word list.

use crate::db::{DbError, Tx, args};
use crate::rooms::model::{ForbiddenWord, WordAction};

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Words<'t>(pub &'t mut Tx);

impl Words<'_> {
    /// The whole list, in the order of its words.
    pub async fn all(&mut self) -> Result<Vec<ForbiddenWord>, DbError> {
        let read = |row: crate::db::Row| Ok(ForbiddenWord { word: row.text("word")?, action: row.code("action", WordAction::from_code)? });
        self.0.fetch_each("select word, action from forbidden_word order by word", vec![], read).await
    }

    /// Puts `words` in the place of the list.
    pub async fn replace(&mut self, words: &[ForbiddenWord]) -> Result<(), DbError> {
        self.0.lock_table("forbidden_word").await?;
        self.0.execute("delete from forbidden_word", vec![]).await?;
        for word in words {
            let sql = "insert into forbidden_word (word, action) values ($1, $2) on conflict do nothing";
            self.0.execute(sql, args![&word.word, word.action.code()]).await?;
        }
        Ok(())
    }
}
