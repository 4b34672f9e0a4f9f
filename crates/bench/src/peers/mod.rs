//! Other programs that do a like work, each in its best configuration.

pub mod django;
pub mod duckdb;
pub mod nchan;
pub mod nginx;
pub mod postgres;
pub mod redis;

use std::path::PathBuf;

/// Where a program is, in the search path or where Debian puts servers.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    folders.map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Why a peer is not measured: what its installation said, or that it is not there.
pub fn absent(lab: &crate::lab::Lab, peer: &str) -> String {
    lab.missing(peer).unwrap_or_else(|| format!("{peer} is not installed"))
}
