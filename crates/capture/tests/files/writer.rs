//! Writes capture files byte by byte, right ones and wrong ones.

/// The byte order of a file's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Little,
    Big,
}

impl Order {
    pub(crate) fn u16(self, number: u16) -> [u8; 2] {
        match self {
            Self::Little => number.to_le_bytes(),
            Self::Big => number.to_be_bytes(),
        }
    }

    pub(crate) fn u32(self, number: u32) -> [u8; 4] {
        match self {
            Self::Little => number.to_le_bytes(),
            Self::Big => number.to_be_bytes(),
        }
    }

    pub(crate) fn i64(self, number: i64) -> [u8; 8] {
        match self {
            Self::Little => number.to_le_bytes(),
            Self::Big => number.to_be_bytes(),
        }
    }
}

/// A classic capture file.
pub(crate) struct Pcap {
    order: Order,
    bytes: Vec<u8>,
}

impl Pcap {
    /// Microseconds, version 2.4.
    pub(crate) const MICROS: u32 = 0xa1b2_c3d4;
    /// Nanoseconds, version 2.4.
    pub(crate) const NANOS: u32 = 0xa1b2_3c4d;

    pub(crate) fn new(order: Order, magic: u32, network: u32) -> Self {
        Self::versioned(order, magic, network, 2, 4)
    }

    pub(crate) fn versioned(order: Order, magic: u32, network: u32, major: u16, minor: u16) -> Self {
        let mut bytes = order.u32(magic).to_vec();
        bytes.extend(order.u16(major));
        bytes.extend(order.u16(minor));
        // Zone, accuracy, snaplen.
        for number in [0, 0, 262_144, network] {
            bytes.extend(order.u32(number));
        }
        Self { order, bytes }
    }

    /// Appends a record whose lengths are what the packet has.
    pub(crate) fn packet(self, seconds: u32, fraction: u32, packet: &[u8]) -> Self {
        let len = u32::try_from(packet.len()).unwrap();
        self.record([seconds, fraction, len, len], packet)
    }

    /// Appends a record with any header: seconds, fraction, captured length, wire length.
    pub(crate) fn record(mut self, header: [u32; 4], packet: &[u8]) -> Self {
        for number in header {
            self.bytes.extend(self.order.u32(number));
        }
        self.bytes.extend(packet);
        self
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// A pcapng file.
pub(crate) struct Pcapng {
    order: Order,
    bytes: Vec<u8>,
}

impl Pcapng {
    /// Begins with a section header.
    pub(crate) fn new(order: Order) -> Self {
        Self { order, bytes: Vec::new() }.section(order)
    }

    /// Appends a section header; what follows is in its byte order.
    pub(crate) fn section(mut self, order: Order) -> Self {
        self.order = order;
        let mut body = order.u32(0x1a2b_3c4d).to_vec();
        body.extend(order.u16(1));
        body.extend(order.u16(0));
        body.extend(order.i64(-1));
        self.block(0x0a0d_0d0a, &body)
    }

    /// Appends an interface description; `options` are whole options.
    pub(crate) fn interface(self, link: u16, snaplen: u32, options: &[u8]) -> Self {
        let mut body = self.order.u16(link).to_vec();
        body.extend([0, 0]);
        body.extend(self.order.u32(snaplen));
        body.extend(options);
        self.block(1, &body)
    }

    /// Makes an option with its padding.
    pub(crate) fn option(&self, code: u16, value: &[u8]) -> Vec<u8> {
        let mut option = self.order.u16(code).to_vec();
        option.extend(self.order.u16(u16::try_from(value.len()).unwrap()));
        option.extend(value);
        option.resize(option.len().next_multiple_of(4), 0);
        option
    }

    /// Appends an interface whose clock has the given resolution and offset.
    pub(crate) fn clock(self, link: u16, resolution: u8, offset_s: i64) -> Self {
        let mut options = self.option(9, &[resolution]);
        options.extend(self.option(14, &self.order.i64(offset_s)));
        options.extend(self.option(0, &[]));
        self.interface(link, 0, &options)
    }

    /// Appends an enhanced packet whose lengths are what the packet has.
    pub(crate) fn packet(self, interface: u32, ticks: u64, packet: &[u8]) -> Self {
        let len = u32::try_from(packet.len()).unwrap();
        self.enhanced(interface, ticks, len, len, packet)
    }

    /// Appends an enhanced packet with any lengths.
    pub(crate) fn enhanced(
        self,
        interface: u32,
        ticks: u64,
        captured: u32,
        wire: u32,
        packet: &[u8],
    ) -> Self {
        let mut body = self.order.u32(interface).to_vec();
        body.extend(self.packet_fields(ticks, captured, wire, packet));
        self.block(6, &body)
    }

    /// Appends an obsolete packet block, with drops that nobody reads.
    pub(crate) fn obsolete(self, interface: u16, ticks: u64, packet: &[u8]) -> Self {
        let len = u32::try_from(packet.len()).unwrap();
        let mut body = self.order.u16(interface).to_vec();
        body.extend(self.order.u16(3));
        body.extend(self.packet_fields(ticks, len, len, packet));
        self.block(2, &body)
    }

    /// Appends a simple packet of `wire` bytes, of which `packet` was captured.
    pub(crate) fn simple(self, wire: u32, packet: &[u8]) -> Self {
        let mut body = self.order.u32(wire).to_vec();
        body.extend(packet);
        body.resize(body.len().next_multiple_of(4), 0);
        self.block(3, &body)
    }

    /// Appends a block of any type around `body`.
    pub(crate) fn block(self, kind: u32, body: &[u8]) -> Self {
        let len = u32::try_from(body.len() + 12).unwrap();
        self.framed(kind, len, body, len)
    }

    /// Appends a block with any lengths before and behind.
    pub(crate) fn framed(mut self, kind: u32, leading: u32, body: &[u8], trailing: u32) -> Self {
        self.bytes.extend(self.order.u32(kind));
        self.bytes.extend(self.order.u32(leading));
        self.bytes.extend(body);
        self.bytes.extend(self.order.u32(trailing));
        self
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn packet_fields(&self, ticks: u64, captured: u32, wire: u32, packet: &[u8]) -> Vec<u8> {
        let (high, low) = (u32::try_from(ticks >> 32).unwrap(), u32::try_from(ticks & 0xffff_ffff).unwrap());
        let mut fields: Vec<u8> =
            [high, low, captured, wire].into_iter().flat_map(|n| self.order.u32(n)).collect();
        fields.extend(packet);
        fields.resize(fields.len().next_multiple_of(4), 0);
        fields
    }
}
