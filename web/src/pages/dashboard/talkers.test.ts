import { expect, it } from "vitest";
import { host } from "../../live/place-fixtures";
import { namesOf } from "./talkers";

it("ends_are_called_by_their_best_names_and_no_country_is_told_that_is_doubted", () => {
  const named = [{ name: "www.example.org", source: "tls_sni" as const }];
  const doubt = { reason: "anycast", rtt_ms: null, reach_km: null, distance_km: null } as const;
  const names = namesOf([
    host("192.0.2.1", { named, country: "DE" }),
    host("192.0.2.2", { country: "US", doubt }),
  ]);
  expect(names.get("192.0.2.1")).toEqual({ name: "www.example.org", country: "DE" });
  expect(names.get("192.0.2.2")).toEqual({ name: null, country: null });
  expect(names.get("192.0.2.3")).toBeUndefined();
});
