//! Labels as messages.

use std::net::IpAddr;

use netsonde_flow::FlowRow;
use netsonde_messages::stream::{AppRow, AppsTopic};
use netsonde_messages::{App, EvidenceKind, Flow, FlowTls, Host, HostApp, Name, ToldBy, Unlabelled};
use netsonde_units::Volume;

use super::sums::{AppSums, KINDS};
use super::{AppNumber, Identity, Known, Labels};
use crate::limits::TOLD_APPS;
use crate::ranked::Place;
use crate::view::View;
use crate::{hosts, quality, tls_names};

/// Says in a flow who it is with.
pub(crate) fn describe(flow: Flow, row: &FlowRow, identity: &Identity, labels: &Labels) -> Flow {
    let app = identity.label.app.and_then(|app| labels.judge.apps.get(app));
    let hello = identity.known.as_ref().and_then(|known| Some(&known.hello.as_ref()?.0));
    Flow {
        app: app.map(|app| app.name.to_string().into()),
        category: app.map(|app| app.category.name().into()),
        evidence: labels.judge.evidence(row, identity),
        hostname: identity.name().map(|name| name.text.to_string()),
        sni: hello.and_then(|hello| hello.server_name.as_ref()).map(ToString::to_string),
        alpn: hello.filter(|hello| !hello.alpn.is_empty()).map(|hello| hello.alpn.join(",")),
        ja3: hello.and_then(|hello| hello.fingerprints.as_ref()).map(|of| hex(&of.ja3())),
        ja4: hello.and_then(|hello| hello.fingerprints.as_ref()).map(|of| of.ja4().into()),
        ..flow
    }
}

/// Says what the hellos of a conversation tell; none where none was seen.
pub(crate) fn tls(known: &Known) -> Option<FlowTls> {
    let hello = known.hello.as_ref().map(|(hello, _)| hello);
    let server = known.server.as_ref().map(|(server, _)| server);
    if hello.is_none() && server.is_none() {
        return None;
    }
    let fingerprints = hello.and_then(|hello| hello.fingerprints.as_ref());
    let offered = hello.map(|hello| hello.version).filter(|&version| version != 0);
    Some(FlowTls {
        version: server.map(|server| server.version).or(offered).map(tls_names::version),
        cipher: server.map(|server| tls_names::cipher_suite(server.cipher)),
        resumed: server.and_then(|server| server.resumed),
        handshake_ms: known.handshake.map(|(nanos, _)| quality::milliseconds(nanos)),
        alpn: hello.map(|hello| hello.alpn.iter().map(ToString::to_string).collect()).unwrap_or_default(),
        groups: hello
            .map(|hello| hello.groups.iter().map(|&group| tls_names::group(group)).collect())
            .unwrap_or_default(),
        encrypted_hello: hello.is_some_and(|hello| hello.has_encrypted_hello),
        ja3: fingerprints.map(|of| hex(&of.ja3())),
        ja4: fingerprints.map(|of| of.ja4().into()),
    })
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Labels {
    /// Returns the largest applications of an address.
    pub(crate) fn apps_of_host(&self, place: Place, address: IpAddr, most: usize) -> Vec<HostApp> {
        let apps = self.sums.of_host(place, address, most);
        apps.into_iter().map(|app| HostApp { app: self.name_of(app.app), bytes: app.bytes }).collect()
    }

    /// Returns the applications that anything went for, the largest first.
    pub(crate) fn apps(&self) -> Vec<App> {
        let mut apps: Vec<_> = self.moved().map(|app| self.app(app)).collect();
        apps.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.app.cmp(&b.app)));
        apps
    }

    /// Returns what of `measured` is in no application: no less than what its conversations moved, though rows may have
    /// come since it was measured.
    pub(crate) fn unlabelled(&self, measured: Volume) -> Unlabelled {
        let labelled: Volume = self.moved().filter_map(|app| self.sums.of(app)).map(AppSums::volume).sum();
        let sums = self.sums.unlabelled();
        let Volume { packets, bytes } = sums.volume();
        Unlabelled {
            flows: sums.flows,
            packets: measured.packets.saturating_sub(labelled.packets).max(packets),
            bytes: measured.bytes.saturating_sub(labelled.bytes).max(bytes),
        }
    }

    fn moved(&self) -> impl Iterator<Item = AppNumber> {
        self.judge.apps.iter().map(|(app, _)| app).filter(|&app| !self.sums.is_empty(app))
    }

    fn app(&self, number: AppNumber) -> App {
        let sums = self.sums.of(number);
        let volume = sums.map_or(Volume::ZERO, AppSums::volume);
        App {
            app: self.name_of(number),
            category: self.judge.apps.get(number).map_or("", |app| app.category.name()).into(),
            flows: sums.map_or(0, |sums| sums.flows),
            packets: volume.packets,
            bytes: volume.bytes,
            told_by: sums.map(|sums| told_by(&sums.told_by)).unwrap_or_default(),
        }
    }

    fn name_of(&self, app: AppNumber) -> Name {
        self.judge.apps.name(app).to_string().into()
    }
}

impl View {
    /// Returns the addresses with the most bytes, largest first.
    pub(crate) fn told_hosts(&self) -> Vec<Host> {
        let hosts = self.totals.top_hosts();
        hosts.into_iter().map(|(place, host)| hosts::message(place, host, self)).collect()
    }

    /// Returns the topic of applications.
    pub(crate) fn apps_topic(&mut self) -> AppsTopic {
        let (now, is_paced) = (self.now, self.is_paced);
        let unlabelled_active_flows = self.labels.sums.active(None, now);
        let labels = &self.labels;
        let mut apps: Vec<_> = labels.moved().map(|number| (number, labels.app(number))).collect();
        apps.sort_by(|(_, a), (_, b)| b.bytes.cmp(&a.bytes).then_with(|| a.app.cmp(&b.app)));
        // Lossless: usize has at most 64 bits.
        let omitted = apps.len().saturating_sub(TOLD_APPS) as u64;
        apps.truncate(TOLD_APPS);
        let rest = labels.sums.unlabelled();
        let (unlabelled_bps, unlabelled_recent_bps) = rest.rates(now, is_paced);
        AppsTopic {
            unlabelled: labels.unlabelled(self.measured),
            unlabelled_bytes_up: rest.up.bytes,
            unlabelled_bytes_down: rest.down.bytes,
            unlabelled_active_flows,
            unlabelled_bps,
            unlabelled_recent_bps,
            rules: labels.judge.rules().given().to_vec(),
            apps: apps.into_iter().map(|(number, app)| self.app_row(number, app)).collect(),
            omitted,
        }
    }

    fn app_row(&mut self, number: AppNumber, app: App) -> AppRow {
        let (now, is_paced) = (self.now, self.is_paced);
        let active_flows = self.labels.sums.active(Some(number), now);
        let Some(sums) = self.labels.sums.of(number) else { return AppRow { app, ..AppRow::default() } };
        let (bps, recent_bps) = sums.rates(now, is_paced);
        AppRow { app, bytes_up: sums.up.bytes, bytes_down: sums.down.bytes, active_flows, bps, recent_bps }
    }
}

fn told_by(counts: &[u64; KINDS.len()]) -> Vec<ToldBy> {
    let told = KINDS.into_iter().zip(counts.iter().copied());
    let mut told: Vec<_> = told
        .filter(|&(kind, flows)| flows > 0 && kind != EvidenceKind::None)
        .map(|(kind, flows)| ToldBy { kind, flows })
        .collect();
    told.sort_by_key(|told| (std::cmp::Reverse(told.flows), told.kind));
    told
}
