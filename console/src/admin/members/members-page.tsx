import { MoreOutlined, PlusOutlined, SearchOutlined } from '@ant-design/icons';
import type { MemberView } from '@lianke/shared/org/api';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, Input, Segmented, Splitter, Table, Tag } from 'antd';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { keys, useDepartments, useMe, useMembers } from '../../api/queries.js';
import { PageError } from '../../app/page-error.js';
import { useHandoverText } from '../../handover/i18n.js';
import { LeaversBanner } from '../../handover/leavers-banner.js';
import { aside, pause } from '../../i18n/punctuation.js';
import { EmptyState } from '../../shared/empty-state.js';
import { Named, useFoundByName } from '../../shared/named.js';
import { Person } from '../../shared/person.js';
import { useDebounced } from '../../shared/use-debounced.js';
import { usePersistent } from '../../shared/use-persistent.js';
import styles from '../admin.module.css';
import { Guard } from '../guard.js';
import { useText } from '../i18n.js';
import { belowOf } from './below.js';
import { DepartmentTree } from './department-tree.js';
import { InviteDialog } from './invite-dialog.js';
import { MemberDrawer } from './member-drawer.js';

type StateFilter = 'present' | 'left' | 'all';

/** 成员与部门. */
export function MembersPage() {
  return (
    <Guard need="members">
      <Members />
    </Guard>
  );
}

function Members() {
  const text = useText();
  const handover = useHandoverText();
  const navigate = useNavigate();
  const me = useMe();
  const client = useQueryClient();
  const { message } = App.useApp();
  const members = useMembers();
  const departments = useDepartments();
  const [department, setDepartment] = useState<string | null>(null);
  const [state, setState] = useState<StateFilter>('present');
  const [search, setSearch] = useState('');
  const [editing, setEditing] = useState<MemberView | 'new' | null>(null);
  const [inviting, setInviting] = useState<MemberView | null>(null);
  const [treeWidth, setTreeWidth] = usePersistent('members.tree-width', 240);

  const names = useMemo(() => (members.data ?? []).map((member) => member.name), [members.data]);
  const byName = useFoundByName(useDebounced(search), names);

  const rows = useMemo(() => {
    const within = department ? belowOf(departments.data ?? [], department) : null;
    const word = search.trim().toLowerCase();
    return (members.data ?? []).filter(
      (member) =>
        (state === 'all' || (member.state === 'left') === (state === 'left')) &&
        (!within || member.departments.some((item) => within.has(item.id))) &&
        (word === '' ||
          byName.has(member.id) ||
          [member.name, member.account, member.mobile].some((part) => part?.toLowerCase().includes(word))),
    );
  }, [members.data, departments.data, department, state, search, byName]);

  const setMemberState = async (member: MemberView, next: 'active' | 'left') => {
    try {
      await api('members.update', { params: { memberId: member.id }, body: { state: next } });
      await client.invalidateQueries({ queryKey: keys.members });
      await client.invalidateQueries({ queryKey: ['handover-leavers'] });
      const key = `state-${member.id}`;
      message.open({
        key,
        type: 'success',
        duration: next === 'left' ? 15 : 8,
        content: (
          <span>
            {text(next === 'left' ? 'leftToast' : 'reactivatedToast', { name: member.name })}
            {next === 'left' && me.data?.permissions.admin && (
              <Button
                type="link"
                size="small"
                onClick={() => {
                  message.destroy(key);
                  navigate(`/admin/members/${member.id}/handover`);
                }}
              >
                {text('leftHandover')}
              </Button>
            )}
            {next === 'left' && (
              <Button
                type="link"
                size="small"
                onClick={() => {
                  message.destroy(key);
                  void setMemberState(member, 'active');
                }}
              >
                {text('reactivate')}
              </Button>
            )}
          </span>
        ),
      });
    } catch (error) {
      message.error(messageOf(error));
    }
  };

  if (members.error && !members.data) return <PageError error={members.error} retry={() => void members.refetch()} />;
  const filtered = search.trim() !== '' || state !== 'present';
  return (
    <>
      <Splitter onResizeEnd={([size]) => setTreeWidth(size ?? treeWidth)}>
        <Splitter.Panel defaultSize={treeWidth} min={200} max="50%">
          <DepartmentTree selected={department} onSelect={setDepartment} />
        </Splitter.Panel>
        <Splitter.Panel className={styles.main}>
          <div className={styles.bar}>
            <h1 className={styles.title}>
              {departments.data?.find((item) => item.id === department)?.name ?? text('allMembers')}
            </h1>
            <Segmented<StateFilter>
              aria-label={text('stateFilter')}
              value={state}
              onChange={setState}
              options={[
                { value: 'present', label: text('stateActive') },
                { value: 'left', label: text('stateLeft') },
                { value: 'all', label: text('stateAll') },
              ]}
            />
            <Input
              allowClear
              prefix={<SearchOutlined />}
              aria-label={text('searchMembers')}
              placeholder={text('searchMembers')}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
              style={{ width: 220 }}
            />
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
              {text('addMember')}
            </Button>
          </div>
          <LeaversBanner />
          <Table<MemberView>
            size="small"
            rowKey="id"
            loading={members.isPending}
            dataSource={rows}
            pagination={rows.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
            scroll={{ x: 860 }}
            locale={{
              emptyText: members.isPending ? (
                ' '
              ) : filtered ? (
                <EmptyState compact title={text('noMatch')} />
              ) : (
                <EmptyState compact title={text('noMembers')} hint={text('noMembersHint')} />
              ),
            }}
            columns={[
              {
                title: text('name'),
                dataIndex: 'name',
                width: 160,
                render: (name: string, member) => (
                  <Button
                    type="link"
                    size="small"
                    style={{ padding: 0, maxWidth: '100%' }}
                    onClick={() => setEditing(member)}
                  >
                    <Person name={name} />
                  </Button>
                ),
              },
              { title: text('memberTitle'), dataIndex: 'title', width: 110, ellipsis: true },
              {
                title: text('departments'),
                key: 'departments',
                ellipsis: true,
                render: (_, member) => (
                  <Named
                    text={member.departments
                      .map((item) => (item.leader ? `${item.label}${aside(text('leader'))}` : item.label))
                      .join(pause())}
                  />
                ),
              },
              {
                title: text('roles'),
                key: 'roles',
                render: (_, member) => member.roles.map((role) => <Tag key={role.id}>{role.label}</Tag>),
              },
              {
                title: text('account'),
                dataIndex: 'account',
                width: 120,
                ellipsis: true,
              },
              {
                title: text('channels'),
                key: 'channels',
                width: 110,
                render: (_, member) =>
                  member.channels.map((channel) => (
                    <Tag key={channel} color="blue">
                      {text(channel)}
                    </Tag>
                  )),
              },
              {
                title: text('state'),
                dataIndex: 'state',
                width: 84,
                render: (value: MemberView['state']) =>
                  value === 'active' ? (
                    <Tag color="success">{text('stateActive')}</Tag>
                  ) : value === 'invited' ? (
                    <Tag color="processing">{text('stateInvited')}</Tag>
                  ) : (
                    <Tag>{text('stateLeft')}</Tag>
                  ),
              },
              {
                title: '',
                key: 'more',
                width: 48,
                fixed: 'right',
                render: (_, member) => (
                  <Dropdown
                    trigger={['click']}
                    menu={{
                      items: [
                        { key: 'edit', label: text('edit') },
                        ...(member.state === 'left' ? [] : [{ key: 'invite', label: text('invite') }]),
                        ...(me.data?.permissions.admin ? [{ key: 'handover', label: handover('handover') }] : []),
                        member.state === 'left'
                          ? { key: 'back', label: text('reactivate') }
                          : { key: 'leave', label: text('leave'), danger: true },
                      ],
                      onClick: ({ key }) => {
                        if (key === 'edit') setEditing(member);
                        else if (key === 'invite') setInviting(member);
                        else if (key === 'handover') navigate(`/admin/members/${member.id}/handover`);
                        else void setMemberState(member, key === 'leave' ? 'left' : 'active');
                      },
                    }}
                  >
                    <Button
                      type="text"
                      size="small"
                      icon={<MoreOutlined />}
                      aria-label={`${member.name} ${text('more')}`}
                    />
                  </Dropdown>
                ),
              },
            ]}
          />
        </Splitter.Panel>
      </Splitter>
      <MemberDrawer
        member={editing}
        department={department}
        onClose={() => setEditing(null)}
        onCreated={(member) => setInviting(member)}
      />
      <InviteDialog member={inviting} onClose={() => setInviting(null)} />
    </>
  );
}
