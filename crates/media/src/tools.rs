//! Finding ffmpeg and ffprobe, and checking their version.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest ffmpeg we are tested with.
const OLDEST: (u32, u32) = (5, 1);

/// Where ffmpeg and ffprobe are, both new enough.
#[derive(Debug, Clone)]
pub struct Tools {
    pub(crate) ffmpeg: PathBuf,
    pub(crate) ffprobe: PathBuf,
    /// What each says of its version.
    versions: [String; 2],
    /// Built with zimg, so that HDR can be mapped properly.
    pub(crate) zscale: bool,
}

/// Why media work has to wait; the text says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ToolsMissing {
    /// Not on the search path, or not at the given place.
    #[error("{0} not found: install ffmpeg 5.1 or newer (Debian and Ubuntu: apt-get install ffmpeg)")]
    NotFound(String),
    /// Found, but it does not answer like ffmpeg.
    #[error("{0} does not run: {1}")]
    Broken(String, String),
    /// Found, but too old.
    #[error("{0} is version {1}: install ffmpeg 5.1 or newer")]
    TooOld(String, String),
}

impl Tools {
    /// Looks along `PATH`. Cheap enough to be asked again before every job, so that work goes on once ffmpeg appears.
    pub fn find() -> Result<Self, ToolsMissing> {
        Self::at(&on_path("ffmpeg")?, &on_path("ffprobe")?)
    }

    /// Takes the tools at these places. Starts each once, without the jail, to ask its version.
    pub fn at(ffmpeg: &Path, ffprobe: &Path) -> Result<Self, ToolsMissing> {
        let versions = [check_version(ffmpeg)?, check_version(ffprobe)?];
        let filters = output(ffmpeg, &["-hide_banner", "-v", "error", "-filters"])?;
        Ok(Self { ffmpeg: ffmpeg.to_owned(), ffprobe: ffprobe.to_owned(), versions, zscale: filters.contains(" zscale ") })
    }

    /// Place and version of ffmpeg, and of ffprobe.
    pub fn told(&self) -> [(&Path, &str); 2] {
        [(&self.ffmpeg, &self.versions[0]), (&self.ffprobe, &self.versions[1])]
    }
}

/// The file called `name` in one of the folders of `PATH`.
pub(crate) fn on_path(name: &str) -> Result<PathBuf, ToolsMissing> {
    let path = env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
    let found = env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.ok_or_else(|| ToolsMissing::NotFound(name.to_owned()))
}

/// The version that `tool` tells, unless it is too old.
fn check_version(tool: &Path) -> Result<String, ToolsMissing> {
    let name = tool.display().to_string();
    if !tool.is_file() {
        return Err(ToolsMissing::NotFound(name));
    }
    let text = output(tool, &["-version"])?;
    let version = text.split_whitespace().nth(2).unwrap_or_default().to_owned();
    match major_minor(&version) {
        Some(found) if found < OLDEST => Err(ToolsMissing::TooOld(name, version)),
        Some(_) => Ok(version),
        None => Err(ToolsMissing::Broken(name, "it does not tell its version".into())),
    }
}

/// `5.1.9-0+deb12u1` is (5, 1); builds from the development tree (`N-112233-g…`) count as newest.
fn major_minor(version: &str) -> Option<(u32, u32)> {
    if version.starts_with("N-") || version.starts_with("git-") {
        return Some((u32::MAX, 0));
    }
    let mut parts = version.trim_start_matches('n').split(|c: char| !c.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next().and_then(|minor| minor.parse().ok()).unwrap_or(0)))
}

fn output(tool: &Path, args: &[&str]) -> Result<String, ToolsMissing> {
    let broken = |why: String| ToolsMissing::Broken(tool.display().to_string(), why);
    let done = Command::new(tool).args(args).stdin(Stdio::null()).env_clear().output().map_err(|e| broken(e.to_string()))?;
    if !done.status.success() {
        return Err(broken(done.status.to_string()));
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        let table = [
            ("5.1.9-0+deb12u1", Some((5, 1))),
            ("n6.0", Some((6, 0))),
            ("7", Some((7, 0))),
            ("4.4.2-0ubuntu0.22.04.1", Some((4, 4))),
            ("N-112233-gabcdef", Some((u32::MAX, 0))),
            ("", None),
            ("version", None),
        ];
        for (text, want) in table {
            assert_eq!(major_minor(text), want, "{text}");
        }
    }

    #[test]
    fn missing_tool_says_what_to_do() {
        let missing = Tools::at(Path::new("/nowhere/ffmpeg"), Path::new("/nowhere/ffprobe")).expect_err("nothing there");
        assert!(missing.to_string().starts_with("/nowhere/ffmpeg not found: install"), "{missing}");
    }
}
