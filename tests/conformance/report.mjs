// The report: the same results give the same text.

/** What differs from device to device: the report's file, and what it says of itself. */
export const REPORTS = {
  wasm: {
    file: "./REPORT.md",
    intro: [
      "# Conformance",
      "",
      "Written by `cargo xtask conformance`; don't edit it. The tests are the node tests of the ONNX project, generated from the `onnx`",
      "package that [requirements.txt](../models/requirements.txt) pins. Each is compiled, with all its inputs left to run time, and the",
      "plain SIMD module runs in Node. Floats have to agree within the suite's own tolerances; integers and booleans have to be equal.",
    ],
  },
  webgpu: {
    file: "./REPORT-GPU.md",
    intro: [
      "# Conformance on WebGPU",
      "",
      "Written by `cargo xtask conformance --device webgpu`; don't edit it. The tests are those of [REPORT.md](REPORT.md), compiled for the",
      "device `webgpu` (f32) and run on Dawn in Node, on lavapipe. Tolerances are the same. A test passes on the GPU alone if no part of",
      "it was left to Wasm (an island).",
    ],
  },
};

const KINDS = [
  ["crash", "Crashes of the compiler"],
  ["wrong", "Wrong outputs"],
  ["failed", "Artifacts that don't load or run"],
  ["refused", "Refused by the compiler"],
];

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Groups by `key`, in the order of the keys. */
function groupBy(results, key) {
  const groups = new Map();
  for (const result of results) {
    const name = key(result);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(result);
  }
  return [...groups].sort(([a], [b]) => compare(a, b));
}

const operatorOf = ({ domain, operator }) => (domain ? `${domain}.${operator}` : operator);
const passes = (results) => results.filter(({ kind }) => kind === "pass").length;
const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;

/** A reason without what differs from test to test of the same cause: names of nodes and values, shapes, versions. */
const cause = (reason) =>
  reason
    .replace(/ \(\d+ nodes:[^)]*\)/g, "")
    .replace(/ '[^']*'/g, "")
    .replace(/\[[^\]]*\]/g, "[..]")
    .replace(/, opset \d+/g, "");

/** How often each cause occurs, most frequent first. @returns {[string, number][]} */
export function causes(results) {
  return groupBy(results, ({ reason }) => cause(reason))
    .map(([text, group]) => [text, group.length])
    .sort(([a, m], [b, n]) => n - m || compare(a, b));
}

/** Passes by where they ran, as rows of title and count; nothing on Wasm, which has no islands. */
function placesOf(results, device) {
  if (device === "wasm") return [];
  const passed = results.filter(({ kind }) => kind === "pass");
  const alone = passed.filter(({ islands }) => islands === 0).length;
  return [["on the GPU alone", alone], ["with islands", passed.length - alone]];
}

/** How many tests there are of each kind, in one line. */
export function summary(results, device = "wasm") {
  const counts = KINDS.map(([kind, title]) => [results.filter((r) => r.kind === kind).length, title.toLowerCase()]);
  const places = placesOf(results, device).map(([title, n]) => `${n} ${title}`);
  const passed = `${passes(results)} of ${results.length} pass${places.length > 0 ? ` (${places.join(", ")})` : ""}`;
  return [passed, ...counts.map(([n, title]) => `${n} ${title}`)].join(", ");
}

function section([kind, title], results) {
  const members = results.filter((result) => result.kind === kind);
  if (members.length === 0) return [];
  const lines = [`## ${title} (${members.length})`, ""];
  for (const [operator, group] of groupBy(members, operatorOf)) {
    lines.push(`### ${operator}`, "");
    for (const { name, reason } of group) lines.push(`- \`${name}\`: ${reason.replaceAll("|", "\\|")}`);
    lines.push("");
  }
  return lines;
}

/** Passes of which a part ran elsewhere. */
function islandSection(results) {
  const members = results.filter(({ kind, islands }) => kind === "pass" && islands > 0);
  return section(["pass", "Passes with islands"], members.map((one) => ({ ...one, reason: one.islandReasons.join("; ") })));
}

/** The whole report in Markdown. */
export function report(results, device = "wasm") {
  const operators = groupBy(results, operatorOf);
  const whole = operators.filter(([, group]) => passes(group) === group.length);
  const rows = operators.map(([operator, group]) => {
    const versions = [...new Set(group.map(({ opset }) => opset))].sort((a, b) => a - b);
    return `| ${operator} | ${passes(group)} / ${group.length} | ${versions.join(", ")} |`;
  });
  const totals = KINDS.map(([kind, title]) => `| ${title} | ${results.filter((r) => r.kind === kind).length} |`);
  const refusals = causes(results.filter(({ kind }) => kind === "refused"));
  return [
    ...REPORTS[device].intro,
    "",
    "| | tests |",
    "|---|---|",
    `| Pass | ${passes(results)} of ${results.length} (${percent(passes(results), results.length)}) |`,
    ...placesOf(results, device).map(([title, n]) => `| Pass ${title} | ${n} |`),
    ...totals,
    "",
    `All tests of ${whole.length} of ${operators.length} operators pass.`,
    "",
    "## Why tests are refused",
    "",
    "| reason | tests |",
    "|---|---|",
    ...refusals.filter(([, n]) => n > 1).map(([text, n]) => `| ${text.replaceAll("|", "\\|")} | ${n} |`),
    `| reasons of one test each | ${refusals.filter(([, n]) => n === 1).length} |`,
    "",
    "## Operators",
    "",
    "A test of an operator's definition as a function (`_expanded`) counts for the operator. Versions are those of the operator sets",
    "that the tests' models import.",
    "",
    "| operator | passes | versions |",
    "|---|---|---|",
    ...rows,
    "",
    ...KINDS.flatMap((kind) => section(kind, results)),
    ...islandSection(results),
  ]
    .join("\n")
    .replace(/\n+$/, "\n");
}
