//! Who takes part: the machines of a small home office, and the services that they use.
//!
//! Local addresses are private (RFC 1918, RFC 4193). The services are well known ones at addresses that they
//! publish, so that names, places and operators can be looked up; nothing is ever sent to them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::path::{Endpoint, Mac};

/// A machine at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Host {
    /// Its place in the list of [`HOSTS`], by which it gets its ports.
    pub(super) index: usize,
    pub(super) name: &'static str,
    /// The last byte of its IPv4 address, and the end of its IPv6 one.
    pub(super) number: u8,
    pub(super) mac: Mac,
    /// From the machine to the tap in its router, one way, in nanoseconds: cable or radio.
    pub(super) near: u64,
}

const CABLE: u64 = 250_000;
const RADIO: u64 = 1_900_000;

impl Host {
    const fn new(index: usize, name: &'static str, number: u8, maker: [u8; 3], near: u64) -> Self {
        let [a, b, c] = maker;
        Self { index, name, number, mac: [a, b, c, 0x3e, 0x51, number], near }
    }

    /// Returns the same machine as a guest with another address.
    pub(super) const fn numbered(self, number: u8) -> Self {
        Self { number, ..self }
    }

    pub(super) const fn v4(self) -> Ipv4Addr {
        Ipv4Addr::new(192, 168, 1, self.number)
    }

    pub(super) fn v6(self) -> Ipv6Addr {
        Ipv6Addr::new(0xfd5e, 0x9a10, 0x77c4, 1, 0x021b, 0x21ff, 0xfe3e, 0x5100 | u16::from(self.number))
    }

    pub(super) fn link_local(self) -> Ipv6Addr {
        Ipv6Addr::new(0xfe80, 0, 0, 0, 0x021b, 0x21ff, 0xfe3e, 0x5100 | u16::from(self.number))
    }

    /// Returns one of its ports, at its address of the same family as `peer`.
    pub(super) fn towards(self, peer: IpAddr, port: u16) -> Endpoint {
        match peer {
            IpAddr::V4(_) => self.at(self.v4().into(), port),
            IpAddr::V6(_) => self.at(self.v6().into(), port),
        }
    }

    /// Returns a port at one of its addresses.
    pub(super) const fn at(self, ip: IpAddr, port: u16) -> Endpoint {
        Endpoint::new(ip, port).behind(self.mac)
    }
}

pub(super) const ROUTER: Host = Host::new(0, "router", 1, [0x44, 0x4e, 0x6d], 60_000);
pub(super) const DESK: Host = Host::new(1, "desk", 10, [0xd4, 0x5d, 0x64], CABLE);
pub(super) const LAPTOP: Host = Host::new(2, "laptop", 23, [0xa4, 0x83, 0xe7], RADIO);
pub(super) const PHONE: Host = Host::new(3, "phone", 31, [0xf0, 0x18, 0x98], RADIO);
pub(super) const TELEVISION: Host = Host::new(4, "television", 40, [0x64, 0x1c, 0xae], RADIO);
pub(super) const STORE: Host = Host::new(5, "store", 5, [0x00, 0x11, 0x32], CABLE);
pub(super) const PRINTER: Host = Host::new(6, "printer", 9, [0x3c, 0x2a, 0xf4], RADIO);
pub(super) const THERMOSTAT: Host = Host::new(7, "thermostat", 60, [0x18, 0xb4, 0x30], RADIO);
pub(super) const CAMERA: Host = Host::new(8, "camera", 61, [0xec, 0x71, 0xdb], RADIO);
pub(super) const GUEST: Host = Host::new(9, "guest", 100, [0x8c, 0x85, 0x90], RADIO);

pub(super) const HOSTS: [Host; 10] =
    [ROUTER, DESK, LAPTOP, PHONE, TELEVISION, STORE, PRINTER, THERMOSTAT, CAMERA, GUEST];

/// A service on the Internet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Service {
    pub(super) name: &'static str,
    /// The name that `name` is another name for.
    pub(super) alias: Option<&'static str>,
    pub(super) v4: Ipv4Addr,
    pub(super) v6: Option<Ipv6Addr>,
    /// From the tap to the service, one way, in nanoseconds.
    pub(super) far: u64,
}

impl Service {
    const fn new(name: &'static str, v4: [u8; 4], far_ms: u64) -> Self {
        let [a, b, c, d] = v4;
        Self { name, alias: None, v4: Ipv4Addr::new(a, b, c, d), v6: None, far: far_ms * 1_000_000 }
    }

    const fn alias(self, name: &'static str) -> Self {
        Self { alias: Some(name), ..self }
    }

    const fn v6(self, address: u128) -> Self {
        Self { v6: Some(Ipv6Addr::from_bits(address)), ..self }
    }

    /// Returns its address, of IPv6 where it has one and that is wanted.
    pub(super) fn address(&self, wants_v6: bool) -> IpAddr {
        match self.v6 {
            Some(address) if wants_v6 => address.into(),
            _ => self.v4.into(),
        }
    }
}

pub(super) const GITHUB: Service = Service::new("github.com", [140, 82, 121, 4], 6);
pub(super) const WIKIPEDIA: Service = Service::new("www.wikipedia.org", [185, 15, 59, 224], 7)
    .alias("dyna.wikimedia.org")
    .v6(0x2a02_ec80_0300_ed1a_0000_0000_0000_0001);
pub(super) const WIKIMEDIA: Service =
    Service::new("upload.wikimedia.org", [185, 15, 59, 240], 7).v6(0x2a02_ec80_0300_ed1a_0000_0000_0000_0002);
pub(super) const GOOGLE: Service =
    Service::new("www.google.com", [142, 250, 185, 68], 4).v6(0x2a00_1450_4001_080e_0000_0000_0000_2004);
pub(super) const YOUTUBE: Service = Service::new("www.youtube.com", [142, 250, 185, 142], 4)
    .alias("youtube-ui.l.google.com")
    .v6(0x2a00_1450_4001_0829_0000_0000_0000_200e);
pub(super) const GOOGLEVIDEO: Service =
    Service::new("rr3---sn-4g5e6nsz.googlevideo.com", [142, 250, 181, 8], 5)
        .v6(0x2a00_1450_4001_005d_0000_0000_0000_0008);
pub(super) const CLOUDFLARE: Service =
    Service::new("www.cloudflare.com", [104, 16, 124, 96], 5).v6(0x2606_4700_0000_0000_0000_0000_6810_7c60);
pub(super) const STACK_OVERFLOW: Service =
    Service::new("stackoverflow.com", [104, 18, 32, 7], 5).v6(0x2606_4700_0000_0000_0000_0000_6812_2007);
pub(super) const REDDIT: Service =
    Service::new("www.reddit.com", [151, 101, 1, 140], 5).alias("reddit.map.fastly.net");
pub(super) const KERNEL: Service =
    Service::new("cdn.kernel.org", [151, 101, 1, 176], 5).v6(0x2a04_4e42_0000_0000_0000_0000_0000_0432);
pub(super) const GNU: Service =
    Service::new("www.gnu.org", [209, 51, 188, 116], 47).v6(0x2001_0470_0142_0005_0000_0000_0000_0116);
pub(super) const NETFLIX: Service =
    Service::new("ipv4-c012-fra002-ix.1.oca.nflxvideo.net", [45, 57, 17, 137], 6);
pub(super) const OUTLOOK: Service =
    Service::new("outlook.office.com", [13, 107, 6, 152], 11).v6(0x2620_01ec_0a92_0000_0000_0000_0000_0152);
pub(super) const ZOOM: Service = Service::new("zoom.us", [170, 114, 52, 2], 45);
pub(super) const CLOUDFLARE_TIME: Service = Service::new("time.cloudflare.com", [162, 159, 200, 123], 5)
    .v6(0x2606_4700_00f1_0000_0000_0000_0000_0001);
pub(super) const GOOGLE_TIME: Service = Service::new("time.google.com", [216, 239, 35, 4], 9);
pub(super) const MAIL: Service = Service::new("pop.gmx.net", [212, 227, 17, 169], 8);
pub(super) const NEST: Service = Service::new("transport.home.nest.com", [35, 190, 80, 1], 12);

/// Resolvers for everybody, by address.
pub(super) const CLOUDFLARE_DNS: Service =
    Service::new("one.one.one.one", [1, 1, 1, 1], 4).v6(0x2606_4700_4700_0000_0000_0000_0000_1111);
pub(super) const GOOGLE_DNS: Service =
    Service::new("dns.google", [8, 8, 8, 8], 4).v6(0x2001_4860_4860_0000_0000_0000_0000_8888);
pub(super) const QUAD9: Service =
    Service::new("dns.quad9.net", [9, 9, 9, 9], 6).v6(0x2620_00fe_0000_0000_0000_0000_0000_00fe);
