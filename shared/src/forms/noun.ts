/** What one record of a form is called: 「客户信息表」 holds 客户, 「销售任务表」 holds 销售任务; other names stand for themselves. */
export function nounOf(formName: string): string {
  const match = /^(.{2,}?)(?:信息表?|登记表|明细表|记录表|管理表|台账|(?<!报)表单?)$/.exec(formName);
  return match?.[1] ?? formName;
}
