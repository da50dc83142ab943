use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use netsonde_geolocation::AskLimits;

use crate::hands::{Hands, PATIENCE, address, most_within};
use crate::name_server::{Act, NameServer};

/// How far the clock moves at a time.
const STEP: Duration = Duration::from_millis(10);
/// The same where pauses are long.
const STRIDE: Duration = Duration::from_secs(5);

/// Limits with so little patience that a test can wait for it.
fn impatient() -> AskLimits {
    AskLimits { timeout: Duration::from_millis(300), ..AskLimits::reverse_dns() }
}

#[test]
fn hosts_are_called_what_name_servers_say_and_by_nothing_that_is_no_name() {
    let plan = |address: IpAddr| match address {
        IpAddr::V6(_) => Act::Names(3600, &["six.example"]),
        IpAddr::V4(address) => match address.octets()[3] {
            0 => Act::Names(3600, &["Mail.EXAMPLE.org"]),
            1 => Act::Names(3600, &["zebra.example", "ant.example"]),
            2 => Act::Names(3600, &["<img src=x>.example"]),
            3 => Act::Names(3600, &["1.2.3.4"]),
            4 => Act::Code(3),
            5 => Act::Code(0),
            6 => Act::Truncated("long.example"),
            7 => Act::OtherOwner("other.example"),
            _ => Act::Names(3600, &["*.example", "host_1.example"]),
        },
    };
    let server = NameServer::play(plan);
    let hands = Hands::asking_name_servers(vec![server.address], impatient());
    hands.turn(true);
    let six: IpAddr = "2a01:4f8::1".parse().expect("an address");
    hands.locator.want_name(six);
    (0..9).for_each(|number| hands.locator.want_name(address(number)));
    let done = hands.until_all_is_done(STEP);
    assert_eq!((done.asked, done.answered, done.failed, done.problem), (10, 10, 0, None));
    assert_eq!(hands.locator.reverse_name(six).as_deref(), Some("six.example"));
    let names: Vec<_> = (0..9).map(|number| hands.locator.reverse_name(address(number))).collect();
    let names: Vec<_> = names.iter().map(Option::as_deref).collect();
    let expected = [
        Some("mail.example.org"),
        // Of several always the same one, whatever their order.
        Some("ant.example"),
        None,
        None,
        None,
        None,
        Some("long.example"),
        None,
        Some("host_1.example"),
    ];
    assert_eq!(names, expected);
    let over_tcp: Vec<_> = server.so_far().into_iter().filter(|question| question.over_tcp).collect();
    assert_eq!(over_tcp.iter().map(|question| question.address).collect::<Vec<_>>(), [address(6)]);
}

#[test]
fn names_are_asked_for_twenty_times_a_second_at_most() {
    let server = NameServer::play(|_| Act::Names(3600, &["host.example"]));
    let hands = Hands::asking_name_servers(vec![server.address], impatient());
    hands.turn(true);
    (0..100).for_each(|number| hands.locator.want_name(address(number)));
    let done = hands.until_all_is_done(STEP);
    assert_eq!((done.asked, done.answered), (100, 100));
    let stamps: Vec<_> = server.so_far().iter().map(|question| question.at).collect();
    // A stamp is late by a step at most: 20, and one that is late.
    let most = most_within(&stamps, Duration::from_secs(1));
    assert!(stamps.len() == 100 && (17..=21).contains(&most), "{most}");
}

#[test]
fn eight_questions_are_under_way_at_most_and_nobody_waits_for_them() {
    let server = NameServer::play(|_| Act::Silence);
    let limits = AskLimits { timeout: PATIENCE * 10, pace: Duration::ZERO, ..AskLimits::reverse_dns() };
    let hands = Hands::asking_name_servers(vec![server.address], limits);
    hands.turn(true);
    (0..=255).for_each(|number| hands.locator.want_name(address(number)));
    let first: HashSet<_> =
        (0..8).map(|_| server.questions.recv_timeout(PATIENCE).expect("it is asked").address).collect();
    // All eight hang; to want, to look and to tell does not.
    (0..=255).for_each(|number| hands.locator.want_name(address(number)));
    assert_eq!(hands.locator.reverse_name(address(0)), None);
    assert_eq!((hands.standing().asked, hands.standing().waiting), (8, 248));
    hands.turn(false);
    assert_eq!((hands.standing().asked, hands.standing().waiting), (8, 0));
    // Datagrams may have been sent again, for the same addresses.
    assert!(server.so_far().iter().all(|question| first.contains(&question.address)));
}

#[test]
fn a_server_that_fails_at_first_is_asked_again_and_nobody_is_left_without_a_name() {
    let seen = Mutex::new(Vec::new());
    let server = NameServer::play(move |address| {
        let mut seen = seen.lock().expect("nobody panics here");
        seen.push(address);
        let number = if let IpAddr::V4(address) = address { address.octets()[3] } else { 0 };
        match (number, seen.iter().filter(|one| **one == address).count()) {
            (_, 3..) => Act::Names(3600, &["host.example"]),
            (0, _) => Act::Code(2),
            (1, _) => Act::Silence,
            (2, _) => Act::OtherId("forged.example"),
            (3, _) => Act::OtherQuestion("forged.example"),
            (4, _) => Act::Garbage,
            _ => Act::Code(5),
        }
    });
    let hands = Hands::asking_name_servers(vec![server.address], impatient());
    hands.turn(true);
    (0..6).for_each(|number| hands.locator.want_name(address(number)));
    let done = hands.until_all_is_done(STEP * 10);
    assert_eq!((done.asked, done.answered, done.failed, done.problem), (18, 6, 12, None));
    for number in 0..6 {
        assert_eq!(hands.locator.reverse_name(address(number)).as_deref(), Some("host.example"), "{number}");
    }
}

#[test]
fn where_nobody_answers_all_are_given_up_and_the_problem_is_told_until_somebody_does() {
    let speaks = Arc::new(AtomicBool::new(false));
    let hears = Arc::clone(&speaks);
    let server = NameServer::play(move |_| {
        if hears.load(Ordering::SeqCst) { Act::Names(3600, &["host.example"]) } else { Act::Silence }
    });
    let limits = AskLimits { timeout: Duration::from_millis(30), ..AskLimits::reverse_dns() };
    let hands = Hands::asking_name_servers(vec![server.address], limits);
    hands.turn(true);
    (0..3).for_each(|number| hands.locator.want_name(address(number)));
    let done = hands.until_all_is_done(STRIDE);
    // Each five times.
    assert_eq!((done.asked, done.answered, done.failed), (15, 0, 15));
    let problem = done.problem.expect("nobody answers");
    assert!(problem.starts_with("no name server answers in time; the next try is "), "{problem}");
    speaks.store(true, Ordering::SeqCst);
    hands.locator.want_name(address(9));
    let done = hands.until(STRIDE, |standing| standing.answered == 1);
    assert_eq!(
        (done.problem, hands.locator.reverse_name(address(9)).as_deref()),
        (None, Some("host.example"))
    );
}

#[test]
fn without_a_name_server_nothing_is_asked_and_it_is_told_why() {
    let hands = Hands::asking_name_servers(Vec::new(), AskLimits::reverse_dns());
    hands.turn(true);
    hands.locator.want_name(address(0));
    let standing = hands.standing();
    assert_eq!((standing.on, standing.servers, standing.waiting), (true, Vec::new(), 0));
    assert_eq!(standing.problem.as_deref(), Some("no name server is known"));
}

#[test]
fn the_second_name_server_is_asked_where_the_first_is_not_there() {
    let server = NameServer::play(|_| Act::Names(3600, &["host.example"]));
    // Port 1 of loopback: nobody listens there.
    let nobody: SocketAddr = "127.0.0.1:1".parse().expect("an address");
    let hands = Hands::asking_name_servers(vec![nobody, server.address], impatient());
    hands.turn(true);
    hands.locator.want_name(address(0));
    let done = hands.until_all_is_done(STEP);
    assert_eq!((done.answered, hands.locator.reverse_name(address(0)).as_deref()), (1, Some("host.example")));
}

/// The machine comes from where nobody answers to where somebody does: there is no pause for what went wrong there.
#[test]
fn other_name_servers_are_asked_from_the_next_question_on_and_at_once() {
    let silent = NameServer::play(|_| Act::Silence);
    let server = NameServer::play(|_| Act::Names(3600, &["host.example"]));
    let hands = Hands::asking_name_servers(vec![silent.address], impatient());
    hands.turn(true);
    (0..5).for_each(|number| hands.locator.want_name(address(number)));
    // The fifth failure in a row begins the first pause, of 5 s.
    let failed = hands.until(STEP, |standing| standing.failed == 5);
    let problem = failed.problem.expect("nobody answers");
    assert!(problem.ends_with("the next try is 5 s later"), "{problem}");
    assert!(!hands.locator.set_name_servers(&[silent.address]), "they are the same");
    assert!(hands.locator.set_name_servers(&[server.address]));
    hands.locator.want_name(address(9));
    // The clock stands still: nothing is waited for.
    let standing = hands.wait(|standing| standing.answered == 1);
    assert_eq!((standing.servers, standing.problem), (vec![server.address.to_string()], None));
    assert_eq!(hands.locator.reverse_name(address(9)).as_deref(), Some("host.example"));
    let asked: Vec<_> = server.so_far().iter().map(|question| question.address).collect();
    assert_eq!((asked, silent.so_far().len()), (vec![address(9)], 5));

    // Without one nobody is asked, and then somebody again.
    assert!(hands.locator.set_name_servers(&[]));
    assert_eq!(hands.standing().problem.as_deref(), Some("no name server is known"));
    hands.locator.want_name(address(10));
    assert_eq!(hands.standing().waiting, 0);
    assert!(hands.locator.set_name_servers(&[server.address]));
    hands.locator.want_name(address(10));
    hands.until(STEP, |standing| standing.answered == 2);
    assert_eq!(hands.locator.reverse_name(address(10)).as_deref(), Some("host.example"));
}
