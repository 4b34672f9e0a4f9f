//! One UDP port for all browsers.

use super::guest::Guest;
use super::{OfferError, Session, Transcoder, sound};
use crate::Event;
use crate::serve::{Admitted, Input};
use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::UdpSocket;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, sleep_until};

/// The largest datagram.
const DATAGRAM: usize = 64 << 10;
/// Datagrams that are taken in a row before anything else is looked at.
const IN_A_ROW: usize = 64;
/// Packets of sound that may wait for the transcoder: two seconds.
const WAITING: usize = 100;
/// A door without guests has nothing to do.
const IDLE: std::time::Duration = std::time::Duration::from_mins(1);

/// Where browsers are answered; cheap to clone.
#[derive(Debug, Clone)]
pub struct Door {
    candidate: SocketAddr,
    places: Arc<Semaphore>,
    commands: mpsc::Sender<Command>,
}

enum Command {
    Begin(Box<Guest>),
    End(String),
}

/// A door at `socket` for at most `most` browsers, which are told to send to `candidate`; the future serves them until it is dropped.
pub fn open(socket: UdpSocket, candidate: SocketAddr, most: usize) -> (Door, impl Future<Output = ()>) {
    let (commands, received) = mpsc::channel(16);
    let serving = Serving { socket, guests: Vec::new(), sources: HashMap::new() };
    (Door { candidate, places: Arc::new(Semaphore::new(most)), commands }, serving.run(received))
}

impl Door {
    /// Answers an offer. The session does nothing until [`Door::begin`].
    ///
    /// # Errors
    ///
    /// [`OfferError`], for the browser's owner.
    pub fn answer(&self, offer: &str) -> Result<(Session, String), OfferError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| OfferError::Full)?;
        let (session, answer) = Session::answer(offer, self.candidate, Instant::now().into_std())?;
        Ok((session.at(place), answer))
    }

    /// Lets a session in under a name that nobody guesses; without a transcoder its sound is left out.
    pub async fn begin(&self, name: String, session: Session, admitted: Admitted, transcoder: Option<Transcoder>) {
        let sound = match transcoder {
            Some(transcoder) if session.has_sound() => {
                let (to_child, packets) = mpsc::channel(WAITING);
                // A consumer that is gone already is noticed by the session.
                let _ = admitted.sink.send(Input::Event(Event::Audio(sound::config()))).await;
                tokio::spawn(sound::run(transcoder, packets, admitted.sink.clone()));
                Some(to_child)
            }
            _ => None,
        };
        let guest = Guest { name, session, admitted, sound, due: Instant::now().into_std() };
        // Nobody serves any more: the guest is dropped, and its consumer sees a lost link.
        let _ = self.commands.send(Command::Begin(Box::new(guest))).await;
    }

    /// The browser's owner stopped. Repeating it, or a name that nobody has, changes nothing.
    pub async fn end(&self, name: &str) {
        let _ = self.commands.send(Command::End(name.to_owned())).await;
    }
}

struct Serving {
    socket: UdpSocket,
    guests: Vec<Guest>,
    /// Who sends from where, so that not every guest is asked about every datagram.
    sources: HashMap<SocketAddr, String>,
}

impl Serving {
    async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut datagram = vec![0; DATAGRAM];
        loop {
            let due = self.guests.iter().map(|guest| guest.due).min();
            tokio::select! {
                command = commands.recv() => match command {
                    Some(Command::Begin(guest)) => self.guests.push(*guest),
                    Some(Command::End(name)) => self.end(&name),
                    None => return,
                },
                readable = self.socket.readable() => if readable.is_ok() { self.receive(&mut datagram) },
                () = sleep_until(due.map_or_else(|| Instant::now() + IDLE, Instant::from_std)) => {}
            }
            self.work();
        }
    }

    /// Takes what is there, each datagram to its end: the library wants to be asked for output after every input.
    fn receive(&mut self, datagram: &mut [u8]) {
        for _ in 0..IN_A_ROW {
            let Ok((length, from)) = self.socket.try_recv_from(datagram) else { return };
            let (now, bytes) = (Instant::now().into_std(), datagram.get(..length).unwrap_or_default());
            let known = self.sources.get(&from);
            let guess = known.and_then(|name| self.guests.iter().position(|guest| guest.name == *name));
            let accepts = |guest: &Guest| guest.session.accepts(now, from, bytes);
            let place = guess.filter(|place| self.guests.get(*place).is_some_and(accepts)).or_else(|| self.guests.iter().position(accepts));
            let Some((place, guest)) = place.and_then(|place| Some((place, self.guests.get_mut(place)?))) else { continue };
            if known != Some(&guest.name) {
                self.sources.insert(from, guest.name.clone());
            }
            guest.session.receive(now, from, bytes);
            if !guest.work(now, &self.socket) {
                self.guests.swap_remove(place);
                self.forget_sources();
            }
        }
    }

    fn forget_sources(&mut self) {
        self.sources.retain(|_, name| self.guests.iter().any(|guest| guest.name == *name));
    }

    fn work(&mut self) {
        let (now, socket, before) = (Instant::now().into_std(), &self.socket, self.guests.len());
        self.guests.retain_mut(|guest| guest.due > now || guest.work(now, socket));
        if self.guests.len() < before {
            self.forget_sources();
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(place) = self.guests.iter().position(|guest| guest.name == name) {
            self.guests.swap_remove(place).end(Instant::now().into_std(), &self.socket);
        }
    }
}
