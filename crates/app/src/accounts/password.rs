//! Argon2id with the library's recommended cost; always off the async threads.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// Hashing failed: out of memory, or the worker was stopped.
#[derive(Debug, thiserror::Error)]
#[error("password hashing: {0}")]
pub struct HashingFailed(String);

/// The PHC string of a new password.
pub async fn hash(password: String) -> Result<String, HashingFailed> {
    let work = move || {
        let salt: [u8; 16] = kernel::random::bytes();
        let hash: PasswordHash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(|e| e.to_string())?;
        Ok::<_, String>(hash.to_string())
    };
    tokio::task::spawn_blocking(work).await.map_err(|e| HashingFailed(e.to_string()))?.map_err(HashingFailed)
}

/// Whether `password` fits `stored`. Without a stored hash it does the same work and answers no.
pub async fn verify(password: String, stored: Option<String>) -> Result<bool, HashingFailed> {
    let Some(stored) = stored else {
        hash(password).await?;
        return Ok(false);
    };
    let work = move || {
        let parsed = PasswordHash::new(&stored).map_err(|e| e.to_string())?;
        Ok::<_, String>(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    };
    tokio::task::spawn_blocking(work).await.map_err(|e| HashingFailed(e.to_string()))?.map_err(HashingFailed)
}
