import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { MemberId, TaskId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { Failed } from '../../components/empty.js';
import { Icon } from '../../components/icon.js';
import { SearchBox } from '../../components/search-box.js';
import { Sheet } from '../../components/sheet.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { useSession } from '../../session/session.js';

interface Props {
  id: TaskId;
  comment: string;
  onDone(result: AnswerOf<'tasks.transfer'>): void;
  onClose(): void;
}

/** 转办: a colleague from the list, then 转办 at the bottom; what was typed as the comment goes along. */
export function TransferSheet({ id, comment, onDone, onClose }: Props) {
  const t = useT();
  const { me } = useSession();
  const [search, setSearch] = useState('');
  const [to, setTo] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const members = useResource('members', () => api('members.list', { query: { state: 'active' } }));
  const shown = (members.data?.items ?? []).filter(
    (member) =>
      member.state === 'active' &&
      member.id !== me?.member.id &&
      member.name.toLowerCase().includes(search.toLowerCase()),
  );
  const send = async () => {
    if (to === null || busy) return;
    setBusy(true);
    setProblem('');
    try {
      onDone(
        await api('tasks.transfer', { params: { id }, body: { to: to as MemberId, comment: comment || undefined } }),
      );
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Sheet
      title={t('task.transferTo')}
      onClose={onClose}
      top={
        <View className="sheet-search">
          <SearchBox value={search} placeholder={t('common.search')} onSearch={setSearch} />
        </View>
      }
      foot={
        <View>
          {problem ? <View className="field-error">{problem}</View> : null}
          <Button kind="primary" off={busy || to === null} onClick={() => void send()}>
            {t('task.transfer')}
          </Button>
        </View>
      }
    >
      {members.loading && !members.data ? <SkeletonRows count={5} /> : null}
      {members.error && !members.data ? <Failed error={members.error} onRetry={members.reload} /> : null}
      {shown.map((member) => (
        <View key={member.id} className="option" hoverClass="is-pressed" onClick={() => setTo(member.id)}>
          <View className="option__main">
            <View>{member.name}</View>
            <View className="muted ellipsis">{member.departments.map((d) => d.label).join(t('common.comma'))}</View>
          </View>
          {member.id === to ? <Icon name="check" className="option__check" /> : null}
        </View>
      ))}
      {members.data && shown.length === 0 ? <View className="empty">{t('list.noMatch', { text: search })}</View> : null}
    </Sheet>
  );
}
