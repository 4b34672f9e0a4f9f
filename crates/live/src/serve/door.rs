//! What a connection goes through before it speaks RTMP: nothing, or TLS.

use std::future::{Future, ready};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;

/// Turns a connection into the stream of bytes that RTMP is spoken through.
pub trait Door: Send + Sync + 'static {
    /// That stream.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send;

    /// Whatever has to be done first; the caller limits the time.
    fn open(&self, connection: TcpStream) -> impl Future<Output = std::io::Result<Self::Stream>> + Send;
}

/// `rtmp://`
#[derive(Debug, Clone, Copy, Default)]
pub struct Plain;

impl Door for Plain {
    type Stream = TcpStream;

    fn open(&self, connection: TcpStream) -> impl Future<Output = std::io::Result<TcpStream>> + Send {
        ready(Ok(connection))
    }
}

/// `rtmps://`: TLS 1.2 or 1.3.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

impl Door for Tls {
    type Stream = TlsStream<TcpStream>;

    fn open(&self, connection: TcpStream) -> impl Future<Output = std::io::Result<Self::Stream>> + Send {
        self.0.accept(connection)
    }
}

/// Why TLS cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or is not PEM.
    #[error("{path}: {cause}", path = .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        cause: pem::Error,
    },
    /// The file is PEM but holds no certificate.
    #[error("{path} holds no certificate", path = .0.display())]
    NoCertificate(PathBuf),
    /// The file is PEM but holds no private key.
    #[error("{path} holds no private key, or one behind a password", path = .0.display())]
    NoKey(PathBuf),
    /// Certificate and key do not belong together, or are of a kind that is not known.
    #[error("certificate and key cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
}

impl Tls {
    /// Reads the chain of certificates, our own first, and its private key, both PEM. Files renewed later are not seen.
    ///
    /// # Errors
    ///
    /// [`TlsError`], which names the file.
    pub fn from_pem(certificates: &Path, key: &Path) -> Result<Self, TlsError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |cause| TlsError::Unreadable { path, cause }
        };
        let chain = CertificateDer::pem_file_iter(certificates).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let chain = chain.map_err(unreadable(certificates))?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate(certificates.to_owned()));
        }
        let key = PrivateKeyDer::from_pem_file(key).map_err(|cause| match cause {
            pem::Error::NoItemsFound => TlsError::NoKey(key.to_owned()),
            cause => unreadable(key)(cause),
        })?;
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider())).with_safe_default_protocol_versions()?;
        let config = config.with_no_client_auth().with_single_cert(chain, key)?;
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }
}
