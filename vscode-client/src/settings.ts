// The settings that the extension itself reads; the server pulls the others.
import * as os from "node:os";
import * as vscode from "vscode";
import { fillIn } from "./variables";

export interface Settings {
  readonly path: string;
  readonly managed: boolean;
  readonly python: string;
}

/** Settings that decide which server runs: a change starts it anew. */
export const DECIDE_SERVER = ["partway.path", "partway.managed"] as const;

export function readSettings(): Settings {
  const section = vscode.workspace.getConfiguration("partway");
  const places = { home: os.homedir(), workspace: folders()[0] };
  return {
    path: fillIn(section.get("path", "").trim(), places),
    managed: section.get("managed.enabled", true),
    python: fillIn(section.get("managed.python", "").trim(), places),
  };
}

/** The workspace's folders on the disk. */
export function folders(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === "file")
    .map((folder) => folder.uri.fsPath);
}
