// The tree view: projects, their migrations with half-applied ones on top, their operations and what is true of each.
import * as path from "node:path";
import * as vscode from "vscode";
import { utf16Column } from "../inspection";
import {
  NOTHING,
  nameOf,
  summary,
  troubled,
  type MigrationStanding,
  type OperationStanding,
  type ProjectStanding,
  type State,
  type Whole,
  type WorkspaceStanding,
} from "./standing";

export const VIEW = "partway.migrations";
/** Goes to an operation that was clicked. */
export const GO_TO = "partway.goToOperation";

type Node =
  | { readonly kind: "project"; readonly project: ProjectStanding }
  | { readonly kind: "note"; readonly text: string; readonly icon: string }
  | { readonly kind: "migration"; readonly migration: MigrationStanding }
  | { readonly kind: "operation"; readonly migration: MigrationStanding; readonly operation: OperationStanding };

const OPERATIONS: Readonly<Record<State, vscode.ThemeIcon>> = {
  applied: icon("pass", "testing.iconPassed"),
  pending: icon("circle-outline"),
  different: icon("error", "list.errorForeground"),
  invalid: icon("error", "list.errorForeground"),
  unknown: icon("question"),
};
const MIGRATIONS: Readonly<Record<Whole, vscode.ThemeIcon>> = {
  "half-way": icon("warning", "list.warningForeground"),
  applied: icon("pass", "testing.iconPassed"),
  pending: icon("circle-outline"),
  unclear: icon("question"),
};

function icon(name: string, color?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));
}

export class MigrationTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Node>;
  #standing: WorkspaceStanding = NOTHING;
  #stale = true;
  #asking: Promise<void> | undefined;

  constructor(
    private readonly ask: () => Promise<WorkspaceStanding>,
    private readonly askFor: (uri: string) => Promise<OperationStanding[]>,
  ) {
    this.#view = vscode.window.createTreeView<Node>(VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.#view.onDidChangeVisibility(({ visible }) => {
      if (visible && this.#stale) {
        void this.refresh();
      }
    });
  }

  dispose(): void {
    this.#view.dispose();
    this.#changed.dispose();
  }

  /** What is shown may be so no longer: ask again, but only if somebody looks. */
  async refresh(): Promise<void> {
    this.#stale = true;
    if (!this.#view.visible) {
      return;
    }
    if (this.#asking === undefined) {
      this.#asking = this.#ask();
      await vscode.window.withProgress({ location: { viewId: VIEW } }, () => this.#asking ?? Promise.resolve());
    } else {
      await this.#asking;
      await this.refresh();
    }
  }

  async #ask(): Promise<void> {
    this.#stale = false;
    try {
      this.#standing = await this.ask();
    } finally {
      this.#asking = undefined;
    }
    const number = troubled(this.#standing);
    const words = number === 1 ? "1 migration is half applied" : `${number} migrations are half applied`;
    this.#view.badge = number > 0 ? { value: number, tooltip: words } : undefined;
    this.#view.description = this.#standing.database ?? "";
    this.#changed.fire(undefined);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    switch (node?.kind) {
      case undefined:
        return this.#standing.projects.map((project) => ({ kind: "project", project }));
      case "project":
        return [...inProject(node.project)];
      case "migration":
        return await this.#operations(node.migration);
      case "operation":
      case "note":
        return [];
    }
  }

  async #operations(migration: MigrationStanding): Promise<Node[]> {
    const operations = migration.operations ?? (await this.askFor(migration.uri));
    return operations.map((operation) => ({ kind: "operation", migration, operation }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case "project":
        return projectItem(node.project);
      case "migration":
        return migrationItem(node.migration);
      case "operation":
        return operationItem(node.migration, node.operation);
      case "note": {
        const item = new vscode.TreeItem(node.text);
        item.iconPath = icon(node.icon);
        item.tooltip = node.text;
        return item;
      }
    }
  }
}

function* inProject(project: ProjectStanding): Iterable<Node> {
  if (project.message !== undefined) {
    yield { kind: "note", text: project.message, icon: "debug-disconnect" };
  }
  for (const trouble of project.troubles) {
    yield { kind: "note", text: trouble, icon: "warning" };
  }
  for (const migration of project.migrations) {
    yield { kind: "migration", migration };
  }
}

function projectItem(project: ProjectStanding): vscode.TreeItem {
  const item = new vscode.TreeItem(path.basename(project.root), vscode.TreeItemCollapsibleState.Expanded);
  item.id = project.root;
  item.iconPath = icon("root-folder");
  item.tooltip = project.root;
  item.contextValue = "project";
  return item;
}

function migrationItem(migration: MigrationStanding): vscode.TreeItem {
  const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
  const open = migration.whole === "half-way" ? Expanded : Collapsed;
  const item = new vscode.TreeItem(nameOf(migration.path), migration.total > 0 ? open : None);
  item.id = migration.uri;
  item.iconPath = MIGRATIONS[migration.whole];
  item.description = summary(migration);
  item.tooltip = `${migration.sentence}\n${migration.path}`;
  item.contextValue = `migration-${migration.whole}`;
  item.command = { command: "vscode.open", title: "Open Migration", arguments: [vscode.Uri.parse(migration.uri)] };
  item.accessibilityInformation = { label: `${nameOf(migration.path)}, ${migration.whole}, ${summary(migration)}` };
  return item;
}

function operationItem(migration: MigrationStanding, operation: OperationStanding): vscode.TreeItem {
  const item = new vscode.TreeItem(operation.name);
  item.iconPath = OPERATIONS[operation.state];
  item.description = operation.state;
  const tooltip = new vscode.MarkdownString();
  tooltip.appendText(operation.reason);
  if (operation.query !== "") {
    tooltip.appendCodeblock(operation.query, "sql");
  }
  item.tooltip = tooltip;
  item.contextValue = `operation-${operation.state}`;
  item.command = { command: GO_TO, title: "Go to Operation", arguments: [migration.uri, operation.line, operation.column] };
  item.accessibilityInformation = { label: `${operation.name}, ${operation.state}: ${operation.reason}` };
  return item;
}

/** The migration that a row of the tree is, by its URI. */
export function migrationOf(node: unknown): string | undefined {
  const found = node as Partial<Extract<Node, { kind: "migration" }>> | undefined;
  return found?.kind === "migration" ? found.migration?.uri : undefined;
}

/** Show the place of an operation in its file. */
export async function goToOperation(uri: unknown, line: unknown, column: unknown): Promise<void> {
  if (typeof uri !== "string" || typeof line !== "number" || typeof column !== "number") {
    return;
  }
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  const number = Math.min(line, document.lineCount - 1);
  const at = new vscode.Position(number, utf16Column(document.lineAt(number).text, column));
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}
