import { addressText } from '@lianke/shared/fields/address/value';
import type { Json } from '@lianke/shared/json';
import { AutoComplete, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type EditorProps, type FieldRenderer, type ValueProps } from './renderer.js';

const parts = ['province', 'city', 'district', 'detail'] as const;

function partsOf(value: Json | undefined): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

type Regions = typeof import('@lianke/shared/fields/address/regions');

/** Names to choose from for a part, by what stands in the others; anything may be typed instead. */
function choicesFor(regions: Regions, part: string, current: Record<string, string>): string[] {
  if (part === 'province') return regions.provinces();
  if (part === 'city') return regions.citiesOf(current.province);
  return regions.districtsOf(current.province, current.city);
}

function Value({ value }: ValueProps) {
  return <>{addressText(partsOf(value))}</>;
}

function Editor({ field, value, onChange, id, label, autoFocus, disabled, invalid }: EditorProps) {
  const { t } = useTranslation('fields');
  const current = partsOf(value);
  const name = label ?? field.name;
  const [regions, setRegions] = useState<Regions>();
  const load = () => {
    if (!regions) void import('@lianke/shared/fields/address/regions').then(setRegions);
  };
  const put = (part: string, text: string, chosen = false) => {
    const whole: Record<string, string> = { ...current, [part]: text };
    // A city that was chosen brings its province along; what lay in another place goes.
    if (chosen && part === 'city') whole.province ||= regions?.provinceOf(text) ?? '';
    if (chosen && part === 'province' && current.city && !regions?.citiesOf(text).includes(current.city))
      whole.city = '';
    if (chosen && part !== 'district' && current.district) {
      const still = regions?.districtsOf(whole.province || undefined, whole.city || undefined);
      if (!still?.includes(current.district)) whole.district = '';
    }
    const next = Object.fromEntries(Object.entries(whole).filter(([, each]) => each !== ''));
    onChange(Object.keys(next).length === 0 ? null : next);
  };
  return (
    <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr 1fr', gap: 6 }}>
      {parts.map((part, index) => {
        const usual = {
          id: index === 0 ? id : undefined,
          'aria-label': `${name} ${t(part)}`,
          placeholder: t(part),
          value: current[part] ?? '',
          autoFocus: index === 0 ? (autoFocus ?? false) : false,
          disabled: disabled ?? false,
          status: invalid ? ('error' as const) : ('' as const),
        };
        if (part === 'detail') {
          return (
            <Input
              key={part}
              {...usual}
              onChange={(event) => put(part, event.target.value)}
              style={{ gridColumn: '1 / -1' }}
            />
          );
        }
        return (
          <AutoComplete
            key={part}
            {...usual}
            onFocus={load}
            onChange={(text: string) => put(part, text)}
            onSelect={(text: string) => put(part, text, true)}
            popupMatchSelectWidth={180}
            options={(regions ? choicesFor(regions, part, current) : [])
              .filter((choice) => choice.includes(current[part] ?? '') || choice === current[part])
              .slice(0, 400)
              .map((choice) => ({ value: choice }))}
          />
        );
      })}
    </div>
  );
}

export const address: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => addressText(partsOf(value)),
  inCell: false,
  width: 220,
};
