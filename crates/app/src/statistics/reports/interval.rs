//! How often a report comes, and which period it is about.

use crate::deltas::Day;
use crate::statistics::choice::Span;
use crate::statistics::period::Period;
use jiff::ZonedDateTime;

/// Reports are made from this hour on, in the installation's zone: after midnight some still record the day before.
const HOUR: i8 = 6;

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ReportInterval)]
pub enum Every {
    /// Each month, about the month before.
    Month,
    /// Each quarter, about the quarter before.
    Quarter,
}

impl Every {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Month, Self::Quarter];

    /// Stored code, also the period's in addresses.
    pub const fn code(self) -> &'static str {
        self.span().code()
    }

    /// Reads [`Every::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|every| every.code() == code)
    }

    /// How the period is named.
    pub const fn span(self) -> Span {
        match self {
            Self::Month => Span::Month,
            Self::Quarter => Span::Quarter,
        }
    }

    /// The newest period that is over and whose report may be made; none in the night after its last day.
    pub fn due(self, now: &ZonedDateTime) -> Option<Period> {
        let today = now.date();
        let current = self.span().around(today)?;
        let newest = self.span().around(current.first.plus(-1).date()?)?;
        let first_morning = Day::from(today) == current.first && now.hour() < HOUR;
        (!first_morning).then_some(newest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_due_from_six_o_clock_on_the_first() {
        let table = [
            ("2026-11-30T23:59", Some(20_261_001), Some(20_260_701)),
            ("2026-12-01T05:59", None, Some(20_260_701)),
            ("2026-12-01T06:00", Some(20_261_101), Some(20_260_701)),
            ("2026-12-24T12:00", Some(20_261_101), Some(20_260_701)),
            ("2027-01-01T00:00", None, None),
            ("2027-01-01T06:00", Some(20_261_201), Some(20_261_001)),
            ("2027-03-01T07:00", Some(20_270_201), Some(20_261_001)),
        ];
        for (now, month, quarter) in table {
            let now: ZonedDateTime = format!("{now}[Asia/Shanghai]").parse().expect("a moment");
            let first = |every: Every| every.due(&now).map(|period| period.first.0);
            assert_eq!((first(Every::Month), first(Every::Quarter)), (month, quarter), "{now}");
        }
        assert_eq!(Every::from_code("month"), Some(Every::Month));
        assert_eq!(Every::from_code("week"), None);
    }
}
