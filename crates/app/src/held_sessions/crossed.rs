//! Held sessions that count, by two of their traits at once: read from the records, by the index that answers alone.

use super::counted::Counted;
use crate::db::{DbError, Value, args, assembled, places};
use crate::deltas::Traits;
use kernel::OrganisationId;

/// Organisations in one statement.
const SOME: usize = 1_000;

/// Columns of [`Traits::KINDS`].
const COLUMNS: [&str; 4] = ["form", "lecturer_kind", "venue_kind", "topic"];

/// A kind of trait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraitKind(usize);

impl TraitKind {
    /// How it was told.
    pub const FORM: Self = Self(0);
    /// Who spoke.
    pub const LECTURER: Self = Self(1);

    /// The one called `code` in [`Traits::KINDS`].
    pub fn from_code(code: &str) -> Option<Self> {
        Traits::KINDS.iter().position(|known| *known == code).map(Self)
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..COLUMNS.len()).map(Self)
    }

    /// Its code.
    pub const fn code(self) -> &'static str {
        Traits::KINDS[self.0]
    }

    /// Its column of the table.
    pub(super) const fn column(self) -> &'static str {
        COLUMNS[self.0]
    }

    /// What a dimension as [`Traits::dimension`] says of it.
    pub fn of(self, dimension: &str) -> &str {
        dimension.split('|').nth(self.0).unwrap_or_default()
    }
}

/// A trait that a session must have; the code may be empty: those of which nothing was said.
pub type Has = (TraitKind, String);

/// Sessions that share two traits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossedSum {
    /// Codes; empty where nothing was said.
    pub codes: (String, String),
    /// How many.
    pub sessions: i64,
    /// People in them.
    pub people: i64,
}

impl Counted<'_> {
    /// Sums of all of `organisations` together on the days from `first` to `last`, by two kinds of trait, of sessions with
    /// `only` if that is named. One statement for each thousand organisations, whose answer is as small as the table of codes.
    pub async fn crossed(
        &mut self,
        organisations: &[OrganisationId],
        (first, last): (i32, i32),
        (a, b): (TraitKind, TraitKind),
        only: Option<&Has>,
    ) -> Result<Vec<CrossedSum>, DbError> {
        let mut sums = Vec::new();
        for some in organisations.chunks(SOME) {
            let mut values = args![first, last];
            let narrowed = only.map_or_else(String::new, |(kind, code)| {
                values.push(Value::from(code));
                format!("and {} = $3 ", kind.column())
            });
            let sql = format!(
                "select {a} as a, {b} as b, count(*) as sessions, cast(sum(people) as bigint) as people from held_session
                 where counted = 1 and day between $1 and $2 {narrowed}and organisation in ({}) group by {a}, {b}",
                places(values.len() + 1, some.len()),
                a = a.column(),
                b = b.column(),
            );
            values.extend(some.iter().map(|id| Value::from(*id)));
            for row in self.0.fetch_all(assembled(sql), values).await? {
                let codes = (row.text("a")?, row.text("b")?);
                sums.push(CrossedSum { codes, sessions: row.int("sessions")?, people: row.int("people")? });
            }
        }
        Ok(sums)
    }
}
