import Taro from '@tarojs/taro';
import { isDd, isH5 } from './host.js';
import { drawMark, markedPhoto } from './watermark.js';

/** A file on the phone: `path` is a data URL on h5 and a local path in mini-programs; both survive a restart when kept. */
export interface LocalFile {
  path: string;
  name: string;
  size: number;
  image: boolean;
  /** Lies in the mini-program's own folder and outlives it. */
  kept?: boolean;
  /** The lines that were asked for could not be written on it. */
  unmarked?: boolean;
}

const longestSide = 1600;
const quality = 0.82;

function readAsDataUrl(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

function loadImage(url: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error('image'));
    image.src = url;
  });
}

/** Shrinks a photo to 1600 px and JPEG: ten photos fit a phone's upload and its offline store. `mark` is written on it. */
async function compress(file: File, mark: readonly string[]): Promise<LocalFile> {
  const original = await readAsDataUrl(file);
  if (file.type === 'image/gif') return { path: original, name: file.name, size: file.size, image: true };
  const image = await loadImage(original);
  const scale = Math.min(1, longestSide / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const context = canvas.getContext('2d');
  context?.drawImage(image, 0, 0, canvas.width, canvas.height);
  if (context && mark.length > 0) drawMark(context, canvas.width, canvas.height, mark);
  const path = canvas.toDataURL('image/jpeg', quality);
  const name = file.name.replace(/\.[^.]*$/, '') || 'photo';
  return { path, name: `${name}.jpg`, size: Math.round((path.length - 23) * 0.75), image: true };
}

async function local(file: File, mark: readonly string[]): Promise<LocalFile> {
  if (file.type.startsWith('image/')) {
    try {
      return await compress(file, mark);
    } catch {
      // A format this browser cannot draw (HEIC): sent as it is.
    }
  }
  const image = file.type.startsWith('image/');
  const unmarked = image && mark.length > 0 ? { unmarked: true } : {};
  return { path: await readAsDataUrl(file), name: file.name, size: file.size, image, ...unmarked };
}

function pickOnH5(images: boolean, camera: boolean, count: number, mark: readonly string[]): Promise<LocalFile[]> {
  return new Promise((resolve, reject) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = count > 1;
    if (images) input.accept = 'image/*';
    if (camera) input.capture = 'environment';
    input.style.display = 'none';
    document.body.appendChild(input);
    const done = () => input.remove();
    input.onchange = () => {
      const files = Array.from(input.files ?? []).slice(0, count);
      Promise.all(files.map((file) => local(file, mark)))
        .then(resolve, reject)
        .then(done);
    };
    input.oncancel = () => {
      done();
      resolve([]);
    };
    input.click();
  });
}

function nameOf(path: string): string {
  return path.split('/').pop() || 'photo.jpg';
}

/** DingTalk hands out photos as large as the camera makes them; level 2 keeps writing on them legible. */
function compressedByDingtalk(filePaths: string[]): Promise<string[]> {
  return new Promise((resolve) => {
    // Tested here and not through `isDd`, so that each build names its own host's global only.
    if (process.env.TARO_ENV !== 'dd' || !dd.compressImage) return resolve(filePaths);
    dd.compressImage({
      filePaths,
      compressLevel: 2,
      success: (answer) => resolve(answer.filePaths ?? answer.apFilePaths ?? filePaths),
      fail: () => resolve(filePaths),
    });
  });
}

async function pickImages(count: number, camera: boolean, mark: readonly string[]): Promise<LocalFile[]> {
  const answer = await Taro.chooseImage({
    count: Math.min(count, 9),
    sizeType: ['compressed'],
    sourceType: camera ? ['camera'] : ['camera', 'album'],
  });
  const taken = isDd ? await compressedByDingtalk(answer.tempFilePaths) : answer.tempFilePaths;
  const photos = await Promise.all(taken.map((path) => markedPhoto(path, mark)));
  return photos.map(({ path, marked }, index) => ({
    path,
    name: nameOf(path),
    size: answer.tempFiles?.[index]?.size ?? 0,
    image: true,
    ...(marked ? {} : { unmarked: true }),
  }));
}

async function pickDocuments(count: number): Promise<LocalFile[]> {
  const answer = await Taro.chooseMessageFile({ count: Math.min(count, 9), type: 'all' });
  return answer.tempFiles.map((file) => ({
    path: file.path,
    name: file.name,
    size: file.size,
    image: /\.(jpe?g|png|webp|gif)$/i.test(file.name),
  }));
}

/**
 * Lets the person pick photos or files; an empty list when nothing was picked.
 * @param mark lines written on each photo (水印)
 */
export async function pickFiles(
  kind: 'image' | 'camera' | 'any',
  count: number,
  mark: readonly string[] = [],
): Promise<LocalFile[]> {
  if (isH5) return pickOnH5(kind !== 'any', kind === 'camera', count, mark);
  try {
    return kind === 'any' && Taro.canIUse('chooseMessageFile')
      ? await pickDocuments(count)
      : await pickImages(count, kind === 'camera', mark);
  } catch {
    // Mini-program hosts report closing the picker as a failure.
    return [];
  }
}
