import { expect, it } from "vitest";
import { tokenIn } from "./login";

it("the_token_is_read_from_the_fragment_only", () => {
  expect(tokenIn("#token=s3cret")).toBe("s3cret");
  expect(tokenIn("#token=")).toBeNull();
  expect(tokenIn("")).toBeNull();
  expect(tokenIn("#packets")).toBeNull();
});
