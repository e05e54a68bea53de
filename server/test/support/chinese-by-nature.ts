/** Sources that speak Chinese only, and why they may; `chinese-only.spec.ts` lets no other stand. */
const because: readonly (readonly [why: string, paths: readonly string[]])[] = [
  ['A verb whose English sentences stand beside it', ['server/src/engine/tasks/transfers.service.ts']],
  [
    'What the platforms call themselves, and people whose name they keep to themselves',
    [
      'server/src/modules/chat/dingtalk/dingtalk-platform.ts',
      'server/src/modules/chat/dingtalk/suite.ts',
      'server/src/modules/chat/wecom/suite.ts',
      'server/src/modules/chat/wecom/wecom-platform.ts',
    ],
  ],
  [
    'Papers for all of a company: in its own language',
    [
      'server/src/engine/print/built-in-layout.ts',
      'server/src/engine/print/docx/drawing.ts',
      'server/src/engine/print/docx/fill.ts',
      'server/src/engine/print/docx/write.ts',
      'server/src/engine/print/pdf/render-pdf.ts',
      'server/src/engine/print/print-names.ts',
      'server/src/engine/print/print-templates.service.ts',
      'server/src/engine/print/print-text.ts',
      'server/src/engine/print/record-scope.ts',
      'server/src/engine/record-links/shared-view.ts',
    ],
  ],
  [
    'Read and written in Chinese files: names of columns, values, colours and companies',
    [
      'server/src/engine/duplicates/company-key.ts',
      'server/src/engine/exports/csv.ts',
      'server/src/engine/exports/workbook-stream.ts',
      'server/src/engine/flows/variable-values.ts',
      'server/src/engine/imports/columns/concepts.ts',
      'server/src/engine/imports/workbook/coloured-rows.ts',
      'server/src/engine/imports/workbook/fills.ts',
    ],
  ],
  [
    "Names that become a company's data, and those of system fields, which clients word themselves",
    [
      'console/src/flows/model/fixtures.ts',
      'console/src/form-designer/model/fixture.ts',
      'console/src/imports/sample.tsx',
      'server/src/engine/forms/subform-meta.ts',
      'server/src/engine/imports/check/derived-title.ts',
      'server/src/engine/imports/columns/propose-plan.ts',
      'server/src/engine/imports/columns/propose-targets.ts',
      'server/src/engine/imports/plan/target-fields.ts',
      'server/src/engine/org/org.service.ts',
      'server/src/modules/demo/demo-dingtalk.ts',
      'server/src/modules/demo/demo-seed.ts',
      'server/src/modules/demo/demo-targets.ts',
    ],
  ],
  [
    'Marks and units that both languages share, and a language by its own name',
    [
      'miniapp/src/pages/me/index.tsx',
      'miniapp/src/pages/workbench/targets.tsx',
      'server/src/engine/flows/nodes/find-records.ts',
      'server/src/engine/flows/outside/pieces.ts',
    ],
  ],
  [
    'Told to operators on a terminal, in both languages one after the other',
    ['server/src/companies.ts', 'server/src/kernel/http/openapi.ts'],
  ],
];

export const chineseByNature: Readonly<Record<string, string>> = Object.fromEntries(
  because.flatMap(([why, paths]) => paths.map((path) => [path, why])),
);
