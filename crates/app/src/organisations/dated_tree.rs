//! The tree of any day in memory: who stood below whom, and since when.
//!
//! A day belongs to the edge in force at its **end**, in the time zone of the installation: who moves at noon takes
//! the whole day along. An organisation stands under its first superior before its first edge and under its last one
//! after its last edge, so that a figure of any day has a way up and no fact is lost.

use super::Organisations;
use crate::db::{DbError, Tx};
use crate::deltas::Day;
use crate::state::App;
use kernel::OrganisationId;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Where an organisation stands in the lists of a [`DatedTree`]: whoever looks at all of a nation follows places, not ids.
pub type Place = u32;

/// From this day on an organisation stands under this superior; none means it is a root.
type Turn = (Day, Option<Place>);

/// An edge as [`DatedTree::build`] takes it.
#[derive(Debug, Clone, Copy)]
pub struct Edged {
    /// Who stood.
    pub child: OrganisationId,
    /// Below whom; none for a root.
    pub parent: Option<OrganisationId>,
    /// From which day on.
    pub first: Day,
    /// False when it was taken back: it ends no later than it began.
    pub held: bool,
}

/// A stretch of days in which an organisation was a child of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tenure {
    /// The child.
    pub child: OrganisationId,
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
}

/// The dated main line.
#[derive(Debug)]
pub struct DatedTree {
    /// Number of the change that this shows.
    pub revision: i64,
    /// Everybody with an edge or above one, and where.
    ids: Vec<OrganisationId>,
    places: HashMap<OrganisationId, Place>,
    up: Vec<Vec<Turn>>,
    /// The first day of each; later than any day without an edge.
    since: Vec<Day>,
    /// Superiors by edges that were taken back before a day of theirs ended: figures may have been folded along them.
    former: HashMap<Place, Vec<Place>>,
    /// Whoever was ever a child, in the order of ids.
    down: Vec<Vec<Place>>,
    /// Whoever ever stood above somebody who moved.
    disturbed: Vec<bool>,
}

impl Default for DatedTree {
    /// Nothing is known yet: no database has this revision.
    fn default() -> Self {
        Self {
            revision: -1,
            ids: Vec::new(),
            places: HashMap::new(),
            up: Vec::new(),
            since: Vec::new(),
            former: HashMap::new(),
            down: Vec::new(),
            disturbed: Vec::new(),
        }
    }
}

/// Earlier than any day that counts; eight digits, as every day.
pub(super) const FIRST_DAY: Day = Day(10_000_101);
/// Later than any day that counts.
pub(super) const LAST_DAY: Day = Day(99_991_231);

impl DatedTree {
    /// Builds it from edges in the order in which they came into force; of two that begin on one day the later holds.
    pub fn build(revision: i64, edges: impl IntoIterator<Item = Edged>) -> Self {
        let mut dated = Self { revision, ..Self::default() };
        for edge in edges {
            dated.add(edge);
        }
        let ids = &dated.ids;
        for children in &mut dated.down {
            children.sort_unstable_by_key(|place| ids[*place as usize]);
            children.dedup();
        }
        dated.put_in_order();
        let first = |turns: &Vec<Turn>| turns.first().map_or(Day(i32::MAX), |(day, _)| *day);
        dated.since = dated.up.iter().map(first).collect();
        let mut disturbed = vec![false; dated.ids.len()];
        for mover in (0..dated.ids.len() as Place).filter(|place| dated.is_mover(*place)) {
            let above = dated.ever_above_place(mover).into_iter().filter(|place| *place != mover);
            above.for_each(|place| disturbed[place as usize] = true);
        }
        dated.disturbed = disturbed;
        dated
    }

    fn add(&mut self, edge: Edged) {
        let (child, parent) = (self.place_for(edge.child), edge.parent.map(|parent| self.place_for(parent)));
        if let Some(parent) = parent {
            self.down[parent as usize].push(child);
        }
        if !edge.held {
            self.former.entry(child).or_default().extend(parent);
            return;
        }
        let turns = &mut self.up[child as usize];
        let replaced: Vec<_> = turns.iter().filter(|(day, _)| *day == edge.first).filter_map(|(_, parent)| *parent).collect();
        turns.retain(|(day, _)| *day < edge.first);
        turns.push((edge.first, parent));
        if !replaced.is_empty() {
            self.former.entry(child).or_default().extend(replaced);
        }
    }

    /// Whoever stands below somebody now gets the places behind him: what a read of a subtree touches lies side by side in memory.
    fn put_in_order(&mut self) {
        let (mut order, mut taken) = (Vec::with_capacity(self.ids.len()), vec![false; self.ids.len()]);
        let tops = (0..self.ids.len() as Place).filter(|place| self.up[*place as usize].last().is_none_or(|(_, parent)| parent.is_none()));
        // Whoever no top reaches stands in a circle.
        for top in tops.chain(0..self.ids.len() as Place) {
            let mut open = vec![top];
            while let Some(place) = open.pop() {
                if !std::mem::replace(&mut taken[place as usize], true) {
                    order.push(place);
                    open.extend(self.down[place as usize].iter().rev().filter(|child| !taken[**child as usize]));
                }
            }
        }
        let mut moved = vec![0; order.len()];
        (0..).zip(&order).for_each(|(new, old)| moved[*old as usize] = new);
        let to = |place: Place| moved[place as usize];
        let turns = |old: Place| self.up[old as usize].iter().map(|(day, parent)| (*day, parent.map(to))).collect();
        let up = order.iter().map(|old| turns(*old)).collect();
        let down = order.iter().map(|old| self.down[*old as usize].iter().map(|child| to(*child)).collect()).collect();
        let ids: Vec<_> = order.iter().map(|old| self.ids[*old as usize]).collect();
        let former = self.former.iter().map(|(place, parents)| (to(*place), parents.iter().map(|parent| to(*parent)).collect())).collect();
        self.places = (0..).zip(&ids).map(|(place, id)| (*id, place)).collect();
        (self.ids, self.up, self.down, self.former) = (ids, up, down, former);
    }

    fn place_for(&mut self, id: OrganisationId) -> Place {
        *self.places.entry(id).or_insert_with(|| {
            self.ids.push(id);
            self.up.push(Vec::new());
            self.down.push(Vec::new());
            (self.ids.len() - 1) as Place
        })
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether nobody is in it.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Where `id` stands.
    pub fn place(&self, id: OrganisationId) -> Option<Place> {
        self.places.get(&id).copied()
    }

    /// Who stands at `place`.
    pub fn id(&self, place: Place) -> OrganisationId {
        self.ids[place as usize]
    }

    /// Whether its superior was ever another.
    pub fn is_mover(&self, place: Place) -> bool {
        self.up[place as usize].len() > 1
    }

    /// Whether what stands below `id` was ever different from what stands there now: only then does the day matter.
    pub fn is_disturbed(&self, id: OrganisationId) -> bool {
        self.place(id).is_some_and(|place| self.disturbed[place as usize])
    }

    /// Whether anybody stands directly below it on `day`.
    pub fn has_children(&self, place: Place, day: Day) -> bool {
        self.down[place as usize].iter().any(|child| self.parent_of(*child, day) == Some(place))
    }

    /// Whether it was there by `day`.
    pub fn is_there(&self, place: Place, day: Day) -> bool {
        self.since[place as usize] <= day
    }

    /// The children of `id` on `day`, in the order of ids.
    pub fn children(&self, id: OrganisationId, day: Day) -> Vec<OrganisationId> {
        let Some(place) = self.place(id) else { return Vec::new() };
        self.down[place as usize].iter().filter(|child| self.parent_of(**child, day) == Some(place)).map(|child| self.id(*child)).collect()
    }

    /// The superior on `day`.
    pub fn parent(&self, id: OrganisationId, day: Day) -> Option<OrganisationId> {
        self.parent_of(self.place(id)?, day).map(|parent| self.id(parent))
    }

    /// The same by places.
    pub fn parent_of(&self, place: Place, day: Day) -> Option<Place> {
        let turns = &self.up[place as usize];
        let at = turns.partition_point(|(first, _)| *first <= day).max(1);
        turns.get(at - 1)?.1
    }

    /// All superiors on `day`, nearest first. Ends where edges would go in a circle.
    pub fn above(&self, id: OrganisationId, day: Day) -> Vec<OrganisationId> {
        let path = self.place(id).map(|place| self.above_place(place, day)).unwrap_or_default();
        path.into_iter().map(|place| self.id(place)).collect()
    }

    /// The same by places.
    pub fn above_place(&self, place: Place, day: Day) -> Vec<Place> {
        let mut path = Vec::new();
        let mut at = place;
        while let Some(parent) = self.parent_of(at, day).filter(|p| *p != place && !path.contains(p)) {
            path.push(parent);
            at = parent;
        }
        path
    }

    /// When which organisations were children of `id`, by id and day.
    pub fn tenures(&self, id: OrganisationId) -> Vec<Tenure> {
        let Some(under) = self.place(id) else { return Vec::new() };
        self.down[under as usize].iter().flat_map(|child| self.tenures_of(*child, under)).collect()
    }

    fn tenures_of(&self, child: Place, under: Place) -> Vec<Tenure> {
        let turns = &self.up[child as usize];
        let tenure = |i: usize| Tenure {
            child: self.id(child),
            first: if i == 0 { FIRST_DAY } else { turns[i].0 },
            last: turns.get(i + 1).map_or(LAST_DAY, |(next, _)| next.plus(-1)),
        };
        (0..turns.len()).filter(|i| turns[*i].1 == Some(under)).map(tenure).collect()
    }

    /// The first days on which the superior of `id` changed.
    pub fn turning_days(&self, id: OrganisationId) -> impl Iterator<Item = Day> + '_ {
        let turns = self.place(id).map(|place| self.up[place as usize].as_slice());
        turns.into_iter().flatten().skip(1).map(|(first, _)| *first)
    }

    /// Everyone who was ever a child of `id`.
    pub fn ever_children(&self, id: OrganisationId) -> impl Iterator<Item = OrganisationId> + '_ {
        self.place(id).into_iter().flat_map(|place| self.ever_below(place)).map(|child| self.id(*child))
    }

    /// The same by places, in the order of ids.
    pub fn ever_below(&self, place: Place) -> &[Place] {
        &self.down[place as usize]
    }

    /// Everyone who ever had a child.
    pub fn ever_parents(&self) -> impl Iterator<Item = OrganisationId> + '_ {
        self.ids.iter().zip(&self.down).filter(|(_, children)| !children.is_empty()).map(|(id, _)| *id)
    }

    /// Everyone who was ever above `id`, on whatever day each step was true, also by edges taken back, and `id` itself.
    pub fn ever_above(&self, id: OrganisationId) -> BTreeSet<OrganisationId> {
        let above = self.place(id).map(|place| self.ever_above_place(place)).unwrap_or_default();
        above.into_iter().map(|place| self.id(place)).chain([id]).collect()
    }

    fn ever_above_place(&self, place: Place) -> BTreeSet<Place> {
        let mut found = BTreeSet::from([place]);
        let mut open = vec![place];
        while let Some(at) = open.pop() {
            let held = self.up[at as usize].iter().filter_map(|(_, parent)| *parent);
            let former = self.former.get(&at).into_iter().flatten().copied();
            open.extend(held.chain(former).filter(|parent| found.insert(*parent)));
        }
        found
    }
}

/// The dated tree as the open transaction sees it; read anew when the tree has changed.
///
/// Not for a transaction that changes the tree itself: what it reads here is kept for others.
pub async fn dated_tree(app: &App, tx: &mut Tx) -> Result<Arc<DatedTree>, DbError> {
    let known = app.dated_tree.load_full();
    if known.revision == Organisations(tx).revision().await? {
        return Ok(known);
    }
    let fresh = Arc::new(Organisations(tx).dated_tree(&app.zone).await?);
    app.dated_tree.store(fresh.clone());
    Ok(fresh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    fn org(n: u128) -> OrganisationId {
        Id::from_u128(n)
    }

    fn edge(child: u128, parent: u128, day: i32) -> Edged {
        Edged { child: org(child), parent: (parent > 0).then(|| org(parent)), first: Day(day), held: true }
    }

    fn moved() -> DatedTree {
        let first = [edge(1, 0, 20_260_101), edge(2, 1, 20_260_101), edge(3, 1, 20_260_101), edge(4, 2, 20_260_201)];
        DatedTree::build(1, first.into_iter().chain([edge(4, 3, 20_260_301)]))
    }

    #[test]
    fn a3_a_day_belongs_to_the_edge_in_force_at_its_end() {
        let dated = moved();
        let table = [(20_260_228, 2), (20_260_301, 3), (20_991_231, 3), (20_250_101, 2)];
        for (day, parent) in table {
            assert_eq!(dated.parent(org(4), Day(day)), Some(org(parent)), "{day}");
            assert_eq!(dated.above(org(4), Day(day)), [org(parent), org(1)], "{day}");
        }
    }

    #[test]
    fn a3_tenures_meet_without_gap_or_overlap() {
        let dated = moved();
        assert_eq!(dated.tenures(org(2)), [Tenure { child: org(4), first: FIRST_DAY, last: Day(20_260_228) }]);
        assert_eq!(dated.tenures(org(3)), [Tenure { child: org(4), first: Day(20_260_301), last: LAST_DAY }]);
        assert_eq!(dated.ever_above(org(4)), BTreeSet::from([org(1), org(2), org(3), org(4)]));
    }

    #[test]
    fn an_edge_taken_back_holds_on_no_day_but_is_remembered() {
        let taken_back = Edged { held: false, ..edge(2, 3, 20_260_101) };
        let dated = DatedTree::build(1, [edge(2, 1, 20_260_101), taken_back, edge(4, 3, 20_260_101), edge(4, 1, 20_260_101)]);
        assert_eq!(dated.parent(org(2), Day(20_260_101)), Some(org(1)));
        assert_eq!(dated.parent(org(4), Day(20_260_101)), Some(org(1)), "the later of two on one day");
        assert_eq!(dated.tenures(org(3)), []);
        for moved in [2, 4] {
            assert!(dated.ever_above(org(moved)).contains(&org(3)));
        }
    }

    #[test]
    fn a_circle_ends_the_way_up() {
        let dated = DatedTree::build(1, [edge(1, 2, 20_260_101), edge(2, 1, 20_260_101)]);
        assert_eq!(dated.above(org(1), Day(20_260_102)), [org(2)]);
    }
}
