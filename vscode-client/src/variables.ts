// Variables in settings that hold paths.
import * as path from "node:path";

export interface VariablePlaces {
  readonly home: string;
  readonly workspace: string | undefined;
}

/**
 * A path with `~`, `${userHome}` and `${workspaceFolder}` filled in; a relative one counts from the workspace's folder.
 * What cannot be filled in stays as it is, so that a message about the path shows it.
 */
export function fillIn(value: string, places: VariablePlaces): string {
  if (value === "") {
    return "";
  }
  const filled = value
    .replace(/^~(?=$|[\\/])/, () => places.home)
    .replaceAll("${userHome}", () => places.home)
    .replaceAll("${workspaceFolder}", (variable) => places.workspace ?? variable);
  return path.isAbsolute(filled) || places.workspace === undefined || filled.includes("${")
    ? filled
    : path.join(places.workspace, filled);
}
