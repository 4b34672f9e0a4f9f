use super::*;
use crate::watching::rules::estimate::{Estimate, spread};
use proptest::prelude::*;

/// Seeds as the server gives them: even, and nobody's choice.
fn seed(salt: u64, n: u64) -> String {
    let key = crate::watching::token::key(&[&salt.to_be_bytes(), &n.to_be_bytes()]);
    format!("{:016x}", key as u64)
}

fn any_weight() -> impl Strategy<Value = Weight> {
    prop::sample::select(Weight::all().collect::<Vec<_>>())
}

#[test]
fn a_lot_is_the_one_that_players_reckon() {
    // The same pairs stand in web/tests/counting.test.ts.
    for (seed, broadcast, want) in
        [("0011223344556677", "brd_00000000000000000000000000000001", 2_206_832_260), ("ffffffffffffffff", "brd_1", 4_205_641_821)]
    {
        assert_eq!(lot(seed, broadcast), want, "{seed} {broadcast}");
    }
}

proptest! {
    /// Who is in a coarser sample is in each finer one.
    #[test]
    fn samples_are_nested(lot: u32, a in any_weight(), b in any_weight()) {
        let (fine, coarse) = (a.min(b), a.max(b));
        prop_assert!(!is_in(lot, coarse) || is_in(lot, fine));
        prop_assert!(is_in(lot, Weight::ONE));
    }

    /// However the crowd behaves, in calm the sample settles, and then it is neither too large nor needlessly small.
    #[test]
    fn the_sample_settles(viewers in 0_u64..60_000_000, start in any_weight(), in_trouble: bool) {
        let mut now = start;
        for _ in 0..40 {
            now = one_in(now, &Crowd { mass: true, in_trouble, viewers, reports: 0, unchanged_ms: CALM_MS });
        }
        let most = if in_trouble { SAMPLED_IN_TROUBLE } else { SAMPLED };
        let sampled = viewers.div_ceil(u64::from(now.get()));
        prop_assert!(sampled <= most || now == Weight::MOST);
        prop_assert!(now == Weight::ONE || viewers * 2 > most * u64::from(now.lighter().get()));
        prop_assert_eq!(one_in(now, &Crowd { mass: true, in_trouble, viewers, reports: 0, unchanged_ms: i64::MAX }), now);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The weighted count is right on average: over many crowds it is within five standard errors of its own mean.
    #[test]
    fn s17_estimates_are_right_on_average(salt: u64, weight in prop::sample::select(vec![2, 10, 100])) {
        let (weight, crowds, viewers) = (Weight::of(weight).unwrap(), 40, 1_000_u64);
        let seeds: Vec<_> = (0..viewers).map(|n| seed(salt, n)).collect();
        let drawn = |crowd: u64| seeds.iter().filter(|seed| is_in(lot(seed, &format!("brd_{crowd:032x}")), weight)).count();
        let counted: i64 = (0..crowds).map(|crowd| drawn(crowd) as i64 * i64::from(weight.get())).sum();
        let all = i64::try_from(viewers * crowds).unwrap();
        let sure = Estimate::of(all, all * (i64::from(weight.get()) - 1));
        prop_assert!((counted - all).abs() <= 5 * sure.error, "{} for {all}, ± {}", counted, sure.error);
    }

    /// Whatever the rates were on the way, what a viewer played is counted once, with the weight of its moment.
    #[test]
    fn changing_rates_leave_the_count_right_on_average(salt: u64, weights in prop::collection::vec(any_weight(), 1..6)) {
        // Nobody is drawn often enough at 1 in 10,000 to say anything about.
        let weights: Vec<_> = weights.into_iter().map(|w| w.min(Weight::of(50).unwrap())).collect();
        let viewers = 20_000_u64;
        let (mut counted, mut uncertain) = (0, 0);
        for n in 0..viewers {
            let lot = lot(&seed(salt, n), "brd_1");
            for weight in weights.iter().filter(|weight| is_in(lot, **weight)) {
                counted += i64::from(weight.get());
                uncertain += spread(*weight, weights.len() as i64);
            }
        }
        let all = i64::try_from(viewers).unwrap() * weights.len() as i64;
        let error = Estimate::of(all, uncertain).error.max(1);
        prop_assert!((counted - all).abs() <= 5 * error, "{} for {all}, ± {}", counted, error);
    }
}

#[test]
fn lots_fall_evenly_in_each_broadcast_and_apart_between_two() {
    let weight = Weight::of(10).unwrap();
    let (mut first, mut both) = (0, 0);
    for n in 0..100_000 {
        let seed = seed(5, n);
        let is = |broadcast| is_in(lot(&seed, broadcast), weight);
        first += i64::from(is("brd_1"));
        both += i64::from(is("brd_1") && is("brd_2"));
    }
    assert!((first - 10_000).abs() < 5 * 95, "{first}");
    assert!((both - 1_000).abs() < 5 * 32, "{both} are in both: one hundredth");
}

#[test]
fn coarser_at_once_finer_in_calm() {
    let crowd = Crowd { mass: true, in_trouble: false, viewers: 0, reports: 0, unchanged_ms: 0 };
    let table = [
        ("few", 1, Crowd { viewers: 12_000, ..crowd }, 1),
        ("a town", 1, Crowd { viewers: 12_001, ..crowd }, 2),
        ("a nation, at once", 1, Crowd { viewers: 45_000_000, ..crowd }, 5_000),
        ("they leave, and nothing changes yet", 5_000, Crowd { viewers: 100_000, unchanged_ms: 119_999, ..crowd }, 5_000),
        ("one step in calm", 5_000, Crowd { viewers: 100_000, unchanged_ms: 120_000, ..crowd }, 2_000),
        ("no step without room to spare", 10, Crowd { viewers: 59_000, unchanged_ms: 999_999, ..crowd }, 10),
        ("a flood", 10, Crowd { viewers: 50_000, reports: 1_001, unchanged_ms: 10_000, ..crowd }, 20),
        ("a flood from elsewhere", 100, Crowd { viewers: 70_000, reports: 1_001, unchanged_ms: 10_000, ..crowd }, 100),
        ("a flood that was just dealt with", 10, Crowd { viewers: 50_000, reports: 1_001, unchanged_ms: 9_999, ..crowd }, 10),
        ("trouble", 1, Crowd { viewers: 12_000, in_trouble: true, ..crowd }, 5),
        ("close to the lecturer everybody reports", 100, Crowd { mass: false, viewers: 1_000_000, ..crowd }, 1),
    ];
    for (name, now, crowd, want) in table {
        assert_eq!(one_in(Weight::of(now).unwrap(), &crowd).get(), want, "{name}");
    }
    for (sampled, want) in [(0, 30), (3_000, 30), (3_001, 60), (6_001, 120), (1_000_000, 120)] {
        assert_eq!(interval_s(sampled), want, "{sampled}");
    }
}
