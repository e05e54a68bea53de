import type { DepartmentId, MemberId, RoleId } from '@lianke/shared/ids';
import type { MemberView } from '@lianke/shared/org/api';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Drawer, Form, Input, Select, Space, TreeSelect } from 'antd';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { keys, useDepartments } from '../../api/queries.js';
import { departmentTree } from '../../shared/department-picker.js';
import { MemberPicker } from '../../shared/member-picker.js';
import { useText } from '../i18n.js';
import { useRoles } from '../use-roles.js';

interface Values {
  name: string;
  account?: string;
  title?: string;
  mobile?: string;
  email?: string;
  departmentIds: string[];
  roleIds: string[];
  manager?: { id: string; label: string } | null;
}

interface Props {
  member: MemberView | 'new' | null;
  /** The department that is open: a new member begins in it. */
  department: string | null;
  onClose: () => void;
  onCreated: (member: MemberView) => void;
}

/** Adds or changes one member. */
export function MemberDrawer({ member, department, onClose, onCreated }: Props) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const departments = useDepartments();
  const roles = useRoles();
  const [form] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const known = member === 'new' || member === null ? undefined : member;

  useEffect(() => {
    if (!member) return;
    setError('');
    form.resetFields();
    form.setFieldsValue({
      name: known?.name ?? '',
      account: known?.account ?? '',
      title: known?.title ?? '',
      mobile: known?.mobile ?? '',
      email: known?.email ?? '',
      departmentIds: known ? known.departments.map((item) => item.id) : department ? [department] : [],
      roleIds: known?.roles.map((role) => role.id) ?? [],
      manager: known?.manager ?? null,
    });
  }, [member, known, department, form]);

  const save = async (values: Values) => {
    setBusy(true);
    setError('');
    // An emptied box clears the value; a new member simply has none.
    const optional = (value: string | undefined) => {
      const trimmed = value?.trim() ?? '';
      return trimmed === '' && !known ? undefined : trimmed;
    };
    const account = values.account?.trim();
    const body = {
      name: values.name.trim(),
      title: optional(values.title),
      mobile: optional(values.mobile),
      email: optional(values.email),
      departmentIds: values.departmentIds as DepartmentId[],
      roleIds: values.roleIds as RoleId[],
      managerId: (values.manager?.id as MemberId | undefined) ?? null,
      ...(account ? { account } : {}),
    };
    try {
      if (known) {
        await api('members.update', { params: { memberId: known.id }, body });
        message.success(text('savedToast'));
      } else {
        const made = await api('members.create', { body });
        message.success(text('createdToast', { name: made.name }));
        onCreated(made);
      }
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.members }),
        client.invalidateQueries({ queryKey: keys.departments }),
        client.invalidateQueries({ queryKey: keys.roles }),
      ]);
      onClose();
    } catch (failure) {
      setError(messageOf(failure));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Drawer
      open={member !== null}
      onClose={onClose}
      size={440}
      title={text(known ? 'editMember' : 'addMember')}
      forceRender
      footer={
        <Space style={{ width: '100%', justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{text('close')}</Button>
          <Button type="primary" loading={busy} onClick={() => form.submit()}>
            {text('save')}
          </Button>
        </Space>
      }
    >
      {error && <Alert type="error" showIcon title={error} style={{ marginBottom: 16 }} />}
      <Form form={form} name="member" layout="vertical" requiredMark={false} onFinish={save} scrollToFirstError>
        <Form.Item
          name="name"
          label={text('name')}
          rules={[{ required: true, whitespace: true, message: text('nameNeeded') }]}
        >
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="departmentIds" label={text('departments')} extra={text('mainDepartment')}>
          <TreeSelect
            multiple
            treeDefaultExpandAll
            showSearch={{ treeNodeFilterProp: 'title' }}
            treeData={departmentTree(departments.data ?? [])}
            style={{ width: '100%' }}
          />
        </Form.Item>
        <Form.Item name="roleIds" label={text('roles')}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            options={(roles.data ?? []).map((role) => ({ value: role.id as string, label: role.name }))}
          />
        </Form.Item>
        <Form.Item name="manager" label={text('manager')} extra={text('managerHint')}>
          <ManagerPicker />
        </Form.Item>
        <Form.Item name="title" label={text('memberTitle')}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="mobile" label={text('mobile')}>
          <Input maxLength={20} inputMode="tel" />
        </Form.Item>
        <Form.Item name="email" label={text('email')}>
          <Input maxLength={100} inputMode="email" />
        </Form.Item>
        <Form.Item
          name="account"
          label={text('account')}
          extra={text('accountHint')}
          rules={[{ pattern: /^\S*$/, message: text('noSpaces') }]}
        >
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
      </Form>
    </Drawer>
  );
}

/** The form hands over value and change by itself. */
function ManagerPicker({
  id,
  value = null,
  onChange = () => undefined,
}: {
  id?: string;
  value?: { id: string; label: string } | null;
  onChange?: (value: { id: string; label: string } | null) => void;
}) {
  return <MemberPicker id={id} value={value} onChange={onChange} />;
}
