//! Who acts: an account with the roles that are in force now.

use crate::{Id, Identified};
use serde::{Deserialize, Serialize};

/// Someone who can sign in.
#[derive(Debug)]
pub struct Account;
impl Identified for Account {
    const PREFIX: &'static str = "acc";
}
/// Names an account.
pub type AccountId = Id<Account>;

/// A node of the tree.
#[derive(Debug)]
pub struct Organisation;
impl Identified for Organisation {
    const PREFIX: &'static str = "org";
}
/// Names an organisation.
pub type OrganisationId = Id<Organisation>;

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),* }
        impl $name {
            /// Every value, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// The stable code, in tables and in the API.
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code),* } }
            /// Reads the stable code.
            pub fn from_code(code: &str) -> Option<Self> { match code { $($code => Some(Self::$variant),)* _ => None } }
        }
    };
}

coded! {
    /// What someone was granted at an organisation.
    Role {
        /// Registers lessons and submits them.
        Clerk = "clerk",
        /// Gives the verdicts of an organisation.
        Reviewer = "reviewer",
        /// Scores what was assigned.
        Judge = "judge",
        /// Approves and publishes.
        Editor = "editor",
        /// Runs broadcasts.
        Host = "host",
        /// Sees and edits lessons held in person.
        Lecturer = "lecturer",
        /// Reads everything, changes nothing.
        Auditor = "auditor",
        /// Keeps organisations, people and campaigns.
        Administrator = "administrator",
        /// Watches as a member.
        Viewer = "viewer",
    }
}

coded! {
    /// How far a grant goes.
    Reach {
        /// The organisation alone.
        Node = "node",
        /// The organisation and all below it.
        Subtree = "subtree",
    }
}

coded! {
    /// What an API token may be used for.
    Scope {
        /// Reading.
        Read = "read",
        /// Registering, uploading, submitting.
        Submit = "submit",
        /// Verdicts and approvals.
        Review = "review",
        /// Organisations, people, campaigns.
        Administer = "administer",
    }
}

/// One role at one organisation, in force now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Where.
    pub organisation: OrganisationId,
    /// What.
    pub role: Role,
    /// How far down.
    pub reach: Reach,
}

/// Who makes this request, and with which rights.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// Grants in force at the time of the request.
    pub grants: Vec<Grant>,
    /// The scopes of the API token used; none for someone who signed in.
    pub scopes: Option<Vec<Scope>>,
}

impl Actor {
    /// Whether the way in (page or token) allows `scope` at all.
    pub fn in_scope(&self, scope: Scope) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.contains(&scope))
    }

    /// Organisations where this account holds `role`.
    pub fn holds(&self, role: Role) -> impl Iterator<Item = OrganisationId> + '_ {
        self.grants.iter().filter(move |g| g.role == role).map(|g| g.organisation)
    }
}
