import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Callbacks } from './native-requests.js';
import type { MiniPhone } from './phone.js';
import type { Platform } from './platform.js';

/** Where phones of this host stand: Lujiazui, GCJ-02. */
const place = { latitude: 31.23346, longitude: 121.50477, accuracy: 30 };
/** What the hosts make of `compressed` and of a compress level. */
const compressedSide = 1440;

type Ask<T> = Callbacks & T;

async function compressed(bytes: Buffer): Promise<Buffer> {
  const image = await loadImage(bytes);
  const scale = Math.min(1, compressedSide / Math.max(image.width, image.height));
  const canvas = createCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toBuffer('image/jpeg', 80);
}

/**
 * Camera, position and files. WeChat compresses when asked to while a picture is taken and answers `tempFilePaths`; it
 * locates only when `app.json` declares it. DingTalk compresses in a call of its own, and answers `filePaths`, positions in
 * text.
 */
export function nativeMedia(
  platform: Platform,
  phone: MiniPhone,
  declared: readonly string[],
): Record<string, (options: never) => void> {
  const later = (work: () => Promise<void> | void, options: Callbacks) =>
    setTimeout(
      () =>
        void Promise.resolve()
          .then(work)
          .catch((error: unknown) => options.fail?.({ error: 11, errMsg: String(error) })),
      0,
    );
  const taken = (): Buffer => {
    if (!phone.camera) throw new Error('chooseImage:fail cancel');
    return phone.camera;
  };
  const getFileSystemManager = () => ({
    access: (options: Ask<{ path: string }>) =>
      later(() => {
        if (!phone.files.has(options.path)) throw new Error(`access:fail no such file or directory ${options.path}`);
        options.success?.({});
      }, options),
    removeSavedFile: (options: Ask<{ filePath: string }>) =>
      later(() => {
        phone.files.delete(options.filePath);
        options.success?.({});
      }, options),
  });
  if (platform.key === 'weapp') {
    return {
      getFileSystemManager,
      chooseImage: (options: Ask<{ sizeType?: string[] }>) =>
        later(async () => {
          const small = options.sizeType?.length === 1 && options.sizeType[0] === 'compressed';
          const bytes = small ? await compressed(taken()) : taken();
          const path = phone.keepTemporary(bytes, 'jpg');
          options.success?.({
            tempFilePaths: [path],
            tempFiles: [{ path, size: bytes.length }],
            errMsg: 'chooseImage:ok',
          });
        }, options),
      getLocation: (options: Callbacks) =>
        later(() => {
          if (!declared.includes('getLocation'))
            throw new Error('getLocation:fail the api need to be declared in app.json');
          options.success?.({ ...place, speed: -1, altitude: 0, errMsg: 'getLocation:ok' });
        }, options),
      saveFile: (options: Ask<{ tempFilePath: string }>) =>
        later(() => {
          const savedFilePath = phone.keep(options.tempFilePath);
          if (!savedFilePath) throw new Error('saveFile:fail tempFilePath file not exist');
          options.success?.({ savedFilePath, errMsg: 'saveFile:ok' });
        }, options),
    };
  }
  return {
    getFileSystemManager,
    getImageInfo: (options: Ask<{ src: string }>) =>
      later(async () => {
        const bytes = phone.files.get(options.src);
        if (!bytes) throw new Error(`no file ${options.src}`);
        const { width, height } = await loadImage(bytes);
        options.success?.({ width, height, path: options.src });
      }, options),
    chooseImage: (options: Callbacks) =>
      later(() => {
        const bytes = taken();
        const path = phone.keepTemporary(bytes, 'jpg');
        options.success?.({ filePaths: [path], files: [{ path, size: bytes.length, fileType: 'image' }] });
      }, options),
    compressImage: (options: Ask<{ filePaths: string[] }>) =>
      later(async () => {
        const filePaths: string[] = [];
        for (const path of options.filePaths) {
          const bytes = phone.files.get(path);
          if (!bytes) throw new Error(`no file ${path}`);
          filePaths.push(phone.keepTemporary(await compressed(bytes), 'jpg'));
        }
        options.success?.({ filePaths });
      }, options),
    getLocation: (options: Callbacks) =>
      later(() => {
        const text = Object.fromEntries(Object.entries(place).map(([key, value]) => [key, String(value)]));
        options.success?.({ ...text, city: '上海市', province: '上海市', address: '' });
      }, options),
    saveFile: (options: Ask<{ filePath: string }>) =>
      later(() => {
        const filePath = phone.keep(options.filePath);
        if (!filePath) throw new Error('file not exist');
        options.success?.({ filePath });
      }, options),
  };
}
