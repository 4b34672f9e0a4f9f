//! Accounts: who may come in.
//!
//! ```text
//! password ─Argon2id─► sign-in (a row with a hashed secret; the secret is only in the cookie)
//! token    ─SHA-256──► API token (a row with scopes)
//! ```
//!
//! * Wrong passwords lock an account for a while; the answer and the time it takes are the same whether the login
//!   exists or not (S18).
//! * A sign-in ends when it's idle too long, is revoked by its owner, or its account is disabled; grants are read
//!   anew for every request (S19).
//! * Not here: what a role may do (`organisations::access`).

pub mod actions;
pub mod api;
mod device;
pub mod pages;
pub mod password;
pub mod rules;
mod store;

pub use actions::{Known, by_cookie, by_token};
pub use kernel::AccountId;
pub use store::{Account, AccountRow, Accounts, GrantLine, Listed, SignInLine, TokenLine};

use kernel::{Id, Identified};

/// Name of the cookie that holds a sign-in's secret.
pub const COOKIE: &str = "kj_sign_in";

/// The header value that keeps a sign-in on a device for 30 days.
fn sign_in_cookie(secure: bool, secret: &str) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000{secure}")
}

/// One sign-in of an account on one device.
#[derive(Debug)]
pub struct SignIn;
impl Identified for SignIn {
    const PREFIX: &'static str = "sgn";
}
/// Names a sign-in.
pub type SignInId = Id<SignIn>;

/// A secret for programs.
#[derive(Debug)]
pub struct ApiToken;
impl Identified for ApiToken {
    const PREFIX: &'static str = "tok";
}
/// Names an API token.
pub type ApiTokenId = Id<ApiToken>;

/// A role granted to an account at an organisation.
#[derive(Debug)]
pub struct RoleGrant;
impl Identified for RoleGrant {
    const PREFIX: &'static str = "grt";
}
/// Names a grant.
pub type RoleGrantId = Id<RoleGrant>;

/// What a sign-in remembers about where it was made.
#[derive(Debug, Clone)]
pub struct Device {
    /// User agent, shortened by us.
    pub name: String,
    /// Address.
    pub address: String,
}
