// @vitest-environment jsdom

import { cleanup, render, screen, within } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import { afterEach, expect, it, vi } from "vitest";
import type { EvidenceLink } from "../../generated/EvidenceLink";
import type { FlowDetail } from "../../generated/FlowDetail";
import { appStrings } from "../../lib/app-strings";
import { flowListed } from "../../live/fixtures";
import { ageText, EvidenceChain } from "./EvidenceChain";
import { TlsFacts } from "./TlsFacts";

afterEach(cleanup);

const BEGAN = "2026-11-20T14:02:10.000000000Z";

function detail(evidence: EvidenceLink[]): FlowDetail {
  return {
    listed: flowListed(1, { first_seen: BEGAN }),
    evidence,
    tls: null,
    tcp: null,
    quic: null,
    streams: [],
    course: {
      packets: 0,
      first_packet: null,
      last_packet: null,
      is_cut: false,
      from_ms: null,
      step_s: 1,
      steps: [],
    },
    findings: [],
    counts: [],
  };
}

it("the_chain_says_kind_value_rule_age_and_verdict_strongest_first", () => {
  const evidence: EvidenceLink[] = [
    {
      kind: "tls_sni",
      value: "www.netflix.com",
      learned_at: BEGAN,
      app: "Netflix",
      rule: "netflix.com",
      verdict: "decides",
    },
    {
      kind: "dns",
      value: "cdn.example",
      // 3 s before the first packet.
      learned_at: "2026-11-20T14:02:07.000000000Z",
      app: null,
      rule: null,
      verdict: "not_in_catalogue",
    },
  ];
  render(
    <Tooltip.Provider>
      <EvidenceChain detail={detail(evidence)} onLabel={vi.fn()} />
    </Tooltip.Provider>,
  );
  const [first, second] = screen.getAllByRole("listitem");
  if (first === undefined || second === undefined) throw new Error("there are not two links");
  expect(first.textContent).toContain("TLS namewww.netflix.com");
  expect(first.textContent).toContain(appStrings.verdicts.decides);
  expect(first.textContent).toContain("says Netflix, fits netflix.com, learned with its first packet");
  expect(within(second).getByText("cdn.example").tagName).toBe("BDI");
  expect(second.textContent).toContain("learned 3.00 s before it began");
  expect(second.textContent).toContain(appStrings.verdicts.not_in_catalogue);
});

it("without_evidence_it_says_so_and_offers_a_label_by_hand", () => {
  const label = vi.fn();
  const unknown = detail([]);
  render(<EvidenceChain detail={unknown} onLabel={label} />);
  screen.getByText(appStrings.why.none);
  screen.getByRole("button", { name: appStrings.why.label }).click();
  expect(label).toHaveBeenCalledWith(unknown.listed);
});

it("an_age_is_told_from_the_flows_first_packet", () => {
  expect(ageText("2026-11-20T14:02:10.042Z", BEGAN)).toBe("learned 42.0 ms after it began");
  // An address range has no time.
  expect(ageText(null, BEGAN)).toBeNull();
  expect(ageText(BEGAN, null)).toBeNull();
});

it("hellos_tell_version_cipher_and_fingerprints_that_can_be_copied", () => {
  const ja4 = "t13d1516h2_8daaf6152771_e5627efa2ab1";
  render(
    <Tooltip.Provider>
      <TlsFacts
        tls={{
          version: "TLS 1.3",
          cipher: null,
          resumed: null,
          handshake_ms: null,
          alpn: ["h2", "http/1.1"],
          groups: ["X25519MLKEM768", "x25519"],
          encrypted_hello: true,
          ja3: null,
          ja4,
        }}
      />
    </Tooltip.Provider>,
  );
  screen.getByText("TLS 1.3");
  screen.getByText("h2, http/1.1");
  screen.getByText(appStrings.tls.cipherUnknown);
  screen.getByText(appStrings.tls.hiddenYes);
  screen.getByText(ja4);
  screen.getByRole("button", { name: appStrings.tls.copy(appStrings.tls.ja4) });
  expect(screen.queryByText(appStrings.tls.ja3)).toBeNull();
});
