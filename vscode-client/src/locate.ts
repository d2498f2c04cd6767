// The search for a server, wired to this editor: settings, trust, Python environments, progress.
import * as vscode from "vscode";
import { onPath, thisMachine, type Machine } from "./server/machine";
import { managedServer } from "./server/managed";
import { partwayBeside, usualInterpreters } from "./server/python";
import { findServer, probe, type Server } from "./server/search";
import type { VersionRange } from "./server/versions";
import { folders, readSettings } from "./settings";

/** The servers that this version of the extension works with. */
export const SERVERS: VersionRange = { from: "0.1.0.dev0", below: "0.2" };
const PYTHON_EXTENSION_PATIENCE = 5_000;

/** Find the server to start, and install one if that is how it is to be. Rejects with NoServer. */
export async function locateServer(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Promise<Server> {
  const storage = context.globalStorageUri;
  await vscode.workspace.fs.createDirectory(storage);
  const machine = thisMachine(storage.fsPath);
  const settings = readSettings();
  const note = (message: string): void => {
    log.info(`passed over: ${message}`);
  };
  return await findServer(
    { trusted: vscode.workspace.isTrusted, path: settings.path, managed: settings.managed, range: SERVERS },
    {
      environments: () => environments(machine, log),
      managed: () =>
        managedServer(
          machine,
          {
            wheels: vscode.Uri.joinPath(context.extensionUri, "server").fsPath,
            storage: storage.fsPath,
            python: settings.python,
            without: folders(),
          },
          (work) => showInstallation(log, work),
        ),
      onPath: () => onPath("partway", machine, folders()),
      probe: (program, args) => probe(machine, program, args),
      note,
    },
  );
}

/** The programs called partway in the workspace's Python environments, the one that is chosen in the editor first. */
async function environments(machine: Machine, log: vscode.LogOutputChannel): Promise<readonly string[]> {
  const chosen = await chosenInterpreters(log);
  const programs: string[] = [];
  for (const interpreter of [...chosen, ...usualInterpreters(folders(), machine.platform)]) {
    const program = await partwayBeside(interpreter, machine);
    if (program !== undefined && !programs.includes(program)) {
      programs.push(program);
    }
  }
  return programs;
}

/** What of the Python extension's interface is used here. */
interface PythonExtension {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(
      environment: unknown,
    ): Promise<{ readonly executable?: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

/** The interpreters chosen in the Python extension, where it is there and answers soon. */
async function chosenInterpreters(log: vscode.LogOutputChannel): Promise<readonly string[]> {
  const extension = vscode.extensions.getExtension<PythonExtension>("ms-python.python");
  if (extension === undefined) {
    return [];
  }
  const ask = async (): Promise<readonly string[]> => {
    const { environments: interface_ } = await extension.activate();
    const found: string[] = [];
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const environment = await interface_?.resolveEnvironment(interface_.getActiveEnvironmentPath(folder.uri));
      const file = environment?.executable?.uri?.fsPath;
      if (file !== undefined) {
        found.push(file);
      }
    }
    return found;
  };
  const patience = new Promise<readonly string[]>((resolve) => {
    setTimeout(resolve, PYTHON_EXTENSION_PATIENCE, []);
  });
  try {
    return await Promise.race([ask(), patience]);
  } catch (error) {
    log.warn(`the Python extension could not be asked for its environment: ${String(error)}`);
    return [];
  }
}

/** Shows an installation as a notification that can be cancelled, and writes what pip prints to the log. */
async function showInstallation<T>(
  log: vscode.LogOutputChannel,
  work: (report: (line: string) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: "Setting up Partway's server", cancellable: true },
    async (progress, cancelled) => {
      const abort = new AbortController();
      cancelled.onCancellationRequested(() => {
        abort.abort();
      });
      return await work((line) => {
        log.info(`install: ${line}`);
        const shown = /^(?:Making|Installing|Collecting|Downloading)\b[^(]*/.exec(line.trim());
        if (shown !== null) {
          progress.report({ message: shown[0].trim() });
        }
      }, abort.signal);
    },
  );
}
