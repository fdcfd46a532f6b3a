// The pages in a real browser:  node run.mjs PROGRAM [--full] [--crawl | --states | --journeys | --live | --gallery]    --full: in every width and scheme
import { crawl } from "./crawl.mjs";
import { gallery } from "./gallery.mjs";
import { journey } from "./journey.mjs";
import { live } from "./live.mjs";
import { serve } from "./server.mjs";
import { states } from "./states.mjs";

const [program, ...options] = process.argv.slice(2);
const wants = (what) => options.includes(what) || !options.some((option) => ["--crawl", "--states", "--journeys", "--live", "--gallery"].includes(option));
const ways = { "with JavaScript": { javaScriptEnabled: true }, "without JavaScript": { javaScriptEnabled: false }, "by keyboard": { javaScriptEnabled: true, keyboard: true } };
let wrong = [];
if (wants("--journeys")) {
  for (const [how, way] of Object.entries(ways)) {
    const empty = await serve(program, []);
    wrong.push(...(await journey(empty, way).finally(empty.stop)).map((what) => `journey ${how}: ${what}`));
    console.log(`the journey ${how} is made`);
  }
}
if (wants("--live")) {
  const lively = await serve(program);
  wrong.push(...(await live(lively).finally(lively.stop)).map((what) => `live: ${what}`));
}
const all = [320, 768, 1280].flatMap((width) => ["light", "dark"].map((scheme) => [width, scheme]));
const grid = options.includes("--full") ? { screens: all } : {};
// Only when asked for: it takes as long as all the others.
if (options.includes("--states")) wrong.push(...await states(program, grid));
// Only when asked for: it writes into the book.
if (options.includes("--gallery")) {
  const shown = await serve(program);
  wrong.push(...(await gallery(shown, process.env.GALLERY).finally(shown.stop)).map((what) => `gallery: ${what}`));
}
const server = !wants("--crawl") ? { stop: async () => {} } : process.env.URL_OF_SERVER
  ? { url: process.env.URL_OF_SERVER, people: JSON.parse(process.env.PEOPLE), stop: async () => {} }
  : await serve(program);
try {
  if (wants("--crawl")) {
    if (process.env.ROLES) grid.roles = process.env.ROLES.split(",");
    if (process.env.ONLY) grid.only = process.env.ONLY;
    wrong.push(...await crawl(server, grid));
  }
} finally {
  await server.stop();
}
// The same fault in many places is said once, with the first place and their number.
const faults = new Map();
for (const line of wrong) {
  const what = line.slice(line.indexOf(": ") + 2);
  faults.set(what, [...(faults.get(what) ?? []), line]);
}
for (const [what, where] of faults) console.log(`${what}\n    ${where[0].slice(0, where[0].indexOf(": "))}${where.length > 1 ? ` and ${where.length - 1} more` : ""}`);
console.log(faults.size ? `${faults.size} faults` : "no fault");
process.exit(faults.size ? 1 : 0);
