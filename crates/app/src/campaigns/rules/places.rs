//! How many places a quota gives.

use crate::campaigns::{QuotaKind, QuotaRule};

/// The places of one organisation under `rule`, after `submissions_arrived` submissions and with `members` members.
///
/// A percentage rounds up, so that one submission of few is never shut out; a threshold on members gives at least one.
pub fn places(rule: &QuotaRule, submissions_arrived: i64, members: i64) -> i64 {
    let (amount, arrived, members) = (rule.amount.max(0), submissions_arrived.max(0), members.max(0));
    match rule.kind {
        QuotaKind::Number => amount,
        QuotaKind::Percent => arrived.saturating_mul(amount).saturating_add(99) / 100,
        QuotaKind::Members => (members / amount.max(1)).max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;
    use proptest::prelude::*;

    fn rule(kind: QuotaKind, amount: i64) -> QuotaRule {
        QuotaRule { id: Id::from_u128(1), category: Id::from_u128(2), depth: 1, kind, amount }
    }

    #[test]
    fn places_follow_the_table() {
        use QuotaKind::{Members, Number, Percent};
        let table = [
            (Number, 3, 0, 0, 3),
            (Number, 0, 9, 9, 0),
            (Percent, 20, 0, 0, 0),
            (Percent, 20, 1, 0, 1),
            (Percent, 20, 5, 0, 1),
            (Percent, 20, 6, 0, 2),
            (Percent, 100, 7, 0, 7),
            (Members, 1000, 0, 0, 1),
            (Members, 1000, 0, 999, 1),
            (Members, 1000, 0, 1999, 1),
            (Members, 1000, 0, 2000, 2),
        ];
        for (kind, amount, arrived, members, want) in table {
            assert_eq!(places(&rule(kind, amount), arrived, members), want, "{kind:?} {amount}, {arrived} arrived, {members} members");
        }
    }

    proptest! {
        /// More submissions or members never mean fewer places, and a share of at most all never exceeds what arrived.
        #[test]
        fn places_grow_with_what_they_depend_on(kind in prop::sample::select(QuotaKind::ALL), amount in 1..=100_i64, arrived in 0..100_000_i64, members in 0..10_000_000_i64, more in 0..1000_i64) {
            let rule = rule(kind, amount);
            let now = places(&rule, arrived, members);
            prop_assert!(now >= 0);
            prop_assert!(places(&rule, arrived + more, members) >= now);
            prop_assert!(places(&rule, arrived, members + more) >= now);
            if kind == QuotaKind::Percent {
                prop_assert!(now <= arrived);
                prop_assert!(now * 100 >= arrived * amount && (now - 1) * 100 < arrived * amount);
            }
        }
    }
}
