export default definePageConfig({ navigationBarTitleText: '审批代理' });
