// The language server's life: found, started, watched, started again, stopped.
import { spawn, type ChildProcess } from "node:child_process";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  State,
  type ExecuteCommandSignature,
  type LanguageClientOptions,
  vsdiag,
} from "vscode-languageclient/node";
import { locateServer } from "./locate";
import { DOCUMENTS } from "./migrations";
import { linkRules } from "./rules";
import { messageOf, type Server } from "./server/search";
import type { Status } from "./status";
import { Stderr } from "./stderr";

/** So many ends within so many milliseconds are no accident: the server is not started again by itself. */
const MAX_CRASHES = 3;
const CRASH_WINDOW = 3 * 60_000;

/** The library's client, which keeps to the log: what a person is to know is said by `Client`, and said once. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  /** A client that could not start has nothing to stop; the library would write an error with its stack for that. */
  override async stop(timeout?: number): Promise<void> {
    if (this.state !== State.Starting) {
      await super.stop(timeout);
    }
  }
}

/** Called for commands that the server offers, which code actions may carry. */
export type CommandMiddleware = (command: string, args: unknown[], next: ExecuteCommandSignature) => Promise<unknown>;

export class Client implements vscode.Disposable {
  #client: LanguageClient | undefined;
  #crashes: number[] = [];
  /** Starts and stops wait for each other; a later one makes an earlier one's result void. */
  #queue: Promise<void> = Promise.resolve();
  #turn = 0;
  readonly #started = new vscode.EventEmitter<void>();
  readonly #database = new vscode.EventEmitter<unknown>();
  /** A server has started. */
  readonly onDidStart = this.#started.event;
  /** What the server says of the database that it asks; `undefined` when there is no server. */
  readonly onDidChangeDatabase = this.#database.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
    private readonly status: Status,
    private readonly executeCommand: CommandMiddleware,
  ) {}

  /** Whether a server is there or on its way. */
  get wanted(): boolean {
    return this.#turn > 0;
  }

  /** Start the server; one that runs is stopped first. Never rejects: what goes wrong is shown. */
  async restart(): Promise<void> {
    this.#crashes = [];
    await this.#enqueue();
  }

  async #enqueue(): Promise<void> {
    const turn = ++this.#turn;
    this.#queue = this.#queue.then(async () => {
      await this.#stop();
      if (turn === this.#turn) {
        await this.#start();
      }
    });
    await this.#queue;
  }

  /** Run one of the server's commands; undefined when no server runs. */
  async request(command: string, args: unknown[]): Promise<unknown> {
    return await this.#client?.sendRequest("workspace/executeCommand", { command, arguments: args });
  }

  async stop(): Promise<void> {
    this.#turn++;
    this.#queue = this.#queue.then(() => this.#stop());
    await this.#queue;
  }

  dispose(): void {
    void this.stop();
    this.#started.dispose();
    this.#database.dispose();
  }

  async #start(): Promise<void> {
    this.status.set({ kind: "starting" });
    let server: Server;
    try {
      server = await locateServer(this.context, this.log);
    } catch (error) {
      this.#failed(messageOf(error));
      return;
    }
    this.log.info(`starting Partway ${server.version} (${server.origin}): ${[server.program, ...server.args, "server"].join(" ")}`);
    const stderr = new Stderr();
    let child: ChildProcess | undefined;
    const spawned = async (): Promise<ChildProcess> => (child = await this.#spawn(server, stderr));
    const client = new QuietClient("partway", "Partway", spawned, this.#options(stderr));
    this.#client = client;
    client.onNotification("partway/status", (said: unknown) => {
      this.#database.fire(said);
    });
    try {
      await client.start();
    } catch (error) {
      this.#client = undefined;
      child?.kill();
      await stderr.closed;
      this.#failed(`Partway's server ended while it started: ${stderr.error ?? messageOf(error)}`);
      return;
    }
    this.status.set({ kind: "running", server });
    await setRunning(true);
    this.#started.fire();
  }

  async #spawn(server: Server, stderr: Stderr): Promise<ChildProcess> {
    // In the extension's own folder: nothing in the workspace can get in the way of the server's imports.
    const child = spawn(server.program, [...server.args, "server"], {
      cwd: this.context.globalStorageUri.fsPath,
      env: { ...process.env, PYTHONUTF8: "1", PYTHONSAFEPATH: "1" },
      windowsHide: true,
    });
    stderr.follow(child);
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    return child;
  }

  #options(stderr: Stderr): LanguageClientOptions {
    return {
      documentSelector: [...DOCUMENTS],
      outputChannel: this.log,
      traceOutputChannel: this.log,
      diagnosticCollectionName: "partway",
      // When trust is granted later, the server is started anew.
      initializationOptions: { trusted: vscode.workspace.isTrusted },
      middleware: {
        executeCommand: this.executeCommand,
        handleDiagnostics: (uri, found, next) => {
          linkRules(found);
          next(uri, found);
        },
        provideDiagnostics: async (document, earlier, token, next) => {
          const report = await next(document, earlier, token);
          if (report?.kind === vsdiag.DocumentDiagnosticReportKind.full) {
            linkRules(report.items);
          }
          return report;
        },
        provideWorkspaceDiagnostics: (earlier, token, take, next) =>
          next(earlier, token, (part) => {
            for (const report of part?.items ?? []) {
              if (report.kind === vsdiag.DocumentDiagnosticReportKind.full) {
                linkRules(report.items);
              }
            }
            take(part);
          }),
      },
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          void this.#ended(stderr);
          // Started again from here, not by the library: what is started may be another server than before.
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
    };
  }

  /** The server ended without having been asked to. */
  async #ended(stderr: Stderr): Promise<void> {
    if (this.#client?.isRunning() !== true) {
      return; // it never got so far; whoever waits for its start says so
    }
    this.#client = undefined;
    await setRunning(false);
    await stderr.closed;
    const reason = stderr.error ?? "it gave no reason";
    this.log.error(`the server ended: ${reason}`);
    const now = Date.now();
    this.#crashes = [...this.#crashes.filter((time) => now - time < CRASH_WINDOW), now];
    if (this.#crashes.length > MAX_CRASHES) {
      this.#failed(`Partway's server has ended ${this.#crashes.length} times within three minutes: ${reason}`);
    } else {
      await this.#enqueue();
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.status.set({ kind: "stopped" });
    this.#database.fire(undefined);
    await setRunning(false);
    try {
      await client?.dispose();
    } catch (error) {
      this.log.warn(`the server did not stop as it should: ${messageOf(error)}`);
    }
  }

  /** Say what went wrong, where nobody can miss it, with the ways on. */
  #failed(reason: string): void {
    this.log.error(reason);
    this.status.set({ kind: "failed", reason });
    void (async () => {
      const answer = await vscode.window.showErrorMessage(reason, "Show Log", "Restart Server", "Open Settings");
      if (answer === "Show Log") {
        this.log.show();
      } else if (answer === "Restart Server") {
        await this.restart();
      } else if (answer === "Open Settings") {
        await vscode.commands.executeCommand("workbench.action.openSettings", "@ext:partway.partway");
      }
    })();
  }
}

/** Tell commands and walkthrough, by a context key, whether a server runs. */
async function setRunning(running: boolean): Promise<void> {
  await vscode.commands.executeCommand("setContext", "partway.running", running);
}
