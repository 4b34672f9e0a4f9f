//! Bands, by tables and by properties.

use super::*;
use proptest::prelude::*;

#[test]
fn f11_even_bands_follow_the_table() {
    let table: [(&[i64], &[i64]); 10] = [
        (&[], &[]),
        (&[500], &[]),
        (&[1, 9, 5], &[]),
        (&[10, 20, 30, 40], &[25]),
        (&[10, 20, 30, 40, 50, 60], &[25, 45]),
        (&[80, 70, 60, 50, 40, 30, 20, 10], &[25, 45, 65]),
        (&[7, 7, 7, 7, 7, 7, 7, 7], &[]),
        (&[0, 0, 0, 0, 0, 0, 0, 9], &[5]),
        (&[1, 5, 5, 5, 9, 9, 9, 9], &[7]),
        (&[1, 2, 2, 2, 2, 2, 2, 3], &[3]),
    ];
    for (rates, limits) in table {
        assert_eq!(Bands::even(rates.to_vec()).limits(), limits, "{rates:?}");
    }
}

#[test]
fn f11_rates_and_small_numbers_follow_the_table() {
    assert_eq!(Per::Hundred.rate(2, 3), Some(6_666));
    assert_eq!(Per::Organisation.rate(5, 2), Some(250));
    assert_eq!(Per::ThousandMembers.rate(3, 2_000), Some(150));
    assert_eq!((Per::Organisation.rate(5, 0), Per::Organisation.rate(-5, 2)), (None, Some(0)));
    assert_eq!(Per::ThousandMembers.rate(i64::MAX, 1), Some(i64::MAX), "no more than there are numbers");
    assert_eq!(Standing::of(4, Some(100)), Standing::Small);
    assert_eq!(Standing::of(5, Some(100)), Standing::Rated(100));
    assert_eq!(Standing::of(5, None), Standing::Bare);
}

#[test]
fn f11_limits_are_read_as_they_are_typed() {
    for text in ["25 50 75.5", "25, 50, 75.5", " 25，50、75.50 ", "25;50；75.5"] {
        assert_eq!(typed(text).unwrap().limits(), [2_500, 5_000, 7_550], "{text}");
    }
    let table = [
        ("", "limits-count"),
        ("1 2 3 4 5 6 7", "limits-count"),
        ("1 2 3 4 5 6 7 x", "limits-count"),
        ("x", "limits-number"),
        ("-1", "limits-number"),
        ("1.234", "limits-number"),
        ("1.", "limits-number"),
        (".5", "limits-number"),
        ("1e9", "limits-number"),
        ("٣", "limits-number"),
        ("99999999999999999999", "limits-number"),
        ("0 5", "limits-range"),
        ("1000001", "limits-range"),
        ("5 5", "limits-grow"),
        ("9 5", "limits-grow"),
    ];
    for (text, rule) in table {
        assert_eq!(typed(text).unwrap_err().rule, rule, "{text}");
    }
}

#[test]
fn f11_edges_touch() {
    let bands = Bands::chosen(vec![250, 500]).unwrap();
    assert_eq!((0..3).map(|band| bands.edges(band)).collect::<Vec<_>>(), [(None, Some(250)), (Some(250), Some(500)), (Some(500), None)]);
    assert_eq!([0, 249, 250, 499, 500, 9_999].map(|rate| bands.of(rate)), [0, 0, 1, 1, 2, 2]);
}

fn rates() -> impl Strategy<Value = Vec<i64>> {
    prop_oneof![prop::collection::vec(0i64..10_000, 0..60), prop::collection::vec(0i64..6, 0..60)]
}

fn standings() -> impl Strategy<Value = Vec<Standing>> {
    let one = (0i64..12, prop::option::weighted(0.9, 0i64..500)).prop_map(|(of, rate)| Standing::of(of, rate));
    prop::collection::vec(one, 0..60)
}

proptest! {
    /// Every child stands in exactly one place, in the order in which it came, and its rate is within the edges.
    #[test]
    fn f11_every_child_is_in_one_band_in_the_order_of_the_tree(children in standings(), own in prop::option::of(prop::collection::btree_set(1i64..600, 1..6))) {
        let bands = match own {
            Some(limits) => Bands::chosen(limits.into_iter().collect()).unwrap(),
            None => Bands::even(children.iter().filter_map(|one| one.rate()).collect()),
        };
        let (arranged, others) = bands.arrange(children.iter().copied().enumerate());
        prop_assert_eq!(arranged.len(), bands.count());
        let mut all: Vec<usize> = arranged.iter().flatten().copied().chain(others.iter().map(|(n, _)| *n)).collect();
        for band in &arranged {
            prop_assert!(band.is_sorted(), "the order of the tree");
        }
        prop_assert!(others.is_sorted_by_key(|(n, _)| *n));
        all.sort_unstable();
        prop_assert_eq!(all, (0..children.len()).collect::<Vec<_>>());
        for (band, members) in arranged.iter().enumerate() {
            let (from, below) = bands.edges(band);
            for n in members {
                let rate = children[*n].rate().unwrap();
                prop_assert!(from.is_none_or(|from| from <= rate) && below.is_none_or(|below| rate < below));
            }
        }
        prop_assert!(others.iter().all(|(_, standing)| standing.rate().is_none()));
    }

    /// Even bands: at most four, limits that grow, nobody alone at the bottom of an empty ladder, equals together.
    #[test]
    fn f11_even_bands_are_even(rates in rates()) {
        let bands = Bands::even(rates.clone());
        prop_assert!(bands.count() <= 4 && bands.limits().is_sorted_by(|a, b| a < b));
        prop_assert!(rates.len() >= 4 || bands.count() == 1);
        for band in 0..bands.count() {
            prop_assert!(rates.is_empty() || rates.iter().any(|rate| bands.of(*rate) == band), "band {} of {:?} is empty", band, bands);
        }
        let mut sorted = rates;
        sorted.sort_unstable();
        prop_assert!(sorted.iter().map(|rate| bands.of(*rate)).is_sorted(), "more is never a lower band");
    }

    /// Whatever is typed is refused or read, and what was read is written the same.
    #[test]
    fn f11_no_text_breaks_the_reader(text in "\\PC{0,40}", numbers in prop::collection::btree_set(1i64..=LARGEST, 1..=MOST_LIMITS)) {
        let _ = typed(&text);
        let limits: Vec<_> = numbers.into_iter().collect();
        let written = limits.iter().map(|limit| decimal(*limit)).collect::<Vec<_>>().join(" ");
        let read = typed(&written).unwrap();
        prop_assert_eq!(read.limits(), &limits[..]);
    }
}
