// Starts the program on a free port with a demonstration in a temporary directory, and stops it.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Serves; gives the address, the demonstration's sign-ins and how to stop. */
export async function serve(program, options = ["--demo"]) {
  const directory = mkdtempSync(join(tmpdir(), "iescp-browser-"));
  const child = spawn(program, ["serve", "--listen", "127.0.0.1:0", "--store", `sled:${join(directory, "store")}`, "--log", "warn", ...options], {
    cwd: directory, stdio: ["ignore", "pipe", "inherit"] });
  const people = {};
  let url, link;
  const lines = createInterface({ input: child.stdout });
  const enough = () => url && (options.includes("--demo") ? Object.keys(people).length === 3 : link);
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the server did not start within five minutes")), 300_000);
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    lines.on("line", (line) => {
      url ??= line.match(/listening on (\S+)/)?.[1];
      link ??= line.match(/(http\S+\/setup\?\S+)/)?.[1];
      const person = line.match(/^ {2}(admin|sponsor|influencer) +(\S+)$/);
      if (person) people[person[1]] = person[2];
      if (enough()) { clearTimeout(late); resolve(); }
    });
  });
  const stop = () => new Promise((resolve) => {
    child.removeAllListeners("exit");
    child.on("exit", () => { rmSync(directory, { recursive: true, force: true }); resolve(); });
    child.kill("SIGTERM");
  });
  return { url, people, link, stop };
}
