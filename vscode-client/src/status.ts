// The status bar item: whether the server runs, and the way to its log and its restart.
import * as vscode from "vscode";
import { NO_DATABASE, shortly, type DatabaseState } from "./database/choices";
import { mayBeMigration } from "./migrations";
import type { Origin, Server } from "./server/search";

/** What the server is doing, as far as a person wants to know. */
export type State =
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly server: Server }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "stopped" };

const ORIGINS: Readonly<Record<Origin, string>> = {
  setting: "the one that `partway.path` names",
  environment: "from the workspace's Python environment",
  managed: "installed by the extension",
  path: "found on PATH",
};

export class Status implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("partway.status", vscode.StatusBarAlignment.Right, 90);
  readonly #subscription: vscode.Disposable;
  #state: State = { kind: "stopped" };
  #database = NO_DATABASE;

  constructor() {
    this.#item.name = "Partway";
    this.#subscription = vscode.window.onDidChangeVisibleTextEditors(() => {
      this.#show();
    });
  }

  set(state: State): void {
    this.#state = state;
    this.#show();
  }

  setDatabase(database: DatabaseState): void {
    this.#database = database;
    this.#show();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }

  /** Shown beside an SQL file and every other migration, and wherever something is wrong. */
  #show(): void {
    const state = this.#state;
    const item = this.#item;
    const tooltip = new vscode.MarkdownString(undefined, true);
    tooltip.isTrusted = { enabledCommands: ["partway.restartServer", "partway.showLog", "partway.showOperations", "partway.selectDatabase"] };
    item.backgroundColor = undefined;
    switch (state.kind) {
      case "starting":
        item.text = "$(loading~spin) Partway";
        item.command = "partway.showLog";
        tooltip.appendMarkdown("Partway's server is starting.");
        break;
      case "running":
        item.text = `$(check) Partway${shortly(this.#database)}`;
        item.command = "partway.showOperations";
        tooltip.appendMarkdown(
          `Partway ${state.server.version}, ${ORIGINS[state.server.origin]}\n\n` +
            "[$(list-ordered) Show Operations](command:partway.showOperations) · " +
            "[$(database) Choose Database](command:partway.selectDatabase)\n\n",
        );
        this.#describeDatabase(tooltip);
        break;
      case "failed":
        item.text = "$(error) Partway";
        item.command = "partway.showLog";
        item.backgroundColor = new vscode.ThemeColor("statusBarItem.errorBackground");
        tooltip.appendText(state.reason);
        tooltip.appendMarkdown("\n\n");
        break;
      case "stopped":
        item.text = "$(circle-slash) Partway";
        item.command = "partway.restartServer";
        tooltip.appendMarkdown("Partway's server does not run.\n\n");
        break;
    }
    tooltip.appendMarkdown(
      "[$(debug-restart) Restart Server](command:partway.restartServer) · [$(output) Show Log](command:partway.showLog)",
    );
    item.tooltip = tooltip;
    // Visible, not active: the log is an editor too, and who reads it wants to see how the server does.
    const concerned = vscode.window.visibleTextEditors.some(
      ({ document }) => document.fileName.endsWith(".sql") || mayBeMigration(document.fileName),
    );
    if (state.kind === "failed" || (concerned && state.kind !== "stopped")) {
      item.show();
    } else {
      item.hide();
    }
  }

  #describeDatabase(tooltip: vscode.MarkdownString): void {
    const { name, kind, message } = this.#database;
    if (name !== undefined) {
      tooltip.appendText(kind === "unavailable" ? `${name}: ${message}` : `Database: ${name}`);
      tooltip.appendMarkdown("\n\n");
    }
  }
}
