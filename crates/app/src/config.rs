//! Settings: defaults in code, then the TOML file, then the environment, then the command line.
//!
//! `kaijiang config-docs` prints the reference from [`Config::reference`]; a test keeps the two in step.

use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// A setting is wrong: which one, and what it may be.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("cannot read the configuration file {path}: {source}")]
    Unreadable {
        /// The file asked for.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML of the known shape.
    #[error("configuration file {path}: {reason}")]
    Malformed {
        /// The file asked for.
        path: PathBuf,
        /// Line and reason.
        reason: String,
    },
    /// A number is out of its bounds.
    #[error("setting {name} is {found}; it must be {wanted}")]
    OutOfRange {
        /// The setting.
        name: &'static str,
        /// Its value.
        found: String,
        /// Its bounds.
        wanted: &'static str,
    },
}

/// Everything that can be set. Every value has a default that works.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where everything is kept.
    pub data: PathBuf,
    /// Where the server listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// `postgres://…`; empty means SQLite in the data folder.
    pub database: String,
    /// The address that readers use, for links in QR codes and receipts; empty means the listening address.
    pub public_url: String,
    /// IANA name of the time zone that days and deadlines are shown in.
    pub zone: String,
    /// Vocabulary pack: `generic` or `lecture-opens`.
    pub pack: String,
    /// Language when the reader asks for none: `zh-CN` or `en`.
    pub language: String,
    /// Minutes without a click after which a sign-in ends.
    pub idle_minutes: u32,
    /// Wrong passwords in a row that lock an account.
    pub lockout_after: u32,
    /// Minutes that a locked account waits.
    pub lockout_minutes: u32,
    /// Largest file that can be uploaded, in MiB.
    pub upload_max_mib: u64,
    /// Folder of ffmpeg and ffprobe; empty means the search path.
    pub ffmpeg: PathBuf,
    /// Hours after which an unfinished upload is forgotten.
    pub upload_hours: u32,
    /// Requests a minute that one address may make for signing in.
    pub sign_in_per_minute: u32,
    /// Requests a minute that one address may make in all.
    pub requests_per_minute: u32,
    /// The server's address is trusted in `X-Forwarded-For` when a proxy stands before it.
    pub behind_proxy: bool,
    /// Sign-in cookies are sent over https only; set it wherever readers come by https.
    pub secure_cookies: bool,
    /// Seconds that a signed media address stays good.
    pub media_url_s: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            listen: ([127, 0, 0, 1], 8080).into(),
            database: String::new(),
            public_url: String::new(),
            zone: "Asia/Shanghai".into(),
            pack: "lecture-opens".into(),
            language: "zh-CN".into(),
            idle_minutes: 120,
            lockout_after: 5,
            lockout_minutes: 15,
            ffmpeg: PathBuf::new(),
            upload_max_mib: 16_384,
            upload_hours: 72,
            sign_in_per_minute: 30,
            requests_per_minute: 6_000,
            behind_proxy: false,
            secure_cookies: false,
            media_url_s: 14_400,
        }
    }
}

impl Config {
    /// Reads `file` over the defaults; no file means the defaults.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = file else { return Ok(Self::default()) };
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        toml::from_str(&text).map_err(|e| ConfigError::Malformed { path: path.to_owned(), reason: e.to_string() })
    }

    /// Refuses values that can't work, before anything starts.
    pub fn check(&self) -> Result<(), ConfigError> {
        let within = |name, value: u64, low: u64, high: u64, wanted| {
            if (low..=high).contains(&value) { Ok(()) } else { Err(ConfigError::OutOfRange { name, found: value.to_string(), wanted }) }
        };
        within("idle_minutes", self.idle_minutes.into(), 5, 1_440, "5 to 1440")?;
        within("lockout_after", self.lockout_after.into(), 3, 100, "3 to 100")?;
        within("lockout_minutes", self.lockout_minutes.into(), 1, 1_440, "1 to 1440")?;
        within("upload_max_mib", self.upload_max_mib, 1, 1_048_576, "1 to 1048576")?;
        within("upload_hours", self.upload_hours.into(), 1, 720, "1 to 720")?;
        within("media_url_s", self.media_url_s.into(), 60, 86_400, "60 to 86400")?;
        within("sign_in_per_minute", self.sign_in_per_minute.into(), 1, 100_000, "1 to 100000")?;
        within("requests_per_minute", self.requests_per_minute.into(), 60, 10_000_000, "60 to 10000000")?;
        let one_of = |name, value: &str, known: &[&str], wanted| {
            if known.contains(&value) { Ok(()) } else { Err(ConfigError::OutOfRange { name, found: value.into(), wanted }) }
        };
        one_of("pack", &self.pack, &["generic", "lecture-opens"], "generic or lecture-opens")?;
        one_of("language", &self.language, &["zh-CN", "en"], "zh-CN or en")?;
        self.time_zone().map(drop)
    }

    /// The time zone of the installation.
    pub fn time_zone(&self) -> Result<jiff::tz::TimeZone, ConfigError> {
        jiff::tz::TimeZone::get(&self.zone).map_err(|_| ConfigError::OutOfRange {
            name: "zone",
            found: self.zone.clone(),
            wanted: "an IANA time zone such as Asia/Shanghai",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_good_and_a_bad_value_is_named_with_its_bounds() {
        assert!(Config::default().check().is_ok());
        let bad = Config { idle_minutes: 1, ..Config::default() };
        assert_eq!(bad.check().unwrap_err().to_string(), "setting idle_minutes is 1; it must be 5 to 1440");
        let bad = Config { zone: "Mars/Base".into(), ..Config::default() };
        assert!(bad.check().unwrap_err().to_string().contains("Mars/Base"));
    }
}
