import type { ValueRef } from '@lianke/shared/flows/values';
import { Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormView, ReadField } from '../../api/queries.js';
import { isComposing } from '../../shared/is-composing.js';
import { refOfKey, type Source } from '../model/sources.js';
import { useRefOptions } from './ref-select.js';

interface Props {
  sources: readonly Source[];
  forms: readonly FormView[];
  accepts: (field: ReadField | undefined, form: FormView) => boolean;
  onPick: (ref: ValueRef) => void;
  onClose: () => void;
}

/** The list of fields that @ opens: type to narrow it, arrows and Enter to choose. */
export function RefList({ sources, forms, accepts, onPick, onClose }: Props) {
  const { t } = useTranslation('flows');
  const { options } = useRefOptions(sources, forms, accepts);
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Not scrollIntoView: it would also scroll what is around the list while that still unfolds.
    const box = list.current;
    const item = box?.querySelector<HTMLElement>(`[data-index="${active}"]`);
    if (!box || !item) return;
    const top = active === 0 ? 0 : item.offsetTop;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (item.offsetTop + item.offsetHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = item.offsetTop + item.offsetHeight - box.clientHeight;
  }, [active]);
  const needle = search.trim().toLowerCase();
  const shown = options
    .map((group) => ({
      ...group,
      options: group.options.filter((option) => option.label.toLowerCase().includes(needle)),
    }))
    .filter((group) => group.options.length > 0);
  const flat = shown.flatMap((group) => group.options);
  return (
    <div className="ref-list">
      <Input
        autoFocus
        size="small"
        aria-label={t('panel.refPlaceholder')}
        placeholder={t('panel.refPlaceholder')}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          // Enter ends a composition: what was chosen is the word, not an entry.
          if (isComposing(event.nativeEvent)) return;
          if (event.key === 'ArrowDown') setActive((index) => Math.min(index + 1, flat.length - 1));
          else if (event.key === 'ArrowUp') setActive((index) => Math.max(index - 1, 0));
          else if (event.key === 'Escape') onClose();
          else if (event.key === 'Enter') {
            const option = flat[active];
            if (option) onPick(refOfKey(option.value));
          } else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <div className="ref-list-items" role="listbox" ref={list} aria-label={t('panel.refPlaceholder')}>
        {shown.map((group) => (
          <div key={group.label}>
            <div className="ref-list-group">{group.label}</div>
            {group.options.map((option) => (
              <button
                type="button"
                role="option"
                key={option.value}
                aria-selected={flat[active] === option}
                className={flat[active] === option ? 'ref-list-item active' : 'ref-list-item'}
                data-index={flat.indexOf(option)}
                onClick={() => onPick(refOfKey(option.value))}
              >
                {option.label}
              </button>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
