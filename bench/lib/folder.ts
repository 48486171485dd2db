import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Folder extends Disposable {
  path: string
}

/** An empty folder that is gone at the end; as root the embedded database runs as another account, which must get in. */
export function openFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'metalgap-bench-'))
  chmodSync(path, 0o755)
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
