import { expect, it } from "vitest";
import { endText, flowName, flowsBetween } from "./flow-names";

it("an_ipv6_address_with_a_port_stands_in_brackets", () => {
  expect(endText("2001:db8::1", 443)).toBe("[2001:db8::1]:443");
  expect(endText("2001:db8::1", null)).toBe("2001:db8::1");
  expect(endText("192.0.2.1", 443)).toBe("192.0.2.1:443");
});

it("a_flow_is_named_by_its_ends_the_client_first", () => {
  const flow = { client: "192.0.2.1", client_port: 50_000, server: "198.51.100.1", server_port: 443 };
  expect(flowName(flow)).toBe("192.0.2.1:50000 → 198.51.100.1:443");
});

it("flows_are_between_ip_addresses_only", () => {
  expect(flowsBetween("192.0.2.1", "2001:db8::1")).toBe("192.0.2.1 2001:db8::1");
  expect(flowsBetween("02:00:00:00:0a:01", "192.0.2.1")).toBeNull();
  expect(flowsBetween("192.0.2.1", "Broadcast")).toBeNull();
  expect(flowsBetween("", "")).toBeNull();
});
