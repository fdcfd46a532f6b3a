// Whether the document is in order, by the rules that Redocly recommends; a warning is wrong too.
//
//     node lint.mjs DOCUMENT

import { createConfig, formatProblems, getTotals, lint } from "@redocly/openapi-core";

const config = await createConfig({ extends: ["recommended"] });
const problems = await lint({ ref: process.argv[2], config });
formatProblems(problems, { format: "stylish", totals: getTotals(problems), version: "" });
process.exit(problems.length === 0 ? 0 : 1);
