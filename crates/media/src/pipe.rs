//! A stream through ffmpeg in its jail: bytes in, bytes out, while it lasts.

use std::ffi::OsString;
use std::io;
use std::time::Duration;

use tokio::process::{ChildStderr, ChildStdin, ChildStdout};

use crate::jail::{Cell, Jail, Running};
use crate::room::Room;
use crate::tools::Tools;

/// Computing time of a stream; sound of twelve hours takes less than half of it.
const CPU: Duration = Duration::from_hours(2);
/// Opus as it comes: nothing is read ahead, nothing else is opened, whatever the stream says.
const OPUS_IN: &str = "-hide_banner -nostats -v error -threads 1 -fflags nobuffer -analyzeduration 0 -probesize 32 \
                       -protocol_whitelist pipe -format_whitelist ogg -f ogg -i pipe:0";
/// AAC as it comes: nothing is kept back.
const AAC_OUT: &str = "-map 0:a:0 -c:a aac -b:a 96k -ar 48000 -ac 2 -flush_packets 1 -f adts pipe:1";

/// A running stream. Dropping `running` ends it.
#[derive(Debug)]
pub struct Pipe {
    /// What it reads.
    pub input: ChildStdin,
    /// What it writes.
    pub output: ChildStdout,
    /// The child.
    pub running: PipeRunning,
}

/// Keeps a [`Pipe`] going.
#[derive(Debug)]
pub struct PipeRunning {
    _child: Running,
    /// It writes nothing, but has to stand somewhere.
    _room: Room,
}

impl Pipe {
    /// Ogg with Opus in, ADTS with AAC-LC at 48 kHz in two channels out.
    ///
    /// # Errors
    ///
    /// The child does not start.
    pub async fn opus_to_aac(tools: &Tools, jail: &Jail) -> io::Result<Self> {
        let room = Room::temporary("sound")?;
        let args: Vec<OsString> = OPUS_IN.split(' ').chain(AAC_OUT.split(' ')).map(OsString::from).collect();
        let mut child = jail.start(&tools.ffmpeg, &args, Cell { live: true, ..Cell::new(&room.0, CPU) }).await?;
        let pipes = (child.child.stdin.take(), child.child.stdout.take());
        let (Some(input), Some(output)) = pipes else { return Err(io::Error::other("a child without pipes")) };
        if let Some(complaints) = child.child.stderr.take() {
            tokio::spawn(forget(complaints));
        }
        Ok(Self { input, output, running: PipeRunning { _child: child, _room: room } })
    }
}

/// A broken stream makes ffmpeg complain without end; a full pipe would stop it.
async fn forget(mut complaints: ChildStderr) {
    // It ends with the child, however that ends.
    let _ = tokio::io::copy(&mut complaints, &mut tokio::io::sink()).await;
}
