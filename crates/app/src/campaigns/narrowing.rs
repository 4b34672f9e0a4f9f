//! Who alone acts in one campaign: it narrows roles that the tree grants, and never grants any.

use super::NarrowedId;
use crate::organisations::OrganisationId;
use kernel::{AccountId, Actor, Role};
use serde::Serialize;
use utoipa::ToSchema;

/// Roles that a campaign can narrow: those that give verdicts and those that clear.
pub const NARROWED: [Role; 2] = [Role::Reviewer, Role::Editor];

/// One of those who alone act in a role for an organisation in a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Narrowed {
    /// Its id.
    #[schema(value_type = String)]
    pub id: NarrowedId,
    /// `reviewer` or `editor`.
    #[schema(value_type = String)]
    pub role: Role,
    /// For whom.
    #[schema(value_type = String)]
    pub organisation: OrganisationId,
    /// Who.
    #[schema(value_type = String)]
    pub account: AccountId,
    /// What that person is called.
    pub name: String,
}

/// Whether the rows of a campaign leave `actor` in `role` for `organisation`: nobody is named, or he is. Says nothing about
/// whether he has the role.
pub fn leaves(rows: &[Narrowed], actor: &Actor, role: Role, organisation: OrganisationId) -> bool {
    let mut named = rows.iter().filter(|row| row.role == role && row.organisation == organisation).peekable();
    named.peek().is_none() || named.any(|row| row.account == actor.account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    #[test]
    fn a5_only_those_who_are_named_are_left_and_only_where_somebody_is_named() {
        let row = |role, organisation, account| Narrowed {
            id: Id::from_u128(1),
            role,
            organisation: Id::from_u128(organisation),
            account: Id::from_u128(account),
            name: String::new(),
        };
        let rows = [row(Role::Reviewer, 1, 7), row(Role::Reviewer, 1, 8), row(Role::Editor, 2, 9)];
        let table = [
            (7, Role::Reviewer, 1, true),
            (8, Role::Reviewer, 1, true),
            (9, Role::Reviewer, 1, false),
            (9, Role::Reviewer, 2, true),
            (9, Role::Editor, 2, true),
            (7, Role::Editor, 2, false),
            (7, Role::Editor, 1, true),
        ];
        for (account, role, organisation, want) in table {
            let actor = Actor { account: Id::from_u128(account), grants: Vec::new(), scopes: None };
            assert_eq!(leaves(&rows, &actor, role, Id::from_u128(organisation)), want, "{account} {role:?} {organisation}");
        }
    }
}
