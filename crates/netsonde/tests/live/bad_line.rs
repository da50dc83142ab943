//! TCP over a line that delays and loses by plan: what is measured, what the kernel counted, and what was done.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use netsonde_messages::FlowState;

use crate::forwarder::{Forwarder, Log, ONE_WAY};
use crate::support::{PATIENCE, Program};
use crate::wire::{HERE, LINK, THERE, Wire};
use crate::{report, reports};

const PORT: u16 = 40_020;
/// About 4,100 segments, of which about 80 are lost.
const BYTES: usize = 6_000_000;

#[test]
fn segments_sent_again_and_round_trips_are_those_of_the_kernel_and_the_line() {
    let Some(wire) = Wire::cut("b") else { return };
    let forwarder = Forwarder::start(&wire);
    let mut receiver = wire.start_there("bad_line::inside_receiving");
    receiver.stderr.wait_for(|line| line == "listening");
    // It ends by itself should the connection never end.
    let watch = ["watch", "--json", "--interface", LINK, "--filter", "tcp", "--duration", "60"];
    let mut capture = Program::start(&mut wire.netsonde(&watch));
    capture.stderr.wait_for(|line| line.contains("capturing on"));

    let mut sender = wire.start_here("bad_line::inside_sending");
    sender.stderr.wait_for(|line| line == "delivered");
    // The connection is still there, with nothing in flight.
    let kernel = sent_again(&wire.ask_here("ss", &["-tinH", "dst", &THERE.to_string()]));
    drop(sender.child.stdin.take());
    for end in [sender, receiver] {
        let ended = end.end_within(PATIENCE);
        assert!(ended.status.success(), "{:?}", ended.stdout);
    }
    capture
        .stdout
        .wait_for(|line| report(line).flows.iter().any(|flow| flow.state == Some(FlowState::Closed)));
    capture.signal("TERM");
    let ended = capture.end_within(PATIENCE);
    let Log { came, lost } = forwarder.end();

    let reports = reports(&ended);
    let measured = reports.last().expect("there is a final report");
    let tcp = measured.tcp;
    assert_eq!((measured.capture.kernel_drops, tcp.connections), (Some(0), 1));
    // The other end's answer is the one that does not come from here.
    assert_eq!(tcp.data_segments, came + 1, "each segment with data, whatever became of it");
    assert!(lost >= 60, "{lost} are too few to say anything");
    // Whatever is lost is sent again; what else is sent again, the kernel took for lost.
    assert!(kernel >= lost, "{kernel} sent again, {lost} lost");
    let sent_again = tcp.packet_loss + tcp.spurious_retransmissions;
    assert!(sent_again.abs_diff(kernel) * 50 <= kernel, "{kernel} sent again, {tcp:?}");
    // The line keeps the order, so what Wireshark's rules call out of order here was sent again, too: within a
    // handshake's round trip of newer data they cannot tell one from the other.
    assert_eq!(sent_again, tcp.retransmissions + tcp.out_of_order, "{tcp:?}");
    let share = |part, of| 100.0 * count(part) / count(of);
    let percentage = tcp.packet_loss_percentage.expect("there was data");
    assert!((percentage - share(tcp.packet_loss, came + 1)).abs() < 1e-9, "{percentage} %, {tcp:?}");
    // The kernel takes a few for lost that were not; it counts them above, and the line does not.
    let needless = share(kernel - lost, came);
    let line = share(lost, came);
    assert!((percentage - line).abs() <= needless + 0.02 * line, "{percentage} % of {line} %, {tcp:?}");
    let flow = measured.flows.first().expect("there is one");
    assert_eq!((flow.retransmissions, flow.client), (Some(sent_again), HERE.into()));

    let there_and_back = 2.0 * 1000.0 * ONE_WAY.as_secs_f64();
    let handshake = tcp.initial_rtt_ms.min.expect("the handshake was seen");
    let least = tcp.rtt_far_ms.min.expect("there are round trips");
    for rtt in [handshake, least] {
        assert!(rtt >= there_and_back - 0.01, "{rtt} ms is faster than the line");
    }
    assert!(least - there_and_back < 1.0, "{least} ms");
    assert!(tcp.rtt_far_ms.samples > 100, "{tcp:?}");
    eprintln!(
        "the line lost {lost} of {came}, the kernel sent {kernel} again, measured {sent_again}, {least} ms"
    );
}

fn count(number: u64) -> f64 {
    f64::from(u32::try_from(number).expect("a test counts few"))
}

/// Reads what `ss -ti` says of the only connection: `retrans:0/83` is none in flight, 83 in all.
///
/// Linux leaves the field out where nothing was sent again.
fn sent_again(text: &str) -> u64 {
    let field = text.split_whitespace().find_map(|word| word.strip_prefix("retrans:"));
    let all = field.and_then(|field| field.split_once('/')).map(|(_, all)| all.parse());
    all.unwrap_or_else(|| panic!("nothing was sent again: {text}")).expect("a number")
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_receiving() {
    let listener = TcpListener::bind((THERE, PORT)).expect("the namespace has the address");
    eprintln!("listening");
    let (mut socket, _) = listener.accept().expect("the other end comes");
    socket.set_read_timeout(Some(PATIENCE)).expect("a time to wait");
    let mut buffer = vec![0; 64 * 1024];
    let mut bytes = 0;
    while bytes < BYTES {
        let more = socket.read(&mut buffer).expect("the other end sends");
        assert!(more > 0, "the other end closed after {bytes}");
        bytes += more;
    }
    socket.write_all(b"all").expect("the wire takes it");
    // The other end closes first.
    assert_eq!(socket.read(&mut buffer).expect("it closes"), 0);
}

#[test]
#[ignore = "started inside a namespace by another test"]
fn inside_sending() {
    let mut socket = TcpStream::connect((THERE, PORT)).expect("somebody listens");
    socket.set_read_timeout(Some(PATIENCE)).expect("a time to wait");
    socket.write_all(&vec![0x55; BYTES]).expect("the wire takes it");
    let mut answer = [0; 3];
    socket.read_exact(&mut answer).expect("the other end has it all");
    eprintln!("delivered");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
