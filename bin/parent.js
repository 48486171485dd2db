/**
 * A process that npm started ends with npm, even where npm is killed and hands nothing on; one that was started by hand
 * may outlive its terminal. The scripts say `exec`, because the shell that npm puts in between would keep a signal to
 * itself and report 143 for a stop that went well.
 */
export function followParent() {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 200)
  watch.unref()
}
