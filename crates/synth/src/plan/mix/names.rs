//! Names of servers that nobody has.

use crate::rng::Rng;

const HOSTS: [&str; 12] =
    ["www", "cdn", "api", "static", "img", "login", "assets", "m", "edge", "data", "play", "docs"];

const DOMAINS: [&str; 20] = [
    "atlas", "birch", "comet", "delta", "ember", "fjord", "grove", "harbor", "indigo", "jasper", "krypton",
    "lumen", "meadow", "nimbus", "orchard", "prism", "quartz", "river", "summit", "tundra",
];

/// Returns the name of a server: the same for the same number.
pub(super) fn server(number: u64) -> String {
    let mut rng = Rng::new(0x6e61_6d65, number);
    let host = rng.pick(&HOSTS);
    let domain = rng.pick(&DOMAINS);
    format!("{host}{number}.{domain}.example")
}
