//! A server with one key.

use live::rtmp::{PublishRequest, Times};
use live::serve::{Admitted, Door, End, Gate, Input, Plain, ServeError, listen};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// What waits longer than this never comes.
pub const LONG: Duration = Duration::from_secs(30);

/// A publisher who was let in, as its consumer sees it.
pub struct Guest {
    pub inputs: mpsc::Receiver<Input>,
    pub last_word: oneshot::Sender<String>,
}

impl Guest {
    /// Everything until the channel closes.
    pub async fn everything(mut self) -> Vec<Input> {
        let mut inputs = Vec::new();
        while let Some(input) = timeout(LONG, self.inputs.recv()).await.expect("the channel closes") {
            inputs.push(input);
        }
        inputs
    }
}

/// Lets the key `good` in and hands each guest to the test.
pub struct OneKey(pub mpsc::UnboundedSender<Guest>);

impl Gate for OneKey {
    async fn may_publish(&self, request: PublishRequest, peer: Option<SocketAddr>) -> Result<Admitted, String> {
        if request.app != "live" || request.key.expose() != "good" {
            return Err(format!(
                "This stream key is not known. You come from {}.",
                peer.map_or("nowhere".to_owned(), |peer| peer.ip().to_string())
            ));
        }
        let ((sink, inputs), (last_word_in, last_word)) = (mpsc::channel(10_000), oneshot::channel());
        let guest = Guest { inputs, last_word: last_word_in };
        self.0.send(guest).map_err(|_| "The test is over.".to_owned())?;
        Ok(Admitted { sink, last_word })
    }
}

/// For connections that are never let in.
pub fn nobody() -> OneKey {
    OneKey(mpsc::unbounded_channel().0)
}

pub struct Server {
    pub address: SocketAddr,
    guests: mpsc::UnboundedReceiver<Guest>,
    ends: Arc<Mutex<Vec<String>>>,
    _task: JoinSet<()>,
}

impl Server {
    pub async fn start(times: Times) -> Self {
        Self::behind(Plain, times).await
    }

    pub async fn behind(door: impl Door, times: Times) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, guests) = mpsc::unbounded_channel();
        let mut task = JoinSet::new();
        let ends = Arc::new(Mutex::new(Vec::new()));
        let seen = ends.clone();
        let report = move |_, end: &Result<End, ServeError>| seen.lock().unwrap().push(format!("{end:?}"));
        task.spawn(listen(listener, Arc::new(door), Arc::new(OneKey(sender)), times, 8, report));
        Self { address, guests, ends, _task: task }
    }

    pub async fn guest(&mut self) -> Guest {
        timeout(LONG, self.guests.recv()).await.expect("a publisher is let in").unwrap()
    }

    /// Waits until a connection ended like this.
    pub async fn ended(&self, like: &str) {
        let found = async {
            while !self.ends.lock().unwrap().iter().any(|end| end.contains(like)) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let in_time = timeout(LONG, found).await;
        assert!(in_time.is_ok(), "{like:?} is not among {:?}", self.ends.lock().unwrap());
    }
}
