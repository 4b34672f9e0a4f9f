//! Numbers of receipts: short enough to be read out on the telephone, with a character that catches a slip.

/// Letters and digits that nobody mistakes for one another (Crockford's 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// `KJ-2026-XXXX-XXXX`: the year, seven random characters and one that checks them.
pub fn number(year: i16, random: [u8; 7]) -> String {
    let values: Vec<usize> = random.iter().map(|b| usize::from(*b) % 32).collect();
    let letter = |v: &usize| char::from(ALPHABET[*v]);
    let head: String = values[..4].iter().map(letter).collect();
    let tail: String = values[4..].iter().map(letter).collect();
    format!("KJ-{year:04}-{head}-{tail}{}", letter(&check(year, &values)))
}

/// Luhn's sum over the digits of the year and the characters, to the base 32: it catches every single slip and nearly every
/// swap of neighbours.
fn check(year: i16, values: &[usize]) -> usize {
    let digits = format!("{year:04}").into_bytes().into_iter().map(|b| usize::from(b - b'0')).collect::<Vec<_>>();
    let all = digits.iter().chain(values).rev();
    let sum: usize = all.enumerate().map(|(i, v)| if i % 2 == 0 { v * 2 / 32 + v * 2 % 32 } else { *v }).sum();
    (32 - sum % 32) % 32
}

/// The number as it is stored, from what somebody typed: any case, spaces around it; none when it cannot be one.
pub fn read(typed: &str) -> Option<String> {
    let text = typed.trim().to_ascii_uppercase();
    let parts: Vec<&str> = text.split('-').collect();
    let &["KJ", year, head, tail] = parts.as_slice() else { return None };
    if year.len() != 4 || head.len() != 4 || tail.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value = |b: u8| ALPHABET.iter().position(|a| *a == b);
    let values = head.bytes().chain(tail.bytes()).map(value).collect::<Option<Vec<_>>>()?;
    (check(year.parse().ok()?, &values[..7]) == values[7]).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_reads_back_in_any_case() {
        let made = number(2026, [0, 31, 7, 200, 9, 11, 255]);
        assert_eq!(made.len(), 17);
        assert_eq!(read(&format!(" {} ", made.to_lowercase())), Some(made));
        for bad in
            ["", "KJ-2026-0000", "XX-2026-0000-0000", "KJ-2026-OOOO-IIII", "KJ-20-0000-0000", "KJ-2026-0000-0000-0", "KJ-２026-0000-0000"]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_single_slip_is_caught(random in any::<[u8; 7]>(), at in 0_usize..8, slip in 1_usize..32) {
            let made = number(2026, random);
            let place = if at < 4 { 8 + at } else { 9 + at };
            let old = ALPHABET.iter().position(|a| *a == made.as_bytes()[place]).unwrap();
            let mut typed = made.clone().into_bytes();
            typed[place] = ALPHABET[(old + slip) % 32];
            prop_assert_eq!(read(&String::from_utf8(typed).unwrap()), None);
        }
    }
}
