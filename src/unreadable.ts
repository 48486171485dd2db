/** Why a file that a person named cannot be read. */
const WORDS: Partial<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder, expected a file',
  EACCES: 'you may not read it',
  Z_BUF_ERROR: 'the compressed file is cut off',
  Z_DATA_ERROR: 'the compressed file is damaged',
}

export function whyUnreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return WORDS[code ?? ''] ?? message
}
