import type { ValueRef } from '@lianke/shared/flows/values';
import { Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormView, ReadField } from '../../api/queries.js';
import { byIds, type RefChoice, refChoices, refKey, refOfKey, resolveRef, type Source } from '../model/sources.js';

interface Props {
  sources: readonly Source[];
  forms: readonly FormView[];
  value: ValueRef | undefined;
  onChange: (ref: ValueRef, choice: RefChoice | undefined) => void;
  /** Which fields (undefined: the record itself) may be chosen; all when absent. */
  accepts?: (field: ReadField | undefined, form: FormView) => boolean;
  label: string;
  placeholder?: string;
  autoFocus?: boolean;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

const anyField = (field: ReadField | undefined) => field !== undefined;

/** Choices of a reference as the options of a select, under the record they come from. */
export function useRefOptions(
  sources: readonly Source[],
  forms: readonly FormView[],
  accepts: (field: ReadField | undefined, form: FormView) => boolean,
) {
  const { t } = useTranslation('flows');
  return useMemo(() => {
    const choices = refChoices(sources, forms, accepts, (source) => t('panel.self', { source }));
    const groups = new Map<string, { value: string; label: string; title: string }[]>();
    for (const choice of choices) {
      const list = groups.get(choice.group) ?? [];
      list.push({ value: refKey(choice.ref), label: choice.label, title: choice.label });
      groups.set(choice.group, list);
    }
    return {
      choices,
      options: [...groups].map(([label, options]) => ({ label, title: label, options })),
    };
  }, [sources, forms, accepts, t]);
}

/** Chooses a field of a record that is there before this step: 「客户信息表.客户名称」. */
export function RefSelect(props: Props) {
  const { sources, forms, value, onChange, accepts = anyField, label, placeholder, autoFocus } = props;
  const { t } = useTranslation('flows');
  const { choices, options } = useRefOptions(sources, forms, accepts);
  const chosen = value && value.path !== '' ? refKey(byIds(value, sources, forms)) : undefined;
  const found = value && chosen !== undefined ? resolveRef(value, sources, forms) : undefined;
  const known = chosen !== undefined && choices.some((choice) => refKey(choice.ref) === chosen);
  return (
    <Select<string>
      aria-label={label}
      style={{ width: '100%' }}
      value={chosen}
      status={chosen !== undefined && !known ? 'error' : ''}
      labelRender={() => {
        if (!found) return t('say.gone');
        return found.field ? found.label : t('panel.self', { source: found.label });
      }}
      onChange={(key) => {
        onChange(
          refOfKey(key),
          choices.find((choice) => refKey(choice.ref) === key),
        );
      }}
      options={options}
      showSearch={{ optionFilterProp: 'label' }}
      popupMatchSelectWidth={false}
      placeholder={placeholder ?? t('panel.refPlaceholder')}
      autoFocus={autoFocus ?? false}
      {...(props.open === undefined ? {} : { open: props.open })}
      {...(props.onOpenChange ? { onOpenChange: props.onOpenChange } : {})}
    />
  );
}
