//! What the address of the statistics page asks for.

use super::period::Period;
use crate::deltas::{Day, Metric};
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
    /// `month`, `quarter`, `year`, `all` or `custom`; without it the current month up to today.
    pub period: String,
    /// First day, as `2026-01-31`; for `custom`.
    pub from: String,
    /// Last day; for `custom`.
    pub to: String,
    /// Metric of the charts.
    pub metric: String,
    /// Metric to sort the children by, largest first; with `-up` behind it smallest first; without it in the order of the tree.
    pub sort: String,
}

/// A way to name a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The month of today.
    Month,
    /// The quarter of today.
    Quarter,
    /// The year of today.
    Year,
    /// Since anything was counted.
    All,
    /// Chosen by its first and last day.
    Custom,
}

impl Span {
    /// In the order in which the picker shows them.
    pub const ALL: [Self; 5] = [Self::Month, Self::Quarter, Self::Year, Self::All, Self::Custom];

    /// Its code in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::All => "all",
            Self::Custom => "custom",
        }
    }

    /// Its days up to `today`; none for those that the calendar does not tell.
    fn period(self, today: Date) -> Option<Period> {
        let whole = match self {
            Self::Month => Period::month_of(today),
            Self::Quarter => Period::quarter_of(today),
            Self::Year => Period::year_of(today),
            Self::All | Self::Custom => return None,
        };
        whole.within(whole.first, today.into())
    }
}

/// How the children are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// By this metric.
    pub metric: Metric,
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
    /// Metric of the charts.
    pub metric: Metric,
    /// None: in the order of the tree.
    pub order: Option<Order>,
}

fn day(field: &str, text: &str) -> Result<Day, FieldError> {
    let date: Result<Date, _> = text.trim().parse();
    date.map(Day::from).map_err(|_| FieldError::new(field, "date", text, "2026-01-31"))
}

impl Choice {
    /// Reads an address. `since` is the first day that counts anything.
    ///
    /// # Errors
    ///
    /// A day that is none, or a period that ends before it begins. Unknown words mean the default, as in old bookmarks.
    pub fn read(asked: &Asked, organisation: OrganisationId, today: Day, since: Day) -> Result<Self, FieldError> {
        let dated = !asked.from.is_empty() || !asked.to.is_empty();
        let named = Span::ALL.into_iter().find(|span| span.code() == asked.period);
        let span = named.unwrap_or(if dated { Span::Custom } else { Span::Month });
        let all = Period { first: since.min(today), last: today };
        let period = match span {
            Span::Custom if dated => {
                let first = if asked.from.is_empty() { all.first } else { day("from", &asked.from)? };
                let last = if asked.to.is_empty() { today } else { day("to", &asked.to)? };
                Period::new(first, last).ok_or_else(|| FieldError::new("to", "before", &asked.to, &asked.from))?
            }
            _ => today.date().and_then(|date| span.period(date)).unwrap_or(all),
        };
        let order = |text: &str| {
            let (code, up) = text.strip_suffix("-up").map_or((text, false), |code| (code, true));
            Metric::from_code(code).map(|metric| Order { metric, up })
        };
        let metric = Metric::from_code(&asked.metric).unwrap_or(Metric::Submissions);
        Ok(Self { organisation, span, period, metric, order: order(&asked.sort) })
    }

    /// The address of this choice at `path`.
    pub fn href(&self, path: &str) -> String {
        let days = match self.span {
            Span::Custom => format!("&from={}&to={}", iso(self.period.first), iso(self.period.last)),
            _ => String::new(),
        };
        let sort = self.order.map(|order| format!("&sort={}{}", order.metric.code(), if order.up { "-up" } else { "" }));
        let (span, metric) = (self.span.code(), self.metric.code());
        format!("{path}?organisation={}&period={span}{days}&metric={metric}{}", self.organisation, sort.unwrap_or_default())
    }
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
            ("quarter", "", "", 20_261_001, 20_261_123),
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
            "/statistics?organisation=org_00000000000000000000000000000001&period=custom&from=2026-02-01&to=2026-02-28&metric=submissions";
        assert_eq!(choice.href("/statistics"), wanted);
        let order = Some(Order { metric: Metric::WatchSeconds, up: true });
        let sorted = Choice { order, span: Span::Year, ..choice }.href("/statistics");
        assert!(sorted.ends_with("&period=year&metric=submissions&sort=watch-seconds-up"), "{sorted}");
    }
}
