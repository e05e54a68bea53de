interface Words {
  zh: string;
  en: string;
}

/**
 * What schemas say of a text or an object that is not as it should be: each completes a sentence that names the place.
 * A schema gives the key as its message (`.regex(pattern, 'uuid' satisfies ShapeText)`); `issue-text.ts` puts the words.
 */
export const shapeTexts = {
  uuid: {
    zh: '不是编号，应为小写的 UUID，如 01980f3e-7a5b-7c1d-8e2f-0a1b2c3d4e5f',
    en: 'is no id, expected a lower-case UUID such as 01980f3e-7a5b-7c1d-8e2f-0a1b2c3d4e5f',
  },
  field_id: {
    zh: '不是字段编号，应为 f_ 加 10 位小写字母或数字，或 owner、department、createdAt、createdBy、updatedAt、updatedBy',
    en: 'is no field id, expected f_ and 10 lower-case letters or digits, or owner, department, createdAt, createdBy, updatedAt, updatedBy',
  },
  key: {
    zh: '标识不对，应以小写字母开头，只含字母和数字，最多 40 位，如 orderNo',
    en: 'is no key, expected a lower-case letter first, then letters and digits, at most 40 in all, such as orderNo',
  },
  word_40: {
    zh: '编号不对，应为 1–40 位字母、数字、下划线或短横线',
    en: 'is no id, expected 1–40 letters, digits, underscores or hyphens',
  },
  word_20: {
    zh: '编号不对，应为 1–20 位字母、数字、下划线或短横线',
    en: 'is no id, expected 1–20 letters, digits, underscores or hyphens',
  },
  own_fields: {
    zh: '条件不对，应为这条数据自己的 1–20 个字段条件，不能用关联数据的字段',
    en: 'is no condition over the record itself, expected 1–20 conditions on its own fields and none on related records',
  },
  no_blanks: { zh: '不能含有空格', en: 'must not contain blanks' },
  clock_time: {
    zh: '时间不对，应为 00:00 到 23:59，如 09:30',
    en: 'is no time of day, expected 00:00 to 23:59 such as 09:30',
  },
  day: { zh: '日期不对，应为 2026-03-01 这样', en: 'is no date, expected one such as 2026-03-01' },
  target_figure: {
    zh: '目标值不对，应为不小于 0 的数字，最多 15 位整数和 4 位小数，如 50000 或 12.5',
    en: 'is no target, expected a number from 0 with at most 15 digits and 4 decimals such as 50000 or 12.5',
  },
  link_token: {
    zh: '链接的编号不对，应为 10–40 位字母、数字、下划线或短横线，请复制完整的链接',
    en: 'is no token of a link, expected 10–40 letters, digits, underscores or hyphens; copy the whole link',
  },
  header_name: {
    zh: '名称不对，应为 1–60 位字母、数字或短横线，如 X-Token',
    en: 'is no name, expected 1–60 letters, digits or hyphens such as X-Token',
  },
  external_id: {
    zh: '外部联系人的编号不对，应为 4–80 位字母、数字、下划线或短横线',
    en: 'is no id of an external contact, expected 4–80 letters, digits, underscores or hyphens',
  },
  page_path: {
    zh: '页面地址不对，应以一个 / 开头，不含 #，如 /m/index?id=1',
    en: 'is no path of a page, expected a single / first and no #, such as /m/index?id=1',
  },
  site_file_name: {
    zh: '文件名不对，应为平台给的 WW_verify_….txt，请不要改名',
    en: 'is no name of a verification file, expected WW_verify_….txt as the platform gave it',
  },
  site_file_content: {
    zh: '文件内容不对，应为 1–200 个英文字符，请重新下载后原样上传',
    en: 'is no content of a verification file, expected 1–200 ASCII characters; download it again and upload it unchanged',
  },
  package_origin: {
    zh: '应用包的编号不对，应为 20 位小写字母或数字',
    en: 'is no id of a package, expected 20 lower-case letters or digits',
  },
  package_version: { zh: '版本号不对，应为 1.2.0 这样', en: 'is no version, expected one such as 1.2.0' },
  rule_id: {
    zh: '规则的标识不对，应为 4–20 位小写字母或数字',
    en: 'is no id of a rule, expected 4–20 lower-case letters or digits',
  },
  layout_id: {
    zh: '布局元素的编号不对，应以 e_ 开头，后接 4–20 位小写字母或数字',
    en: 'is no id of a layout element, expected e_ and 4–20 lower-case letters or digits',
  },
  mini_app_id: {
    zh: '小程序的 AppID 形如 wx 加 16 位字母或数字',
    en: "A mini-program's AppID is wx and sixteen letters or digits",
  },
  relay_address: {
    zh: '地址不对，应为 https://域名/路径，不带账号、? 和 #',
    en: 'is no address, expected https://domain/path without credentials, ? and #',
  },
  proxy_address: {
    zh: '代理地址不对，应为 http(s)://[账号:密码@]主机[:端口]，不带路径',
    en: 'is no address of a proxy, expected http(s)://[user:password@]host[:port] without a path',
  },
  tile_address: {
    zh: '地址不对，应以 https:// 开头，域名之后含 {x}、{y}、{z} 各一个，如 https://maps.example.com/{z}/{x}/{y}.png',
    en: 'is no address of tiles, expected https:// and, after the host, {x}, {y} and {z} once each, such as https://maps.example.com/{z}/{x}/{y}.png',
  },
  geo_box: {
    zh: '范围不对，应为 [西, 南, 东, 北] 四个度数，纬度 -90 到 90，经度 -180 到 180，南不大于北',
    en: 'is no box, expected degrees [west, south, east, north], latitudes -90 to 90, longitudes -180 to 180, south not above north',
  },
  one_operation: {
    zh: '一次只做一种操作：create、update、upsert、delete、restore 里只留一个',
    en: 'does one operation at a time: keep one of create, update, upsert, delete, restore',
  },
  after_or_before: { zh: '请指定 after 或 before 之一', en: 'needs either after or before' },
  must_or_formula: {
    zh: '校验要有条件 must 或公式 formula，且只有一个',
    en: 'needs either a condition (must) or a formula, not both',
  },
  same_hours: { zh: '开始与结束不能是同一时间', en: 'must not end at the time it begins' },
  no_receivers: { zh: '请选择收件人或群', en: 'needs a receiver or a group' },
  options_repeat: {
    zh: '选项重复，每个选项的编号和名称都要不同',
    en: 'has an option twice; ids and names must differ',
  },
  option_slash: { zh: '选项不能含有 /', en: 'must not contain /' },
  too_many_levels: { zh: '最多 {max} 级', en: 'may have at most {max} levels' },
  too_many_options: { zh: '最多 {max} 个选项', en: 'may have at most {max} options' },
  max_over_min: { zh: '最大值要大于最小值', en: 'needs a maximum above its minimum' },
  rows_min_max: { zh: '最少行数不能大于最多行数', en: 'must not ask for more rows than it allows' },
  pattern_broken: { zh: '不是正确的正则表达式', en: 'is no regular expression' },
  pattern_looks_around: {
    zh: '正则表达式不支持环视、命名分组和反向引用，请换一种写法',
    en: 'must not look around or back, nor name groups; write the expression another way',
  },
  pattern_repeats: {
    zh: '正则表达式的重复里不能再有重复，也不能超过三处无限重复',
    en: 'must not repeat within a repeat, nor repeat without end in more than three places',
  },
} as const satisfies Record<string, Words>;

export type ShapeText = keyof typeof shapeTexts;
