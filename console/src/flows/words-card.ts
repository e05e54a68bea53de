/** Words of cards and reminders, Chinese and English. */
export const cardZh = {
  later: '稍后',
  urgent: '紧急',
  urgentHint: '收件人的勿扰时段里也发到聊天（他关掉了的除外）',
  remind: '没有完成时',
  remindOn: '再提醒',
  remindHint: '完成后不再提醒，所有卡片一起变成已完成；同样的内容一天只发一次。',
  every: '每',
  everyHours: '隔几小时',
  hours: '小时，最多',
  times: '最多几次',
  timesUnit: '次',
  manager: '仍没完成，告诉直属上级',
  labelCut: '企业微信只显示标签的前 {{n}} 个字：“{{label}}”',
  titleCut: '标题里固定的文字已超过 {{n}} 个字，企业微信会截断',
};

export const cardEn: typeof cardZh = {
  later: 'Later',
  urgent: 'Urgent',
  urgentHint: 'reaches the chat in quiet hours too, unless the reader has turned that off',
  remind: 'Until it is done',
  remindOn: 'Remind again',
  remindHint: 'Not after it is done; then all its cards say so. The same is said once a day only.',
  every: 'Every',
  everyHours: 'Hours between',
  hours: 'hours, at most',
  times: 'How often at most',
  timesUnit: 'times',
  manager: 'Then tell the manager',
  labelCut: 'WeCom shows only the first {{n}} ‹character|characters› of “{{label}}”',
  titleCut: 'The fixed text of the title is longer than {{n}} ‹character|characters›; WeCom cuts it',
};
