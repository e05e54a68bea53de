import { View } from '@tarojs/components';
import { useDidShow } from '@tarojs/taro';
import { useRef, useState } from 'react';
import { messageOf } from '../../api/message.js';
import { Empty, Failed } from '../../components/empty.js';
import { NoForm } from '../../components/no-form.js';
import { Screen } from '../../components/screen.js';
import { SkeletonPage } from '../../components/skeleton.js';
import { formById, useCatalog } from '../../data/forms.js';
import { openSidebar, type SidebarView, unlinkCustomer } from '../../data/sidebar.js';
import { useT } from '../../i18n/index.js';
import { type Beside, contactBeside } from '../../platform/external-contact.js';
import { useSession } from '../../session/session.js';
import { showNotice } from '../../store/notice.js';
import { ContactHead } from './contact-head.js';
import { LinkedCustomer } from './linked.js';
import { Unlinked } from './unlinked.js';
import './index.scss';

type Shown =
  | { kind: 'asking' }
  | Exclude<Beside, { kind: 'contact' }>
  | { kind: 'failed'; error: unknown }
  | { kind: 'open'; externalUserid: string; view: SidebarView };

/** The page beside a WeCom chat with a customer: who he is for us, and what to do about it. */
export default function SidebarPage() {
  const t = useT();
  const { state } = useSession();
  const catalog = useCatalog();
  const [shown, setShown] = useState<Shown>({ kind: 'asking' });
  const asked = useRef(false);

  const ask = async () => {
    const beside = await contactBeside();
    if (beside.kind !== 'contact') return setShown(beside);
    try {
      setShown({ kind: 'open', externalUserid: beside.externalUserid, view: await openSidebar(beside.externalUserid) });
    } catch (error) {
      setShown({ kind: 'failed', error });
    }
  };
  useDidShow(() => {
    // Coming back from a page where a customer was made or changed.
    if (asked.current) void ask();
  });
  if (state === 'in' && !asked.current) {
    asked.current = true;
    void ask();
  }
  const again = () => {
    setShown({ kind: 'asking' });
    void ask();
  };

  return (
    <Screen title={t('sidebar.title')} skeleton={<SkeletonPage />}>
      {shown.kind === 'asking' ? <SkeletonPage /> : null}
      {shown.kind === 'outside' ? <Empty text={t('sidebar.outside')} /> : null}
      {shown.kind === 'nobody' ? (
        <Empty text={t('sidebar.nobody')} action={t('common.retry')} onAction={again} />
      ) : null}
      {shown.kind === 'refused' ? (
        <Empty text={t('sidebar.refused', { reason: shown.reason })} action={t('common.retry')} onAction={again} />
      ) : null}
      {shown.kind === 'failed' ? <Failed error={shown.error} onRetry={again} /> : null}
      {shown.kind === 'open' ? (
        <Body
          externalUserid={shown.externalUserid}
          view={shown.view}
          catalog={catalog}
          onView={(view) => setShown({ ...shown, view })}
        />
      ) : null}
    </Screen>
  );
}

interface BodyProps {
  externalUserid: string;
  view: SidebarView;
  catalog: ReturnType<typeof useCatalog>;
  onView(view: SidebarView): void;
}

function Body({ externalUserid, view, catalog, onView }: BodyProps) {
  const t = useT();
  const { customer } = view;
  const form = formById(catalog.data, view.formId ?? '');
  const unlink = async () => {
    try {
      onView(await unlinkCustomer(externalUserid));
    } catch (error) {
      showNotice(messageOf(error));
    }
  };
  return (
    <View>
      <ContactHead contact={view.contact} />
      {view.formId === null ? <Empty text={t('sidebar.noForm')} /> : null}
      {customer.state === 'hidden' ? (
        <View className="card side-hidden">
          <View className="side-hidden__title">{t('sidebar.hidden')}</View>
          <View className="muted">{t('sidebar.hiddenHint')}</View>
        </View>
      ) : null}
      {customer.state === 'linked' && !form ? <NoForm catalog={catalog} skeleton={<SkeletonPage />} /> : null}
      {customer.state === 'linked' && form && catalog.data ? (
        <LinkedCustomer
          key={customer.id}
          view={view}
          form={form}
          customerId={customer.id}
          catalog={catalog.data}
          onUnlink={() => void unlink()}
        />
      ) : null}
      {customer.state === 'none' && view.formId !== null ? (
        <Unlinked externalUserid={externalUserid} view={view} suggestions={customer.suggestions} onView={onView} />
      ) : null}
    </View>
  );
}
