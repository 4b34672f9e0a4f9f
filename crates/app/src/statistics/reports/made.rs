//! The files of a report: made once for all who get the same.

use super::paper::{Gathered, gather, pdf};
use super::store::{Format, Key, Subscriptions};
use super::words::{title, trend};
use crate::i18n::Texts;
use crate::notices::{self, NoticeFileId};
use crate::problem::Problem;
use crate::state::App;
use crate::statistics::choice::{Asked, iso};
use crate::statistics::indicator::Indicator;
use crate::statistics::{export, table};
use crate::typesetting::NotPrinted;
use kernel::Actor;
use std::collections::BTreeMap;

/// Why a file was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotMade {
    /// Fonts are missing, or the drawing failed.
    #[error(transparent)]
    NotPrinted(#[from] NotPrinted),
    /// Anything else, by its code; its cause is in the log.
    #[error("{0}")]
    Problem(&'static str),
}

impl From<Problem> for NotMade {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem.code)
    }
}

impl From<crate::db::DbError> for NotMade {
    fn from(e: crate::db::DbError) -> Self {
        Problem::from(e).into()
    }
}

/// The files of `formats`, of which those that are not there yet are made as `actor` may see them.
pub async fn files(app: &App, actor: &Actor, key: &Key, formats: &[Format]) -> Result<BTreeMap<Format, NoticeFileId>, NotMade> {
    let (mut found, mut missing) = (BTreeMap::new(), Vec::new());
    let mut tx = app.db.read().await?;
    for format in formats {
        match Subscriptions(&mut tx).made(key, *format).await? {
            Some(file) if notices::has_file(&mut tx, file).await? => {
                found.insert(*format, file);
            }
            _ => missing.push(*format),
        }
    }
    drop(tx);
    if missing.is_empty() {
        return Ok(found);
    }
    let asked =
        Asked { organisation: key.organisation.to_string(), period: key.every.code().to_owned(), from: iso(key.first), ..Asked::default() };
    let gathered = gather(app, actor, &asked).await?;
    let texts = app.words.texts(key.language);
    for format in missing {
        let bytes = made(app, &texts, &gathered, format).await?;
        found.insert(format, keep(app, key, format, bytes).await?);
    }
    Ok(found)
}

async fn made(app: &App, texts: &Texts, gathered: &Gathered, format: Format) -> Result<Vec<u8>, NotMade> {
    Ok(match format {
        Format::Pdf => pdf(app, texts, gathered).await?,
        Format::Xlsx => workbook(texts, gathered)?,
        Format::Text => text(texts, gathered).into_bytes(),
    })
}

/// The table of the screen as a workbook.
fn workbook(texts: &Texts, gathered: &Gathered) -> Result<Vec<u8>, Problem> {
    let table = table::of_children(&gathered.overview, texts);
    export::workbook(&texts.s("nav-statistics"), &table.head, &export::rows(&table)).map_err(Problem::internal)
}

/// Title and main figures in a few lines.
fn text(texts: &Texts, gathered: &Gathered) -> String {
    let overview = &gathered.overview;
    let line = |indicator: Indicator| {
        let now = indicator.number(&overview.total, "");
        let before = overview.before.as_ref().map(|(_, figures)| trend(now, indicator.number(figures, ""), indicator.unit(), texts));
        let name = texts.s(&format!("metric-{}", indicator.code()));
        texts.args("report-line", &[("name", name), ("number", texts.number(now)), ("trend", before.unwrap_or_default())])
    };
    let lines = Indicator::ALL.into_iter().map(line).collect::<Vec<_>>().join("\n");
    format!("{} · {}\n\n{lines}\n", overview.name, title(&overview.choice, texts))
}

async fn keep(app: &App, key: &Key, format: Format, bytes: Vec<u8>) -> Result<NoticeFileId, NotMade> {
    let id = NoticeFileId::new(app.clock.as_ref());
    let mut tx = app.db.begin().await?;
    notices::keep_file(&mut tx, id, format.kind(), bytes, app.clock.now()).await?;
    Subscriptions(&mut tx).set_made(key, format, id).await?;
    tx.commit().await?;
    Ok(id)
}
