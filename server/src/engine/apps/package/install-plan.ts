import { type AppPackage, packageParts } from '@lianke/shared/apps/package';
import type { InstallChoice, PartChange } from '@lianke/shared/apps/package-api';
import type { DuplicateRule } from '@lianke/shared/duplicates/api';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { AppId } from '@lianke/shared/ids';
import type { FormGrant } from '@lianke/shared/org/api';
import { refusal } from '../../../kernel/errors/app-error.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import type { FormSet, WantedForm } from '../../forms/form-set.js';
import { placeholdersOf, safeName } from '../../print/print-templates.service.js';
import type { AppGround, RoleRow } from './app-ground.js';
import type { PackageNames } from './package-names.js';
import { changeOf, type Part, type Parts, partsOf, type Remembered } from './parts.js';
import { decoded, freeName, wantedForm } from './wanted-form.js';

/** What happens to one part. */
export interface PlannedPart extends Part {
  token: string;
  change: PartChange;
  mayTake: boolean;
  taken: boolean;
  note: Words | null;
}

/** What the plan knows of the company. */
export interface PlanWorld {
  choice: InstallChoice;
  names: PackageNames;
  appId: AppId;
  /** The app as it stands; undefined for a new one. */
  ground: AppGround | undefined;
  now: Parts;
  remembered: Remembered;
  roles: readonly RoleRow[];
  /** Whether the reader may make roles, and change those that are there. */
  makesRoles: boolean;
  changesRoles: boolean;
  /** Of a built-in template: its roles may design. */
  trusted: boolean;
}

/** Decides part by part, and puts together what is written where the package decides. */
export class InstallPlan {
  readonly parts: PlannedPart[];
  readonly wanted: WantedForm[] = [];
  set: FormSet | undefined;
  private readonly byToken: Map<string, PlannedPart>;
  /** Names that the package has: a layout is not changed by fields of people's own. */
  private readonly known: ReadonlySet<string>;

  constructor(
    readonly pack: AppPackage,
    readonly world: PlanWorld,
  ) {
    const { names } = world;
    const next = partsOf(pack);
    this.known = new Set(next.keys());
    this.parts = [...next].map(([token, part]) => this.planned(token, part));
    for (const [token, part] of world.now)
      if (!next.has(token) && token in world.remembered.pack)
        this.parts.push({ ...part, token, change: 'dropped', mayTake: false, taken: false, note: null });
    this.byToken = new Map(this.parts.map((part) => [part.token, part]));
    this.leaveWithTheirForm();
    // What was deleted may lie in the recycle bin under its id.
    for (const { token, kind, change, taken } of this.parts)
      if (change === 'gone' && taken && kind !== 'field' && names.id(token)) names.set(token, uuid7());
  }

  /** Whether the package decides over a part. */
  decides = (token: string): boolean => {
    const part = this.byToken.get(token);
    if (!part) return false;
    return part.change === 'create' || part.change === 'update' || part.taken;
  };

  /** Whether what stands is not the package's: people's own, kept. */
  leaves(token: string): boolean {
    const change = this.byToken.get(token)?.change;
    return ['kept', 'conflict', 'gone', 'blocked'].includes(change ?? '') && !this.decides(token);
  }

  note(token: string, note: Words): void {
    const part = this.byToken.get(token);
    if (part) part.note ??= note;
  }

  private planned(token: string, part: Part): PlannedPart {
    const { now, remembered, choice } = this.world;
    const change = changeOf(token, part.value, now.get(token), remembered, this.known);
    const blocked = this.blocked(token, part, change);
    if (blocked) return { ...part, token, change: 'blocked', mayTake: false, taken: false, note: blocked };
    const mayTake = ['kept', 'conflict'].includes(change) || (change === 'gone' && part.kind !== 'form');
    return { ...part, token, change, mayTake, taken: mayTake && choice.take.includes(token), note: null };
  }

  private blocked(token: string, part: Part, change: PartChange): Words | null {
    if (change === 'same') return null;
    const { now, makesRoles, changesRoles, ground } = this.world;
    if (part.kind === 'role' && ground && !(change === 'create' ? makesRoles : changesRoles))
      return {
        zh: '角色的权限要由系统管理员修改',
        en: 'only administrators of the company may change what a role may do',
      };
    if (part.kind !== 'field') return null;
    const [next, was] = [part.value, now.get(token)?.value] as Typed[];
    if (was && was.type !== next?.type)
      return {
        zh: '类型与本企业的不同，请先在表单里用“转换类型”',
        en: 'its type is another one here; use "Convert type" in the form first',
      };
    const column = was && next && columnsOf(next).find((item) => (typeIn(was, item.key) ?? item.type) !== item.type);
    return column
      ? {
          zh: `它的列“${column.name}”类型与本企业的不同，请先在表单里用“转换类型”`,
          en: `its column "${column.name}" has another type here; use "Convert type" in the form first`,
        }
      : null;
  }

  /** What belongs to a form that people deleted stays away with it. */
  private leaveWithTheirForm(): void {
    for (const part of this.parts) {
      const key = /^(?:field|layout|settings|duplicates|pool|view|print):([^/]+)/.exec(part.token)?.[1];
      const form = key === undefined ? undefined : this.byToken.get(`form:${key}`);
      if (form?.change === 'gone') Object.assign(part, { change: 'gone', mayTake: false, taken: false });
    }
  }

  /** Forms that are new or change. */
  planForms(): void {
    const { names, appId, ground } = this.world;
    const standing = ground?.forms ?? [];
    const takenKeys = new Set(standing.map((form) => form.key));
    const takenNames = new Set(standing.map((form) => form.name));
    for (const form of this.pack.forms) {
      const token = `form:${form.key}`;
      if (this.byToken.get(token)?.change === 'gone') continue;
      const before = standing.find((item) => item.id === names.id(token));
      const touched = [token, `layout:${form.key}`, `settings:${form.key}`, ...this.fieldsOf(form.key)];
      if (before && !touched.some(this.decides)) continue;
      const wish = before && !this.decides(token) ? before.name : form.name;
      if (before) takenNames.delete(before.name);
      const name = freeName(wish, takenNames);
      const key = before?.key ?? freeKey(form.key, takenKeys);
      takenNames.add(name);
      takenKeys.add(key);
      if (name !== wish) this.note(token, calledInstead(name));
      const wanted = wantedForm(form, names, { appId, key, name, before }, this.decides);
      for (const field of wanted.input.fields) {
        const place = `field:${form.key}/${field.key}`;
        const part = this.byToken.get(place);
        if (part && this.decides(place) && part.name !== field.name) this.note(place, calledInstead(field.name));
      }
      this.wanted.push(wanted);
    }
  }

  private fieldsOf(key: string): string[] {
    return this.parts.flatMap(({ token }) => (token.startsWith(`field:${key}/`) ? [token] : []));
  }

  /** Views, by form, that are new or change. */
  views() {
    return this.pack.forms.flatMap((form) =>
      form.views.flatMap((view, sort) => {
        const token = `view:${form.key}/${view.key}`;
        if (!this.decides(token)) return [];
        const place = { zh: `视图“${view.name}”：`, en: `view "${view.name}": ` };
        const definition = decoded(packageParts.view, view, this.world.names, place);
        return [
          { id: this.id(token), formId: this.id(`form:${form.key}`), definition, sort, isNew: this.isNew(token) },
        ];
      }),
    );
  }

  flows(): { id: string; name: string; token: string; enabled: boolean; definition: FlowDefinition; isNew: boolean }[] {
    return this.pack.flows.flatMap((flow) => {
      const token = `flow:${flow.key}`;
      if (!this.decides(token)) return [];
      const { name, enabled } = flow;
      const place = { zh: `流程“${name}”：`, en: `flow "${name}": ` };
      const definition = decoded(packageParts.flow, flow.definition, this.world.names, place);
      return [{ id: this.id(token), name, token, enabled, definition, isNew: this.isNew(token) }];
    });
  }

  dashboards() {
    return this.pack.dashboards.flatMap(({ key, name, definition }, sort) => {
      const token = `dashboard:${key}`;
      if (!this.decides(token)) return [];
      const place = { zh: `看板“${name}”：`, en: `dashboard "${name}": ` };
      const parsed = decoded(packageParts.dashboard, definition, this.world.names, place);
      return [{ id: this.id(token), name, definition: parsed, sort, isNew: this.isNew(token) }];
    });
  }

  targets() {
    return this.pack.targets.flatMap(({ key, definition }) => {
      const token = `target:${key}`;
      if (!this.decides(token)) return [];
      const parsed = decoded(packageParts.target, definition, this.world.names, { zh: '目标：', en: 'target: ' });
      return [{ id: this.id(token), definition: parsed, isNew: this.isNew(token) }];
    });
  }

  duplicates(): { formId: string; rules: DuplicateRule[] }[] {
    return this.pack.forms.flatMap((form) => {
      if (!this.decides(`duplicates:${form.key}`)) return [];
      const place = { zh: `表单“${form.name}”的查重规则：`, en: `duplicate rules of form "${form.name}": ` };
      const rules = form.duplicates.map((rule) => decoded(packageParts.duplicate, rule, this.world.names, place));
      return [{ formId: this.id(`form:${form.key}`), rules }];
    });
  }

  /** Without people: who may claim is said by whoever installs. */
  pools() {
    return this.pack.forms.flatMap((form) => {
      if (!form.pool || !this.decides(`pool:${form.key}`)) return [];
      const place = { zh: `表单“${form.name}”的公海：`, en: `pool of form "${form.name}": ` };
      const { claimers, ...settings } = decoded(packageParts.pool, form.pool, this.world.names, place);
      return [
        { formId: this.id(`form:${form.key}`), settings: { ...settings, claimers: claimers && [], managers: [] } },
      ];
    });
  }

  prints() {
    return this.pack.forms.flatMap((form) =>
      form.prints.flatMap((print) => {
        const token = `print:${form.key}/${print.key}`;
        if (!this.decides(token)) return [];
        const bytes = Buffer.from(print.content, 'base64');
        return [
          {
            id: this.id(token),
            formId: this.id(`form:${form.key}`),
            name: print.name,
            fileName: safeName(print.fileName),
            isDefault: print.isDefault,
            isNew: this.isNew(token),
            bytes,
            placeholders: placeholdersOf(bytes),
          },
        ];
      }),
    );
  }

  roles(): {
    id: string;
    key: string;
    name: string;
    design: boolean;
    isNew: boolean;
    forms: Record<string, FormGrant>;
  }[] {
    const taken = new Set(this.world.roles.map((role) => role.name));
    return this.pack.roles.flatMap((role) => {
      const token = `role:${role.key}`;
      if (!this.decides(token)) return [];
      const joined = this.world.roles.find((item) => item.id === this.world.names.id(token));
      const grants = Object.entries(role.forms).flatMap(([form, grant]) => {
        if (form === '*') return [];
        const place = { zh: `角色“${role.name}”的权限：`, en: `rights of role "${role.name}": ` };
        if (this.byToken.get(`form:${form}`)?.change === 'gone') return [];
        return [
          [
            String(this.world.names.decode(`form:${form}`)),
            decoded(packageParts.grant, grant, this.world.names, place),
          ] as const,
        ];
      });
      const name = joined ? joined.name : freeName(role.name, taken, 60);
      taken.add(name);
      if (name !== role.name) this.note(token, calledInstead(name));
      return [
        {
          id: this.id(token),
          key: role.key,
          name,
          design: this.world.trusted && role.design,
          isNew: !joined,
          forms: Object.fromEntries(grants),
        },
      ];
    });
  }

  /** Icon and navigation, if the package decides over them. */
  app():
    | { icon: string | null; nav: { kind: 'form' | 'dashboard'; id: string; group: string | null }[] | null }
    | undefined {
    if (!this.decides('app')) return undefined;
    const nav = this.pack.nav?.flatMap(({ item, group }) => {
      const [kind] = item.split(':');
      const id = this.world.names.id(item);
      return id && (kind === 'form' || kind === 'dashboard') ? [{ kind: kind as 'form' | 'dashboard', id, group }] : [];
    });
    return { icon: this.pack.icon ?? null, nav: nav ?? null };
  }

  private isNew(token: string): boolean {
    return !this.world.now.has(token);
  }

  private id(token: string): string {
    const id = this.world.names.id(token);
    if (!id)
      throw refusal('invalid_definition', {
        zh: `应用包里没有 ${token}`,
        en: `the app package does not contain ${token}`,
      });
    return id;
  }
}

interface Typed {
  key?: string;
  name?: string;
  type?: unknown;
  config?: { fields?: Typed[] };
}

/** The columns of a subform; none of any other field. */
const columnsOf = (field: Typed): Typed[] => (field.type === 'subform' ? (field.config?.fields ?? []) : []);

/** The type of a column; undefined where there is none. */
function typeIn(field: Typed, key: string | undefined): unknown {
  return columnsOf(field).find((item) => item.key === key)?.type;
}

function freeKey(key: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const tried = n === 1 ? key : `${key.slice(0, 37)}${n}`;
    if (!taken.has(tried)) return tried;
  }
}

const calledInstead = (name: string): Words => ({
  zh: `同名的已经有了，会叫“${name}”`,
  en: `the name is taken; it will be called "${name}"`,
});
