import type { FieldTypeName } from '../fields/registry.js';
import type { FlowDefinition, FlowNode } from './definition.js';
import type { VariableType } from './nodes/variables.js';
import { bringsRecord, type FlowInput, inputsOf } from './triggers.js';

/** A value that a node (or the trigger) answers beside a record: later nodes refer to it by the node's id and `path`. */
export interface FlowAnswer {
  path: string;
  /** Given by the author, for variables and inputs; fixed answers are named by whoever shows them. */
  name?: string;
  type: FieldTypeName;
}

const variableFields: Record<VariableType, FieldTypeName> = {
  text: 'longText',
  number: 'number',
  date: 'date',
  datetime: 'datetime',
  switch: 'switch',
  member: 'member',
  list: 'tags',
};

/** The field type that a variable's values are like. */
export const fieldTypeOfVariable = (type: VariableType): FieldTypeName => variableFields[type];

/** What a node answers beside a record. */
export function answersOf(node: FlowNode | undefined): FlowAnswer[] {
  switch (node?.type) {
    case 'aggregate':
      return [{ path: 'value', type: 'number' }];
    case 'assign':
      return [{ path: 'member', type: 'member' }];
    case 'http':
      return [
        { path: 'status', type: 'number' },
        { path: 'body', type: 'longText' },
      ];
    case 'setVariables':
    case 'transform':
      return node.items.map((item) => ({ path: item.key, name: item.name, type: variableFields[item.type] }));
    default:
      return [];
  }
}

const inputField = (input: FlowInput): FieldTypeName => (input.type === 'select' ? 'text' : input.type);

/** What the run was given when it started, as answers of source `input`. */
export function inputAnswers(def: Pick<FlowDefinition, 'trigger'>): FlowAnswer[] {
  return inputsOf(def.trigger).map((input) => ({ path: input.key, name: input.label, type: inputField(input) }));
}

/** The answer that a reference means; undefined for fields of records and for places inside an answer's JSON. */
export function answerAt(def: FlowDefinition, source: string, path: string): FlowAnswer | undefined {
  const answers = source === 'input' ? inputAnswers(def) : answersOf(def.nodes.find((item) => item.id === source));
  return answers.find((answer) => answer.path === path);
}

/** The form of the record that a node stands for; undefined for nodes that stand for none. */
export function recordFormOf(def: FlowDefinition, id: string): string | undefined {
  if (id === 'trigger') return bringsRecord(def.trigger) ? def.trigger.formId : undefined;
  const node = def.nodes.find((item) => item.id === id);
  switch (node?.type) {
    case 'createRecord':
    case 'upsertRecord':
    case 'findRecords':
      return node.formId;
    case 'assign':
    case 'fill':
    case 'updateRecord':
      return node.target === id ? undefined : recordFormOf(def, node.target);
    case 'loop':
      return node.over === id ? undefined : recordFormOf(def, node.over);
    default:
      return undefined;
  }
}

const mark = '@';

/** How conditions and formulas name an answer: `@n3:total`. */
export const answerKey = (source: string, path: string): string => `${mark}${source}:${path}`;

/** The reference behind such a name; undefined for a field. */
export function refOfAnswerKey(key: string): { source: string; path: string } | undefined {
  const cut = key.indexOf(':');
  if (!key.startsWith(mark) || cut < 0) return undefined;
  return { source: key.slice(1, cut), path: key.slice(cut + 1) };
}
