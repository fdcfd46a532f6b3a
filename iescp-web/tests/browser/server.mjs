// Starts the program on a free port with a demonstration in a temporary directory, and stops it.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** In the directory, or a database of its own on the server that IESCP_TEST_POSTGRES names (`.ci/on-postgres`). */
function emptyStore(directory) {
  const server = process.env.IESCP_TEST_POSTGRES;
  if (!server) return `sled:${join(directory, "store")}`;
  const name = `browser_${process.pid}_${++databases}`;
  execFileSync(process.env.IESCP_TEST_PSQL, [server, "-q", "-c", `CREATE DATABASE ${name}`]);
  return server.replace(/[^/]*$/, name);
}
let databases = 0;

/** Serves; gives the address, the demonstration's sign-ins, and how to kill it, start it again at the same address, and stop it. */
export async function serve(program, options = ["--demo"]) {
  const directory = mkdtempSync(join(tmpdir(), "iescp-browser-"));
  const store = emptyStore(directory);
  const people = {};
  let url, link, child;
  const start = async () => {
    const listen = url ? new URL(url).host : "127.0.0.1:0";
    const first = !url;
    child = spawn(program, ["serve", "--listen", listen, "--store", store, "--log", "warn", ...options], {
      cwd: directory, stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout });
    const enough = () => !first || (options.includes("--demo") ? Object.keys(people).length === 3 : link);
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("the server did not start within five minutes")), 300_000);
      let listening = false;
      child.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
      lines.on("line", (line) => {
        const at = line.match(/listening on (\S+)/)?.[1];
        listening ||= Boolean(at);
        url ??= at;
        link ??= line.match(/(http\S+\/setup\?\S+)/)?.[1];
        const person = line.match(/^ {2}(admin|sponsor|influencer) +(\S+)$/);
        if (person && first) people[person[1]] = person[2];
        if (listening && enough()) { clearTimeout(late); resolve(); }
      });
    });
  };
  const end = (signal) => new Promise((resolve) => {
    child.removeAllListeners("exit");
    child.on("exit", resolve);
    child.kill(signal);
  });
  await start();
  const stop = async () => {
    await end("SIGTERM");
    rmSync(directory, { recursive: true, force: true });
  };
  return { url, people, link, start, kill: () => end("SIGKILL"), stop };
}
