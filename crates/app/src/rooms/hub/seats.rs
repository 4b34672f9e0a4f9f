//! How many connections one address holds: a program that opens them without end must not take the places of a village (S15).

use super::lock;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Lasting connections of this node, by the address they come from.
#[derive(Debug, Clone, Default)]
pub struct Seats(Arc<Mutex<HashMap<String, usize>>>);

/// One place, free again when this is dropped.
#[derive(Debug)]
pub struct Seat {
    seats: Seats,
    address: String,
}

impl Seats {
    /// Takes a place for `address`, if it holds fewer than `most`.
    pub fn take(&self, address: &str, most: usize) -> Option<Seat> {
        let mut taken = lock(&self.0);
        let count = taken.entry(address.to_owned()).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Seat { seats: self.clone(), address: address.to_owned() })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = lock(&self.seats.0);
        if let Some(count) = taken.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s15_one_address_takes_its_places_and_no_others() {
        let seats = Seats::default();
        let held: Vec<_> = (0..2).map(|_| seats.take("10.0.0.1", 2).expect("a place")).collect();
        assert!(seats.take("10.0.0.1", 2).is_none());
        assert!(seats.take("10.0.0.2", 2).is_some(), "others have their own");
        drop(held);
        assert!(seats.take("10.0.0.1", 2).is_some());
        assert!(lock(&seats.0).is_empty(), "nobody who left is remembered");
    }
}
