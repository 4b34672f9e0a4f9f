//! What the address of the statistics page asks for.

use super::indicator::Indicator;
use super::period::Period;
use crate::deltas::{Day, Traits};
use crate::organisations::OrganisationId;
use crate::problem::FieldError;
use jiff::civil::Date;
use serde::Deserialize;

/// The query of the page, its exports and the API. Everything may be left out.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Asked {
    /// Id of the organisation; without it the reader's topmost one.
    pub organisation: String,
    /// `day`, `month`, `quarter`, `year`, `all` or `custom`; without it the current month up to today.
    pub period: String,
    /// First day, as `2026-01-31`, for `custom`; any day of the period that is meant for the others.
    pub from: String,
    /// Last day; for `custom`.
    pub to: String,
    /// Metric of the charts.
    pub metric: String,
    /// Metric to sort the children by, largest first; with `-up` behind it smallest first; without it in the order of the tree.
    pub sort: String,
    /// Narrows held sessions and their people to one trait: `form:lecture`, `lecturer:teacher`, `venue:hall`, `topic:history`.
    pub only: String,
    /// `then`: the tree as it was on each day (without it); `now`: what belongs together today; `line`: with whoever is attached on the second line.
    pub tree: String,
    /// Id of a campaign: its days, instead of a period.
    pub campaign: String,
}

/// Through which tree figures are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lens {
    /// As it was on the day of each fact.
    #[default]
    Then,
    /// As it is today.
    Now,
    /// As it was, with whoever is attached on the second line.
    Line,
}

impl Lens {
    /// In the order in which the picker shows them.
    pub const ALL: [Self; 3] = [Self::Then, Self::Now, Self::Line];

    /// Its code in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Then => "then",
            Self::Now => "now",
            Self::Line => "line",
        }
    }
}

/// A way to name a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// A day.
    Day,
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// A year.
    Year,
    /// Since anything was counted.
    All,
    /// Chosen by its first and last day.
    Custom,
}

impl Span {
    /// In the order in which the picker shows them.
    pub const ALL: [Self; 6] = [Self::Day, Self::Month, Self::Quarter, Self::Year, Self::All, Self::Custom];

    /// Its code in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::All => "all",
            Self::Custom => "custom",
        }
    }

    /// The one that `day` falls in; none for those that the calendar does not tell.
    pub fn around(self, day: Date) -> Option<Period> {
        match self {
            Self::Day => Some(Period { first: day.into(), last: day.into() }),
            Self::Month => Some(Period::month_of(day)),
            Self::Quarter => Some(Period::quarter_of(day)),
            Self::Year => Some(Period::year_of(day)),
            Self::All | Self::Custom => None,
        }
    }
}

/// How the children are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// By this one.
    pub by: Indicator,
    /// Smallest first.
    pub up: bool,
}

/// An address, understood.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The organisation.
    pub organisation: OrganisationId,
    /// How the period was named.
    pub span: Span,
    /// Its days; for [`Span::All`] from the first day that counts anything.
    pub period: Period,
    /// What the charts show.
    pub metric: Indicator,
    /// None: in the order of the tree.
    pub order: Option<Order>,
    /// The trait that held sessions are narrowed to, as they are kept; empty for all.
    pub only: String,
    /// Through which tree.
    pub lens: Lens,
}

fn day(field: &str, text: &str) -> Result<Day, FieldError> {
    let date: Result<Date, _> = text.trim().parse();
    date.map(Day::from).map_err(|_| FieldError::new(field, "date", text, "2026-01-31"))
}

impl Choice {
    /// Reads an address but for a campaign, whose days the caller knows. `since` is the first day that counts anything.
    ///
    /// # Errors
    ///
    /// A day that is none, or a period that ends before it begins. Unknown words mean the default, as in old bookmarks.
    pub fn read(asked: &Asked, organisation: OrganisationId, today: Day, since: Day) -> Result<Self, FieldError> {
        let dated = !asked.from.is_empty() || !asked.to.is_empty();
        let named = Span::ALL.into_iter().find(|span| span.code() == asked.period);
        let span = named.unwrap_or(if dated { Span::Custom } else { Span::Month });
        let period = period(span, asked, today, since.min(today))?;
        let order = |text: &str| {
            let (code, up) = text.strip_suffix("-up").map_or((text, false), |code| (code, true));
            Indicator::from_code(code).map(|by| Order { by, up })
        };
        let metric = Indicator::from_code(&asked.metric).unwrap_or(Indicator::ALL[0]);
        let only = if is_trait(&asked.only) { asked.only.clone() } else { String::new() };
        let lens = Lens::ALL.into_iter().find(|lens| lens.code() == asked.tree).unwrap_or_default();
        Ok(Self { organisation, span, period, metric, order: order(&asked.sort), only, lens })
    }

    /// The same span one earlier (`-1`) or later (`1`); none where there is none, or where it would lie in the future.
    #[must_use]
    pub fn stepped(&self, by: i64, today: Day) -> Option<Self> {
        let here = self.span.around(self.period.first.date()?)?;
        let beside = if by < 0 { here.first.plus(-1) } else { here.last.plus(1) };
        let whole = self.span.around(beside.date()?)?;
        let period = whole.within(whole.first, today)?;
        Some(Self { period, ..self.clone() })
    }

    /// The address of this choice at `path`.
    pub fn href(&self, path: &str) -> String {
        let days = match self.span {
            Span::Custom => format!("&from={}&to={}", iso(self.period.first), iso(self.period.last)),
            Span::All => String::new(),
            _ => format!("&from={}", iso(self.period.first)),
        };
        let sort = self.order.map(|order| format!("&sort={}{}", order.by.code(), if order.up { "-up" } else { "" }));
        let (span, metric, more) = (self.span.code(), self.metric.code(), self.narrowing());
        format!("{path}?organisation={}&period={span}{days}&metric={metric}{more}{}", self.organisation, sort.unwrap_or_default())
    }

    /// The part of the address that narrows figures: `&only=…&tree=now`, or nothing.
    pub fn narrowing(&self) -> String {
        let only = if self.only.is_empty() { String::new() } else { format!("&only={}", self.only) };
        let tree = if self.lens == Lens::Then { String::new() } else { format!("&tree={}", self.lens.code()) };
        format!("{only}{tree}")
    }
}

/// The days that an address names.
fn period(span: Span, asked: &Asked, today: Day, since: Day) -> Result<Period, FieldError> {
    let first = if asked.from.is_empty() { None } else { Some(day("from", &asked.from)?) };
    if span == Span::Custom {
        let last = if asked.to.is_empty() { today } else { day("to", &asked.to)? };
        let named = Period::new(first.unwrap_or(since), last);
        return named.ok_or_else(|| FieldError::new("to", "before", &asked.to, &asked.from));
    }
    let around = first.unwrap_or(today).date().and_then(|date| span.around(date));
    let up_to_today = around.map(|whole| whole.within(whole.first, today.max(whole.first)).unwrap_or(whole));
    Ok(up_to_today.unwrap_or(Period { first: since, last: today }))
}

/// Whether `only` names a kind of trait and a code.
fn is_trait(only: &str) -> bool {
    let code = |text: &str| !text.is_empty() && text.len() <= 40 && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    only.split_once(':').is_some_and(|(kind, value)| Traits::KINDS.contains(&kind) && code(value))
}

/// `2026-01-31`
pub fn iso(day: Day) -> String {
    day.date().map(|date| date.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    fn read(period: &str, from: &str, to: &str) -> Result<Choice, FieldError> {
        let asked = Asked { period: period.into(), from: from.into(), to: to.into(), ..Asked::default() };
        Choice::read(&asked, Id::from_u128(1), Day(20_261_123), Day(20_250_601))
    }

    #[test]
    fn an_address_names_its_period() {
        let table = [
            ("", "", "", 20_261_101, 20_261_123),
            ("day", "", "", 20_261_123, 20_261_123),
            ("day", "2026-02-28", "", 20_260_228, 20_260_228),
            ("month", "2026-02-10", "", 20_260_201, 20_260_228),
            ("quarter", "", "", 20_261_001, 20_261_123),
            ("quarter", "2026-02-10", "", 20_260_101, 20_260_331),
            ("year", "", "", 20_260_101, 20_261_123),
            ("all", "", "", 20_250_601, 20_261_123),
            ("", "2026-02-01", "2026-02-28", 20_260_201, 20_260_228),
            ("custom", "", "2026-02-28", 20_250_601, 20_260_228),
            ("custom", "", "", 20_250_601, 20_261_123),
            ("decade", "", "", 20_261_101, 20_261_123),
        ];
        for (period, from, to, first, last) in table {
            let choice = read(period, from, to).expect("a good address");
            assert_eq!(choice.period, Period { first: Day(first), last: Day(last) }, "{period} {from} {to}");
        }
        assert_eq!(read("", "2026-02-30", "").map(|_| ()).unwrap_err().rule, "date");
        assert_eq!(read("", "2026-03-01", "2026-02-01").map(|_| ()).unwrap_err().rule, "before");
    }

    #[test]
    fn an_address_leads_back_to_itself() {
        let choice = read("custom", "2026-02-01", "2026-02-28").expect("a good address");
        let wanted =
            "/statistics?organisation=org_00000000000000000000000000000001&period=custom&from=2026-02-01&to=2026-02-28&metric=sessions";
        assert_eq!(choice.href("/statistics"), wanted);
        let order = Some(Order { by: Indicator::Coverage, up: true });
        let chosen = Choice { order, span: Span::Year, only: "form:story".into(), lens: Lens::Now, ..choice };
        let sorted = chosen.href("/statistics");
        assert!(sorted.ends_with("&period=year&from=2026-02-01&metric=sessions&only=form:story&tree=now&sort=coverage-up"), "{sorted}");
    }

    #[test]
    fn a_period_steps_to_its_neighbours_but_not_into_the_future() {
        let today = Day(20_261_123);
        let month = read("month", "2026-10-05", "").expect("a good address");
        let days = |choice: Option<Choice>| choice.map(|choice| (choice.period.first.0, choice.period.last.0));
        assert_eq!(days(month.stepped(-1, today)), Some((20_260_901, 20_260_930)));
        assert_eq!(days(month.stepped(1, today)), Some((20_261_101, 20_261_123)));
        assert_eq!(days(month.stepped(1, today).and_then(|this| this.stepped(1, today))), None);
        assert_eq!(days(read("all", "", "").expect("a good address").stepped(1, today)), None);
    }

    #[test]
    fn an_address_narrows_to_a_trait_or_not_at_all() {
        for (only, kept) in [("form:on-site", "form:on-site"), ("form:", ""), ("colour:red", ""), ("topic:1' or 1=1", ""), ("", "")] {
            let asked = Asked { only: only.into(), ..Asked::default() };
            let choice = Choice::read(&asked, Id::from_u128(1), Day(20_261_123), Day(20_250_601)).expect("a good address");
            assert_eq!(choice.only, kept, "{only}");
        }
    }
}
