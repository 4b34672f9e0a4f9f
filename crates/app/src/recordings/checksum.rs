//! Hashing a chunk while it arrives.

use super::rules::{Algorithm, Checksum};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// A hash in the making, by the algorithm that the sender chose.
#[derive(Debug)]
pub enum Hasher {
    /// SHA-1.
    Sha1(Sha1),
    /// SHA-256.
    Sha256(Sha256),
}

impl Hasher {
    /// Begins.
    pub fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha1 => Self::Sha1(Sha1::new()),
            Algorithm::Sha256 => Self::Sha256(Sha256::new()),
        }
    }

    /// Takes more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hash) => hash.update(bytes),
            Self::Sha256(hash) => hash.update(bytes),
        }
    }

    /// Whether it all hashes to what was promised.
    pub fn fits(self, promised: &Checksum) -> bool {
        match self {
            Self::Sha1(hash) => hash.finalize()[..] == promised.digest[..],
            Self::Sha256(hash) => hash.finalize()[..] == promised.digest[..],
        }
    }
}
