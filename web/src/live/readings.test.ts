import { expect, it } from "vitest";
import { Readings } from "./readings";

it("a_second_keeps_its_last_reading", () => {
  const readings = new Readings();
  readings.push(1, 10);
  readings.push(1, 12);
  readings.push(2, 20);
  expect(readings.between(0, 9, 100).y).toEqual([12, 20]);
});

it("a_reading_of_the_past_is_left_out", () => {
  const readings = new Readings();
  readings.push(5, 10);
  readings.push(4, 99);
  expect(readings.between(0, 9, 100).y).toEqual([10]);
});

it("many_readings_become_few_and_the_newest_stays", () => {
  const readings = new Readings();
  for (let second = 0; second < 10; second += 1) readings.push(second, second);
  // Ten readings in at most four: every third, counted from the newest.
  expect(readings.between(0, 9, 4)).toEqual({ x: [0, 3, 6, 9], y: [0, 3, 6, 9] });
});
