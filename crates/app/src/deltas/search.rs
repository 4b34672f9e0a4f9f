//! Asks a feature for its facts one by one: what stands behind a figure.

use super::Day;
use crate::db::Value;
use jiff::tz::TimeZone;
use kernel::OrganisationId;

/// Facts of some days, the latest first.
#[derive(Debug, Clone)]
pub struct Search {
    /// Whose; none: anybody's.
    pub organisations: Option<Vec<OrganisationId>>,
    /// First and last day, both included.
    pub days: (Day, Day),
    /// The zone that days begin in.
    pub zone: TimeZone,
    /// Key and id of the last fact seen.
    pub after: (i64, String),
    /// How many at most.
    pub most: usize,
}

impl Search {
    /// Everything behind `where`: facts that happened at the instant `at`, kept under `id`, of `organisation` (three columns);
    /// with the values to bind. A condition before it may bind values behind these.
    pub fn clause(&self, at: &str, id: &str, organisation: &str) -> (String, Vec<Value>) {
        let (first, last) = self.days;
        let (key, tie) = &self.after;
        let mut values = crate::db::args![first.start(&self.zone), last.end(&self.zone), *key, tie, self.most];
        let whose = self.whose(organisation, &mut values);
        let sql =
            format!("{whose}{at} between $1 and $2 and ({at} < $3 or ({at} = $3 and {id} < $4)) order by {at} desc, {id} desc limit $5");
        (sql, values)
    }

    /// Like [`Search::clause`], of all pages at once and in no order.
    pub fn whole(&self, at: &str, organisation: &str) -> (String, Vec<Value>) {
        let (first, last) = self.days;
        let mut values = crate::db::args![first.start(&self.zone), last.end(&self.zone)];
        let whose = self.whose(organisation, &mut values);
        (format!("{whose}{at} between $1 and $2"), values)
    }

    /// `organisation in (…) and `, or nothing when it is anybody's.
    pub fn whose(&self, organisation: &str, values: &mut Vec<Value>) -> String {
        let Some(chosen) = &self.organisations else { return String::new() };
        let places = crate::db::places(values.len() + 1, chosen.len());
        values.extend(chosen.iter().map(|id| Value::from(*id)));
        format!("{organisation} in ({places}) and ")
    }
}
