// Pages in other states than a market's: with nothing in them yet, with words that are hard to set, with errors.
import { crawl, errors } from "./crawl.mjs";
import { SIGN_INS, arrived, journey } from "./journey.mjs";
import { serve } from "./server.mjs";

// As long as may be and without a place to break, from right to left, and of signs that are wider than they are counted.
const HARD = {
  sponsor: "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft".slice(0, 80),
  influencer: "👩‍👩‍👧‍👦🏳️‍🌈 مريم عبد الرحمن بنت عبد العزيز الحسيني 👨🏽‍🚀🦓",
  title: `قهوة ${"W".repeat(80)} 🫖 شاي`, found: "شاي",
  goals: `${"Rindfleischetikettierungsüberwachung".repeat(8)}\n\nנסו את התה שלנו ${"🍵".repeat(60)}\nhttps://example.com/${"a".repeat(200)}`,
  note: "ب".repeat(200), review: "אין כמו התה הזה 🍵🍵🍵", message: `${"ÀÈÌÖÜ".repeat(60)} שלום` };

/** Looks at pages of a platform that nobody has used, and of one with hard words; gives what is wrong. */
export async function states(program, grid) {
  const wrong = [];
  const empty = await serve(program, []);
  try {
    const people = await arrived(empty);
    wrong.push(...(await crawl({ url: empty.url, people }, grid)).map((what) => `empty, ${what}`));
    wrong.push(...await errors({ url: empty.url, people }, grid));
  } finally {
    await empty.stop();
  }
  const hard = await serve(program, []);
  try {
    wrong.push(...(await journey(hard, { javaScriptEnabled: true }, HARD)).map((what) => `hard words: ${what}`));
    wrong.push(...(await crawl({ url: hard.url, people: SIGN_INS }, grid)).map((what) => `hard words, ${what}`));
    wrong.push(...await errors({ url: hard.url, people: SIGN_INS }, grid));
  } finally {
    await hard.stop();
  }
  return wrong;
}
