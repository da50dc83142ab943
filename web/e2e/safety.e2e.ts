/** What the page may load, and from whom. */

import { expect } from "vitest";
import { test } from "./rig/test";

test("the_policy_lets_in_scripts_and_styles_of_the_program_only", async ({ program }) => {
  const answers = await Promise.all([fetch(program.url), fetch(program.url)]);
  const policies = answers.map((answer) => answer.headers.get("content-security-policy") ?? "");
  const nonces = policies.map((policy) => policy.match(/script-src [^;]*'nonce-([^']+)'/)?.[1]);
  expect(policies[0]).toContain("default-src 'none'");
  for (const policy of policies) expect(policy).not.toContain("unsafe-");
  // 16 bytes at least (CSP level 3, section 7.1), as base64 or hexadecimal, and others in every answer.
  expect(nonces[0]?.length).toBeGreaterThanOrEqual(22);
  expect(nonces[0]).not.toBe(nonces[1]);
  expect(await answers[0]?.text()).toContain(`nonce="${nonces[0]}"`);
});

test("what_the_policy_forbids_does_not_run", async ({ program, watch }) => {
  const viewer = await watch(program);
  viewer.expect(/Content Security Policy|ERR_BLOCKED_BY_CSP|request elsewhere: http:\/\/192\.0\.2\.1\//);
  await viewer.screen.firstStart.waitFor();
  const outcome = await viewer.page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "document.documentElement.dataset.ran = ''";
    document.head.append(script);
    const elsewhere = await fetch("http://192.0.2.1/").then(
      () => "answered",
      () => "refused",
    );
    return { ran: "ran" in document.documentElement.dataset, elsewhere };
  });
  expect(outcome).toEqual({ ran: false, elsewhere: "refused" });
});
