//! What a role may do to whom: one table, one function.
//!
//! The relation is that of the granted organisation to the one acted on. A grant with reach `node` reaches nothing below.

use super::Tree;
use kernel::{Actor, OrganisationId, Reach, Role, Scope};

/// Everything that rights decide about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Create, rename, move, merge, close, import organisations.
    ManageOrganisations,
    /// Create accounts and grant roles.
    ManageAccounts,
    /// Create and change a campaign that the organisation runs.
    ManageCampaign,
    /// See the campaigns that the organisation runs.
    SeeCampaign,
    /// Register lessons of the organisation and change drafts, upload, submit, withdraw.
    EditLesson,
    /// See lessons and submissions of the organisation that are not public.
    SeeUnpublished,
    /// Give the organisation's verdicts.
    Review,
    /// Approve and publish what the organisation selected.
    Publish,
    /// Plan and run broadcasts of the organisation, and what is said in their rooms.
    Broadcast,
    /// Record and correct held sessions of the organisation, and plan them.
    RecordSession,
    /// See held sessions of the organisation.
    SeeSessions,
    /// Verify, return or void held sessions of the organisation: never one's own, so only from above.
    VerifySession,
    /// Close a month of held sessions for the organisation and everything below it.
    CloseMonth,
    /// Set the limits of the bands in which the organisation shows the figures of its children.
    SetBands,
    /// Register and describe lecturers of the organisation, answer for them, and book lecturers in its name.
    KeepLecturers,
    /// See all about lecturers of the organisation and their bookings; what others may find is less.
    SeeLecturers,
    /// See figures of the organisation.
    SeeStatistics,
    /// Read the audit trail of the organisation.
    ReadAudit,
    /// See and retry long work, take exports of the whole installation.
    Operate,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::ManageOrganisations,
        Self::ManageAccounts,
        Self::ManageCampaign,
        Self::SeeCampaign,
        Self::EditLesson,
        Self::SeeUnpublished,
        Self::Review,
        Self::Publish,
        Self::Broadcast,
        Self::RecordSession,
        Self::SeeSessions,
        Self::VerifySession,
        Self::CloseMonth,
        Self::SetBands,
        Self::KeepLecturers,
        Self::SeeLecturers,
        Self::SeeStatistics,
        Self::ReadAudit,
        Self::Operate,
    ];

    /// The scope that an API token needs for it.
    pub const fn scope(self) -> Scope {
        match self {
            Self::SeeCampaign | Self::SeeUnpublished | Self::SeeSessions | Self::SeeLecturers | Self::SeeStatistics | Self::ReadAudit => {
                Scope::Read
            }
            Self::EditLesson | Self::RecordSession | Self::KeepLecturers => Scope::Submit,
            Self::Review | Self::Publish | Self::Broadcast | Self::VerifySession | Self::CloseMonth | Self::SetBands => Scope::Review,
            Self::ManageOrganisations | Self::ManageAccounts | Self::ManageCampaign | Self::Operate => Scope::Administer,
        }
    }
}

/// How the organisation of a grant stands to the one acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The same.
    Own,
    /// The grant is above: the object is in its subtree.
    Above,
    /// The grant is below: the object is one of its superiors.
    Below,
    /// Neither.
    Beside,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Own, Self::Above, Self::Below, Self::Beside];

    fn of(tree: &Tree, grant: OrganisationId, object: OrganisationId) -> Self {
        if grant == object {
            Self::Own
        } else if tree.contains(grant, object) {
            Self::Above
        } else if tree.contains(object, grant) {
            Self::Below
        } else {
            Self::Beside
        }
    }
}

/// The table: whether `role` may do `action` in `relation`.
///
/// A verdict and a publication are acts of one organisation, so no grant reaches them from above. Held sessions are the
/// opposite: who recorded them does not verify them.
pub const fn allowed(role: Role, action: Action, relation: Relation) -> bool {
    use Action::{
        Broadcast, CloseMonth, EditLesson, KeepLecturers, ManageAccounts, ManageCampaign, ManageOrganisations, Operate, Publish, ReadAudit,
        RecordSession, Review, SeeCampaign, SeeLecturers, SeeSessions, SeeStatistics, SeeUnpublished, SetBands, VerifySession,
    };
    use Relation::{Above, Below, Own};
    let manages = matches!(relation, Own | Above);
    match (role, action) {
        (Role::Administrator, ManageOrganisations | ManageAccounts | ManageCampaign | Operate)
        | (Role::Clerk, EditLesson | RecordSession | KeepLecturers)
        | (Role::Clerk | Role::Reviewer, CloseMonth | SetBands)
        | (Role::Clerk | Role::Auditor | Role::Administrator, SeeLecturers)
        | (Role::Host | Role::Editor, Broadcast)
        | (
            Role::Clerk | Role::Reviewer | Role::Editor | Role::Auditor | Role::Administrator,
            SeeUnpublished | SeeSessions | SeeStatistics,
        )
        | (Role::Auditor | Role::Administrator, ReadAudit) => manages,
        (Role::Clerk | Role::Reviewer, VerifySession) => matches!(relation, Above),
        (Role::Reviewer, Review) | (Role::Editor, Publish) => matches!(relation, Own),
        (role, SeeCampaign) => !matches!(role, Role::Viewer) && matches!(relation, Own | Above | Below),
        _ => false,
    }
}

/// Whether `actor` may do `action` to `object`. Unknown organisations: no.
pub fn may(tree: &Tree, actor: &Actor, action: Action, object: OrganisationId) -> bool {
    let granted = |g: &kernel::Grant| {
        let relation = Relation::of(tree, g.organisation, object);
        allowed(g.role, action, relation) && (g.reach == Reach::Subtree || relation != Relation::Above)
    };
    actor.in_scope(action.scope()) && tree.get(object).is_some() && actor.grants.iter().any(granted)
}

/// Whether `actor` may give this grant to somebody: he administers the organisation, and at least as far down.
pub fn may_hand_on(tree: &Tree, actor: &Actor, grant: &kernel::Grant) -> bool {
    let as_far = |own: &kernel::Grant| {
        let relation = Relation::of(tree, own.organisation, grant.organisation);
        allowed(own.role, Action::ManageAccounts, relation)
            && (own.reach == Reach::Subtree || (relation == Relation::Own && grant.reach == Reach::Node))
    };
    actor.in_scope(Action::ManageAccounts.scope()) && tree.get(grant.organisation).is_some() && actor.grants.iter().any(as_far)
}

/// Whether there is any organisation to which `actor` may do `action`.
pub fn may_anywhere(tree: &Tree, actor: &Actor, action: Action) -> bool {
    actor.grants.iter().any(|g| may(tree, actor, action, g.organisation))
}

/// The organisations whose subtrees (reach subtree) or selves (reach node) `actor` may do `action` to: where a list query starts.
pub fn domains(actor: &Actor, action: Action) -> Vec<(OrganisationId, Reach)> {
    if !actor.in_scope(action.scope()) {
        return Vec::new();
    }
    let reach = |g: &kernel::Grant| if allowed(g.role, action, Relation::Above) { g.reach } else { Reach::Node };
    actor.grants.iter().filter(|g| allowed(g.role, action, Relation::Own)).map(|g| (g.organisation, reach(g))).collect()
}

/// The organisations below which, themselves left out, `actor` may do an `action` that is never one's own.
pub fn domains_below(actor: &Actor, action: Action) -> Vec<OrganisationId> {
    if !actor.in_scope(action.scope()) {
        return Vec::new();
    }
    let reaches = |g: &&kernel::Grant| g.reach == Reach::Subtree && allowed(g.role, action, Relation::Above);
    actor.grants.iter().filter(reaches).map(|g| g.organisation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisations::Node;
    use kernel::{Grant, Id};

    fn org(n: u128) -> OrganisationId {
        Id::from_u128(n)
    }

    /// 1 ─► 2 ─► 3, and 4 beside 2.
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
        Tree::build(1, vec![node(1, None), node(2, Some(1)), node(3, Some(2)), node(4, Some(1))])
    }

    fn actor(role: Role, reach: Reach) -> Actor {
        Actor { account: Id::from_u128(9), grants: vec![Grant { organisation: org(2), role, reach }], scopes: None }
    }

    /// The whole table on a real tree: what `may` answers is what `allowed` says for the relation, never more.
    #[test]
    fn s12_may_is_the_table_for_every_role_action_and_relation() {
        let tree = tree();
        let objects = [(org(2), Relation::Own), (org(3), Relation::Above), (org(1), Relation::Below), (org(4), Relation::Beside)];
        for role in Role::ALL {
            for action in Action::ALL {
                for (object, relation) in objects {
                    let want = allowed(*role, action, relation);
                    assert_eq!(may(&tree, &actor(*role, Reach::Subtree), action, object), want, "{role:?} {action:?} {relation:?}");
                    let near = want && relation != Relation::Above;
                    assert_eq!(
                        may(&tree, &actor(*role, Reach::Node), action, object),
                        near,
                        "node reach: {role:?} {action:?} {relation:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn s12_nobody_may_do_anything_beside() {
        for role in Role::ALL {
            assert!(Action::ALL.iter().all(|action| !allowed(*role, *action, Relation::Beside)), "{role:?}");
        }
    }

    #[test]
    fn a5_a_grant_is_handed_on_no_further_than_it_reaches() {
        let hand = |own: Reach, organisation: u128, reach: Reach| {
            may_hand_on(&tree(), &actor(Role::Administrator, own), &Grant { organisation: org(organisation), role: Role::Clerk, reach })
        };
        let table = [
            (Reach::Subtree, 2, Reach::Subtree, true),
            (Reach::Subtree, 3, Reach::Subtree, true),
            (Reach::Subtree, 1, Reach::Node, false),
            (Reach::Subtree, 4, Reach::Node, false),
            (Reach::Node, 2, Reach::Node, true),
            (Reach::Node, 2, Reach::Subtree, false),
            (Reach::Node, 3, Reach::Node, false),
        ];
        for (own, organisation, reach, want) in table {
            assert_eq!(hand(own, organisation, reach), want, "{own:?} hands {reach:?} at {organisation}");
        }
        assert!(!may_hand_on(
            &tree(),
            &actor(Role::Clerk, Reach::Subtree),
            &Grant { organisation: org(2), role: Role::Viewer, reach: Reach::Node }
        ));
    }

    #[test]
    fn a_token_does_no_more_than_its_scopes() {
        let mut clerk = actor(Role::Clerk, Reach::Subtree);
        clerk.scopes = Some(vec![Scope::Read]);
        assert!(!may(&tree(), &clerk, Action::EditLesson, org(2)));
        assert!(may(&tree(), &clerk, Action::SeeUnpublished, org(2)));
    }
}
