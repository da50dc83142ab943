//! Who sends most to whom, as NetPulse's client can draw it.

use netsonde_messages::TopTalker;

use super::messages::Talker;

/// The most talkers of a message.
const MOST_TALKERS: usize = 7;

/// Picks the largest talkers, of those that form a ring all but the smallest: the client draws streams from left to
/// right, and where one comes back to where it began, it shows an error instead of all of them. So of two addresses
/// that answer each other the busier direction is shown, and nothing of one that talks to itself.
pub(super) fn top_talkers(talkers: &[TopTalker]) -> Vec<Talker> {
    let mut drawn: Vec<&TopTalker> = Vec::new();
    for talker in talkers {
        if drawn.len() < MOST_TALKERS && !closes_ring(&drawn, talker) {
            drawn.push(talker);
        }
    }
    let row = |talker: &TopTalker| {
        let (source, destination) = (talker.source.to_string(), talker.destination.to_string());
        Talker(source, destination, talker.packets, talker.bytes.to_string())
    };
    drawn.into_iter().map(row).collect()
}

/// Tells whether what is drawn, which has no ring, leads from where a talker sends to back to itself.
fn closes_ring(drawn: &[&TopTalker], talker: &TopTalker) -> bool {
    let mut reached = vec![talker.destination];
    while let Some(address) = reached.pop() {
        if address == talker.source {
            return true;
        }
        reached.extend(drawn.iter().filter(|from| from.source == address).map(|from| from.destination));
    }
    false
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    /// Returns what is drawn of talkers between hosts, given largest first.
    fn drawn(pairs: &[(u8, u8)]) -> Vec<(u8, u8)> {
        let address = |host| Ipv4Addr::new(10, 0, 0, host).into();
        let talker = |&(source, destination): &(u8, u8)| TopTalker {
            source: address(source),
            source_local: true,
            destination: address(destination),
            destination_local: true,
            packets: 1,
            bytes: 60,
        };
        let talkers: Vec<_> = pairs.iter().map(talker).collect();
        let host = |text: String| text.rsplit('.').next().and_then(|host| host.parse().ok()).unwrap();
        top_talkers(&talkers).into_iter().map(|row| (host(row.0), host(row.1))).collect()
    }

    #[test]
    fn what_leads_back_to_itself_is_left_out() {
        // Two that answer each other: the busier direction.
        assert_eq!(drawn(&[(1, 2), (2, 1), (1, 3)]), [(1, 2), (1, 3)]);
        // One that talks to itself.
        assert_eq!(drawn(&[(1, 1), (1, 2)]), [(1, 2)]);
        // A ring of three: its smallest side is left out.
        assert_eq!(drawn(&[(1, 2), (2, 3), (3, 1), (3, 4)]), [(1, 2), (2, 3), (3, 4)]);
        assert_eq!(drawn(&[]), []);
    }

    #[test]
    fn what_only_meets_again_is_all_drawn() {
        // Two ways from 1 to 4, both from left to right.
        let pairs = [(1, 2), (1, 3), (2, 4), (3, 4), (1, 4)];
        assert_eq!(drawn(&pairs), pairs);
    }

    #[test]
    fn at_most_seven_are_drawn_and_the_next_takes_the_place_of_one_left_out() {
        let mut pairs = vec![(1, 2), (2, 1)];
        pairs.extend((3..20).map(|host| (1, host)));
        assert_eq!(drawn(&pairs), [(1, 2), (1, 3), (1, 4), (1, 5), (1, 6), (1, 7), (1, 8)]);
    }
}
