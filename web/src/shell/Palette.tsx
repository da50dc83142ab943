/** Every command at the keyboard: type a few letters, press Enter. */

import { useNavigate } from "@tanstack/react-router";
import { Command as Menu } from "cmdk";
import { Dialog } from "radix-ui";
import { useState } from "react";
import { strings } from "../lib/strings";
import { search } from "./command-search";
import { type Command, useCommands } from "./commands";
import { keyNames } from "./key-names";
import { setPaletteOpen, usePalette } from "./palette-state";

export function Palette() {
  const open = usePalette((palette) => palette.open);
  return (
    <Dialog.Root open={open} onOpenChange={setPaletteOpen}>
      <Dialog.Portal>
        <Dialog.Overlay className="appear fixed inset-0 z-50 bg-black/50" />
        <Dialog.Content
          aria-describedby={undefined}
          className="popup appear fixed top-[12vh] left-1/2 z-50 w-[560px] max-w-[94vw] -translate-x-1/2 overflow-hidden"
        >
          <Dialog.Title className="sr-only">{strings.commands.title}</Dialog.Title>
          <List />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function List() {
  const [query, setQuery] = useState("");
  const navigate = useNavigate();
  const possible = useCommands().filter((command) => command.when?.() !== false);
  const found = search(query, possible);
  const wanted = query.trim();
  const run = (command: () => void) => {
    setPaletteOpen(false);
    // The dialog gives the focus back first: a command may want it elsewhere.
    setTimeout(command, 0);
  };
  return (
    <Menu shouldFilter={false} label={strings.commands.title} loop>
      <Menu.Input
        value={query}
        onValueChange={setQuery}
        placeholder={strings.commands.placeholder}
        className="h-12 w-full border-line border-b bg-transparent px-4 text-input outline-none placeholder:text-fg-3"
      />
      <Menu.List className="max-h-[52vh] overflow-auto p-1.5">
        {groupsOf(found).map(([group, commands]) => (
          <Menu.Group
            key={group}
            heading={strings.commands.groups[group]}
            className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-fg-3 [&_[cmdk-group-heading]]:text-meta"
          >
            {commands.map((command) => (
              <Menu.Item
                key={command.id}
                value={command.id}
                className="menu-item"
                onSelect={() => run(command.run)}
              >
                {command.label}
                {command.keys !== undefined && <Keys keys={command.keys} />}
              </Menu.Item>
            ))}
          </Menu.Group>
        ))}
        {wanted !== "" && (
          <Menu.Item
            value="filter-by"
            className="menu-item"
            onSelect={() => run(() => void navigate({ to: "/live", search: { filter: wanted } }))}
          >
            <span className="truncate">{strings.commands.filterBy(wanted)}</span>
          </Menu.Item>
        )}
      </Menu.List>
    </Menu>
  );
}

function Keys({ keys }: { keys: string }) {
  return (
    <span className="ml-auto flex gap-1">
      {keyNames(keys).map((name) => (
        <kbd key={name} className="key">
          {name}
        </kbd>
      ))}
    </span>
  );
}

/** The best find decides which group comes first. */
function groupsOf(commands: readonly Command[]): [Command["group"], Command[]][] {
  const groups = new Map<Command["group"], Command[]>();
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return [...groups];
}
