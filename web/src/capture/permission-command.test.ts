import { expect, it } from "vitest";
import { permissionCommand } from "./permission-command";

it("a_command_without_its_file_gets_one", () => {
  expect(permissionCommand("run `sudo setcap cap_net_raw=ep` on the program file, or start it as root")).toBe(
    'sudo setcap cap_net_raw=ep "$(command -v netsonde)"',
  );
});

it("a_complete_command_is_taken_as_it_is", () => {
  expect(permissionCommand("run `sudo setcap cap_net_raw=ep /usr/bin/netsonde`")).toBe(
    "sudo setcap cap_net_raw=ep /usr/bin/netsonde",
  );
});

it("without_any_command_the_usual_one_is_shown", () => {
  expect(permissionCommand(null)).toBe('sudo setcap cap_net_raw=ep "$(command -v netsonde)"');
});
