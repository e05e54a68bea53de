import { bare } from '@lianke/shared/fields/sheet-text';
import type { ImportTarget } from '@lianke/shared/imports/api';
import { type Entity, entityForms, entityOf } from './concepts.js';
import { type KnownField, type KnownForm, matchFields, matchScore } from './match-fields.js';
import type { ColumnProfile } from './profile-column.js';

/** A form that a sheet's rows feed, existing or to be made. */
export interface TargetChoice {
  target: ImportTarget;
  entity: Entity | undefined;
  form: KnownForm | undefined;
}

/** Column concepts without which a row holds no contact or opportunity of its own. */
const anchors: Record<'contact' | 'opportunity', readonly string[]> = {
  contact: ['contactName'],
  opportunity: ['amount', 'stage', 'opportunityName'],
};
const linkedEntities = ['contact', 'opportunity'] as const;

export interface TargetWorld {
  forms: readonly KnownForm[];
  mayDesign: boolean;
  /** The form the person asked to import into. */
  wanted?: KnownForm;
  /** Names and keys already given to new forms of this import. */
  taken: Set<string>;
}

/** Which forms a sheet feeds: the main one first, then those of the same row that point at it. Empty: none fits and none may be made. */
export function proposeTargets(
  sheetName: string,
  columns: readonly ColumnProfile[],
  world: TargetWorld,
): TargetChoice[] {
  const main = mainTarget(sheetName, columns, world);
  if (!main) return [];
  if (main.entity !== 'customer') return [main];
  return [main, ...linkedEntities.flatMap((entity) => linkedTarget(entity, main, columns, world) ?? [])];
}

function mainTarget(
  sheetName: string,
  columns: readonly ColumnProfile[],
  world: TargetWorld,
): TargetChoice | undefined {
  const entity = entityOf(sheetName) ?? entityOfColumns(columns);
  const best = bestForm(sheetName, entity, columns, world.forms);
  const form = world.wanted && !isNamedFor(sheetName, best, world.wanted) ? world.wanted : best;
  if (form) return existing(form, entityOf(form.name) ?? entity, world);
  return world.mayDesign ? made(entity, sheetName, world) : undefined;
}

/** A file imported into 客户信息表 may bring a sheet 跟进记录 along: named for another form, it goes there. */
function isNamedFor(sheetName: string, form: KnownForm | undefined, wanted: KnownForm): boolean {
  const entity = entityOf(sheetName);
  const other = entity !== undefined && entity !== (entityOf(wanted.name) ?? entity);
  return other && form !== undefined && entityOf(form.name) === entity;
}

function bestForm(
  sheetName: string,
  entity: Entity | undefined,
  columns: readonly ColumnProfile[],
  forms: readonly KnownForm[],
): KnownForm | undefined {
  let best: { form: KnownForm; score: number } | undefined;
  for (const form of forms) {
    const matches = matchFields(columns, form);
    const titled = matches.some(({ field, score }) => field.key === form.title && score > 4);
    const own = matches.filter(({ field }) => !field.system).length;
    if (!titled && own < Math.max(2, columns.length * 0.3)) continue;
    const score =
      matches.reduce((sum, match) => sum + match.score, 0) + (titled ? 5 : 0) + nameScore(sheetName, entity, form);
    if (!best || score > best.score) best = { form, score };
  }
  return best?.form;
}

function nameScore(sheetName: string, entity: Entity | undefined, form: KnownForm): number {
  const sheet = bare(sheetName);
  const name = bare(form.name);
  if (sheet === name) return 20;
  const about = entityOf(form.name);
  const kin = about && about === entity ? 12 : about && entity ? -20 : 0;
  return kin + (sheet !== '' && (sheet.includes(name) || name.includes(sheet)) ? 6 : 0);
}

function entityOfColumns(columns: readonly ColumnProfile[]): Entity | undefined {
  const has = (key: string) => columns.some(({ concept }) => concept?.key === key);
  if (has('followTime') || (has('followContent') && has('followMethod'))) return 'followUp';
  if (columns.some(isListOfCustomers)) return 'customer';
  if (has('contactName')) return 'contact';
  return has('opportunityName') ? 'opportunity' : undefined;
}

/** Where most rows name a customer of their own; orders and the like name the same ones again and again. */
function isListOfCustomers({ concept, filled, distinctTotal }: ColumnProfile): boolean {
  return concept?.key === 'customerName' && distinctTotal >= filled * 0.5;
}

function linkedTarget(
  entity: 'contact' | 'opportunity',
  main: TargetChoice,
  columns: readonly ColumnProfile[],
  world: TargetWorld,
): TargetChoice | undefined {
  const anchor = columns.filter(({ concept }) => concept && anchors[entity].includes(concept.key));
  if (anchor.length === 0) return undefined;
  const form =
    main.form && world.forms.find((other) => entityOf(other.name) === entity && relationTo(other, main) !== undefined);
  if (form) {
    const link = relationTo(form, main);
    if (!link) return undefined;
    const choice = existing(form, entity, world);
    return { ...choice, target: { ...choice.target, link: { field: link.key, to: main.target.key } } };
  }
  // A main form with fields of its own for these columns keeps them.
  const kept = main.form?.fields.some((field) => anchor.some((column) => matchScore(column, field) >= 6));
  if (kept || !world.mayDesign) return undefined;
  const choice = made(entity, entityForms[entity].name, world);
  const relation = {
    key: 'new:link',
    name: main.target.formName,
    type: 'relation' as const,
    config: { formId: `target:${main.target.key}` },
  };
  const named = entity === 'contact' || columns.some(({ concept }) => concept?.key === 'opportunityName');
  // Ledgers seldom name their opportunities; each then takes its customer's name.
  const title = { key: 'new:title', name: '商机名称', type: 'text' as const, config: {} };
  return {
    ...choice,
    target: {
      ...choice.target,
      newFields: [...(named ? [] : [title]), relation],
      link: { field: relation.key, to: main.target.key },
    },
  };
}

function relationTo(form: KnownForm, main: TargetChoice): KnownField | undefined {
  return form.fields.find((field) => field.type === 'relation' && field.config.formId === main.form?.id);
}

/** An existing form as a target of a sheet. */
export function existing(form: KnownForm, entity: Entity | undefined, world: Pick<TargetWorld, 'taken'>): TargetChoice {
  return {
    entity,
    form,
    target: {
      key: freshKey(form.key, world),
      formId: form.id,
      formName: form.name,
      newFields: [],
      mode: 'insert',
      matchOn: [],
    },
  };
}

function made(entity: Entity | undefined, sheetName: string, world: TargetWorld): TargetChoice {
  const wanted = (entity ? entityForms[entity].name : sheetName).slice(0, 36);
  const names = new Set([...world.forms.map((form) => form.name), ...world.taken]);
  let name = wanted;
  for (let number = 2; names.has(name); number++) name = `${wanted} ${number}`;
  world.taken.add(name);
  const key = freshKey(entity ? entityForms[entity].key : 'sheet', world);
  return {
    entity,
    form: undefined,
    target: { key, formId: null, newForm: { name }, formName: name, newFields: [], mode: 'insert', matchOn: [] },
  };
}

/** Target keys are unique over the whole file: relations between sheets name them. */
function freshKey(wanted: string, world: Pick<TargetWorld, 'taken'>): string {
  let key = wanted;
  for (let number = 2; world.taken.has(`key:${key}`); number++) key = `${wanted}${number}`;
  world.taken.add(`key:${key}`);
  return key;
}
