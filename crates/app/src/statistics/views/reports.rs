//! The report on paper and by mail: what the statistics page offers, one's own subscriptions, the page behind a link in a mail.

use crate::i18n::Texts;
use crate::organisations::Tree;
use crate::statistics::choice::{Choice, iso};
use crate::statistics::reports::{Every, Format, Subscription};
use crate::web::Page;
use askama::Template;

/// What the statistics page offers.
#[derive(Debug, Default)]
pub struct Offer {
    /// Address of the report on paper.
    pub pdf: String,
    /// The organisation, for the form.
    pub organisation: String,
    /// The address that the statistics stand at, to come back to.
    pub back: String,
    /// There is a mail server.
    pub is_set_up: bool,
    /// The reader's proved address; empty without.
    pub mail: String,
    /// Month and quarter: code, key of its words, subscribed, as PDF, as workbook.
    pub intervals: Vec<Interval>,
}

/// One way to subscribe.
#[derive(Debug)]
pub struct Interval {
    /// Its code.
    pub code: &'static str,
    /// The reader subscribed.
    pub subscribed: bool,
    /// As PDF.
    pub pdf: bool,
    /// As a workbook.
    pub xlsx: bool,
    /// Of the subscription; empty without.
    pub id: String,
}

impl Offer {
    /// Before anything about the reader is known.
    pub fn of(choice: &Choice) -> Self {
        let whole = Choice { order: None, ..choice.clone() };
        Self {
            pdf: whole.href("/statistics/report.pdf"),
            organisation: choice.organisation.to_string(),
            back: format!(
                "/statistics?organisation={}&period={}&from={}",
                choice.organisation,
                choice.span.code(),
                iso(choice.period.first)
            ),
            ..Self::default()
        }
    }

    /// With the reader's address and subscriptions.
    pub fn fill(&mut self, mail: Option<String>, own: &[Subscription]) {
        self.is_set_up = true;
        self.mail = mail.unwrap_or_default();
        let organisation = &self.organisation;
        let interval = |every: Every| {
            let held = own.iter().find(|one| one.every == every && one.organisation.to_string() == *organisation);
            let has = |format: Format| held.is_none_or(|one| one.formats.contains(&format));
            Interval {
                code: every.code(),
                subscribed: held.is_some(),
                pdf: has(Format::Pdf),
                xlsx: has(Format::Xlsx),
                id: held.map(|one| one.id.to_string()).unwrap_or_default(),
            }
        };
        self.intervals = Every::ALL.map(interval).into();
    }
}

/// A subscription in words.
#[derive(Debug)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// The organisation.
    pub name: String,
    /// Those above it.
    pub path: String,
    /// How often, as which files, in which language.
    pub what: String,
    /// Its statistics; empty when the reader may not see them any more.
    pub href: String,
}

/// `GET /me/reports`
#[derive(Debug, Template)]
#[template(path = "statistics/views/reports.html")]
pub struct ReportsPage {
    /// The frame.
    pub p: Page,
    /// What was done.
    pub notice: String,
    /// There is a mail server.
    pub is_set_up: bool,
    /// The reader's proved address; empty without.
    pub mail: String,
    /// The oldest first.
    pub lines: Vec<Line>,
}

/// One's own subscriptions in words. `open` tells whose statistics the reader may see.
pub fn lines(own: &[Subscription], tree: &Tree, words: &Texts, open: impl Fn(kernel::OrganisationId) -> bool) -> Vec<Line> {
    let line = |one: &Subscription| {
        let path: Vec<_> = tree.breadcrumb(one.organisation).into_iter().map(|node| node.name.clone()).collect();
        Line {
            id: one.id.to_string(),
            name: tree.name(one.organisation),
            path: path[..path.len().saturating_sub(1)].join(" / "),
            what: what(one, words),
            href: if open(one.organisation) { format!("/statistics?organisation={}", one.organisation) } else { String::new() },
        }
    };
    own.iter().map(line).collect()
}

/// 每月 · PDF、.xlsx · 中文
pub fn what(one: &Subscription, words: &Texts) -> String {
    let formats: Vec<_> = one.formats.iter().map(|format| words.s(&format!("report-format-{}", format.code()))).collect();
    let language = if one.language == crate::i18n::Language::Chinese { "中文" } else { "English" };
    [words.s(&format!("report-every-{}", one.every.code())), formats.join(" + "), language.to_owned()].join(" · ")
}

/// `GET /reports/unsubscribe/{token}`
#[derive(Debug, Template)]
#[template(path = "statistics/views/unsubscribe.html")]
pub struct UnsubscribePage {
    /// The frame.
    pub p: Page,
    /// What would end, in words; empty when it ended.
    pub what: String,
}
