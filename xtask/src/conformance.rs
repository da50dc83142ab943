//! Holds what netsonde measures against the truth about captures, and its judgement of TCP against tshark's.
//!
//! Two halves: the captures of a folder, each with a truth file ([`corpus`]), and traces made up from a seed, which
//! tshark is asked about there and then ([`fuzz`]). Both read `netsonde analyze` as any other program would.

pub mod apps;
pub mod conversations;
pub mod corpus;
pub mod findings;
pub mod fuzz;
pub mod media;
pub mod metrics;
pub mod names;
pub mod program;
pub mod right;
pub mod score;
pub mod table;
pub mod trace;
pub mod tshark;
pub mod values;
