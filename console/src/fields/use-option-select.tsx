import { useTranslation } from 'react-i18next';
import { OptionTag, optionsOf } from './options.js';
import { type EditorProps, listWidth } from './renderer.js';

/** What the drop-downs of a select and a multi-select have in common; disabled options are offered only while chosen. */
export function useOptionSelect(props: EditorProps, chosen: readonly string[]) {
  const { field, id, label, autoFocus, disabled, invalid, inCell } = props;
  const { t } = useTranslation('fields');
  const options = optionsOf(field).filter((option) => !option.disabled || chosen.includes(option.id));
  return {
    id,
    'aria-label': label,
    style: { width: '100%' },
    allowClear: true,
    showSearch: { optionFilterProp: 'search' },
    placeholder: t('choose'),
    notFoundContent: options.length === 0 ? t('noOptions') : t('noMatch'),
    options: options.map((option) => ({
      value: option.id,
      search: option.label,
      label: <OptionTag option={option} titled={false} />,
      title: option.label,
    })),
    autoFocus,
    disabled,
    status: invalid ? ('error' as const) : ('' as const),
    ...(inCell ? { defaultOpen: true, popupMatchSelectWidth: listWidth } : {}),
  };
}
