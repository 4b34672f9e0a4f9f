//! Forms: what a browser sends becomes input, and what is stored (or was refused) stands in the fields again.
//!
//! Fields are called like the JSON pointers of the API behind a prefix for their section, so that a fault finds its field.

mod category;

pub use category::{fill_category, fill_slot_defaults, read_category};

use super::input::{Basics, ConsentFields, ExtensionFields, QuotaFields, StageFields};
use super::{Campaign, Consent, QuotaKind, Stage, StageKind};
use crate::problem::{FieldError, Problem};
pub use crate::web::Form;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use kernel::Timestamp;
use std::str::FromStr;

/// Reads one section and collects what cannot be read.
pub struct Reader<'a> {
    form: &'a Form,
    prefix: &'a str,
    faults: Vec<FieldError>,
}

impl<'a> Reader<'a> {
    /// Of the fields that begin with `prefix`.
    pub fn new(form: &'a Form, prefix: &'a str) -> Self {
        Self { form, prefix, faults: Vec::new() }
    }

    /// The text of a field.
    pub fn text(&self, name: &str) -> String {
        self.form.v(&format!("{}{name}", self.prefix)).to_owned()
    }

    /// The section's version: what the sender saw.
    pub fn version(&self) -> Option<i64> {
        self.form.v("version").parse().ok()
    }

    /// Something with a text form; an empty field is none.
    pub fn optional<T: FromStr>(&mut self, name: &str, rule: &'static str) -> Option<T> {
        let text = self.text(name);
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let read = text.parse().ok();
        if read.is_none() {
            self.faults.push(FieldError::new(name, rule, text, ""));
        }
        read
    }

    /// A whole number that must be there.
    pub fn number<T: FromStr + Default>(&mut self, name: &str) -> T {
        let given = !self.text(name).trim().is_empty();
        let read = self.optional(name, "number");
        if !given {
            self.faults.push(FieldError::new(name, "required", "", ""));
        }
        read.unwrap_or_default()
    }

    /// A moment as the clock in `zone` shows it.
    pub fn time(&mut self, name: &str, zone: &TimeZone) -> Timestamp {
        let given = !self.text(name).trim().is_empty();
        let local: Option<DateTime> = self.optional(name, "moment");
        if !given {
            self.faults.push(FieldError::new(name, "required", "", ""));
        }
        let zoned = local.and_then(|at| at.to_zoned_datetime(zone.clone()).ok());
        zoned.map_or(Timestamp(0), |z| Timestamp(z.timestamp().as_millisecond()))
    }

    /// `value`, unless something could not be read.
    ///
    /// # Errors
    ///
    /// `invalid` with every field that could not be read.
    pub fn done<T>(self, value: T) -> Result<T, Problem> {
        if self.faults.is_empty() { Ok(value) } else { Err(Problem::invalid(self.faults)) }
    }
}

/// `at` as a field of type `datetime-local` wants it, on the clock in `zone`, exact to the millisecond.
pub fn local(at: Timestamp, zone: &TimeZone) -> String {
    let zoned = jiff::ZonedDateTime::new(at.to_jiff(), zone.clone());
    zoned.strftime(if at.0.rem_euclid(60_000) == 0 { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S%.3f" }).to_string()
}

/// Fills the fields of the basics.
pub fn fill_basics(form: &mut Form, c: &Campaign, zone: &TimeZone) {
    form.set("basics.title", &c.title);
    form.set("basics.theme", &c.theme);
    form.set("basics.zone", &c.zone);
    form.set("basics.opens_at", local(c.opens_at, zone));
    form.set("basics.closes_at", local(c.closes_at, zone));
    form.set("basics.approvals", c.approvals);
}

/// Reads the basics; `zone` is the one they are entered in.
pub fn read_basics(reader: &mut Reader<'_>, zone: &TimeZone) -> Basics {
    Basics {
        title: reader.text("title"),
        theme: reader.text("theme"),
        zone: reader.text("zone").trim().to_owned(),
        opens_at: reader.time("opens_at", zone),
        closes_at: reader.time("closes_at", zone),
        approvals: reader.number("approvals"),
    }
}

/// Fills the row `i` of the table of stages.
pub fn fill_stage(form: &mut Form, i: usize, stage: &Stage, zone: &TimeZone) {
    form.set(format!("stages./stages/{i}/opens_at"), local(stage.opens_at, zone));
    form.set(format!("stages./stages/{i}/closes_at"), local(stage.closes_at, zone));
    form.set(format!("stages./stages/{i}/grace_s"), stage.grace_s / 60);
}

/// Reads the rows of the table of stages, which end at the first without a depth; a row without dates has no stage.
///
/// The place of a row is kept by `rows`, because faults count stages and fields count rows.
pub fn read_stages(reader: &mut Reader<'_>, zone: &TimeZone) -> (Vec<StageFields>, Vec<usize>) {
    let (mut stages, mut rows) = (Vec::new(), Vec::new());
    for i in 0.. {
        let at = |name: &str| format!("/stages/{i}/{name}");
        let Ok(depth) = reader.text(&at("depth")).parse::<i64>() else { break };
        if reader.text(&at("opens_at")).is_empty() && reader.text(&at("closes_at")).is_empty() {
            continue;
        }
        let kind = if depth < 0 { StageKind::Submit } else { StageKind::Review };
        let (opens_at, closes_at) = (reader.time(&at("opens_at"), zone), reader.time(&at("closes_at"), zone));
        let minutes: i64 = reader.optional(&at("grace_s"), "number").unwrap_or(0);
        stages.push(StageFields { kind, depth, opens_at, closes_at, grace_s: minutes.saturating_mul(60) });
        rows.push(i);
    }
    (stages, rows)
}

/// Reads the rows of the table of quotas; a row without an amount has no limit.
pub fn read_quotas(reader: &mut Reader<'_>) -> (Vec<QuotaFields>, Vec<usize>) {
    let (mut quotas, mut rows) = (Vec::new(), Vec::new());
    for i in 0.. {
        let at = |name: &str| format!("/quotas/{i}/{name}");
        let (Ok(depth), Ok(category)) = (reader.text(&at("depth")).parse(), reader.text(&at("category")).parse()) else { break };
        let Some(amount) = reader.optional(&at("amount"), "number") else { continue };
        let kind = QuotaKind::from_code(&reader.text(&at("kind"))).unwrap_or(QuotaKind::Number);
        quotas.push(QuotaFields { category, depth, kind, amount });
        rows.push(i);
    }
    (quotas, rows)
}

/// Reads a consent.
pub fn read_consent(reader: &Reader<'_>) -> ConsentFields {
    let code = reader.text("code").trim().to_owned();
    ConsentFields { code, title: reader.text("title"), body: reader.text("body"), required: !reader.text("required").is_empty() }
}

/// Fills the fields of a consent.
pub fn fill_consent(form: &mut Form, c: &Consent) {
    let name = |field: &str| format!("consent-{}.{field}", c.code);
    form.set(name("title"), &c.title);
    form.set(name("body"), &c.body);
    form.set(name("required"), if c.required { "1" } else { "" });
}

/// Reads an extension for `organisation`.
pub fn read_extension(reader: &mut Reader<'_>, organisation: kernel::OrganisationId, zone: &TimeZone) -> ExtensionFields {
    let kind = StageKind::from_code(&reader.text("kind")).unwrap_or(StageKind::Submit);
    ExtensionFields { organisation, kind, until_at: reader.time("until_at", zone), reason: reader.text("reason") }
}

/// Names faults of slots (by their place in the list) after the slot's fields.
pub fn slots_by_name(mut problem: Problem, slots: &[String]) -> Problem {
    rename(&mut problem, "/rules/slots/", |i| slots.get(i).cloned());
    problem
}

/// Names faults of a table's entries after the rows they stood in.
pub fn rows_by_place(mut problem: Problem, table: &str, rows: &[usize]) -> Problem {
    rename(&mut problem, table, |i| rows.get(i).map(ToString::to_string));
    problem
}

fn rename(problem: &mut Problem, before: &str, name: impl Fn(usize) -> Option<String>) {
    for fault in &mut problem.fields {
        let Some((place, field)) = fault.field.strip_prefix(before).and_then(|rest| rest.split_once('/')) else { continue };
        if let Some(name) = place.parse().ok().and_then(&name) {
            fault.field = format!("{before}{name}/{field}");
        }
    }
}
