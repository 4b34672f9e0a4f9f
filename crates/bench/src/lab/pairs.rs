//! Taking turns: peer, ours, peer, ours, …, peer.

use super::Row;

/// What the two sides cost, in the order of measuring; the peer once more than ours.
#[derive(Debug, Default)]
pub struct Pairs {
    /// Ours, per unit.
    pub ours: Vec<f64>,
    /// The peer's, per unit.
    pub peer: Vec<f64>,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Kaijiang.
    Ours,
    /// The other program.
    Peer,
}

/// Bounds of the peer's comparison with itself, outside which a run says nothing.
pub const AA: std::ops::RangeInclusive<f64> = 0.93..=1.07;

/// Measures `pairs` pairs after one uncounted turn of each side; `turn` gives the cost of one unit.
pub async fn take_turns(pairs: usize, mut turn: impl AsyncFnMut(Side) -> anyhow::Result<f64>) -> anyhow::Result<Pairs> {
    turn(Side::Peer).await?;
    turn(Side::Ours).await?;
    let mut kept = Pairs::default();
    for _ in 0..pairs {
        kept.peer.push(turn(Side::Peer).await?);
        kept.ours.push(turn(Side::Ours).await?);
    }
    kept.peer.push(turn(Side::Peer).await?);
    Ok(kept)
}

impl Pairs {
    /// Ours over the peer's, pair by pair.
    pub fn ratios(&self) -> Vec<f64> {
        self.ours.iter().zip(&self.peer).map(|(ours, peer)| ours / peer).collect()
    }

    /// The peer over itself: the median ratio of its neighbouring turns, between which ours had one.
    pub fn aa(&self) -> f64 {
        median(&self.peer.windows(2).map(|w| w[1] / w[0]).collect::<Vec<_>>())
    }

    /// The row; void when the control is off.
    pub fn row(&self, name: &str, unit: &str, peer_name: &str, target: f64) -> Row {
        let ratios = self.ratios();
        let (ratio, aa) = (median(&ratios), self.aa());
        let good = AA.contains(&aa);
        Row {
            name: name.into(),
            unit: unit.into(),
            ours: Some(median(&self.ours)),
            peer: Some(median(&self.peer)),
            peer_name: peer_name.into(),
            ratio: Some(ratio),
            min: ratios.iter().copied().reduce(f64::min),
            max: ratios.iter().copied().reduce(f64::max),
            target: Some(target),
            met: good.then_some(ratio <= target),
            aa: Some(aa),
            note: if good { String::new() } else { "void: the peer differs from itself".into() },
        }
    }
}

/// The middle value, or the mean of the two in the middle; not a number for none.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_pair_ratios_counts_and_an_unsteady_peer_makes_the_run_void() {
        let steady = Pairs { ours: vec![1.0, 3.0, 2.0], peer: vec![2.0, 2.0, 2.0, 2.0] };
        let row = steady.row("x", "s", "peer", 1.0);
        assert_eq!((row.ratio, row.min, row.max, row.met), (Some(1.0), Some(0.5), Some(1.5), Some(true)));
        let drifting = Pairs { ours: vec![1.0; 3], peer: vec![1.0, 1.2, 1.44, 1.728] };
        let row = drifting.row("x", "s", "peer", 1.0);
        assert_eq!(row.met, None);
        assert!(row.note.starts_with("void"));
    }
}
