//! Settings: defaults in code, then the TOML file, then the environment, then the command line.
//!
//! `kaijiang config-docs` prints the reference: [`Config::reference`].

mod mail;

use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// A setting is wrong: which one, and what it may be.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("cannot read {path}: {source}")]
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
        wanted: String,
    },
}

/// Everything that can be set. Every value has a default that works.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where everything is kept.
    pub data: PathBuf,
    /// Where the server listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// `postgres://…`; empty means SQLite in the data folder.
    pub database: String,
    /// The address that readers use, for links in QR codes, receipts and invitations; empty means the address of each request.
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
    /// Days after which reports of imports are forgotten, with their workbooks.
    pub report_days: u32,
    /// Requests a minute that one address may make for signing in.
    pub sign_in_per_minute: u32,
    /// Requests a minute that one address may make in all.
    pub requests_per_minute: u32,
    /// Lasting connections to rooms that one address may hold; whoever finds no place looks in every few seconds instead.
    pub connections_per_address: u32,
    /// The server's address is trusted in `X-Forwarded-For` when a proxy stands before it.
    pub behind_proxy: bool,
    /// Sign-in cookies are sent over https only; set it wherever readers come by https.
    pub secure_cookies: bool,
    /// Seconds that a signed media address stays good.
    pub media_url_s: u32,
    /// Memory for segments and playlists that many players fetch, in MiB; 0 reads every file from the disk.
    pub media_memory_mib: u64,
    /// Where publishers (OBS, phones, cameras) are taken in by RTMP; port 0 takes a free one.
    pub rtmp_listen: SocketAddr,
    /// The same behind TLS (RTMPS), when a certificate is set.
    pub rtmps_listen: SocketAddr,
    /// Certificate chain for RTMPS, a PEM file; empty takes broadcasts in without TLS only.
    pub rtmps_certificate: PathBuf,
    /// Private key of the certificate, a PEM file.
    pub rtmps_key: PathBuf,
    /// Where pictures and sound of browsers come in ("go live from this phone", WHIP), by UDP; port 0 takes a free one.
    pub whip_listen: SocketAddr,
    /// The address that phones reach it by, such as `203.0.113.7:8189`; empty means `whip_listen`, which then must name one
    /// address and not all of them.
    pub whip_public: String,
    /// Seconds that a publisher on air may stay away before the broadcast ends by itself.
    pub rejoin_grace_s: u32,
    /// Lower qualities of broadcasts (720p, 360p): `auto` while the machine has room, `on`, or `off`.
    pub live_rungs: String,
    /// Milliseconds for which anonymous readers get the same page of the portal; 0 makes each one anew.
    pub portal_keep_ms: u32,
    /// Name of the mail server (SMTP) that reports and notices are handed to; empty sends no mail. Set `public_url` too: mails
    /// carry links.
    pub mail_host: String,
    /// Its port.
    pub mail_port: u16,
    /// How the line to it is secured: `starttls`, `tls` (from the first byte, mostly port 465), or `none`, for a server on this
    /// machine.
    pub mail_security: String,
    /// Name to sign in there with; empty does not sign in.
    pub mail_user: String,
    /// File with the password, in its first line. `KAIJIANG_MAIL_PASSWORD` in the environment wins over it.
    pub mail_password_file: PathBuf,
    /// Who mails come from: `reports@example.org` or `Lectures <reports@example.org>`.
    pub mail_from: String,
    /// Certificate of an authority of one's own that the mail server is known by, a PEM file; empty trusts the system's.
    pub mail_root: PathBuf,
    /// Largest files that one mail carries, in MiB; a larger report is linked.
    pub mail_max_mib: u32,
}

/// Name, reader and range of a number.
type Bound = (&'static str, fn(&Config) -> u64, RangeInclusive<u64>);

/// Numbers with their bounds; both ends are allowed.
const BOUNDS: &[Bound] = &[
    ("idle_minutes", |c| c.idle_minutes.into(), 5..=1_440),
    ("lockout_after", |c| c.lockout_after.into(), 3..=100),
    ("lockout_minutes", |c| c.lockout_minutes.into(), 1..=1_440),
    ("upload_max_mib", |c| c.upload_max_mib, 1..=1_048_576),
    ("upload_hours", |c| c.upload_hours.into(), 1..=720),
    ("report_days", |c| c.report_days.into(), 1..=3_660),
    ("media_url_s", |c| c.media_url_s.into(), 60..=86_400),
    ("rejoin_grace_s", |c| c.rejoin_grace_s.into(), 5..=3_600),
    ("portal_keep_ms", |c| c.portal_keep_ms.into(), 0..=60_000),
    ("mail_port", |c| c.mail_port.into(), 1..=65_535),
    ("mail_max_mib", |c| c.mail_max_mib.into(), 1..=100),
    ("media_memory_mib", |c| c.media_memory_mib, 0..=1_048_576),
    ("sign_in_per_minute", |c| c.sign_in_per_minute.into(), 1..=100_000),
    ("connections_per_address", |c| c.connections_per_address.into(), 1..=1_000_000),
    ("requests_per_minute", |c| c.requests_per_minute.into(), 60..=10_000_000),
];

fn words(bounds: &RangeInclusive<u64>) -> String {
    format!("{} to {}", bounds.start(), bounds.end())
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
            report_days: 30,
            sign_in_per_minute: 30,
            requests_per_minute: 6_000,
            connections_per_address: 500,
            behind_proxy: false,
            secure_cookies: false,
            media_url_s: 14_400,
            media_memory_mib: 128,
            rtmp_listen: ([127, 0, 0, 1], 1935).into(),
            rtmps_listen: ([127, 0, 0, 1], 1936).into(),
            rtmps_certificate: PathBuf::new(),
            rtmps_key: PathBuf::new(),
            whip_listen: ([127, 0, 0, 1], 8189).into(),
            whip_public: String::new(),
            rejoin_grace_s: 180,
            live_rungs: "auto".into(),
            portal_keep_ms: 2_000,
            mail_host: String::new(),
            mail_port: 587,
            mail_security: "starttls".into(),
            mail_user: String::new(),
            mail_password_file: PathBuf::new(),
            mail_from: String::new(),
            mail_root: PathBuf::new(),
            mail_max_mib: 10,
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
        for (name, value, bounds) in BOUNDS {
            if !bounds.contains(&value(self)) {
                return Err(ConfigError::OutOfRange { name, found: value(self).to_string(), wanted: words(bounds) });
            }
        }
        let one_of = |name, value: &str, known: &[&str], wanted: &str| {
            if known.contains(&value) { Ok(()) } else { Err(ConfigError::OutOfRange { name, found: value.into(), wanted: wanted.into() }) }
        };
        one_of("pack", &self.pack, &["generic", "lecture-opens"], "generic or lecture-opens")?;
        one_of("live_rungs", &self.live_rungs, &["auto", "on", "off"], "auto, on or off")?;
        one_of("language", &self.language, &["zh-CN", "en"], "zh-CN or en")?;
        if !self.whip_public.is_empty() && self.whip_public.parse::<SocketAddr>().is_err() {
            let wanted = "an address with its port such as 203.0.113.7:8189".into();
            return Err(ConfigError::OutOfRange { name: "whip_public", found: self.whip_public.clone(), wanted });
        }
        one_of("mail_security", &self.mail_security, &["starttls", "tls", "none"], "starttls, tls or none")?;
        self.check_mail()?;
        self.time_zone().map(drop)
    }

    /// Every setting as Markdown: what its comment says, its default, its bounds.
    ///
    /// The comments are read from this very file, so the reference can't say anything else than the code.
    pub fn reference() -> Result<String, toml::ser::Error> {
        let defaults = toml::Table::try_from(Self::default())?;
        let source = include_str!("config.rs");
        let fields = source.split("pub struct Config {").nth(1).and_then(|rest| rest.split("\n}").next()).unwrap_or_default();
        let mut text = HEAD.to_owned();
        let mut comment = Vec::new();
        for line in fields.lines().map(str::trim) {
            if let Some(words) = line.strip_prefix("///") {
                comment.push(words.trim());
            } else if let Some((name, _)) = line.strip_prefix("pub ").and_then(|field| field.split_once(':')) {
                let default = defaults.get(name).map(ToString::to_string).unwrap_or_default();
                let bounds = BOUNDS.iter().find(|(bounded, ..)| *bounded == name).map(|(.., range)| words(range)).unwrap_or_default();
                text += &["| `", name, "` | `", &default, "` | ", &bounds, " | ", &comment.join(" "), " |\n"].concat();
                comment.clear();
            }
        }
        Ok(text)
    }

    /// The time zone of the installation.
    pub fn time_zone(&self) -> Result<jiff::tz::TimeZone, ConfigError> {
        jiff::tz::TimeZone::get(&self.zone).map_err(|_| ConfigError::OutOfRange {
            name: "zone",
            found: self.zone.clone(),
            wanted: "an IANA time zone such as Asia/Shanghai".into(),
        })
    }
}

const HEAD: &str = "# Settings

Printed by `kaijiang config-docs`; do not edit. Every setting has a default that works. A TOML file (`--config FILE` or
`KAIJIANG_CONFIG`) changes it; the environment (`KAIJIANG_DATA`, `KAIJIANG_DATABASE`, `KAIJIANG_LISTEN`) changes the three that
differ from machine to machine, and the flags of the same names win over everything. `KAIJIANG_MAIL_PASSWORD` holds the password
for the mail server, where it stands in no file. `KAIJIANG_LOG` filters the log, such as
`info,sqlx=warn`. A value that can't work is refused at the start, with its name and what it may be.

| Setting | Default | Bounds | Meaning |
|---|---|---|---|
";

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

    #[test]
    fn the_reference_names_every_setting_with_its_meaning_and_default() {
        let reference = Config::reference().unwrap();
        let settings = toml::Table::try_from(Config::default()).unwrap();
        let rows: Vec<Vec<_>> = reference.lines().filter(|l| l.starts_with("| `")).map(|l| l.split(" | ").collect()).collect();
        assert_eq!(rows.len(), settings.len());
        for (name, default) in &settings {
            let row = rows.iter().find(|row| row[0] == format!("| `{name}`")).unwrap_or_else(|| panic!("{name} is missing"));
            assert_eq!(row[1], format!("`{default}`"), "{name}");
            assert!(row[3].len() > 10, "{name} has no meaning");
        }
        assert!(BOUNDS.iter().all(|(name, ..)| settings.contains_key(*name)));
    }
}
