// @vitest-environment jsdom

import { expect, it } from "vitest";
import { strings } from "../lib/strings";
import { uploadAnswer } from "./upload";

it("an_upload_answers_its_id_or_the_programs_reason", () => {
  expect(uploadAnswer('{"id":"a1"}')).toEqual({ id: "a1" });
  expect(uploadAnswer('{"error":"not a capture file"}')).toEqual({ error: "not a capture file" });
});

it("an_answer_without_a_reason_gets_a_sentence", () => {
  expect(uploadAnswer("<html>")).toEqual({ error: strings.errors.noReason });
  expect(uploadAnswer('{"id":7}')).toEqual({ error: strings.errors.noReason });
});
