// The list of a migration's operations: what each does, and the way to its place in the file.
import * as vscode from "vscode";
import type { Client } from "./client";
import { describe, readInspection, utf16Column, type Inspection, type Operation, type Position } from "./inspection";

/** The server's command that gives the inspection of a file, by its address. */
export const OPERATIONS = "partway.operations";

interface Item extends vscode.QuickPickItem {
  readonly operation?: Operation;
}

/** Show the operations of the file in the active editor; the one that is looked at is shown in the file. */
export async function showOperations(client: Client): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    await vscode.window.showInformationMessage("Open a migration to see its operations.");
    return;
  }
  const inspection = readInspection(await client.request(OPERATIONS, [{ uri: editor.document.uri.toString() }]));
  if (inspection === undefined || inspection.operations.length === 0) {
    await vscode.window.showInformationMessage("Partway sees no operation of a migration in this file.");
    return;
  }
  pick(editor, inspection);
}

function pick(editor: vscode.TextEditor, inspection: Inspection): void {
  const before = editor.selection;
  const list = vscode.window.createQuickPick<Item>();
  list.title = `${inspection.operations.length} operations · ${inspection.tool} on ${inspection.dialect} · transaction: ${inspection.transaction}`;
  list.placeholder = "Choose an operation to go to it";
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.items = items(inspection.operations);
  let accepted = false;
  list.onDidChangeActive(([item]) => {
    if (item?.operation !== undefined) {
      select(editor, item.operation);
    }
  });
  list.onDidAccept(() => {
    accepted = true;
    list.hide();
  });
  list.onDidHide(() => {
    list.dispose();
    if (!accepted) {
      editor.selection = before;
    }
  });
  list.show();
}

function items(operations: readonly Operation[]): Item[] {
  const result: Item[] = [];
  let section = "";
  for (const operation of operations) {
    if (operation.section !== section) {
      section = operation.section;
      result.push({ label: section, kind: vscode.QuickPickItemKind.Separator });
    }
    result.push({
      label: `${icon(operation)} ${operation.kind} ${operation.target}`,
      description: `line ${operation.line} · ${describe(operation)}`,
      ...(operation.postconditions.length > 0 ? { detail: operation.postconditions.join("; ") } : {}),
      operation,
    });
  }
  return result;
}

function icon(operation: Operation): string {
  if (operation.guarded || operation.repeat === "same") {
    return "$(shield)";
  }
  return operation.repeat === "unknown" ? "$(question)" : "$(circle-outline)";
}

function select(editor: vscode.TextEditor, operation: Operation): void {
  const range = new vscode.Range(position(editor, operation.start), position(editor, operation.end));
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

function position(editor: vscode.TextEditor, at: Position): vscode.Position {
  const line = editor.document.lineAt(Math.min(at.line, editor.document.lineCount - 1));
  return new vscode.Position(line.lineNumber, utf16Column(line.text, at.column));
}
