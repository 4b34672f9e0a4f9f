//! Pure rules of signing in.

use crate::problem::FieldError;
use kernel::{Role, Scope, Timestamp};

/// Characters a password must have at least.
pub const PASSWORD_MIN: usize = 10;
/// Characters a password may have at most, so that hashing stays cheap.
pub const PASSWORD_MAX: usize = 200;

/// Characters that a name of a person or token may have.
pub const NAME_MAX: usize = 100;

/// What a new token breaks: no scope, or a life longer than a year.
pub fn token_faults(scopes: &[Scope], days: i64) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if scopes.is_empty() {
        faults.push(FieldError::new("scopes", "required", "", ""));
    }
    if !(1..=366).contains(&days) {
        faults.push(FieldError::new("days", "range", days.to_string(), "1–366"));
    }
    faults
}

/// Roles that one account may not hold together: who keeps the system does not audit it (A6).
pub fn clash(held: &[Role], new: Role) -> Option<Role> {
    let apart = match new {
        Role::Administrator => Role::Auditor,
        Role::Auditor => Role::Administrator,
        _ => return None,
    };
    held.contains(&apart).then_some(apart)
}

/// Whether an account may try a password now.
pub fn is_locked(locked_until: Option<Timestamp>, now: Timestamp) -> bool {
    locked_until.is_some_and(|until| now < until)
}

/// When the lock ends after this wrong password, if it was one too many.
pub fn lock_after(failed: i64, allowed: u32, minutes: u32, now: Timestamp) -> Option<Timestamp> {
    (failed >= i64::from(allowed)).then(|| now.plus_ms(i64::from(minutes) * 60_000))
}

/// Whether a sign-in was left alone too long.
pub fn is_idle(last_seen: Timestamp, idle_minutes: u32, now: Timestamp) -> bool {
    now - last_seen > i64::from(idle_minutes) * 60_000
}

/// Sign-ins that were last used before this moment have ended.
pub fn idle_since(idle_minutes: u32, now: Timestamp) -> Timestamp {
    now.plus_ms(-i64::from(idle_minutes) * 60_000)
}

/// What a new password breaks: length, the login in it, one repeated character.
pub fn password_faults(password: &str, login: &str) -> Vec<FieldError> {
    let length = password.chars().count();
    let mut faults = Vec::new();
    if !(PASSWORD_MIN..=PASSWORD_MAX).contains(&length) {
        faults.push(FieldError::new("password", "length", length.to_string(), format!("{PASSWORD_MIN}–{PASSWORD_MAX}")));
    }
    if !login.is_empty() && password.to_lowercase().contains(&login.to_lowercase()) {
        faults.push(FieldError::new("password", "not-the-login", "", login));
    }
    if password.chars().collect::<std::collections::BTreeSet<_>>().len() < 4 && length >= PASSWORD_MIN {
        faults.push(FieldError::new("password", "varied", "", 4));
    }
    faults
}

/// Logins are compared in lower case: letters, digits, `.`, `-`, `_`, `@`; 3 to 64 of them.
pub fn login_faults(login: &str) -> Vec<FieldError> {
    let good =
        (3..=64).contains(&login.chars().count()) && login.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@'));
    if good { Vec::new() } else { vec![FieldError::new("login", "login", login, "3–64")] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_follows_the_table() {
        let now = Timestamp(1_000_000);
        for (failed, locked) in [(0, false), (4, false), (5, true), (9, true)] {
            assert_eq!(lock_after(failed, 5, 15, now).is_some(), locked, "{failed}");
        }
        assert!(is_locked(Some(now.plus_ms(1)), now));
        assert!(!is_locked(Some(now), now));
        assert!(is_idle(now, 5, now.plus_ms(300_001)));
        assert!(!is_idle(now, 5, now.plus_ms(300_000)));
    }

    #[test]
    fn a6_administration_and_audit_stay_apart() {
        assert_eq!(clash(&[Role::Clerk, Role::Auditor], Role::Administrator), Some(Role::Auditor));
        assert_eq!(clash(&[Role::Administrator], Role::Auditor), Some(Role::Administrator));
        assert_eq!(clash(&[Role::Administrator], Role::Reviewer), None);
        assert_eq!(token_faults(&[], 0).len(), 2);
        assert_eq!(token_faults(&[Scope::Read], 366).len(), 0);
    }

    #[test]
    fn passwords_follow_the_table() {
        for (password, faults) in
            [("correct horse battery", 0), ("长夜漫漫路迢迢星星点灯", 0), ("short", 1), ("li.wei-2026!", 1), ("aaaaaaaaaaaa", 1), ("", 1)]
        {
            assert_eq!(password_faults(password, "li.wei").len(), faults, "{password}");
        }
    }
}
