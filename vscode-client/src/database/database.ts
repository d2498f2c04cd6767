// The chosen database: remembered for the workspace, chosen from a list, shown in the tree and in the status bar.
import * as vscode from "vscode";
import type { Client } from "../client";
import { mayBeMigration } from "../migrations";
import type { Status } from "../status";
import { readChoices, readState, type Choice } from "./choices";
import { readOperations, readStanding } from "./standing";
import { GO_TO, MigrationTree, VIEW, goToOperation, migrationOf } from "./tree";

/** The server's commands. */
const DATABASES = "partway.databases";
const USE = "partway.useDatabase";
const PROJECT = "partway.projectStatus";
const ONE = "partway.migrationStatus";
const REFRESH = "partway.refreshStatus";
const RESUME = "partway.resume";
/** The server's commands that are done here, as VS Code does such things. */
const CHOOSE = "partway.chooseDatabase";
const SHOW = "partway.showStatus";
/** Where the choice is kept, for this workspace and this person. */
const REMEMBERED = "partway.database";

interface Item extends vscode.QuickPickItem {
  readonly database: string | null;
}

export class Database implements vscode.Disposable {
  readonly #tree: MigrationTree;
  readonly #subscriptions: { dispose(): unknown }[];

  constructor(
    private readonly client: Client,
    private readonly memory: vscode.Memento,
    status: Status,
  ) {
    this.#tree = new MigrationTree(
      async () => readStanding(await client.request(PROJECT, [])),
      async (uri) => readOperations(await client.request(ONE, [{ uri }])),
    );
    this.#subscriptions = [
      this.#tree,
      client.onDidStart(() => this.#started()),
      client.onDidChangeDatabase(async (said) => {
        const state = readState(said);
        status.setDatabase(state);
        await vscode.commands.executeCommand("setContext", "partway.database", state.name ?? "");
      }),
      vscode.commands.registerCommand("partway.selectDatabase", () => this.choose()),
      vscode.commands.registerCommand("partway.refreshMigrations", () => this.#refresh()),
      vscode.commands.registerCommand(GO_TO, goToOperation),
      vscode.commands.registerCommand("partway.resumeMigration", (node: unknown) => this.#resume(node)),
      vscode.workspace.onDidSaveTextDocument(async (document) => {
        if (mayBeMigration(document.uri.fsPath) && this.#refreshesBySaving) {
          await this.#tree.refresh();
        }
      }),
      vscode.workspace.onDidChangeConfiguration(async (event) => {
        if (event.affectsConfiguration("partway.database")) {
          await this.memory.update(REMEMBERED, undefined); // the setting is the later word
          await this.#tree.refresh();
        }
      }),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  /** Do a command of the server's in the way of this editor; false where it is the server's to do. */
  async instead(command: string): Promise<boolean> {
    if (command === CHOOSE) {
      await this.choose();
      return true;
    }
    if (command === SHOW) {
      await vscode.commands.executeCommand(`${VIEW}.focus`);
      return true;
    }
    return false;
  }

  /** A command of the server's is done. */
  async done(command: string): Promise<void> {
    if (command === REFRESH) {
      await this.#tree.refresh();
    }
  }

  /** Let the user choose the database that is asked. */
  async choose(): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      await vscode.window.showInformationMessage("Partway asks no database in Restricted Mode.");
      return;
    }
    const editor = vscode.window.activeTextEditor;
    const here = editor?.document.uri.scheme === "file" ? [{ uri: editor.document.uri.toString() }] : [];
    const choices = readChoices(await this.client.request(DATABASES, here));
    const picked = await vscode.window.showQuickPick(items(choices), {
      title: "The database to ask what is applied",
      placeHolder: choices.length > 0 ? "It is only read, never changed" : "No database is named in partway.toml or found in the project's files",
      matchOnDescription: true,
    });
    if (picked !== undefined) {
      await this.memory.update(REMEMBERED, picked.database ?? "");
      await this.client.request(USE, [picked.database]);
      await this.#tree.refresh();
    }
  }

  async #started(): Promise<void> {
    const remembered = this.memory.get<string>(REMEMBERED);
    if (remembered !== undefined && vscode.workspace.isTrusted) {
      await this.client.request(USE, [remembered === "" ? null : remembered]);
    }
    await this.#tree.refresh();
  }

  /** Write the migration that finishes one: of a row of the tree, else that of the active editor. */
  async #resume(node: unknown): Promise<void> {
    const uri = migrationOf(node) ?? vscode.window.activeTextEditor?.document.uri.toString();
    if (uri !== undefined) {
      await this.client.request(RESUME, [{ uri }]);
    }
  }

  async #refresh(): Promise<void> {
    await this.client.request(REFRESH, []);
    await this.#tree.refresh();
  }

  get #refreshesBySaving(): boolean {
    return vscode.workspace.getConfiguration("partway").get("status.refresh") !== "onCommand";
  }
}

function items(choices: readonly Choice[]): Item[] {
  const found = choices.map(({ name, source, address, chosen }) => ({
    label: `${chosen ? "$(check)" : "$(database)"} ${name}`,
    description: address,
    detail: `from ${source}`,
    database: name,
  }));
  return [...found, { label: "$(circle-slash) None", description: "ask no database", database: null }];
}
