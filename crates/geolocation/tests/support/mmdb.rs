//! Makes databases of the MaxMind DB format (version 2.0 of its specification) for tests, of plain std.

use std::collections::BTreeMap;
use std::net::IpAddr;

/// A value of a record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Text.
    Text(String),
    /// A number with a fraction, of 8 bytes.
    Double(f64),
    /// A number with a fraction, of 4 bytes.
    Float(f32),
    /// A whole number, of 2 bytes at most.
    Uint16(u16),
    /// A whole number, of 4 bytes at most.
    Uint32(u32),
    /// A whole number, of 8 bytes at most.
    Uint64(u64),
    /// Yes or no.
    Bool(bool),
    /// Values in order.
    Array(Vec<Self>),
    /// Values by name.
    Map(BTreeMap<String, Self>),
    /// Bytes as they are, which may be no value.
    Raw(Vec<u8>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Double(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Uint32(number)
    }
}

/// Makes a map of names and values.
pub(crate) fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A record of ip-location-db's layout that knows a country.
pub(crate) fn flat_country(code: &str) -> Value {
    map([("country_code", code.into())])
}

/// A record of ip-location-db's layout that knows a city.
pub(crate) fn flat_city(code: &str, state: &str, city: &str, latitude: f64, longitude: f64) -> Value {
    map([
        ("country_code", code.into()),
        ("state1", state.into()),
        ("city", city.into()),
        ("latitude", latitude.into()),
        ("longitude", longitude.into()),
    ])
}

/// A record of MaxMind's layout that knows a country.
pub(crate) fn nested_country(code: &str) -> Value {
    map([("country", map([("iso_code", code.into()), ("names", map([("en", "A country".into())]))]))])
}

/// A record of MaxMind's layout that knows a city.
pub(crate) fn nested_city(code: &str, state: &str, city: &str, latitude: f64, longitude: f64) -> Value {
    let named = |name: &str| map([("names", map([("de", "anders".into()), ("en", name.into())]))]);
    map([
        ("city", named(city)),
        ("country", map([("iso_code", code.into())])),
        ("location", map([("latitude", latitude.into()), ("longitude", longitude.into())])),
        ("subdivisions", Value::Array(vec![named(state), named("a county")])),
    ])
}

/// A record, of both layouts, that knows an autonomous system.
pub(crate) fn asn(number: u32, organization: &str) -> Value {
    map([
        ("autonomous_system_number", number.into()),
        ("autonomous_system_organization", organization.into()),
    ])
}

/// A database that is being made.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    /// What it calls itself.
    pub(crate) kind: String,
    /// 4, or 6 for both: addresses of IPv4 are then below `::/96`.
    pub(crate) ip_version: u16,
    /// Bits of a record of the tree: 24, 28 or 32.
    pub(crate) record_size: u16,
    /// When it was made, in seconds since 1970.
    pub(crate) build_epoch: u64,
    rows: Vec<(IpAddr, u8, Value)>,
}

/// What a side of a node leads to.
#[derive(Clone, Copy)]
enum Side {
    Nothing,
    Node(usize),
    Row(usize),
}

impl Writer {
    /// Begins one that calls itself `kind`, for both protocols, made on 1 January 2026.
    pub(crate) fn new(kind: &str) -> Self {
        // 2026-01-01 is 20,454 days after 1970-01-01: 56 years of 365 days and 14 leap days.
        let build_epoch = 20_454 * 86_400;
        Self { kind: kind.to_owned(), ip_version: 6, record_size: 28, build_epoch, rows: Vec::new() }
    }

    /// Adds what it says of a block, as `ADDRESS/LENGTH`; no block may be in another.
    #[must_use]
    pub(crate) fn with(mut self, block: &str, value: Value) -> Self {
        let (network, length) = block.split_once('/').expect("a block");
        let network = network.parse().expect("an address");
        self.rows.push((network, length.parse().expect("a length"), value));
        self
    }

    /// Writes the file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let tree = self.tree();
        let mut data = Vec::new();
        let offsets: Vec<_> = self
            .rows
            .iter()
            .map(|(.., value)| {
                let offset = data.len();
                write(&mut data, value);
                offset
            })
            .collect();
        let mut file = Vec::new();
        for sides in &tree {
            let record = |side| match side {
                Side::Nothing => tree.len(),
                Side::Node(node) => node,
                Side::Row(row) => tree.len() + 16 + offsets[row],
            };
            let [left, right] = sides.map(|side| u32::try_from(record(side)).expect("a small file"));
            let (l, r) = (left.to_be_bytes(), right.to_be_bytes());
            match self.record_size {
                24 => file.extend([&l[1..], &r[1..]].concat()),
                28 => file.extend([&l[1..], &[l[0] << 4 | r[0]], &r[1..]].concat()),
                32 => file.extend([l, r].concat()),
                other => panic!("records of {other} bits"),
            }
        }
        file.extend([0; 16]);
        file.extend(data);
        file.extend(b"\xab\xcd\xefMaxMind.com");
        let metadata = map([
            ("binary_format_major_version", Value::Uint16(2)),
            ("binary_format_minor_version", Value::Uint16(0)),
            ("build_epoch", Value::Uint64(self.build_epoch)),
            ("database_type", self.kind.as_str().into()),
            ("description", map([("en", "a database of a test".into())])),
            ("ip_version", Value::Uint16(self.ip_version)),
            ("languages", Value::Array(vec!["en".into()])),
            ("node_count", Value::Uint32(u32::try_from(tree.len()).expect("a small tree"))),
            ("record_size", Value::Uint16(self.record_size)),
        ]);
        write(&mut file, &metadata);
        file
    }

    /// Makes the tree: for each node what follows a bit that is 0, and one that is 1.
    fn tree(&self) -> Vec<[Side; 2]> {
        let mut tree = vec![[Side::Nothing; 2]];
        for (row, (network, length, _)) in self.rows.iter().enumerate() {
            let (bits, length): (u128, usize) = match (network, self.ip_version) {
                (IpAddr::V4(address), 4) => (u128::from(u32::from(*address)) << 96, usize::from(*length)),
                (IpAddr::V4(address), _) => (u32::from(*address).into(), usize::from(*length) + 96),
                (IpAddr::V6(address), _) => ((*address).into(), usize::from(*length)),
            };
            let mut node = 0;
            for depth in 0..length {
                let side = usize::from(bits >> (127 - depth) & 1 == 1);
                if depth + 1 == length {
                    tree[node][side] = Side::Row(row);
                } else if let Side::Node(next) = tree[node][side] {
                    node = next;
                } else {
                    tree.push([Side::Nothing; 2]);
                    let next = tree.len() - 1;
                    tree[node][side] = Side::Node(next);
                    node = next;
                }
            }
        }
        tree
    }
}

/// Writes a value with the byte, or two, that say what it is and how long.
fn write(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Raw(bytes) => out.extend(bytes),
        Value::Text(text) => {
            control(out, 2, text.len());
            out.extend(text.as_bytes());
        }
        Value::Double(number) => {
            control(out, 3, 8);
            out.extend(number.to_be_bytes());
        }
        Value::Uint16(number) => {
            control(out, 5, 2);
            out.extend(number.to_be_bytes());
        }
        Value::Uint32(number) => {
            control(out, 6, 4);
            out.extend(number.to_be_bytes());
        }
        Value::Map(entries) => {
            control(out, 7, entries.len());
            for (name, value) in entries {
                write(out, &Value::Text(name.clone()));
                write(out, value);
            }
        }
        Value::Uint64(number) => {
            control(out, 9, 8);
            out.extend(number.to_be_bytes());
        }
        Value::Array(values) => {
            control(out, 11, values.len());
            for value in values {
                write(out, value);
            }
        }
        Value::Bool(yes) => control(out, 14, usize::from(*yes)),
        Value::Float(number) => {
            control(out, 15, 4);
            out.extend(number.to_be_bytes());
        }
    }
}

/// Writes what type a value is of and how long it is; types above 7 have a byte of their own.
fn control(out: &mut Vec<u8>, kind: u8, size: usize) {
    // Sizes from 29 on say in a byte behind how much more they are, and from 285 on in two.
    let (short, more) = match size {
        0..29 => (size, Vec::new()),
        29..285 => (29, vec![size - 29]),
        _ => (30, vec![(size - 285) >> 8, (size - 285) & 0xff]),
    };
    let byte = |number: usize| u8::try_from(number).expect("a short value");
    if kind <= 7 {
        out.push(kind << 5 | byte(short));
    } else {
        out.extend([byte(short), kind - 7]);
    }
    out.extend(more.into_iter().map(byte));
}
