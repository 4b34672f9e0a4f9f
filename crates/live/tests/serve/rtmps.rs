//! Publishers behind TLS.

use live::rtmp::Times;
use live::serve::{Input, Tls};
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::ffmpeg::{H264_AAC, ffmpeg};
use super::server::Server;

/// A folder with a certificate that signed itself, `cert.pem`, and its key, `key.pem`.
fn certificate() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let kind = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    let rest = ["-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "cert.pem"];
    let made = Command::new("openssl").args(kind).args(rest).current_dir(directory.path()).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    directory
}

fn tls(directory: &Path) -> Tls {
    Tls::from_pem(&directory.join("cert.pem"), &directory.join("key.pem")).unwrap()
}

#[tokio::test]
async fn ffmpeg_publishes_through_tls() {
    let directory = certificate();
    let mut server = Server::behind(tls(directory.path()), Times::default()).await;
    for key in ["bad", "good"] {
        let output = ffmpeg(&format!("rtmps://{}/live/{key}", server.address), &H264_AAC).await;
        let shown = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.success(), shown.contains("This stream key is not known.")), (key == "good", key == "bad"), "{shown}");
    }
    let inputs = server.guest().await.everything().await;
    let events = inputs.iter().filter(|input| matches!(input, Input::Event(_))).count();
    assert!(events > 140, "{events} events of picture and sound");
    assert_eq!(inputs.last(), Some(&Input::Ended));
}

#[tokio::test]
async fn the_time_for_signing_in_holds_for_the_handshake_of_tls() {
    let directory = certificate();
    let times = Times { sign_in: Duration::from_millis(200), ..Times::default() };
    // Silence, and a greeting that announces 512 bytes of which one comes.
    for sent in [&[][..], &[22, 3, 1, 2, 0, 1]] {
        let server = Server::behind(tls(directory.path()), times).await;
        let mut client = TcpStream::connect(server.address).await.unwrap();
        client.write_all(sent).await.unwrap();
        server.ended("Err(SignIn)").await;
        assert_eq!(client.read(&mut [0; 9]).await.unwrap_or(0), 0, "closed");
    }
}

#[tokio::test]
async fn plain_rtmp_is_not_served_behind_tls() {
    let directory = certificate();
    let server = Server::behind(tls(directory.path()), Times::default()).await;
    let mut client = TcpStream::connect(server.address).await.unwrap();
    client.write_all(&[3; 1537]).await.unwrap();
    server.ended("Err(Io(").await;
}

#[test]
fn what_is_wrong_with_a_certificate_is_said() {
    let (one, other) = (certificate(), certificate());
    let path = |name: &str| one.path().join(name);
    std::fs::write(path("empty.pem"), "").unwrap();
    std::fs::write(path("torn.pem"), "-----BEGIN CERTIFICATE-----\nAAAA").unwrap();
    std::fs::write(path("odd.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    let table = [
        (path("none.pem"), path("key.pem"), "none.pem: I/O error: No such file"),
        (path("empty.pem"), path("key.pem"), "empty.pem holds no certificate"),
        (path("key.pem"), path("key.pem"), "key.pem holds no certificate"),
        (path("torn.pem"), path("key.pem"), "torn.pem: "),
        (path("odd.pem"), path("key.pem"), "cannot be used: "),
        (path("cert.pem"), path("none.pem"), "none.pem: I/O error: No such file"),
        (path("cert.pem"), path("cert.pem"), "cert.pem holds no private key"),
        (path("cert.pem"), other.path().join("key.pem"), "cannot be used: keys may not be consistent"),
    ];
    for (certificates, key, want) in table {
        let error = Tls::from_pem(&certificates, &key).err().expect("it cannot be used").to_string();
        assert!(error.contains(want), "{want}: {error}");
    }
}
