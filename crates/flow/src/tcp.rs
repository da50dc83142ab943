//! TCP as a third party sees it: what is new, what was sent again, how long answers take, where a connection stands.

mod connection;
mod connections;
mod flight;
mod holes;
mod judge;
mod sender;
mod state;
mod stretch;
mod sums;

pub(crate) use connection::{Arrival, Extent};
pub(crate) use connections::{ConnectionId, Connections};
pub(crate) use state::Event;
pub use state::State;
