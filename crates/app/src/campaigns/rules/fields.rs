//! What the fields of a campaign must be like.

use crate::campaigns::input::{Basics, CategoryFields, CloneFields, ConsentFields, QuotaFields, StageFields};
use crate::campaigns::rules::material_faults;
use crate::campaigns::{QuotaKind, SUBMIT_DEPTH, StageKind};
use crate::problem::FieldError;
use crate::texts;
use kernel::Timestamp;

/// Reasons are short and never empty.
pub const REASON: (usize, usize) = (3, 500);
/// Grace of a stage in seconds, at most: 30 days.
const MOST_GRACE_S: i64 = 30 * 86_400;
/// Levels of a tree that stages and quotas can name.
const DEEPEST: i64 = 40;
/// Days of a campaign, at most.
const MOST_DAYS: i64 = 3660;

/// A code: 2 to 40 lower-case letters, digits and hyphens, a letter or digit first.
pub fn code_fault(field: &str, code: &str) -> Option<FieldError> {
    let fits = (2..=40).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !code.starts_with('-');
    (!fits).then(|| FieldError::new(field, "code", code, "2–40"))
}

/// Puts the cleaned text back, or keeps what is wrong with it.
fn clean(slot: &mut String, checked: Result<String, FieldError>, faults: &mut Vec<FieldError>) {
    match checked {
        Ok(text) => *slot = text,
        Err(fault) => faults.push(fault),
    }
}

fn range(field: impl Into<String>, value: i64, low: i64, high: i64) -> Option<FieldError> {
    (!(low..=high).contains(&value)).then(|| FieldError::new(field, "range", value.to_string(), format!("{low}–{high}")))
}

/// The basics with trimmed texts.
///
/// # Errors
///
/// Every rule that they break.
pub fn checked_basics(mut basics: Basics) -> Result<Basics, Vec<FieldError>> {
    let mut faults = Vec::new();
    let title = texts::check("title", &basics.title, 2, 80);
    clean(&mut basics.title, title, &mut faults);
    let theme = texts::check_lines("theme", &basics.theme, 0, 2000);
    clean(&mut basics.theme, theme, &mut faults);
    faults.extend(range("approvals", basics.approvals, 1, 5));
    if basics.closes_at <= basics.opens_at {
        faults.push(FieldError::new("closes_at", "after", basics.closes_at.to_string(), basics.opens_at));
    } else if basics.closes_at - basics.opens_at > MOST_DAYS * Timestamp::DAY_MS {
        faults.push(FieldError::new("closes_at", "too-far", basics.closes_at.to_string(), MOST_DAYS));
    }
    if faults.is_empty() { Ok(basics) } else { Err(faults) }
}

/// The category with a trimmed name.
///
/// # Errors
///
/// Every rule that it or its material rules break.
pub fn checked_category(mut category: CategoryFields) -> Result<CategoryFields, Vec<FieldError>> {
    let mut faults: Vec<_> = code_fault("code", &category.code).into_iter().collect();
    let name = texts::check("name", &category.name, 1, 40);
    clean(&mut category.name, name, &mut faults);
    faults.extend(range("position", category.position, 0, 999));
    faults.extend(material_faults("/rules", &category.rules));
    if faults.is_empty() { Ok(category) } else { Err(faults) }
}

/// The consent with trimmed texts.
///
/// # Errors
///
/// Every rule that it breaks.
pub fn checked_consent(mut consent: ConsentFields) -> Result<ConsentFields, Vec<FieldError>> {
    let mut faults: Vec<_> = code_fault("code", &consent.code).into_iter().collect();
    let title = texts::check("title", &consent.title, 2, 80);
    clean(&mut consent.title, title, &mut faults);
    let body = texts::check_lines("body", &consent.body, 2, 4000);
    clean(&mut consent.body, body, &mut faults);
    if faults.is_empty() { Ok(consent) } else { Err(faults) }
}

/// What a request for a copy breaks.
pub fn clone_faults(fields: &CloneFields) -> Vec<FieldError> {
    let bounds = [range("years", fields.years, 0, 20), range("days", fields.days, -MOST_DAYS, MOST_DAYS)];
    code_fault("code", &fields.code).into_iter().chain(bounds.into_iter().flatten()).collect()
}

/// What a table of stages breaks: one submit stage, each depth once, all within the campaign, and no level before the one below it.
pub fn stage_faults(stages: &[StageFields], opens_at: Timestamp, closes_at: Timestamp) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (i, stage) in stages.iter().enumerate() {
        let field = |name: &str| format!("/stages/{i}/{name}");
        let depths = if stage.kind == StageKind::Submit { (SUBMIT_DEPTH, SUBMIT_DEPTH) } else { (0, DEEPEST) };
        faults.extend(range(field("depth"), stage.depth, depths.0, depths.1));
        faults.extend(range(field("grace_s"), stage.grace_s, 0, MOST_GRACE_S));
        if stages[..i].iter().any(|s| (s.kind, s.depth) == (stage.kind, stage.depth)) {
            faults.push(FieldError::new(field("depth"), "twice", stage.depth.to_string(), ""));
        }
        if stage.closes_at <= stage.opens_at {
            faults.push(FieldError::new(field("closes_at"), "after", stage.closes_at.to_string(), stage.opens_at));
        }
        if stage.opens_at < opens_at {
            faults.push(FieldError::new(field("opens_at"), "within-campaign", stage.opens_at.to_string(), opens_at));
        }
        if stage.closes_at > closes_at {
            faults.push(FieldError::new(field("closes_at"), "within-campaign", stage.closes_at.to_string(), closes_at));
        }
    }
    faults.extend(order_faults(stages));
    faults
}

/// A level that closes before lessons from below have arrived could never judge them.
fn order_faults(stages: &[StageFields]) -> Vec<FieldError> {
    let mut climbing: Vec<_> = stages.iter().enumerate().collect();
    climbing.sort_by_key(|(_, s)| (s.kind == StageKind::Review, -s.depth));
    let too_early = |pair: &[(usize, &StageFields)]| {
        let ((_, below), (i, above)) = (pair[0], pair[1]);
        let field = format!("/stages/{i}/closes_at");
        (above.closes_at < below.closes_at)
            .then(|| FieldError::new(field, "not-before-below", above.closes_at.to_string(), below.closes_at))
    };
    climbing.windows(2).filter_map(too_early).collect()
}

/// What a table of quotas breaks; `known` are the campaign's categories.
pub fn quota_faults(quotas: &[QuotaFields], known: &[crate::campaigns::CategoryId]) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for (i, quota) in quotas.iter().enumerate() {
        let field = |name: &str| format!("/quotas/{i}/{name}");
        let amounts = match quota.kind {
            QuotaKind::Number => (0, 100_000),
            QuotaKind::Percent => (1, 100),
            QuotaKind::Members => (1, 100_000_000),
        };
        faults.extend(range(field("depth"), quota.depth, 0, DEEPEST));
        faults.extend(range(field("amount"), quota.amount, amounts.0, amounts.1));
        if !known.contains(&quota.category) {
            faults.push(FieldError::new(field("category"), "unknown", quota.category.to_string(), ""));
        }
        if quotas[..i].iter().any(|q| (q.category, q.depth) == (quota.category, quota.depth)) {
            faults.push(FieldError::new(field("depth"), "twice", quota.depth.to_string(), ""));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(kind: StageKind, depth: i64, opens: i64, closes: i64) -> StageFields {
        StageFields { kind, depth, opens_at: Timestamp(opens), closes_at: Timestamp(closes), grace_s: 0 }
    }

    #[test]
    fn codes_follow_the_table() {
        for (code, good) in
            [("spring-2027", true), ("a1", true), ("a", false), ("-ab", false), ("Spring", false), ("春天", false), ("a b", false)]
        {
            assert_eq!(code_fault("code", code).is_none(), good, "{code}");
        }
    }

    #[test]
    fn each_stage_that_makes_no_sense_is_named() {
        use StageKind::{Review, Submit};
        let table = [
            (vec![stage(Submit, -1, 0, 10), stage(Review, 1, 0, 20), stage(Review, 0, 0, 30)], vec![]),
            (vec![stage(Submit, 0, 0, 10)], vec![("/stages/0/depth", "range")]),
            (vec![stage(Submit, -1, 10, 10)], vec![("/stages/0/closes_at", "after")]),
            (vec![stage(Submit, -1, 0, 10), stage(Submit, -1, 0, 10)], vec![("/stages/1/depth", "twice")]),
            (vec![stage(Submit, -1, -1, 101)], vec![("/stages/0/opens_at", "within-campaign"), ("/stages/0/closes_at", "within-campaign")]),
            (vec![stage(Submit, -1, 0, 20), stage(Review, 2, 0, 10)], vec![("/stages/1/closes_at", "not-before-below")]),
            (vec![stage(Review, 0, 0, 10), stage(Review, 1, 0, 20)], vec![("/stages/0/closes_at", "not-before-below")]),
        ];
        for (stages, want) in table {
            let got: Vec<_> = stage_faults(&stages, Timestamp(0), Timestamp(100)).into_iter().map(|f| (f.field, f.rule)).collect();
            let want: Vec<_> = want.into_iter().map(|(field, rule)| (field.to_owned(), rule)).collect();
            assert_eq!(got, want, "{stages:?}");
        }
    }

    #[test]
    fn each_quota_that_makes_no_sense_is_named() {
        let (known, unknown) = (kernel::Id::from_u128(1), kernel::Id::from_u128(2));
        let quota = |category, depth, kind, amount| QuotaFields { category, depth, kind, amount };
        let table = [
            (vec![quota(known, 0, QuotaKind::Number, 0), quota(known, 1, QuotaKind::Members, 1000)], None),
            (vec![quota(known, 0, QuotaKind::Percent, 101)], Some(("/quotas/0/amount", "range"))),
            (vec![quota(known, 0, QuotaKind::Members, 0)], Some(("/quotas/0/amount", "range"))),
            (vec![quota(known, -1, QuotaKind::Number, 1)], Some(("/quotas/0/depth", "range"))),
            (vec![quota(unknown, 0, QuotaKind::Number, 1)], Some(("/quotas/0/category", "unknown"))),
            (vec![quota(known, 0, QuotaKind::Number, 1), quota(known, 0, QuotaKind::Number, 2)], Some(("/quotas/1/depth", "twice"))),
        ];
        for (quotas, want) in table {
            let got = quota_faults(&quotas, &[known]).into_iter().next().map(|f| (f.field, f.rule));
            assert_eq!(got, want.map(|(field, rule)| (field.to_owned(), rule)), "{quotas:?}");
        }
    }
}
