//! Real captures against what tshark says of them.
//!
//! The captures are kept outside the project; `NETSONDE_CORPUS` names their folder.

#[cfg(test)]
mod corpus {
    use std::fs;
    use std::io::Cursor;
    use std::path::{Path, PathBuf};

    use netsonde_capture::{OpenError, Polled, ReadError, Source};
    use serde_json::Value;

    /// Captures that are refused, and what the refusal must say.
    const REFUSED: [(&str, &str); 1] = [("fmt_pcapparser_modified.pcap", "Kuznetzov")];

    /// Places at which every capture is cut.
    const CUTS: usize = 20;

    /// What a packet comes to in a comparison.
    type Seen = (u64, u32, usize);

    fn folder() -> Option<PathBuf> {
        let folder = std::env::var_os("NETSONDE_CORPUS").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"),
            PathBuf::from,
        );
        if folder.join("dev").is_dir() {
            return Some(folder);
        }
        eprintln!(
            "!!! NO CORPUS at {}: real captures are NOT tested (NETSONDE_CORPUS) !!!",
            folder.display()
        );
        None
    }

    fn captures(folder: &Path) -> Vec<PathBuf> {
        let mut paths: Vec<_> =
            fs::read_dir(folder.join("dev")).unwrap().map(|entry| entry.unwrap().path()).collect();
        // Notes about the captures lie beside them.
        paths.retain(|path| path.to_string_lossy().contains(".pcap"));
        paths.sort();
        paths
    }

    fn name(path: &Path) -> String {
        path.file_name().unwrap().to_string_lossy().into_owned()
    }

    fn read(mut source: Source) -> (Vec<Seen>, Option<ReadError>) {
        let mut seen = Vec::new();
        loop {
            let fields = |packet: &netsonde_dissect::Packet<'_>| {
                (packet.at.map_or(0, netsonde_units::Timestamp::nanos), packet.wire_len, packet.bytes.len())
            };
            match source.poll(|packets| seen.extend(packets.iter().map(fields))) {
                Ok(Polled::Packets(_)) => {}
                Ok(Polled::Idle(_)) => panic!("a file is never idle"),
                Ok(Polled::End) => return (seen, None),
                Err(error) => return (seen, Some(error)),
            }
        }
    }

    fn time(nanos: u64) -> String {
        format!("{}.{:09}", nanos / 1_000_000_000, nanos % 1_000_000_000)
    }

    #[test]
    fn packets_bytes_and_times_equal_the_truth() {
        let Some(folder) = folder() else { return };
        let mut wrong = Vec::new();
        for path in captures(&folder) {
            let name = name(&path);
            if let Some((_, reason)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
                let error = Source::file(&path).unwrap_err();
                assert!(matches!(error, OpenError::NotACapture { .. }) && error.to_string().contains(reason));
                continue;
            }
            let text = fs::read_to_string(folder.join("truth").join(format!("{name}.json"))).unwrap();
            let truth: Value = serde_json::from_str(&text).unwrap();
            let source = Source::file(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
            let (seen, error) = read(source);
            let ours = serde_json::json!({
                "packets": seen.len(),
                "bytes_wire": seen.iter().map(|(_, wire, _)| u64::from(*wire)).sum::<u64>(),
                "bytes_captured": seen.iter().map(|(_, _, captured)| *captured).sum::<usize>(),
                "first_time": seen.first().map(|(at, ..)| time(*at)),
                "last_time": seen.last().map(|(at, ..)| time(*at)),
            });
            for (key, value) in ours.as_object().unwrap() {
                // A simple packet at the beginning has no time.
                let no_time = truth[key] == "" && *value == "0.000000000";
                if truth[key] != *value && !no_time {
                    wrong.push(format!("{name}: {key} {value} instead of {} ({error:?})", truth[key]));
                }
            }
            // tshark ends with 2 where it finds a file cut or damaged.
            if error.is_some() != (truth["tshark"]["rc"] != 0) {
                wrong.push(format!("{name}: {error:?} and {}", truth["tshark"]));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_cut_capture_delivers_a_prefix() {
        let Some(folder) = folder() else { return };
        for path in captures(&folder) {
            let bytes = fs::read(&path).unwrap();
            let open = |bytes: Vec<u8>| Source::reader("cut", Box::new(Cursor::new(bytes)));
            let Ok(whole) = open(bytes.clone()) else { continue };
            let (all, _) = read(whole);
            for cut in 0..CUTS {
                // Odd places, from the beginning to just before the end.
                let part = bytes[..(bytes.len() * cut / CUTS + cut * 7).min(bytes.len() - 1)].to_vec();
                let Ok(source) = open(part) else { continue };
                let (seen, _) = read(source);
                assert!(all.starts_with(&seen), "{} cut at {cut}/{CUTS}", name(&path));
            }
        }
    }

    /// All of a packet, its bytes too.
    type Whole = (Option<netsonde_units::Timestamp>, netsonde_dissect::LinkType, u32, u32, Vec<u8>);

    fn whole(packet: &netsonde_dissect::Packet<'_>) -> Whole {
        (packet.at, packet.link, packet.interface, packet.wire_len, packet.bytes.to_vec())
    }

    #[test]
    fn packets_that_are_read_again_are_the_same() {
        let Some(folder) = folder() else { return };
        let mut spans = 0;
        for path in captures(&folder) {
            let Ok(mut source) = Source::file(&path) else { continue };
            assert_eq!(source.can_read_again(), source.compression().is_none());
            let mut first = Vec::new();
            while let Ok(Polled::Packets(_)) = source.poll(|packets| first.extend(packets.iter().map(whole)))
            {
                let mut again = Vec::new();
                if let Some(span) = source.take_span() {
                    span.read(|packet| again.push(whole(&packet))).unwrap();
                    assert!(first == again, "{}", name(&path));
                    spans += 1;
                }
                first.clear();
            }
        }
        assert!(spans > 100, "{spans}");
    }
}
