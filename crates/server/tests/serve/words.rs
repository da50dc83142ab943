//! What is found out and said in words, on its way to viewers.

use netsonde_messages::stream::{Message, State, TopicState};
use netsonde_messages::{Assistant, AssistantState, Findings, SessionReport, Summary};

use crate::support::{Running, Viewing, pcap, until};

async fn measured() -> Running {
    let server = Running::with_both(|_| {}, |monitor| monitor.summarized = true).unwrap();
    let answer = server.http("POST /api/v1/captures HTTP/1.1\r\nHost: HOST", &pcap(3)).await;
    let id = answer.rsplit_once(r#""id":""#).unwrap().1.split('"').next().unwrap().to_owned();
    let start = format!(r#""command":"start_capture","source":{{"upload":"{id}"}}"#);
    server.viewer().await.ask(&start).await.unwrap();
    until(|| server.monitor.status().summarizing).await;
    server
}

async fn subscribe(server: &Running) -> Viewing {
    let mut viewer = server.viewer().await;
    viewer.ask(r#""command":"subscribe","topics":["findings","summaries"]"#).await.unwrap();
    viewer
}

async fn whole(viewer: &mut Viewing) -> (Findings, netsonde_messages::Summaries) {
    let state = viewer.until(|message| match message {
        Message::InitialState(state) => Some(state.clone()),
        _ => None,
    });
    let state = state.await;
    (state.findings.unwrap(), state.summaries.unwrap())
}

/// Fault 64 of the design's public implementation: the report went to the page that had asked for the end, and to no
/// other.
#[tokio::test]
async fn what_is_said_after_the_end_reaches_every_viewer_once_and_those_who_come_later() {
    let server = measured().await;
    let session = server.monitor.status().session;
    let (mut one, mut other) = (subscribe(&server).await, subscribe(&server).await);
    whole(&mut one).await;
    whole(&mut other).await;
    server.monitor.set_findings(Findings { session, findings_omitted: 7, ..Findings::default() });
    server.monitor.conclude(session, SessionReport { summary: "All is well.".into(), ..Default::default() });
    for viewer in [&mut one, &mut other] {
        let (mut found, mut said) = (0, 0);
        while found == 0 || said == 0 {
            match viewer.next().await {
                Message::Update { topic: TopicState::Findings(findings), .. } => {
                    assert_eq!(findings.findings_omitted, 7);
                    found += 1;
                }
                Message::Update { topic: TopicState::Summaries(summaries), .. } => {
                    assert_eq!(summaries.report.unwrap().summary, "All is well.");
                    said += 1;
                }
                _ => {}
            }
        }
        // A change of the status alone says neither again.
        assert_eq!((found, said), (1, 1));
    }
    let (findings, summaries) = whole(&mut subscribe(&server).await).await;
    assert_eq!((findings.findings_omitted, summaries.report.unwrap().summary.as_str()), (7, "All is well."));
    assert_eq!(server.monitor.status().state, State::Finished);
}

#[tokio::test]
async fn a_summary_worded_anew_and_the_state_of_the_model_are_told_while_nothing_is_measured() {
    let server = measured().await;
    let session = server.monitor.status().session;
    let mut viewer = subscribe(&server).await;
    whole(&mut viewer).await;
    for text in ["By rules.", "By a model."] {
        server.monitor.add_summary(session, Summary { id: 1, text: text.into(), ..Summary::default() });
        let told = viewer.until(|message| match message {
            Message::Update { topic: TopicState::Summaries(summaries), .. } => {
                Some(summaries.periodic.iter().map(|summary| summary.text.clone()).collect::<Vec<_>>())
            }
            _ => None,
        });
        assert_eq!(told.await, [text]);
    }
    server.monitor.set_assistant(Assistant { state: AssistantState::Waiting, ..Assistant::default() });
    let told = viewer.until(|message| match message {
        Message::Update { topic: TopicState::Summaries(summaries), .. } => Some(summaries.assistant.state),
        _ => None,
    });
    assert_eq!(told.await, AssistantState::Waiting);
    assert!(!server.monitor.may_ask());
    viewer.ask(r#""command":"allow_assistant","allowed":true"#).await.unwrap();
    assert!(server.monitor.may_ask());
}
