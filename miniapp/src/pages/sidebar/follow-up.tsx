import { Textarea, View } from '@tarojs/components';
import { useRef, useState } from 'react';
import { Button } from '../../components/button.js';
import { Chips } from '../../components/chips.js';
import type { FormView, Ref } from '../../data/record-types.js';
import { addDays, nextMonday, wallClock } from '../../data/time.js';
import type { TodoForm } from '../../data/todo-form.js';
import type { VisitFields } from '../../data/visit-form.js';
import { useT } from '../../i18n/index.js';
import type { MessageKey } from '../../i18n/zh.js';
import { zone } from '../../session/session.js';
import { showNotice } from '../../store/notice.js';
import { contentLimit, phrases } from '../visit/phrases.js';
import { saveVisit } from '../visit/save-visit.js';
import { newIds } from '../visit/visit-values.js';
import '../../fields/fields.scss';
import '../../components/field-box.scss';

interface Props {
  form: FormView;
  fields: VisitFields;
  todo: TodoForm | undefined;
  customer: Ref;
  onSaved(): void;
}

/** 记跟进 beside the chat: a phrase and 保存 are enough; the next step is a third tap. */
export function FollowUp({ form, fields, todo, customer, onSaved }: Props) {
  const t = useT();
  const [content, setContent] = useState('');
  const [nextAt, setNextAt] = useState('');
  const [busy, setBusy] = useState(false);
  const ids = useRef(newIds());
  const today = wallClock(zone(), Date.now()).date;
  const steps = [
    { key: addDays(today, 1), label: t('visit.tomorrow') },
    { key: addDays(today, 3), label: t('visit.in3Days') },
    { key: nextMonday(today), label: t('visit.nextMonday') },
  ];
  const add = (key: string) => {
    const text = t(key as MessageKey);
    setContent((old) => (old ? `${old}${t('common.commaWide')}${text}` : text));
  };
  const save = async () => {
    if (busy) return;
    if (content.trim() === '') return showNotice(t('visit.needContent'));
    setBusy(true);
    const visit = { form, fields, todo, customer, content: content.trim(), plan: '', nextAt, place: undefined };
    const problem = await saveVisit({ ...visit, ids: ids.current, more: {}, uploads: [] }, () => {
      ids.current = newIds();
      setContent('');
      setNextAt('');
      onSaved();
    });
    setBusy(false);
    if (problem) showNotice(problem.text);
  };
  return (
    <View>
      <View className="section-title">{t('sidebar.followUp')}</View>
      <View className="card side-card">
        <View className="field">
          <Textarea
            className="area side-area"
            value={content}
            placeholder={t('visit.contentHint')}
            placeholderClass="placeholder"
            maxlength={contentLimit(fields.content)}
            autoHeight
            cursorSpacing={120}
            onInput={(event) => setContent(event.detail.value)}
          />
          <Chips items={phrases.map((key) => ({ key, label: t(key) }))} onTap={add} />
        </View>
        <View className="side-next">
          {fields.nextAt ? (
            <Chips items={steps} on={[nextAt]} onTap={(date) => setNextAt(date === nextAt ? '' : date)} />
          ) : null}
          <Button kind="primary" off={busy} className="side-save" onClick={() => void save()}>
            {t(busy ? 'form.saving' : 'form.save')}
          </Button>
        </View>
      </View>
    </View>
  );
}
