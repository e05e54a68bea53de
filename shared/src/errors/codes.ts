/** What kind of failure a code is; the category decides the HTTP status. */
export type ErrorCategory =
  | 'input'
  | 'auth'
  | 'denied'
  | 'missing'
  | 'conflict'
  | 'stale'
  | 'reuse'
  | 'limit'
  | 'upstream'
  | 'bug';

export const httpStatus: Record<ErrorCategory, number> = {
  input: 400,
  auth: 401,
  denied: 403,
  missing: 404,
  conflict: 409,
  stale: 412,
  reuse: 422,
  limit: 429,
  upstream: 502,
  bug: 500,
};

interface ErrorText {
  category: ErrorCategory;
  zh: string;
  en: string;
}

/** Every refusal the product can answer. `{name}` is replaced by the error's params. */
export const errorCodes = {
  invalid_request: { category: 'input', zh: '请求内容有误：{detail}', en: 'The request is not valid: {detail}' },
  validation_failed: { category: 'input', zh: '有字段没有填对', en: 'Some fields are not filled in correctly' },
  unknown_field: { category: 'input', zh: '没有字段“{field}”', en: 'There is no field "{field}"' },
  field_not_readable: { category: 'input', zh: '没有字段“{field}”', en: 'There is no field "{field}"' },
  operator_not_allowed: {
    category: 'input',
    zh: '字段“{field}”不支持条件 {op}',
    en: 'Field "{field}" does not support the operator {op}',
  },
  field_masked: {
    category: 'input',
    zh: '字段“{field}”对你只显示部分内容，不能用来筛选、排序、统计或匹配',
    en: 'Field "{field}" is masked for you; it cannot be used to filter, sort, count or match',
  },
  invalid_filter_value: {
    category: 'input',
    zh: '字段“{field}”的条件值有误',
    en: 'The filter value of field "{field}" is not valid',
  },
  invalid_cursor: {
    category: 'input',
    zh: '分页位置已失效，请从第一页重新查询',
    en: 'The cursor is not valid; start again from the first page',
  },
  invalid_definition: { category: 'input', zh: '设计内容有误：{detail}', en: 'The definition is not valid: {detail}' },
  invalid_file: { category: 'input', zh: '文件无法读取：{detail}', en: 'The file cannot be read: {detail}' },
  unauthenticated: { category: 'auth', zh: '请先登录', en: 'Please log in' },
  wrong_credentials: { category: 'auth', zh: '账号或密码不对', en: 'The account or password is wrong' },
  session_expired: { category: 'auth', zh: '登录已失效，请重新登录', en: 'The session has ended; log in again' },
  api_key_unknown: {
    category: 'auth',
    zh: '没有这个密钥，请核对是否复制完整',
    en: 'There is no such key; check that it was copied whole',
  },
  api_key_expired: { category: 'auth', zh: '密钥已过期，请换一个新的', en: 'The key has expired; use a new one' },
  api_key_revoked: { category: 'auth', zh: '密钥已停用', en: 'The key was revoked' },
  api_key_member_gone: {
    category: 'auth',
    zh: '密钥代表的成员已离职，请用其他成员新建密钥',
    en: 'The member whom the key acts as has left; make a key for another member',
  },
  api_key_closed_route: {
    category: 'denied',
    zh: '密钥不能调用 {route}，只能调用数据接口',
    en: 'A key may not call {route}, only the interface of data',
  },
  api_key_read_only: {
    category: 'denied',
    zh: '这个密钥只能读取，不能写入',
    en: 'This key may only read, not write',
  },
  password_login_off: {
    category: 'denied',
    zh: '本企业已关闭密码登录，请扫码登录',
    en: 'Password log-in is switched off; scan the QR code instead',
  },
  not_a_member: {
    category: 'denied',
    zh: '你还不是本企业的成员，请联系管理员',
    en: 'You are not a member of this company; ask an administrator',
  },
  bad_origin: { category: 'denied', zh: '请求来源不被允许', en: 'The origin of this request is not allowed' },
  forbidden: { category: 'denied', zh: '没有权限：{action}', en: 'Not allowed: {action}' },
  preview_read_only: {
    category: 'denied',
    zh: '正在以别人的身份预览，只能看，不能改',
    en: 'You are previewing as somebody else; nothing can be changed',
  },
  outside_scope: {
    category: 'denied',
    zh: '这条数据会超出你的数据范围',
    en: 'The record would be outside of your data scope',
  },
  not_found: { category: 'missing', zh: '没有找到，或没有权限查看', en: 'Not found, or you may not see it' },
  already_exists: { category: 'conflict', zh: '“{name}”已存在', en: '"{name}" already exists' },
  not_unique: {
    category: 'conflict',
    zh: '“{field}”的值已被另一条数据使用',
    en: 'The value of "{field}" is already used by another record',
  },
  different_content: {
    category: 'conflict',
    zh: '相同编号的数据已存在，内容不同',
    en: 'A record with this id already exists with other content',
  },
  in_use: { category: 'conflict', zh: '仍被使用：{detail}', en: 'Still in use: {detail}' },
  wrong_state: {
    category: 'conflict',
    zh: '当前状态不能这样操作：{detail}',
    en: 'Not possible in the current state: {detail}',
  },
  already_handled: {
    category: 'conflict',
    zh: '{who} 已{outcome}，无需处理',
    en: '{who} has already answered: {outcome}',
  },
  record_locked: {
    category: 'conflict',
    zh: '数据正在审批，不能修改{detail}；可在审批页填写原因解锁',
    en: 'The record is being approved and locked{detail}; unlock it with a reason on the approval page',
  },
  request_in_progress: { category: 'conflict', zh: '相同的请求正在处理', en: 'The same request is being processed' },
  version_conflict: {
    category: 'stale',
    zh: '数据已被他人修改，请比较后再保存{detail}',
    en: 'The record was changed by someone else; compare before saving{detail}',
  },
  idempotency_key_reused: {
    category: 'reuse',
    zh: '同一个幂等键带来了不同的内容',
    en: 'The idempotency key was used with other content',
  },
  public_form_closed: { category: 'denied', zh: '{detail}', en: 'Not open: {detail}' },
  link_ended: {
    category: 'missing',
    zh: '链接已失效，请向发给你的人要一个新的',
    en: 'This link has ended; ask whoever sent it for a new one',
  },
  wrong_link_password: { category: 'denied', zh: '访问密码不对', en: 'The password is wrong' },
  wrong_captcha: {
    category: 'denied',
    zh: '验证码不对，请看新的图片再填一次',
    en: 'The captcha is wrong; try the new picture',
  },
  too_many_requests: {
    category: 'limit',
    zh: '操作太频繁，请 {seconds} 秒后再试',
    en: 'Too many requests; try again in {seconds} s',
  },
  urged_recently: {
    category: 'limit',
    zh: '刚催过，{at} 以后可以再催',
    en: 'Already urged; possible again from {at}',
  },
  too_large: { category: 'limit', zh: '内容过大：{detail}', en: 'Too large: {detail}' },
  channel_failed: {
    category: 'upstream',
    zh: '{channel}没有接受请求：{detail}',
    en: '{channel} refused the request: {detail}',
  },
  internal: {
    category: 'bug',
    zh: '系统出错了，请稍后再试（编号 {traceId}）',
    en: 'Something went wrong; try again later (id {traceId})',
  },
} as const satisfies Record<string, ErrorText>;

export type ErrorCode = keyof typeof errorCodes;

/** Reasons one value of one field is refused; every door answers the same code for the same bad value. */
export const fieldErrorCodes = {
  required: { zh: '必填', en: 'Required' },
  wrong_type: { zh: '格式不对，应为{expected}', en: 'Wrong format, expected {expected}' },
  too_long: { zh: '最多 {max} 个字符', en: 'At most {max} characters' },
  too_many: { zh: '最多 {max} 项', en: 'At most {max} items' },
  too_many_rows: { zh: '最多 {max} 行', en: 'At most {max} rows' },
  too_few_rows: { zh: '至少 {min} 行', en: 'At least {min} rows' },
  repeated_row: { zh: '与第 {row} 行重复', en: 'Repeats row {row}' },
  row_not_unique: { zh: '与同一条数据的另一行重复', en: 'Another row of the same record has this value' },
  too_small: { zh: '不能小于 {min}', en: 'Must be at least {min}' },
  too_big: { zh: '不能大于 {max}', en: 'Must be at most {max}' },
  unknown_option: { zh: '没有选项“{value}”', en: 'There is no option "{value}"' },
  bad_phone: { zh: '电话号码不对', en: 'Not a phone number' },
  bad_email: { zh: '邮箱地址不对', en: 'Not a mail address' },
  bad_url: { zh: '网址不对', en: 'Not a web address' },
  bad_date: { zh: '日期不对', en: 'Not a date' },
  bad_number: { zh: '不是数字', en: 'Not a number' },
  too_short: { zh: '至少 {min} 个字符', en: 'At least {min} characters' },
  bad_pattern: { zh: '格式不对：{message}', en: 'Wrong format: {message}' },
  rule_failed: { zh: '{message}', en: '{message}' },
  set_not_unique: { zh: '{fields}的组合与另一条数据重复', en: 'Another record has the same {fields}' },
  bad_time: { zh: '时间不对，应为 09:30 这样', en: 'Not a time of day, expected 09:30' },
  bad_date_range: {
    zh: '日期区间不对，结束不能早于开始',
    en: 'Not a date range; the end may not lie before the start',
  },
  too_many_days: { zh: '最长 {max} 天', en: 'At most {max} days' },
  off_step: { zh: '应为 {step} 的倍数', en: 'Must be a multiple of {step}' },
  not_last_level: {
    zh: '请选到最后一级，“{value}”下面还有选项',
    en: 'Choose down to the last level; "{value}" has choices under it',
  },
  bad_id_number: { zh: '身份证号不对，请核对 18 位号码', en: 'Not an ID card number; check its 18 characters' },
  bad_credit_code: {
    zh: '统一社会信用代码不对，请核对 18 位代码',
    en: 'Not a unified social credit code; check its 18 characters',
  },
  formula_error: { zh: '单元格里的公式出错：{error}', en: 'The formula in the cell failed: {error}' },
  no_picture_here: { zh: '图片只能放进图片或附件字段', en: 'Pictures fit image and attachment fields only' },
  not_an_image: { zh: '只能是图片', en: 'Only pictures are accepted' },
  record_not_offered: {
    zh: '所选的数据不在可选范围内，请重新选择',
    en: 'The chosen record is not among those that may be chosen here; choose another',
  },
  record_does_not_fit: {
    zh: '所选的数据与“{field}”不符，请重新选择',
    en: 'The chosen record does not fit "{field}"; choose again',
  },
  no_such_record: {
    zh: '所选数据不存在，或没有权限查看',
    en: 'The chosen record does not exist, or you may not see it',
  },
  several_values: { zh: '这里有多项，只能留一项', en: 'There are several values here, one is allowed' },
  ambiguous_record: { zh: '“{value}”对应多条数据', en: '"{value}" names several records' },
  ambiguous_member: {
    zh: '有多位同名的“{value}”，请改用账号或手机号',
    en: 'Several members are called "{value}"; give the account or phone number',
  },
  ambiguous_department: {
    zh: '有多个同名的“{value}”，请写成“上级部门/部门”',
    en: 'Several departments are called "{value}"; write it as parent/department',
  },
  no_such_member: { zh: '没有这位成员', en: 'There is no such member' },
  no_such_department: { zh: '没有这个部门', en: 'There is no such department' },
  no_such_file: { zh: '文件不存在或已过期，请重新上传', en: 'The file does not exist or has expired; upload it again' },
  not_unique: { zh: '与另一条数据重复', en: 'Another record has this value' },
  duplicate: { zh: '已存在相同的数据', en: 'Such a record exists already' },
  duplicate_owned: { zh: '已存在，负责人 {owner}', en: 'Exists already, owner {owner}' },
  not_writable: { zh: '没有权限填写这个字段', en: 'You may not write this field' },
  locked: { zh: '按表单的规则已锁定，现在不能修改', en: 'Locked by the form’s rules; it cannot be changed now' },
  locked_by: {
    zh: '已锁定，现在不能修改：是否锁定由{fields}决定',
    en: 'Locked, it cannot be changed now: {fields} decide whether it is',
  },
  system_kept: { zh: '由系统维护，不能填写', en: 'Kept by the system, cannot be written' },
  unknown_field: { zh: '没有这个字段', en: 'There is no such field' },
} as const satisfies Record<string, { zh: string; en: string }>;

export type FieldErrorCode = keyof typeof fieldErrorCodes;

/** One refused value: which field (by key), why, and the numbers or words of the message. */
export interface FieldError {
  field: string;
  code: FieldErrorCode;
  params?: Record<string, string | number>;
}

/** Fills `{name}` places of a message. */
export function fillMessage(text: string, params: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
}
