//! What a mail server needs beside its name, and its password.

use super::{Config, ConfigError};

impl Config {
    /// What a mail server needs beside its name.
    pub(super) fn check_mail(&self) -> Result<(), ConfigError> {
        if self.mail_host.is_empty() {
            return Ok(());
        }
        let missing = |name, found: &str, wanted: &str| ConfigError::OutOfRange { name, found: found.into(), wanted: wanted.into() };
        if crate::notices::sender(&self.mail_from).is_none() {
            return Err(missing("mail_from", &self.mail_from, "an address such as reports@example.org when mail_host is set"));
        }
        if !self.public_url.starts_with("http") {
            return Err(missing("public_url", &self.public_url, "the address that readers use when mail_host is set: mails carry links"));
        }
        if self.mail_user.is_empty() { Ok(()) } else { self.mail_password().map(drop) }
    }

    /// The password for the mail server. It is read each time, so that a new one needs no restart, and is no part of the
    /// settings, so that nothing which shows them shows it.
    pub fn mail_password(&self) -> Result<String, ConfigError> {
        if let Ok(password) = std::env::var("KAIJIANG_MAIL_PASSWORD") {
            return Ok(password);
        }
        let path = &self.mail_password_file;
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.clone(), source })?;
        Ok(text.lines().next().unwrap_or_default().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_needs_a_sender_an_address_for_links_and_its_password() {
        let mail =
            |from: &str, url: &str| Config { mail_host: "m".into(), mail_from: from.into(), public_url: url.into(), ..Config::default() };
        assert!(mail("Lectures <a@example.org>", "https://a.example").check().is_ok());
        assert!(mail("nobody", "https://a.example").check().unwrap_err().to_string().contains("mail_from"));
        assert!(mail("a@example.org", "").check().unwrap_err().to_string().contains("public_url"));
        let unread = Config { mail_user: "u".into(), mail_password_file: "/nowhere".into(), ..mail("a@example.org", "https://a.example") };
        assert!(unread.check().is_err());
    }
}
