import { expect, it } from "vitest";
import { protocolClass } from "./protocols";

it("a_version_stays_in_the_class_of_its_protocol", () => {
  expect(protocolClass("TLS 1.3")).toBe("TLS");
  expect(protocolClass("QUIC")).toBe("QUIC");
});

it("folded_protocols_take_the_class_that_counts_them", () => {
  expect(protocolClass("SRTP")).toBe("RTP");
  expect(protocolClass("DTLS")).toBe("TLS");
  expect(protocolClass("HTTP/3")).toBe("QUIC");
});

it("an_unknown_protocol_is_others", () => {
  expect(protocolClass("ICMPv6")).toBe("Others");
  expect(protocolClass("TCPX")).toBe("Others");
});
