//! What a report is made of, and the sheets as PDF.

use super::sheets::{SHEET, sheets};
use super::words::words;
use crate::i18n::Texts;
use crate::problem::Problem;
use crate::state::App;
use crate::statistics::choice::{Asked, Choice, Lens, Span, iso};
use crate::statistics::figures::Figures;
use crate::statistics::overview::{self, Overview, sees_below};
use crate::statistics::period::Period;
use crate::statistics::silent::{self, Silent};
use crate::typesetting::{self, NotPrinted};
use crate::web::Cursor;
use kernel::Actor;

/// Names of those who held nothing, at most so many; the sheet may hold fewer.
const NAMES: usize = 120;
/// Months of the chart when the period has fewer.
const MONTHS: i32 = 12;
/// Months of the chart at most.
const MONTHS_MOST: usize = 24;

/// The figures of a report.
#[derive(Debug)]
pub struct Gathered {
    /// As on the screen.
    pub overview: Overview,
    /// The months of the chart.
    pub months: Vec<(Period, Figures)>,
    /// Who held nothing; none where the reader does not see what is below.
    pub silent: Option<Silent>,
}

/// Reads what `asked` names, as far as `actor` may see it.
///
/// # Errors
///
/// As the statistics page.
pub async fn gather(app: &App, actor: &Actor, asked: &Asked) -> Result<Gathered, Problem> {
    let overview = overview::load(app, actor, asked).await?;
    let tree = app.tree.load_full();
    let below = sees_below(&tree, actor, overview.choice.organisation);
    let silent = if below { Some(silent::load(app, actor, &again(&overview.choice), &Cursor::default(), NAMES).await?) } else { None };
    let months = months(app, actor, &overview).await?;
    Ok(Gathered { overview, months, silent })
}

/// The address of a choice that was made.
fn again(choice: &Choice) -> Asked {
    Asked {
        organisation: choice.organisation.to_string(),
        period: Span::Custom.code().into(),
        from: iso(choice.period.first),
        to: iso(choice.period.last),
        metric: choice.metric.code().into(),
        only: choice.only.clone(),
        tree: match choice.lens {
            Lens::Then => String::new(),
            lens => lens.code().into(),
        },
        ..Asked::default()
    }
}

/// The months of the period, or the twelve up to its last.
async fn months(app: &App, actor: &Actor, overview: &Overview) -> Result<Vec<(Period, Figures)>, Problem> {
    let period = overview.choice.period;
    let steps = period.months();
    if steps.len() > 2 && overview.course.len() == steps.len() {
        let from = steps.len().saturating_sub(MONTHS_MOST);
        return Ok(overview.course[from..].to_vec());
    }
    let last = period.last.date().map(jiff::civil::Date::first_of_month);
    let first = last.and_then(|date| date.checked_sub(jiff::Span::new().months(MONTHS - 1)).ok());
    let Some(first) = first else { return Ok(Vec::new()) };
    let asked = Asked { from: first.to_string(), ..again(&overview.choice) };
    Ok(overview::load(app, actor, &asked).await?.course)
}

/// The report as PDF.
///
/// # Errors
///
/// [`NotPrinted`]
pub async fn pdf(app: &App, texts: &Texts, gathered: &Gathered) -> Result<Vec<u8>, NotPrinted> {
    let words = words(gathered, texts, app.clock.now());
    let title = format!("{} {}", words.name, words.title);
    let turn = app.press.turn().await?;
    turn.print(move |fonts| {
        let svgs: Vec<_> = fonts.setting(&words.all(), |kind| {
            let drawn = sheets(&words, kind);
            drawn.iter().map(|sheet| sheet.svg(SHEET, kind, words.language)).collect()
        });
        Ok(typesetting::pdf(&svgs, SHEET, fonts, &title, words.language)?)
    })
    .await
}
