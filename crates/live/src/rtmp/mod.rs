//! The publishing half of RTMP, sans-IO (Adobe RTMP 1.0, December 2012; section numbers below are its own).
//!
//! ```text
//! bytes ─► handshake §5.2 ─► chunks §5.3 ─► messages §5.4 ─► commands §7 ─► [`Action`]
//! ```
//!
//! * [`Session`] holds no socket and no clock: its caller reads, writes, and keeps the deadlines of [`Times`].
//! * Until a publisher is accepted, no message over 16 KiB is taken and no media is looked at.
//! * The stream key is a secret: nothing here prints it, not even with `{:?}`.
//! * Not here: playing, AMF3 values, enhanced RTMP (refused with a status that encoders show).

pub mod amf0;
mod chunk_reader;
mod chunk_writer;
mod command;
mod handshake;
mod message;
mod session;

pub use chunk_reader::{ChunkReader, Limits};
pub use chunk_writer::ChunkWriter;
pub use command::{Metadata, PublishRequest, StreamKey};
pub use handshake::Handshake;
pub use message::{Message, kind};
pub use session::{Action, Session, Times};

/// Why a connection cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RtmpError {
    /// The first byte names another protocol; plain RTMP is 3 (§5.2.2).
    #[error("RTMP version {0} is not spoken here")]
    Version(u8),
    /// A short chunk header leans on one that was never sent.
    #[error("chunk stream {0} leans on a header that was never sent")]
    NoPreviousHeader(u32),
    /// More chunk streams than [`Limits::streams`].
    #[error("more than {0} chunk streams")]
    TooManyChunkStreams(usize),
    /// A message announced longer than [`Limits::message`].
    #[error("a message of {length} bytes; at most {most} are taken")]
    MessageTooLong {
        /// As announced.
        length: usize,
        /// As allowed at this moment.
        most: usize,
    },
    /// Unfinished messages together exceed [`Limits::pending`].
    #[error("more than {0} bytes of unfinished messages")]
    TooMuchPending(usize),
    /// A control message that is too short or out of range (§5.4, §7.1).
    #[error("a control message of type {0} makes no sense")]
    BadControl(u8),
    /// A command whose values cannot be read.
    #[error(transparent)]
    Amf0(#[from] amf0::Amf0Error),
    /// A command at a moment at which it has no meaning.
    #[error("{0} is not possible now")]
    Unexpected(&'static str),
}
