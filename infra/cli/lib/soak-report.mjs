import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { at } from './paths.mjs';
import { say } from './say.mjs';

const report = 'infra/soak/last.md';

/**
 * Writes the rows of the parts that ran now among those of the others as they stood, in the order of `names`; with `add`
 * the counts of a row that passed are added to. Answers the new rows.
 *
 * @param {readonly string[]} names
 * @param {readonly {part: string, title: string, ok: boolean, outcome: string, noted: {part: string, facts: object}[], seconds: number}[]} results
 */
export function writeReport(names, results, add, file = at(report)) {
  const old = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const ofPart = (name) => (line) => line.startsWith(`| ${name} |`);
  const rows = results.map((result) => rowOf(add ? addedTo(old.find(ofPart(result.part)), result) : result));
  const lines = names.flatMap((name) => rows.find(ofPart(name)) ?? old.find(ofPart(name)) ?? []);
  const head = [
    '# npm run soak',
    '',
    '| 部分 | 保证 | 结果 | 次数 | 用时 | 日期 | 机器 |',
    '|---|---|---|---|---|---|---|',
  ];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${[...head, ...lines].join('\n')}\n`);
  say(`\n${report}`);
  return rows;
}

/** What several runs noted of the same parts, together: counts added up, seeds one after the other. */
export function summed(noted) {
  return [...groupByPart(noted)].map(([part, notes]) => {
    const facts = {};
    for (const [name, value] of notes.flatMap((note) => Object.entries(note.facts)))
      facts[name] = name === 'seed' ? [facts[name], value].filter(Boolean).join('/') : (facts[name] ?? 0) + value;
    return { part, facts };
  });
}

/** The same result with the counts of a row that passed, which is of the same part. */
function addedTo(row, result) {
  const [, , outcome, counts, seconds] = row?.split(' | ') ?? [];
  if (!outcome?.startsWith('通过')) return result;
  return {
    ...result,
    noted: summed([...counts.split('<br>').map(noteOf), ...result.noted]),
    seconds: Number.parseInt(seconds, 10) + result.seconds,
  };
}

/** `crash: seed 1, kills 200` read back. */
function noteOf(text) {
  const [part, facts] = text.split(': ');
  const entries = facts.split(', ').map((fact) => fact.split(' '));
  return {
    part,
    facts: Object.fromEntries(entries.map(([name, value]) => [name, name === 'seed' ? value : Number(value)])),
  };
}

function rowOf({ part, title, ok, outcome, noted, seconds }) {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const result = `${ok ? '通过' : '**失败**'}（${outcome}）`;
  return `| ${part} | ${title} | ${result} | ${factsOf(noted)} | ${Math.round(seconds)} s | ${date} UTC | ${machine} |`;
}

/** `crash: seed 1, kills 200; …`, a part's later facts after its earlier ones. */
function factsOf(noted) {
  const byPart = groupByPart(noted);
  return [...byPart]
    .map(([part, notes]) => {
      const facts = Object.entries(Object.assign({}, ...notes.map((note) => note.facts)));
      return `${part}: ${facts.map(([name, value]) => `${name} ${value}`).join(', ')}`;
    })
    .join('<br>');
}

function groupByPart(noted) {
  const groups = new Map();
  for (const note of noted) groups.set(note.part, [...(groups.get(note.part) ?? []), note]);
  return groups;
}
