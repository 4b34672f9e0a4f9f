//! Handing a message to the mail server.

use super::message::sender;
use crate::config::Config;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;

/// A server that is silent for longer has failed.
const PATIENCE: Duration = Duration::from_mins(1);
/// Answers about the message itself, to which trying again changes nothing (RFC 5321, 4.2.3).
const FOR_GOOD: [&str; 6] = ["550", "551", "552", "553", "554", "555"];

/// Why a message was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotTaken {
    /// Trying again changes nothing.
    pub for_good: bool,
    /// What the server said, for administrators: it may name the address.
    pub why: String,
    /// The same without anything personal, for the log.
    pub class: &'static str,
}

fn not_set(why: impl std::fmt::Display) -> NotTaken {
    NotTaken { for_good: false, why: why.to_string(), class: "settings" }
}

/// Who mails come from.
pub fn from(config: &Config) -> Result<Mailbox, NotTaken> {
    sender(&config.mail_from).ok_or_else(|| not_set("mail_from is no address"))
}

fn server(config: &Config) -> Result<AsyncSmtpTransport<Tokio1Executor>, NotTaken> {
    let mut parameters = TlsParameters::builder(config.mail_host.clone());
    if !config.mail_root.as_os_str().is_empty() {
        let pem = std::fs::read(&config.mail_root).map_err(|e| not_set(format!("mail_root: {e}")))?;
        parameters = parameters.add_root_certificate(Certificate::from_pem(&pem).map_err(|e| not_set(format!("mail_root: {e}")))?);
    }
    let parameters = || parameters.build_rustls().map_err(not_set);
    let tls = match config.mail_security.as_str() {
        "none" => Tls::None,
        "tls" => Tls::Wrapper(parameters()?),
        _ => Tls::Required(parameters()?),
    };
    // "Dangerous" is what the library calls it without TLS; it is set in the next lines.
    let mut builder =
        AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.mail_host).port(config.mail_port).tls(tls).timeout(Some(PATIENCE));
    builder = builder.hello_name(ClientId::Domain(from(config)?.email.domain().to_owned()));
    if !config.mail_user.is_empty() {
        let password = config.mail_password().map_err(not_set)?;
        builder = builder.credentials(Credentials::new(config.mail_user.clone(), password));
    }
    Ok(builder.build())
}

/// Hands `message` over; returns when the server has taken it.
///
/// # Errors
///
/// [`NotTaken`]
pub async fn hand_over(config: &Config, message: Message) -> Result<(), NotTaken> {
    let server = server(config)?;
    match tokio::time::timeout(PATIENCE * 2, server.send(message)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(e)) => Err(told(&e)),
        Err(_) => Err(NotTaken { for_good: false, why: "the server did not answer in time".into(), class: "silent" }),
    }
}

fn told(e: &lettre::transport::smtp::Error) -> NotTaken {
    let code = e.status().map(|code| code.to_string());
    let for_good = code.as_deref().is_some_and(|code| FOR_GOOD.contains(&code));
    let class = match () {
        () if for_good => "refused",
        () if code.is_some() => "put off",
        () if e.is_timeout() => "silent",
        () => "unreachable",
    };
    NotTaken { for_good, why: e.to_string().chars().take(500).collect(), class }
}
