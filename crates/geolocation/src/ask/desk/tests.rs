use super::*;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_hours(1);

#[expect(clippy::disallowed_methods, reason = "any moment does to begin with")]
fn start() -> Instant {
    Instant::now()
}

fn address(number: usize) -> IpAddr {
    IpAddr::from([5, 9, u8::try_from(number >> 8 & 0xff).unwrap(), u8::try_from(number & 0xff).unwrap()])
}

fn desk(limits: AskLimits) -> Desk<u32> {
    let mut desk = Desk::default();
    desk.open(limits, vec!["somebody".into()], None);
    desk.set(true);
    desk
}

/// Plays a caller whose answers take no time, until a moment; returns when it asked for what.
fn play(
    desk: &mut Desk<u32>,
    from: Instant,
    until: Instant,
    mut answer: impl FnMut(usize, IpAddr) -> Outcome<u32>,
) -> Vec<(Duration, IpAddr)> {
    let (mut now, mut asked) = (from, Vec::new());
    loop {
        match desk.next(now) {
            Step::Ask(address) => {
                asked.push((now - from, address));
                let outcome = answer(asked.len(), address);
                desk.answered(address, outcome, now);
            }
            Step::Wait(Some(pause)) if now + pause < until => now += pause,
            Step::Wait(_) => return asked,
        }
    }
}

/// Returns the most questions within any window of a length.
fn most_within(asked: &[(Duration, IpAddr)], window: Duration) -> usize {
    let within = |(from, _): &(Duration, IpAddr)| {
        asked.iter().filter(|(at, _)| at >= from && *at < *from + window).count()
    };
    asked.iter().map(within).max().unwrap_or_default()
}

#[test]
fn ip_api_is_asked_forty_times_a_minute_at_most_and_everybody_is_answered() {
    let (mut desk, from) = (desk(AskLimits::ip_api()), start());
    for number in 0..200 {
        assert!(desk.want(address(number), from));
    }
    let asked = play(&mut desk, from, from + HOUR, |_, _| Outcome::Known(1, HOUR));
    // One each 1.5 s: the last of 200 goes after 199 of them.
    assert_eq!((asked.len(), asked.last().map(|last| last.0)), (200, Some(Duration::from_millis(298_500))));
    assert_eq!(most_within(&asked, 60 * SECOND), 40);
    let standing = desk.standing();
    assert_eq!((standing.asked, standing.answered, standing.failed, standing.waiting), (200, 200, 0, 0));
}

#[test]
fn name_servers_are_asked_twenty_times_a_second_and_eight_times_at_once_at_most() {
    let (mut desk, from) = (desk(AskLimits::reverse_dns()), start());
    for number in 0..100 {
        desk.want(address(number), from);
    }
    let asked = play(&mut desk, from, from + HOUR, |_, _| Outcome::Known(1, HOUR));
    assert_eq!((asked.len(), most_within(&asked, SECOND)), (100, 20));

    let from = from + HOUR;
    for number in 100..120 {
        desk.want(address(number), from);
    }
    // Nobody answers: the ninth waits for one of the eight, however late it is.
    let mut now = from;
    for _ in 0..8 {
        assert!(matches!(desk.next(now), Step::Ask(_)));
        now += SECOND;
    }
    assert_eq!(desk.next(now), Step::Wait(None));
    desk.answered(address(100), Outcome::Known(1, HOUR), now);
    assert_eq!(desk.next(now), Step::Ask(address(108)));
}

#[test]
fn an_address_that_cannot_be_told_is_asked_again_later_and_later_and_then_left_alone_for_an_hour() {
    let (mut desk, from) = (desk(AskLimits::reverse_dns()), start());
    assert!(desk.want(address(1), from));
    let asked = play(&mut desk, from, from + 2 * HOUR, |_, _| Outcome::Refused);
    // After 1 s, 30 s, 2 min and 10 min, each from the try before.
    let tries: Vec<_> = asked.iter().map(|(at, _)| at.as_secs()).collect();
    assert_eq!(tries, [0, 1, 31, 151, 751]);
    let given_up = from + 751 * SECOND;
    assert!(!desk.want(address(1), given_up + 3599 * SECOND));
    assert!(desk.want(address(1), given_up + HOUR));
    assert!(!desk.is_told(address(1)));
    let standing = desk.standing();
    assert_eq!((standing.asked, standing.answered, standing.failed, standing.waiting), (5, 0, 5, 1));
    assert_eq!(standing.problem, None);
}

#[test]
fn a_network_that_fails_is_left_alone_longer_and_longer_until_it_answers() {
    let limits = AskLimits { retries: vec![SECOND; 100], ..AskLimits::reverse_dns() };
    let (mut desk, from) = (desk(limits), start());
    for number in 0..6 {
        desk.want(address(number), from);
    }
    let asked =
        play(&mut desk, from, from + HOUR, |_, _| Outcome::Failed("no name server answers in time".into()));
    // The fifth in a row is followed by 5 s, further ones by 10, 20, 40, 80, 160 and 320 s, and then by 10 min.
    let tries: Vec<_> = asked.iter().map(|(at, _)| at.as_millis()).collect();
    let pauses: Vec<_> = tries.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(pauses[..4], [50; 4]);
    assert_eq!(pauses[4..13], [5, 10, 20, 40, 80, 160, 320, 600, 600].map(|seconds| seconds * 1000));
    let problem = desk.standing().problem.unwrap();
    assert_eq!(problem, "no name server answers in time; the next try is 600 s later");

    let asked = play(&mut desk, from + HOUR, from + 2 * HOUR, |_, _| Outcome::Known(7, HOUR));
    assert_eq!((asked.len(), desk.standing().problem, desk.standing().waiting), (6, None, 0));
    assert!((0..6).all(|number| desk.look(address(number)) == Some(7)));
}

#[test]
fn who_wants_to_be_left_alone_is_and_no_address_loses_a_try_by_that() {
    let (mut desk, from) = (desk(AskLimits::ip_api()), start());
    desk.want(address(1), from);
    desk.want(address(2), from);
    let asked = play(&mut desk, from, from + HOUR, |count, _| match count {
        1..=9 => Outcome::Busy(30 * SECOND),
        _ => Outcome::Known(1, HOUR),
    });
    let expected: Vec<_> = (0..10).map(|count| (count * 30 * SECOND, address(1))).collect();
    assert_eq!(asked[..10], expected);
    assert_eq!(asked[10], (Duration::from_millis(271_500), address(2)));
    let standing = desk.standing();
    assert_eq!((standing.asked, standing.answered, standing.failed), (11, 2, 9));

    desk.want(address(3), from + HOUR);
    desk.rest(45 * SECOND, from + HOUR);
    assert_eq!(desk.next(from + HOUR), Step::Wait(Some(45 * SECOND)));
    // Neither is it forgotten when it is turned off and on.
    desk.set(false);
    desk.set(true);
    desk.want(address(3), from + HOUR);
    assert_eq!(desk.next(from + HOUR), Step::Wait(Some(45 * SECOND)));
}

#[test]
fn nothing_is_queued_before_it_is_on_and_nothing_waits_when_it_is_off() {
    let (mut desk, from) = (desk(AskLimits::reverse_dns()), start());
    desk.set(false);
    assert!(!desk.want(address(1), from));
    assert_eq!(desk.next(from), Step::Wait(None));
    desk.set(true);
    assert!(desk.want(address(1), from) && desk.want(address(2), from) && !desk.want(address(2), from));
    assert_eq!(desk.next(from), Step::Ask(address(1)));
    desk.set(false);
    assert_eq!((desk.next(from + SECOND), desk.standing().waiting), (Step::Wait(None), 0));
    // What was under way is counted and dropped.
    assert!(!desk.answered(address(1), Outcome::Known(1, HOUR), from + SECOND));
    assert_eq!((desk.look(address(1)), desk.standing().answered), (None, 1));
}

#[test]
fn without_its_caller_nothing_waits_and_it_is_said_why_whoever_is_to_be_asked() {
    let (mut desk, from) = (desk(AskLimits::reverse_dns()), start());
    assert!(desk.want(address(1), from));
    desk.close("it broke off".into());
    // No network, and then another one.
    for (servers, obstacle) in [(vec![], Some("no name server is known")), (vec!["another"], None)] {
        desk.turn_to(servers.into_iter().map(str::to_owned).collect(), obstacle.map(str::to_owned));
        desk.set(true);
        assert!(!desk.is_on() && !desk.want(address(2), from));
        let standing = desk.standing();
        assert_eq!((standing.waiting, standing.problem.as_deref()), (0, Some("it broke off")));
    }
    // Another caller asks as ever.
    desk.open(AskLimits::reverse_dns(), vec!["another".into()], None);
    assert!(desk.want(address(2), from));
    assert_eq!((desk.next(from), desk.standing().problem), (Step::Ask(address(2)), None));
}

#[test]
fn who_was_answered_for_once_was_whatever_comes_after() {
    for outcome in [Outcome::Known(1, SECOND), Outcome::Nothing(SECOND)] {
        let (mut desk, from) = (desk(AskLimits::reverse_dns()), start());
        desk.want(address(1), from);
        assert!(!desk.is_told(address(1)));
        play(&mut desk, from, from + SECOND, |_, _| outcome.clone());
        assert!(desk.is_told(address(1)) && !desk.is_told(address(2)));
        // Old; given up after five tries.
        assert!(desk.want(address(1), from + HOUR));
        play(&mut desk, from + HOUR, from + 2 * HOUR, |_, _| Outcome::Refused);
        assert_eq!((desk.is_told(address(1)), desk.standing().failed), (true, 5));
    }
}

#[test]
fn an_answer_is_asked_for_again_when_it_is_old_and_holds_until_there_is_another() {
    let (mut desk, from) = (desk(AskLimits::reverse_dns()), start());
    desk.want(address(1), from);
    assert_eq!(desk.next(from), Step::Ask(address(1)));
    assert!(desk.answered(address(1), Outcome::Known(1, 60 * SECOND), from));
    assert!(!desk.want(address(1), from + 59 * SECOND));
    let old = from + 60 * SECOND;
    assert!(desk.want(address(1), old));
    assert_eq!((desk.look(address(1)), desk.next(old)), (Some(1), Step::Ask(address(1))));
    // The same again is nothing new; another one is, and so is none.
    assert!(!desk.answered(address(1), Outcome::Known(1, SECOND), old));
    for (outcome, answer) in [(Outcome::Known(2, SECOND), Some(2)), (Outcome::Nothing(SECOND), None)] {
        let old = old + HOUR;
        desk.want(address(1), old);
        desk.next(old);
        assert!(desk.answered(address(1), outcome, old));
        assert_eq!(desk.look(address(1)), answer);
        desk.known.get_mut(&address(1)).unwrap().until = old;
    }
}

#[test]
fn both_tables_are_bounded_and_what_somebody_looks_at_stays() {
    let limits = AskLimits { pace: Duration::ZERO, at_once: usize::MAX, ..AskLimits::reverse_dns() };
    let (mut desk, now) = (desk(limits), start());
    let address = |number: usize| IpAddr::from(u32::try_from(number).unwrap().to_be_bytes());
    for number in 0..=WANTED_MAX {
        assert_eq!(desk.want(address(number), now), number < WANTED_MAX);
    }
    assert_eq!(desk.standing().waiting, WANTED_MAX as u64);
    // Two more than there is room for: the first has been looked at, the second and the third have not.
    for number in 0..KNOWN_MAX + 2 {
        desk.want(address(number), now);
        let Step::Ask(asked) = desk.next(now) else { panic!("{number} is not asked for") };
        desk.answered(asked, Outcome::Known(1, HOUR), now);
        desk.look(address(0));
    }
    assert_eq!((desk.known.len(), desk.kept.len()), (KNOWN_MAX, KNOWN_MAX));
    let left = [0, 1, 2, 3, KNOWN_MAX + 1].map(|number| desk.look(address(number)));
    assert_eq!(left, [Some(1), None, None, Some(1), Some(1)]);
}
