//! Where an address is and what it is called (design document: `geolocation_handler`, `static_geolocation_db`).
//!
//! A [`Locator`] says it at once and offline, from the table of well-known services and from databases. What only others
//! know is asked for by [`ReverseDns`] and [`IpApi`] on threads of their own, where the user turned that on, and is there later.

#![forbid(unsafe_code)]

mod ask;
mod countries;
mod database;
mod databases;
mod here;
mod locator;
mod prefix;
mod record;
mod scope;
mod services;

pub use ask::{AskLimits, AskSettings, IpApi, ReverseDns};
pub use countries::{Country, countries, country};
pub use database::{DatabaseFile, MAX_DATABASE_BYTES, check};
pub use databases::MAX_DATABASES;
pub use here::{Extent, Standpoint, doubt};
pub use locator::{Changes, Cursor, Locator};
pub use prefix::Prefix;
pub use scope::{SPECIAL_V4, SPECIAL_V6, Special, embedded_ipv4, scope};
pub use services::{Service, services};
