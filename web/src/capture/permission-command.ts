/** The command that gives the program the right to capture. */

const FALLBACK = "sudo setcap cap_net_raw=ep";

/** Where a shell finds the program, for a sentence that names the command but not the file. */
const PROGRAM_FILE = '"$(command -v netsonde)"';

/** The command out of the program's sentence, complete enough to paste into a terminal. */
export function permissionCommand(problem: string | null): string {
  const named = problem?.match(/(sudo setcap [^`]+)/)?.[1] ?? FALLBACK;
  const complete = named.split(" ").length > 3;
  return complete ? named : `${named} ${PROGRAM_FILE}`;
}
