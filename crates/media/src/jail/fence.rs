//! The Landlock fence: what a child can open, enforced by the kernel without any right of ours.

use std::io;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, PathBeneath, PathFd, RestrictionStatus, Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr,
    Scope, path_beneath_rules,
};

use super::Cell;

/// Programs, libraries and fonts; read-only. No home folders, no `/proc`, no `/var`, nothing of ours.
const SYSTEM: [&str; 10] =
    ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store", "/etc/fonts", "/etc/ld.so.cache"];

/// Newest rules we know; older kernels enforce the part they know.
const NEWEST: ABI = ABI::V10;

/// The rules for one child, ready to be put on the thread that starts it.
#[derive(Debug)]
pub(super) struct Fence {
    program: PathBuf,
    input: Option<PathBuf>,
    folder: PathBuf,
}

impl Fence {
    pub(super) fn new(program: &Path, cell: Cell<'_>) -> io::Result<Self> {
        let input = cell.input.map(Path::canonicalize).transpose()?;
        Ok(Self { program: program.canonicalize()?, input, folder: cell.folder.canonicalize()? })
    }

    /// Restricts the current thread, and whatever it starts, for good. A kernel without Landlock restricts nothing.
    pub(super) fn close(&self) -> io::Result<()> {
        self.restrict().map(|_| ()).map_err(io::Error::other)
    }

    fn restrict(&self) -> Result<RestrictionStatus, Box<dyn std::error::Error + Send + Sync>> {
        let all = AccessFs::from_all(NEWEST);
        let read = AccessFs::ReadFile | AccessFs::ReadDir | AccessFs::Execute;
        let mut rules: RulesetCreated = Ruleset::default()
            .handle_access(all)?
            .handle_access(AccessNet::from_all(NEWEST))?
            .scope(Scope::from_all(NEWEST))?
            .create()?
            .add_rules(path_beneath_rules(SYSTEM, read))?
            .add_rules(path_beneath_rules(["/dev/null", "/dev/urandom"], AccessFs::ReadFile | AccessFs::WriteFile))?
            .add_rule(PathBeneath::new(PathFd::new(&self.program)?, AccessFs::ReadFile | AccessFs::Execute))?
            .add_rule(PathBeneath::new(PathFd::new(&self.folder)?, all & !AccessFs::Execute))?;
        if let Some(input) = &self.input {
            rules = rules.add_rule(PathBeneath::new(PathFd::new(input)?, AccessFs::ReadFile))?;
        }
        if !rustix::process::geteuid().is_root() {
            // `unshare` writes its user map there. An ordinary user can change nothing else in it.
            rules = rules.add_rules(path_beneath_rules(["/proc"], AccessFs::ReadFile | AccessFs::WriteFile))?;
        }
        Ok(rules.restrict_self()?)
    }
}
