//! Installing databases of places, from servers that answer as they should and as they should not.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/mmdb.rs"]
mod mmdb;
mod support;

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;
use mmdb::database;
use support::{Ended, NETSONDE, PATIENCE, Program};
use tempfile::TempDir;

/// What the database is called at the server, and here.
const REMOTE: &str = "/free/city-2024-01.mmdb.gz";
const PLAIN: &str = "/free/city.mmdb";
const LOCAL: &str = "city.mmdb";

/// What a server is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Request {
    path: String,
    range: Option<String>,
    if_range: Option<String>,
}

impl Request {
    fn read(mut stream: &TcpStream) -> Self {
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).expect("a whole request");
            head.extend(byte);
        }
        let head = String::from_utf8(head).expect("text");
        let field = |wanted: &str| {
            let mut fields = head.lines().filter_map(|line| line.split_once(": "));
            fields.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.to_owned())
        };
        let path = head.split(' ').nth(1).expect("a path").to_owned();
        Self { path, range: field("range"), if_range: field("if-range") }
    }

    fn whole(path: &str) -> Self {
        Self { path: path.into(), range: None, if_range: None }
    }

    fn from(path: &str, first: usize, tag: &str) -> Self {
        Self { range: Some(format!("bytes={first}-")), if_range: Some(tag.into()), ..Self::whole(path) }
    }
}

/// Starts a server that answers each connection as it is told; tells what it was asked.
fn server(mut answer: impl FnMut(&Request) -> Vec<u8> + Send + 'static) -> (SocketAddr, Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (tells, asked) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let request = Request::read(&stream);
            let answer = answer(&request);
            // Who has heard enough hangs up.
            let _ = stream.write_all(&answer);
            if tells.send(request).is_err() {
                return;
            }
        }
    });
    (address, asked)
}

/// Starts a server that begins an answer, tells that it has, and never ends it.
fn idle_server(begin: Vec<u8>) -> (SocketAddr, Receiver<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (tells, begun) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            Request::read(&stream);
            stream.write_all(&begin).expect("the program reads");
            if tells.send(stream).is_err() {
                return;
            }
        }
    });
    (address, begun)
}

/// An answer with a file, or what is asked for of it where the tag is still the same.
fn file(content: &[u8], tag: &str, request: &Request) -> Vec<u8> {
    let first = request.range.as_ref().filter(|_| request.if_range.as_deref() == Some(tag)).map(|range| {
        range.trim_start_matches("bytes=").trim_end_matches('-').parse::<usize>().expect("a number")
    });
    let (status, range) = match first {
        Some(first) => {
            let (last, total) = (content.len() - 1, content.len());
            ("206 Partial Content", format!("Content-Range: bytes {first}-{last}/{total}\r\n"))
        }
        None => ("200 OK", String::new()),
    };
    let content = content.get(first.unwrap_or_default()..).expect("what is there");
    let head = format!(
        "HTTP/1.1 {status}\r\n{range}ETag: {tag}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        content.len()
    );
    [head.as_bytes(), content].concat()
}

fn empty(status: &str, field: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{field}Content-Length: 0\r\nConnection: close\r\n\r\n").into_bytes()
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(content).expect("memory");
    packed.finish().expect("memory")
}

/// A folder of data, with what is in its folder of databases.
struct Data(TempDir);

impl Data {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Makes one in which there is a database already.
    fn with_old() -> Self {
        let data = Self::new();
        fs::create_dir(data.0.path().join("geo")).expect("the folder is writable");
        fs::write(data.path(LOCAL), database("Old", 0)).expect("the folder is writable");
        data
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join("geo").join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("")).expect("a folder");
        let names = entries.map(|entry| entry.expect("a file").file_name().into_string().expect("text"));
        let mut names: Vec<_> = names.filter(|name| name != "lock").collect();
        names.sort();
        names
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).env_clear().current_dir(self.0.path()).stdin(Stdio::null());
        command.env("NETSONDE_DATA", self.0.path()).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command
    }

    fn install(&self, arguments: &[&str]) -> Ended {
        let mut command = self.command(NETSONDE, &["geo", "install"]);
        Program::start(command.args(arguments)).end_within(PATIENCE)
    }
}

fn url(server: SocketAddr, path: &str) -> String {
    format!("http://{server}{path}")
}

/// Asserts that it failed with one line, and returns that.
fn reason(ended: &Ended) -> &str {
    assert_eq!((ended.status.code(), ended.stderr.len()), (Some(1), 1), "{:?}", ended.stderr);
    ended.stderr.first().expect("one line")
}

#[test]
fn a_database_is_fetched_put_in_its_place_and_listed() {
    let data = Data::with_old();
    let content = database("Test-City", 0);
    let answer = packed(&content);
    let (server, asked) = server(move |request| file(&answer, "\"1\"", request));
    let ended = data.install(&[&url(server, REMOTE)]);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    assert!(ended.stdout[0].contains("/geo/city.mmdb: Test-City"), "{:?}", ended.stdout);
    assert_eq!(asked.recv().expect("one was asked"), Request::whole(REMOTE));
    assert_eq!(data.names(), [LOCAL]);
    assert_eq!(fs::read(data.path(LOCAL)).expect("a file"), content);
    assert_eq!(fs::metadata(data.path(LOCAL)).expect("a file").permissions().mode() & 0o777, 0o644);

    let listed = Program::start(&mut data.command(NETSONDE, &["geo"])).end_within(PATIENCE);
    assert!(listed.stdout.iter().any(|line| line.starts_with("city.mmdb: Test-City")), "{:?}", listed.stdout);
    let listed =
        Program::start(&mut data.command(NETSONDE, &["geo", "status", "--json"])).end_within(PATIENCE);
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout.concat()).expect("JSON");
    let listed = listed.as_array().expect("a list");
    assert!(listed.iter().any(|one| one["file"] == LOCAL && one["problem"].is_null()), "{listed:?}");
}

#[test]
fn what_broke_off_goes_on_from_where_it_ended() {
    let data = Data::with_old();
    let content = database("Test-City", 300_000);
    let answer = packed(&content);
    let half = answer.len() / 2;
    let (server, asked) = server(move |request| {
        let mut whole = file(&answer, "\"1\"", request);
        if request.range.is_none() {
            whole.truncate(whole.len() - half);
        }
        whole
    });
    let broken = data.install(&[&url(server, REMOTE)]);
    let reason = reason(&broken);
    assert!(reason.ends_with("what came stays, and the same command goes on from there"), "{reason}");
    assert_eq!(asked.recv().expect("one was asked"), Request::whole(REMOTE));
    assert_eq!(data.names(), [LOCAL, "city.mmdb.part", "city.mmdb.part.json"]);
    assert_eq!(fs::read(data.path(LOCAL)).expect("a file"), database("Old", 0));
    let had = fs::metadata(data.path("city.mmdb.part")).expect("a file").len();
    let had = usize::try_from(had).expect("a length");
    assert!(had > 0);

    let ended = data.install(&[&url(server, REMOTE)]);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    assert_eq!(asked.recv().expect("one was asked"), Request::from(REMOTE, had, "\"1\""));
    assert_eq!(data.names(), [LOCAL]);
    assert_eq!(fs::read(data.path(LOCAL)).expect("a file"), content);
}

#[test]
fn a_file_that_changed_meanwhile_is_fetched_from_its_beginning() {
    let data = Data::new();
    let (before, after) = (packed(&database("Before", 300_000)), database("After", 0));
    let changed = packed(&after);
    let (server, asked) = server(move |request| {
        if request.range.is_none() {
            let whole = file(&before, "\"1\"", request);
            whole[..whole.len() - 1000].to_vec()
        } else {
            file(&changed, "\"2\"", request)
        }
    });
    assert_eq!(data.install(&[&url(server, REMOTE)]).status.code(), Some(1));
    assert_eq!(asked.recv().expect("one was asked").range, None);
    let ended = data.install(&[&url(server, REMOTE)]);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    assert!(asked.recv().expect("one was asked").range.is_some());
    assert_eq!(fs::read(data.path(LOCAL)).expect("a file"), after);
}

/// The beginning of one file, which says another country, and the end of the other, which says another kind, make a database that
/// is no worse to look at: only what the servers say of them tells them apart.
#[test]
fn the_rest_of_another_file_is_not_joined_to_what_is_there() {
    let (mut before, after) = (database("Old-City", 300_000), database("New-City", 300_000));
    let longer = database("New-City", 300_100);
    assert!(before.len() == after.len() && after.len() < longer.len());
    let at = before.windows(2).position(|code| code == b"US").expect("a country");
    before[at..at + 2].copy_from_slice(b"DE");
    let untagged = |answer: &[u8]| {
        let head = b"HTTP/1.1 206 Partial Content\r\n";
        let rest = answer.strip_prefix(head).expect("a part");
        let at = rest.windows(6).position(|name| name == b"ETag: ").expect("a tag");
        [head, &rest[..at], b"X-", &rest[at..]].concat()
    };
    for (now, tag, tells_tag) in
        [(after.clone(), "\"2\"", true), (after, "\"1\"", false), (longer, "\"1\"", true)]
    {
        let data = Data::new();
        let (before, served) = (before.clone(), now.clone());
        let mut requests = 0;
        let (server, asked) = server(move |request| {
            requests += 1;
            if requests == 1 {
                let whole = file(&before, "\"1\"", request);
                return whole[..whole.len() - 1000].to_vec();
            }
            // Whatever the file was to be, the rest of the new one is sent.
            let heedless = Request { if_range: Some(tag.into()), ..request.clone() };
            let answer = file(&served, tag, &heedless);
            if tells_tag || request.range.is_none() { answer } else { untagged(&answer) }
        });
        let url = url(server, PLAIN);
        assert_eq!(data.install(&[&url]).status.code(), Some(1));
        let ended = data.install(&[&url]);
        assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
        assert_eq!(fs::read(data.path(LOCAL)).expect("a file"), now, "{tag} {tells_tag}");
        let ranges: Vec<_> = asked.try_iter().map(|request| request.range.is_some()).collect();
        assert_eq!(ranges, [false, true, false]);
    }
}

/// A server may send less than was asked for (RFC 9110 section 15.3.7): what is missing then is not taken for the end.
#[test]
fn a_part_that_is_shorter_than_the_rest_is_gone_on_with() {
    let data = Data::new();
    let content = database("Test-City", 300_000);
    let (served, total) = (content.clone(), content.len());
    let (server, asked) = server(move |request| {
        let Some(range) = &request.range else {
            let whole = file(&served, "\"1\"", request);
            return whole[..whole.len() - 2000].to_vec();
        };
        let first = range.trim_start_matches("bytes=").trim_end_matches('-').parse().expect("a number");
        let end = total.min(first + 1500);
        let head = format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {first}-{}/{total}\r\nETag: \"1\"\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            end - 1,
            end - first
        );
        [head.as_bytes(), &served[first..end]].concat()
    });
    let url = url(server, PLAIN);
    // Of the 2000 bytes that are missing, 1500 come, then 500.
    let codes: Vec<_> = (0..3).map(|_| data.install(&[&url]).status.code()).collect();
    assert_eq!(codes, [Some(1), Some(1), Some(0)]);
    let from = |missing: usize| Request::from(PLAIN, total - missing, "\"1\"");
    assert_eq!(asked.try_iter().collect::<Vec<_>>(), [Request::whole(PLAIN), from(2000), from(500)]);
    assert_eq!(fs::read(data.path(LOCAL)).expect("a file"), content);
}

#[test]
fn a_server_that_knows_no_ranges_starts_over() {
    let data = Data::new();
    let content = database("Test-City", 300_000);
    let answer = packed(&content);
    let (server, asked) = server(move |request| {
        let whole = file(&answer, "\"1\"", &Request::whole(&request.path));
        let kept = if request.range.is_none() { whole.len() - 1000 } else { whole.len() };
        whole[..kept].to_vec()
    });
    assert_eq!(data.install(&[&url(server, REMOTE)]).status.code(), Some(1));
    assert_eq!(data.install(&[&url(server, REMOTE)]).status.code(), Some(0));
    assert!(asked.iter().nth(1).expect("two were asked").range.is_some());
    assert_eq!(fs::read(data.path(LOCAL)).expect("a file"), content);
}

#[test]
fn what_is_damaged_is_not_installed_and_not_kept() {
    let database_ = database("Test-City", 0);
    let mut damaged = packed(&database_);
    // The last 8 bytes are the check sum and the length (RFC 1952 section 2.3.1).
    let at = damaged.len() - 8;
    damaged[at] ^= 1;
    let whole = packed(&database_);
    let short = whole[..whole.len() - 4].to_vec();
    let tar = [&[b'x'; 257][..], b"ustar", &[0; 250]].concat();
    for (content, problem) in [
        (damaged, "damaged"),
        (short, "damaged"),
        (packed(b"hello"), ""),
        (packed(&database_[..database_.len() / 2]), ""),
        (b"<!doctype html><title>Log in</title>".to_vec(), ""),
        (Vec::new(), ""),
        (packed(&tar), "archive"),
    ] {
        let data = Data::with_old();
        let (server, _asked) = server(move |request| file(&content, "\"1\"", request));
        let ended = data.install(&[&url(server, REMOTE)]);
        assert!(reason(&ended).contains(problem), "{problem}: {:?}", ended.stderr);
        assert_eq!(data.names(), [LOCAL], "{:?}", ended.stderr);
        assert_eq!(fs::read(data.path(LOCAL)).expect("a file"), database("Old", 0));
    }
}

#[test]
fn without_this_months_the_last_ones_are_fetched() {
    let data = Data::new();
    let (cities, organizations) = (packed(&database("City", 0)), packed(&database("ASN", 0)));
    let (server, asked) = server(move |request| {
        static FIRST: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());
        let mut first = FIRST.lock().expect("nobody panics");
        let kind = if request.path.contains("city") { "city" } else { "asn" };
        if first.iter().any(|known| known == kind) {
            return file(if kind == "city" { &cities } else { &organizations }, "\"1\"", request);
        }
        first.push(kind.into());
        empty("404 Not Found", "")
    });
    let ended = data.install(&["--mirror", &url(server, "/free/")]);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    assert_eq!(data.names(), ["dbip-asn-lite.mmdb", "dbip-city-lite.mmdb"]);
    let paths: Vec<_> = asked.try_iter().map(|request| request.path).collect();
    assert_eq!(paths.len(), 4, "{paths:?}");
    assert!(paths[0].starts_with("/free/dbip-city-lite-") && paths[0].ends_with(".mmdb.gz"), "{paths:?}");
    assert!(paths[0] > paths[1], "the later month comes first: {paths:?}");
}

#[test]
fn answers_that_are_none_are_told() {
    let data = Data::with_old();
    for (status, problem) in [("404 Not Found", "no such file"), ("503 Service Unavailable", "answers 503")] {
        let (server, _asked) = server(move |_| empty(status, ""));
        let ended = data.install(&[&url(server, REMOTE)]);
        assert!(reason(&ended).contains(problem), "{:?}", ended.stderr);
    }
    let (server, asked) = server(|_| empty("302 Found", "Location: /free/elsewhere\r\n"));
    let ended = data.install(&[&url(server, REMOTE)]);
    assert!(reason(&ended).contains("leads elsewhere more than 5 times"), "{:?}", ended.stderr);
    // The first and the five that it led to.
    assert_eq!(asked.try_iter().count(), 6);
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let ended = data.install(&[&url(free, REMOTE)]);
    assert!(reason(&ended).contains("nobody listens"), "{:?}", ended.stderr);
    let large = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", (256_u64 << 20) + 1);
    let (large, _asked) = idle_server(large.into_bytes());
    let ended = data.install(&[&url(large, REMOTE)]);
    assert!(reason(&ended).contains("more than 256 MiB"), "{:?}", ended.stderr);
    assert_eq!(
        (data.names(), fs::read(data.path(LOCAL)).expect("a file")),
        (vec![LOCAL.into()], database("Old", 0))
    );
}

#[test]
fn one_redirection_is_followed() {
    let data = Data::new();
    let answer = packed(&database("Test-City", 0));
    let (server, _asked) = server(move |request| match request.path.as_str() {
        REMOTE => empty("302 Found", "Location: ../elsewhere\r\n"),
        _ => file(&answer, "\"1\"", request),
    });
    assert_eq!(data.install(&[&url(server, REMOTE)]).status.code(), Some(0));
    assert_eq!(data.names(), [LOCAL]);
}

#[test]
fn a_server_that_goes_silent_is_given_up_and_a_signal_is_heard() {
    let data = Data::new();
    let answer = packed(&database("Test-City", 300_000));
    let whole = file(&answer, "\"1\"", &Request::whole(REMOTE));
    let (server, begun) = idle_server(whole[..whole.len() / 2].to_vec());
    let ended = data.install(&["--patience", "1", &url(server, REMOTE)]);
    assert!(reason(&ended).contains("nothing has come for 1 s"), "{:?}", ended.stderr);
    drop(begun.recv().expect("a connection"));

    let mut command = data.command(NETSONDE, &["geo", "install", &url(server, REMOTE)]);
    let mut program = Program::start(&mut command);
    let held = begun.recv_timeout(PATIENCE).expect("it is asked again");
    program.signal("INT");
    program.stderr.wait_for(|line| line.contains("stopping"));
    let ended = program.end_within(PATIENCE);
    assert!(ended.stderr.iter().any(|line| line.contains("stopped by a signal")), "{:?}", ended.stderr);
    assert_eq!(ended.status.code(), Some(1));
    assert!(data.path("city.mmdb.part").exists());
    drop(held);
}

/// A limit on files stands for a disk that is full: writing fails in the middle, with another number.
#[test]
fn where_there_is_no_room_the_old_one_stays_and_what_came_is_gone_on_with() {
    let data = Data::with_old();
    let content = database("Test-City", 300_000);
    let answer = packed(&content);
    let (server, asked) = server(move |request| file(&answer, "\"1\"", request));
    // 100 blocks of 512 bytes, and no signal.
    let limited = "trap '' XFSZ; ulimit -f 100; exec \"$@\"";
    let mut command =
        data.command("sh", &["-c", limited, "sh", NETSONDE, "geo", "install", &url(server, REMOTE)]);
    let ended = Program::start(&mut command).end_within(PATIENCE);
    let reason = reason(&ended);
    assert!(reason.contains("cannot write ") && reason.contains("goes on from there"), "{reason}");
    assert_eq!(fs::read(data.path(LOCAL)).expect("a file"), database("Old", 0));
    assert_eq!(fs::metadata(data.path("city.mmdb.part")).expect("a file").len(), 51_200);
    assert_eq!(asked.recv().expect("one was asked").range, None);

    assert_eq!(data.install(&[&url(server, REMOTE)]).status.code(), Some(0));
    assert_eq!(asked.recv().expect("one was asked"), Request::from(REMOTE, 51_200, "\"1\""));
    assert_eq!(fs::read(data.path(LOCAL)).expect("a file"), content);
}

#[test]
fn a_full_disk_is_told_and_the_old_one_stays() {
    let data = Data::with_old();
    let answer = packed(&database("Test-City", 300_000));
    let (server, _asked) = server(move |request| file(&answer, "\"1\"", request));
    // A disk of its own that has 128 KiB, seen by nobody else; what is there at the end is printed.
    let small = "cp geo/city.mmdb old && mount -t tmpfs -o size=128k none geo || exit 77; cp old geo/city.mmdb; \"$@\"; \
        code=$?; cmp old geo/city.mmdb && ls geo; exit $code";
    let small = ["-m", "sh", "-c", small, "sh", NETSONDE, "geo", "install", &url(server, REMOTE)];
    let Ok(_) = Command::new("unshare").arg("--help").output() else {
        return eprintln!("GEO TEST SKIPPED, needs unshare");
    };
    let ended = Program::start(&mut data.command("unshare", &small)).end_within(PATIENCE);
    if ended.status.code() == Some(77) || ended.stderr.iter().any(|line| line.starts_with("unshare:")) {
        return eprintln!("GEO TEST SKIPPED, may not mount a disk: {:?}", ended.stderr);
    }
    assert!(reason(&ended).contains("No space left on device"), "{:?}", ended.stderr);
    assert_eq!(ended.stdout, [LOCAL, "city.mmdb.part", "city.mmdb.part.json", "lock"]);
}

#[test]
fn files_are_installed_too_and_one_at_a_time() {
    let data = Data::new();
    let packed_file = data.0.path().join("Some City-2024-01.mmdb.gz");
    fs::write(&packed_file, packed(&database("City", 0))).expect("the folder is writable");
    fs::write(data.0.path().join("asn.mmdb"), database("ASN", 0)).expect("the folder is writable");
    let ended = data.install(&[packed_file.to_str().expect("text"), "asn.mmdb"]);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    assert_eq!(data.names(), ["Some_City.mmdb", "asn.mmdb"]);
    assert_eq!(fs::read(data.path("Some_City.mmdb")).expect("a file"), database("City", 0));

    let lock = File::open(data.path("lock")).expect("a file");
    lock.lock().expect("nobody holds it");
    let ended = data.install(&["asn.mmdb"]);
    assert!(reason(&ended).contains("another `netsonde geo install` is at work here"), "{:?}", ended.stderr);
    drop(lock);
    let ended = data.install(&["missing.mmdb"]);
    assert_eq!(ended.status.code(), Some(2), "{:?}", ended.stderr);
}

#[test]
fn one_that_was_named_and_cannot_be_used_keeps_the_program_from_starting() {
    let data = Data::new();
    fs::write(data.0.path().join("broken.mmdb"), "no database").expect("the folder is writable");
    for (file, problem) in [("missing.mmdb", "No such file"), ("./broken.mmdb", "")] {
        for command in [&["analyze", "-"][..], &["serve", "--listen", "127.0.0.1:0"]] {
            let mut command = data.command(NETSONDE, command);
            let ended = Program::start(command.args(["--geo-database", file])).end_within(PATIENCE);
            assert_eq!(ended.status.code(), Some(1), "{:?}", ended.stderr);
            let reason = ended.stderr.last().expect("a reason");
            assert!(
                reason.starts_with(&format!("netsonde: {file}: ")) && reason.contains(problem),
                "{reason}"
            );
        }
    }
}

/// A microsecond pcap of one datagram from 10.0.0.1 to 8.9.0.1, an address that no table of services has.
fn pcap() -> Vec<u8> {
    let header = [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 8], &[0, 0, 4, 0, 1, 0, 0, 0]].concat();
    let stamp = [1_700_000_000_u32, 0, 42, 42].map(u32::to_le_bytes).concat();
    // Ethernet; IPv4, 28 bytes, UDP; ports 40000 to 9999, no data, no checksum.
    let frame = [
        &[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0][..],
        &[10, 0, 0, 1, 8, 9, 0, 1, 0x9c, 0x40, 0x27, 0x0f, 0, 8, 0, 0],
    ];
    [header, stamp, frame.concat()].concat()
}

#[test]
fn a_report_has_the_places_of_the_database_and_where_it_was_taken() {
    let data = Data::with_old();
    fs::write(data.0.path().join("one.pcap"), pcap()).expect("the folder is writable");
    let mut command = data.command(NETSONDE, &["analyze", "one.pcap", "--json", "--here", "de"]);
    let ended = Program::start(&mut command).end_within(PATIENCE);
    assert_eq!(ended.status.code(), Some(0), "{:?}", ended.stderr);
    let report: serde_json::Value = serde_json::from_str(&ended.stdout.concat()).expect("JSON");
    let hosts = report["hosts"].as_array().expect("a list");
    let host = hosts.iter().find(|host| host["address"] == "8.9.0.1").expect("the host");
    assert_eq!((&host["country"], &host["place_source"]), (&"US".into(), &"database".into()));
    let here = &report["places"]["here"];
    assert_eq!((&here["country"], &here["source"]), (&"DE".into(), &"configured".into()));
}
