import type { Options } from '@swc/core';

export declare const swcOptions: (file: string) => Options;
