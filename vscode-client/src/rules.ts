// A rule's page: fetched from the server, shown as Markdown.
import * as vscode from "vscode";
import type { Client } from "./client";

/** The server's command that gives a rule's page, as Markdown, by the rule's name. */
export const EXPLAIN = "partway.explainRule";
/** The extension's own command, which shows that page. */
export const SHOW_RULE = "partway.showRule";
const SCHEME = "partway-rule";
/** Codes of what a database says, which are no rules and have no pages. */
const LIVE: ReadonlySet<string> = new Set(["half-applied", "state-different", "state-invalid"]);

export class RulePages implements vscode.TextDocumentContentProvider {
  readonly #pages = new Map<string, string>();

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#pages.get(uri.path) ?? "This page belongs to a window that was closed.";
  }

  async show(rule: string, page: unknown): Promise<void> {
    if (typeof page !== "string") {
      await vscode.window.showWarningMessage(`Partway has no page about a rule called ${rule}.`);
      return;
    }
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${rule}.md` });
    this.#pages.set(uri.path, page);
    await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
  }
}

/** Let the links of findings lead to the rule's page as a person reads it. */
export function linkRules(found: readonly vscode.Diagnostic[]): void {
  for (const finding of found) {
    const rule = ruleOf(finding);
    if (rule !== undefined) {
      const args = encodeURIComponent(JSON.stringify([rule]));
      finding.code = { value: rule, target: vscode.Uri.parse(`command:${SHOW_RULE}?${args}`) };
    }
  }
}

/** Show the page of a rule: of the one that is named, else of the one at the cursor, else of one that is chosen. */
export async function explainRule(client: Client, pages: RulePages, named: unknown): Promise<void> {
  const rule = typeof named === "string" ? named : await chooseRule();
  if (rule !== undefined) {
    await pages.show(rule, await client.request(EXPLAIN, [rule]));
  }
}

async function chooseRule(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const found = editor === undefined ? [] : findings(editor.document.uri);
  const here = names(found.filter((finding) => editor?.selections.some((at) => finding.range.contains(at)) === true));
  const candidates = here.length > 0 ? here : names(found);
  if (here.length === 1) {
    return here[0];
  }
  if (candidates.length > 0) {
    return await vscode.window.showQuickPick(candidates, { placeHolder: "The rule to explain" });
  }
  return await vscode.window.showInputBox({ prompt: "The rule to explain", placeHolder: "unguarded-create" });
}

function findings(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((finding) => finding.source === "partway");
}

/** The rules' names, each once. */
function names(found: readonly vscode.Diagnostic[]): string[] {
  return [...new Set(found.map(ruleOf).filter((rule) => rule !== undefined))].sort();
}

function ruleOf({ code }: vscode.Diagnostic): string | undefined {
  const value = typeof code === "object" ? code.value : code;
  return typeof value === "string" && !LIVE.has(value) ? value : undefined;
}
