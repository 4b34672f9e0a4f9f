//! The way up: from the owner to the organisation that runs the campaign, parent by parent.

use crate::organisations::Tree;
use kernel::OrganisationId;

/// Where a submission goes from its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// To the superior, who reviews it.
    Up(OrganisationId),
    /// Nowhere: the holder runs the campaign, so it selects.
    Top,
}

/// What comes after `holder` in a campaign of `runner`; none when the tree changed and the holder no longer stands below it.
pub fn next_holder(tree: &Tree, runner: OrganisationId, holder: OrganisationId) -> Option<Next> {
    if holder == runner {
        Some(Next::Top)
    } else if tree.contains(runner, holder) {
        tree.parent(holder).map(Next::Up)
    } else {
        None
    }
}

/// Steps from `runner` down to `organisation`; none when it does not stand below it.
pub fn depth_below(tree: &Tree, runner: OrganisationId, organisation: OrganisationId) -> Option<i64> {
    let below = tree.contains(runner, organisation);
    below.then(|| Some(i64::from(tree.depth(organisation)?) - i64::from(tree.depth(runner)?))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisations::Node;
    use kernel::Id;

    fn org(n: u128) -> OrganisationId {
        Id::from_u128(n)
    }

    /// 1 ─► 2 ─► 3 ─► 4, and 5 beside 2.
    fn tree() -> Tree {
        let node = |n: u128, parent: Option<u128>| Node {
            id: org(n),
            code: n.to_string(),
            name: n.to_string(),
            kind: "k".into(),
            members: 0,
            parent: parent.map(org),
            closed: false,
        };
        Tree::build(1, vec![node(1, None), node(2, Some(1)), node(3, Some(2)), node(4, Some(3)), node(5, Some(1))])
    }

    #[test]
    fn the_route_climbs_to_the_runner_and_ends_there() {
        let table = [
            (2, 4, Some(Next::Up(org(3))), Some(2)),
            (2, 3, Some(Next::Up(org(2))), Some(1)),
            (2, 2, Some(Next::Top), Some(0)),
            (2, 1, None, None),
            (2, 5, None, None),
            (1, 5, Some(Next::Up(org(1))), Some(1)),
            (2, 9, None, None),
        ];
        for (runner, holder, next, depth) in table {
            assert_eq!(next_holder(&tree(), org(runner), org(holder)), next, "{holder} below {runner}");
            assert_eq!(depth_below(&tree(), org(runner), org(holder)), depth, "{holder} below {runner}");
        }
    }
}
