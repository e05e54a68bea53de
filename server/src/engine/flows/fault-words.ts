import type { Words } from '@lianke/shared/errors/issue-text';

/** What can be wrong with a definition, in both languages; names and figures stand in for `{…}`. */
export const faultWords = {
  triggerFormGone: { zh: '触发的表单已删除，请重新选择', en: 'The form of the trigger was deleted; choose another' },
  runAsGone: {
    zh: '流程运行的身份已停用，请换一位成员',
    en: 'The member whom the flow runs as is no longer active; choose another',
  },
  runAsNobody: {
    zh: '这样触发的流程没有发起人，请换一个运行身份',
    en: 'Nobody starts a flow with this trigger; let it run as somebody else',
  },
  watchedGone: { zh: '监听的字段已删除', en: 'A watched field was deleted; choose another' },
  neverDue: { zh: '这个日期永远不会到，请换一个', en: 'This date never comes; choose another' },
  inputsTwice: { zh: '有两个输入项的名称相同', en: 'Two inputs have the same name; rename one' },
  inputWithoutOptions: { zh: '输入项“{label}”还没有选项', en: 'The input "{label}" has no options yet' },
  noKeywords: { zh: '请填写至少一个关键词', en: 'Enter at least one keyword' },
  keywordsTwice: { zh: '有两个关键词相同', en: 'Two keywords are the same; remove one' },
  findExact: {
    zh: '完全一致的关键词后面没有内容，找不到数据；请改为“以关键词开头”',
    en: 'Nothing follows when the message is the keyword, so no record can be found; choose "Begins with a keyword"',
  },
  findFieldGone: {
    zh: '用来找数据的字段已删除，请换一个',
    en: 'The field that finds the record was deleted; choose another',
  },
  findFieldRepeats: {
    zh: '“{field}”可以重复，找数据要用不允许重复的字段',
    en: '"{field}" may have the same value twice; find the record by a field whose values are unique',
  },
  dateFieldGone: { zh: '监听的日期字段已删除，请换一个', en: 'The watched date field was deleted; choose another' },
  noDateField: { zh: '请选择按哪个日期字段触发', en: 'Choose the date field it runs by' },
  notADate: { zh: '“{field}”不是日期字段', en: '"{field}" is not a date field; choose another' },
  noNodes: { zh: '还没有节点，请在触发之后添加一个', en: 'There are no steps yet; add one after the trigger' },
  nodesTwice: { zh: '节点编号重复', en: 'Two steps have the same id' },
  severalStarts: { zh: '触发之后只能连一个节点', en: 'Only one step can follow the trigger' },
  edgeLoose: { zh: '连线的一端已不存在', en: 'One end of a line is gone; draw the line again' },
  portGone: { zh: '连线的出口已不存在', en: 'The exit that a line leaves by is gone; draw the line again' },
  portTwice: { zh: '一个出口只能连一个节点', en: 'Only one step can follow an exit' },
  unconnected: { zh: '没有连到流程上', en: 'It is not connected to the flow; connect it or delete it' },
  circle: { zh: '流程绕回了前面的节点，请断开这条连线', en: 'The flow leads back to an earlier step; cut that line' },
  enteredFromOutside: {
    zh: '这个节点在一个分支或循环里面，不能从外面连进来',
    en: 'The step lies within a branch or loop and cannot be entered from outside',
  },
  targetFormGone: { zh: '目标表单已删除，请重新选择', en: 'The target form was deleted; choose another' },
  requiredUnset: {
    zh: '“{form}”的必填字段“{field}”没有赋值',
    en: 'The required field "{field}" of "{form}" gets no value',
  },
  updateTargetAhead: {
    zh: '要修改的数据来自一个不在前面的节点',
    en: 'The record to change does not come from a step before this one; choose another',
  },
  noMatchField: { zh: '请选择按哪个字段判断是否已有', en: 'Choose the field that tells whether the record exists' },
  matchFieldUnset: {
    zh: '“{field}”用来判断是否已有，要给它赋值',
    en: '"{field}" tells whether the record exists, so it needs a value',
  },
  aggregateFormGone: { zh: '统计的表单已删除，请重新选择', en: 'The form to aggregate was deleted; choose another' },
  aggregateFieldGone: {
    zh: '统计条件里的字段已删除，请换一个',
    en: 'A field of the conditions was deleted; choose another',
  },
  noAggregateField: { zh: '请选择统计哪个字段', en: 'Choose the field to aggregate' },
  assignTargetAhead: {
    zh: '要分配的数据来自一个不在前面的节点',
    en: 'The record to assign does not come from a step before this one; choose another',
  },
  noAssignField: { zh: '请选择把人写进哪个成员字段', en: 'Choose the member field that the person is written to' },
  subflowRecordAhead: {
    zh: '交给子流程的数据来自一个不在前面的节点',
    en: 'The record for the sub-flow does not come from a step before this one; choose another',
  },
  deleteTargetAhead: {
    zh: '要删除的数据来自一个不在前面的节点',
    en: 'The record to delete does not come from a step before this one; choose another',
  },
  findFormGone: { zh: '查找的表单已删除，请重新选择', en: 'The form to search was deleted; choose another' },
  findMatchGone: {
    zh: '查找条件里的字段已删除，请换一个',
    en: 'A field of the search conditions was deleted; choose another',
  },
  sortGone: { zh: '排序的字段已删除，请换一个', en: 'A field of the order was deleted; choose another' },
  wayEmpty: { zh: '分支“{way}”里还没有节点', en: 'The branch "{way}" has no steps yet' },
  loopOver: {
    zh: '请选择前面的一个“查找数据”节点作为循环的数据',
    en: 'Choose an earlier "Find records" step whose records the loop goes over',
  },
  loopEmpty: { zh: '循环里还没有节点', en: 'The loop has no steps yet' },
  fillTargetAhead: {
    zh: '要填写的数据来自一个不在前面的节点',
    en: 'The record to fill in does not come from a step before this one; choose another',
  },
  nobodyFills: { zh: '请选择由谁填写', en: 'Choose who fills it in' },
  nothingToFill: { zh: '请选择要填写哪些字段', en: 'Choose the fields to be filled in' },
  fillFieldGone: { zh: '要填写的字段里有一个已删除', en: 'A field to be filled in was deleted; remove it' },
  fillFieldKept: {
    zh: '字段“{field}”由系统维护，不能填写',
    en: 'The field "{field}" is kept by the system and cannot be filled in',
  },
  commentTargetAhead: {
    zh: '要评论的数据来自一个不在前面的节点',
    en: 'The record to comment on does not come from a step before this one; choose another',
  },
  noMailReceiver: { zh: '请选择邮件发给谁', en: 'Choose who gets the mail' },
  noMailAccount: {
    zh: '还没有设置发信邮箱，请管理员在“企业管理 → 密钥与邮箱”里设置',
    en: 'No mail account is set up yet; an administrator sets it up under "Secrets and mail"',
  },
  linkAhead: {
    zh: '链接的数据来自一个不在前面的节点',
    en: 'The record that the link opens does not come from a step before this one; choose another',
  },
  noGroup: { zh: '请选择发到哪个群', en: 'Choose the group' },
  robotGone: { zh: '群机器人“{robot}”已删除，请换一个', en: 'The group robot "{robot}" was deleted; choose another' },
  cardAhead: {
    zh: '卡片打开的数据来自一个不在前面的节点',
    en: 'The record that the card opens does not come from a step before this one; choose another',
  },
  approvalWithoutRecord: {
    zh: '审批需要一条数据，这种触发方式没有数据',
    en: 'An approval needs a record, which this trigger does not bring',
  },
  copiesByStarter: { zh: '抄送不能由发起人自选', en: 'The starter cannot choose who gets copies' },
  branchWithoutRecord: {
    zh: '这个流程没有触发数据，不能按它分支',
    en: 'No record starts this flow, so it cannot branch by one',
  },
  noThreshold: { zh: '按比例审批要写明至少多少人同意', en: 'Say how many must approve' },
  thresholdAbove: {
    zh: '只有 {have} 位审批人，不能要求 {want} 人同意',
    en: 'There are only {have} approvers, so {want} cannot be asked for',
  },
  nobodyInstead: { zh: '请指定找不到审批人时由谁审批', en: 'Choose who approves when no approver is found' },
  collectsAfterFirst: {
    zh: '第一个人就决定的或签，不能再收集其他人的意见',
    en: 'Where the first answer decides, the opinions of the others cannot be collected',
  },
  rightFieldGone: { zh: '字段权限里有一个字段已删除', en: 'A field of the field permissions was deleted; remove it' },
  rightFieldKept: {
    zh: '字段“{field}”由系统维护，审批人不能填写',
    en: 'The field "{field}" is kept by the system, so approvers cannot fill it in',
  },
  timerWithoutGap: { zh: '重复的时限要写明每隔多久', en: 'A time limit that repeats needs an interval' },
  hoursBackwards: { zh: '下班时间要晚于上班时间', en: 'The end of work has to be later than its start' },
  variableKeysTwice: { zh: '有两个变量的标识相同', en: 'Two variables have the same key' },
  variableNameless: { zh: '有一个变量还没有名称', en: 'A variable has no name yet' },
  variableNamedAsField: {
    zh: '变量“{name}”和字段重名，请换个名称',
    en: 'The variable "{name}" has the name of a field; choose another',
  },
  variablesTwice: { zh: '有两个变量的名称相同', en: 'Two variables have the same name; rename one' },
  variableWithoutFormula: { zh: '变量“{name}”还没有公式', en: 'The variable "{name}" has no formula yet' },
  triggerConditionField: {
    zh: '触发条件只能用表单的字段',
    en: 'The condition of the trigger can only use fields of the form',
  },
  conditionField: { zh: '条件只能用这张表单自己的字段', en: 'Conditions can only use fields of this form' },
  conditionGone: { zh: '条件里的字段已删除，请换一个', en: 'A field of the condition was deleted; choose another' },
  answerGone: {
    zh: '引用的变量已删除，或来自一个不在前面的节点',
    en: 'It refers to a variable that was deleted or does not come from a step before this one',
  },
  inputGone: { zh: '引用的输入项已删除', en: 'It refers to an input that was deleted' },
  recordAhead: {
    zh: '引用的数据来自一个不在前面的节点',
    en: 'It refers to a record that does not come from a step before this one',
  },
  refGone: { zh: '引用的字段在“{form}”里已删除', en: 'It refers to a field that was deleted from "{form}"' },
  notARelation: { zh: '字段“{field}”不是关联数据', en: 'The field "{field}" is not a relation' },
  secretGone: { zh: '密钥“{secret}”已删除，请换一个', en: 'The secret "{secret}" was deleted; choose another' },
  assignedGone: {
    zh: '“{form}”里有一个赋值的字段已删除',
    en: 'An assigned field was deleted from "{form}"; remove its row',
  },
  assignedKept: {
    zh: '字段“{field}”由系统维护，不能赋值',
    en: 'The field "{field}" is kept by the system and cannot be assigned',
  },
  assignedTwice: { zh: '字段“{field}”赋值了两次', en: 'The field "{field}" is assigned twice; remove one of the rows' },
  memberGone: { zh: '选择的成员里有人已离职，请换一位', en: 'A chosen member has left; choose another' },
  memberOpen: {
    zh: '还没有选成员：应用包把这里留空了',
    en: 'No member is chosen yet: the app package left this open',
  },
  roleGone: { zh: '选择的角色已删除', en: 'The chosen role was deleted; choose another' },
  approverFormula: { zh: '审批人的公式有误', en: 'The formula that gives the approvers is wrong' },
} as const satisfies Record<string, Words>;
