import type { AppPackage, OpenItem, OutsideField, ThroughParts } from '@lianke/shared/apps/package';
import type { FormMeta } from '../../forms/form-meta.js';
import { sameJson } from '../../same-json.js';
import type { AppGround } from './app-ground.js';
import { comparisons, optionsOf } from './outside-options.js';
import { relatedForm } from './outside-places.js';
import { type PackageNames, tokensIn } from './package-names.js';
import { piecesOf } from './restore.js';
import { labelOf, type ThroughLabel } from './through-labels.js';

interface Told {
  names: PackageNames;
  ground: AppGround;
  places: readonly FormMeta[];
  /** Names that the app had before: they are kept whether or not something reads them now. */
  kept: ReadonlySet<string>;
}

/** The package with the parts that relate to other apps' forms as they are in `whole`, and those forms' fields that they read. */
export function withThrough(bare: AppPackage, whole: AppPackage, told: Told): AppPackage {
  const through = differing(bare, whole);
  const used = new Set(tokensIn(through).filter((token) => token.startsWith('outside:')));
  forgetOthers(told, used);
  const pieces = piecesOf(bare, through).flatMap((piece) => {
    const label = labelOf(piece, through);
    return label ? [{ label, tokens: new Set(tokensIn(piece.value)) }] : [];
  });
  const keys = [...new Set([...used].map((token) => token.slice('outside:'.length).split('/')[0] ?? ''))];
  const outside = keys.map((key) => ({
    key,
    relations: bare.outside.find((item) => item.key === key)?.relations ?? [],
    fields: fieldsOf(`outside:${key}`, used, through, told),
  }));
  const apps = new Map(told.ground.otherApps.map(({ id, name }) => [id, name]));
  const open = keys.map((key): OpenItem => {
    const before = bare.open.find((item) => item.kind === 'outside' && item.key === key);
    const form = told.ground.all.get(told.names.id(`outside:${key}`) ?? '');
    const app = apps.get(form?.appId as never) ?? '';
    const reads = (token: string) => token === `outside:${key}` || token.startsWith(`outside:${key}/`);
    const uses = pieces.filter(({ tokens }) => [...tokens].some(reads)).map(({ label }) => useOf(label));
    const all = [...(before?.uses ?? []), ...uses];
    return {
      kind: 'outside',
      key,
      name: `${form?.name ?? key}${app && `（${app}）`}`,
      uses: all.filter((use, index) => all.findIndex(({ name }) => name === use.name) === index).slice(0, 200),
    };
  });
  const others = [...whole.open.filter(({ kind }) => kind !== 'outside'), ...open];
  return { ...bare, outside, through, open: others, left: whole.left };
}

/** The parts that are not the same in both. */
function differing(bare: AppPackage, whole: AppPackage): ThroughParts {
  const news = <Item extends { key?: string | undefined }>(own: readonly Item[], all: readonly Item[]) =>
    all.filter(
      (item) =>
        !sameJson(
          item,
          own.find(({ key }) => key === item.key),
        ),
    );
  return {
    forms: news(bare.forms, whole.forms).map(({ prints: _, ...form }) => form),
    roles: news(bare.roles, whole.roles),
    flows: news(bare.flows, whole.flows),
    dashboards: news(bare.dashboards, whole.dashboards),
    targets: news(bare.targets, whole.targets),
  };
}

/** Fields of other apps' forms that nothing reads have no names. */
function forgetOthers({ names, places, kept }: Told, used: ReadonlySet<string>): void {
  for (const form of places)
    for (const { id } of form.fields)
      for (const token of names.tokensOf(id))
        if (token.startsWith('outside:') && !used.has(token) && !kept.has(token)) names.forget(token);
}

function fieldsOf(
  place: string,
  used: ReadonlySet<string>,
  through: ThroughParts,
  { names, ground }: Told,
): OutsideField[] {
  const form = ground.all.get(names.id(place) ?? '');
  const compared = comparisons(through);
  return [...used].sort().flatMap((token) => {
    const field = token.startsWith(`${place}/`) ? form?.field(names.id(token) ?? '') : undefined;
    if (!field) return [];
    const values = new Set(compared.filter((item) => item.token === token).flatMap((item) => item.values));
    const options = optionsOf(field.config).filter(({ id }) => values.has(id));
    const to = names.token(relatedForm(field) ?? '');
    return [
      {
        ...{ key: token.slice(place.length + 1), name: field.name, type: field.typeName },
        ...(to?.startsWith('form:') && { to }),
        ...(options.length > 0 && { options }),
      },
    ];
  });
}

function useOf({ kind, name, of }: ThroughLabel): OpenItem['uses'][number] {
  const within = {
    view: 'view',
    column: 'view',
    role: 'role',
    flow: 'flow',
    widget: 'dashboard',
    target: 'target',
  } as const;
  const place = kind === 'field' || kind === 'rule' || kind === 'settings' ? 'form' : within[kind];
  return { kind: place, name: (of === null || of === name ? name : `${of} · ${name}`).slice(0, 60) };
}
