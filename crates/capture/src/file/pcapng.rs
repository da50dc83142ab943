//! The block format: sections, interface descriptions, packets, and much else.
//!
//! Format: draft-ietf-opsawg-pcapng.

mod blocks;
mod interface;
mod statistics;

use std::sync::Arc;

use netsonde_dissect::{LinkType, Packet};

use self::blocks::{Block, Body};
use self::interface::Interface;
use super::record::{BigEndian, ByteOrder, LittleEndian, MAX_PACKET_LEN, Stop, Tally, Walk, size};
use crate::error::Damage;

pub(super) use self::blocks::BLOCK_MIN_LEN;

/// Interfaces that one section may describe.
///
/// A machine with a tap for each of its containers has thousands; the bound keeps the table of a hostile
/// file below 3 MiB.
const MAX_INTERFACES: usize = 1 << 16;

/// The version of the format; minor versions change nothing that matters here.
const MAJOR_VERSION: u16 = 1;

/// A reader of the block format, inside a section.
#[derive(Clone, Debug)]
pub(super) struct Pcapng {
    big_endian: bool,
    /// Interfaces that earlier sections described: the first number of this section's.
    first_interface: u32,
    /// Shared, because every part of a file that can be read again keeps the interfaces described before it.
    interfaces: Arc<Vec<Interface>>,
    /// Link types of all sections, sorted; shared like the interfaces.
    links: Arc<Vec<LinkType>>,
}

impl Pcapng {
    /// Reads the first section header; says how many bytes it has.
    pub(super) fn open(bytes: &[u8]) -> Result<(Self, usize), Stop> {
        let section = blocks::section(bytes)?;
        let pcapng = Self {
            big_endian: section.big_endian,
            first_interface: 0,
            interfaces: Arc::default(),
            links: Arc::default(),
        };
        Ok((pcapng, section.len))
    }

    /// Returns how much memory the tables take, in bytes.
    pub(super) fn held_bytes(&self) -> usize {
        self.interfaces.len() * size_of::<Interface>() + self.links.len() * size_of::<LinkType>()
    }

    pub(super) fn links(&self) -> &[LinkType] {
        &self.links
    }

    /// Hands over the packets of the whole blocks of `bytes`.
    pub(super) fn walk<'b, F: FnMut(Packet<'b>)>(
        &mut self,
        bytes: &'b [u8],
        tally: &mut Tally,
        each: &mut F,
    ) -> Walk {
        let before = tally.packets;
        let mut rest = bytes;
        // Each turn reads one section, and takes at least its header off `rest`.
        let stop = loop {
            let walked = if self.big_endian {
                self.walk_section::<BigEndian, F>(&mut rest, tally, each)
            } else {
                self.walk_section::<LittleEndian, F>(&mut rest, tally, each)
            };
            if let Err(stop) = walked.and_then(|()| self.next_section(&mut rest)) {
                break stop;
            }
        };
        // At most one packet for each 16 bytes of the buffer: it fits.
        let packets = usize::try_from(tally.packets - before).unwrap_or(usize::MAX);
        Walk { consumed: bytes.len() - rest.len(), packets, stop }
    }

    /// Enters the section whose header `rest` begins with.
    fn next_section(&mut self, rest: &mut &[u8]) -> Result<(), Stop> {
        let section = blocks::section(rest)?;
        *rest = rest.get(section.len..).unwrap_or_default();
        self.big_endian = section.big_endian;
        let described = u32::try_from(self.interfaces.len()).unwrap_or(u32::MAX);
        self.first_interface = self.first_interface.saturating_add(described);
        self.interfaces = Arc::default();
        Ok(())
    }

    /// Reads blocks up to the next section header, which it leaves in `rest`.
    fn walk_section<'b, B: ByteOrder, F: FnMut(Packet<'b>)>(
        &mut self,
        rest: &mut &'b [u8],
        tally: &mut Tally,
        each: &mut F,
    ) -> Result<(), Stop> {
        loop {
            let unread: &'b [u8] = rest;
            let Some(block) = Block::split::<B>(unread)? else { return Ok(()) };
            match block.body::<B>()? {
                Body::Interface(body) => self.describe::<B>(body)?,
                Body::Packet { interface, ticks, captured, wire_len, room } => {
                    let number = interface;
                    let interface = self.interface(interface)?;
                    let (at, fits) = interface.clock.stamp(ticks);
                    tally.stamps_out_of_range += u64::from(!fits);
                    let link = interface.link;
                    let bytes = packet_bytes(captured, room)?;
                    tally.wire_lengths_raised += u64::from(wire_len < captured);
                    each(Packet {
                        at: Some(at),
                        link,
                        interface: self.first_interface.saturating_add(number),
                        wire_len: wire_len.max(captured),
                        bytes,
                    });
                    tally.packets += 1;
                }
                Body::SimplePacket { wire_len, room } => {
                    let Interface { link, snaplen, .. } = *self.interface(0)?;
                    let captured = if snaplen == 0 { wire_len } else { wire_len.min(snaplen) };
                    let bytes = packet_bytes(captured, room)?;
                    tally.stamps_missing += 1;
                    let interface = self.first_interface;
                    each(Packet { at: None, link, interface, wire_len, bytes });
                    tally.packets += 1;
                }
                Body::Statistics(options) => {
                    if let Some(drops) = statistics::drops::<B>(options) {
                        tally.reported_drops =
                            Some(tally.reported_drops.unwrap_or_default().saturating_add(drops));
                    }
                    tally.blocks_skipped += 1;
                }
                Body::Other => tally.blocks_skipped += 1,
            }
            *rest = block.behind;
        }
    }

    fn describe<B: ByteOrder>(&mut self, body: &[u8]) -> Result<(), Stop> {
        if self.interfaces.len() >= MAX_INTERFACES {
            return Err(Stop::Damaged(Damage::TooManyInterfaces { max: MAX_INTERFACES }));
        }
        let interface = Interface::parse::<B>(body).map_err(Stop::Damaged)?;
        if let Err(place) = self.links.binary_search(&interface.link) {
            Arc::make_mut(&mut self.links).insert(place, interface.link);
        }
        Arc::make_mut(&mut self.interfaces).push(interface);
        Ok(())
    }

    fn interface(&self, id: u32) -> Result<&Interface, Stop> {
        let described = self.interfaces.len();
        self.interfaces.get(size(id)).ok_or(Stop::Damaged(Damage::UnknownInterface { id, described }))
    }
}

fn packet_bytes(captured: u32, room: &[u8]) -> Result<&[u8], Stop> {
    if captured > MAX_PACKET_LEN {
        return Err(Stop::Damaged(Damage::PacketTooLong { captured, max: MAX_PACKET_LEN }));
    }
    room.get(..size(captured)).ok_or(Stop::Damaged(Damage::PacketBeyondBlock { captured, room: room.len() }))
}
