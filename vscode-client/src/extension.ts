// Where the editor enters: commands, and the reasons to start the server.
import * as vscode from "vscode";
import { Client } from "./client";
import { Database } from "./database/database";
import { LAYOUTS, LEFT_OUT, mayBeMigration } from "./migrations";
import { showOperations } from "./operations";
import { EXPLAIN, RulePages, SHOW_RULE, explainRule } from "./rules";
import { DECIDE_SERVER } from "./settings";
import { Status } from "./status";

let client: Client | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("Partway", { log: true });
  const status = new Status();
  const pages = new RulePages();
  const running = new Client(context, log, status, async (command, args, next): Promise<unknown> => {
    if (await database.instead(command)) {
      return undefined;
    }
    const answer: unknown = await next(command, args);
    await database.done(command);
    if (command === EXPLAIN && typeof args[0] === "string") {
      await pages.show(args[0], answer);
    }
    return answer;
  });
  const database = new Database(running, context.workspaceState, status);
  client = running;

  const command = (name: string, run: (argument: unknown) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(name, run);
  context.subscriptions.push(
    log,
    status,
    database,
    pages.register(),
    command("partway.restartServer", () => running.restart()),
    command("partway.showLog", () => {
      log.show();
    }),
    command("partway.fixFile", fixFile),
    command(SHOW_RULE, (rule: unknown) => explainRule(running, pages, rule)),
    command("partway.showOperations", () => showOperations(running)),
    vscode.workspace.onDidOpenTextDocument(async (document) => {
      if (!running.wanted && isReason(document)) {
        await running.restart();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(async () => {
      if (running.wanted) {
        await running.restart(); // what the workspace brings along may be used now
      }
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (running.wanted && DECIDE_SERVER.some((setting) => event.affectsConfiguration(setting))) {
        await running.restart();
      }
    }),
  );

  if (vscode.workspace.textDocuments.some(isReason) || (await holdsMigrations())) {
    // Not waited for: an installation takes as long as it takes, and the commands are there meanwhile.
    void running.restart();
  }
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

function isReason(document: vscode.TextDocument): boolean {
  return document.uri.scheme === "file" && mayBeMigration(document.uri.fsPath);
}

/** Whether the workspace holds what migrations are laid out as. An SQL file alone, a query say, starts nothing. */
async function holdsMigrations(): Promise<boolean> {
  for (const layout of LAYOUTS) {
    if ((await vscode.workspace.findFiles(layout, LEFT_OUT, 1)).length > 0) {
      return true;
    }
  }
  return false;
}

/** Apply every safe fix in the active file. */
async function fixFile(): Promise<void> {
  await vscode.commands.executeCommand("editor.action.sourceAction", {
    kind: "source.fixAll.partway",
    apply: "first",
  });
}
