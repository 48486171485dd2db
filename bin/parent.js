/**
 * npm starts a script through a shell, and a shell that gets SIGTERM dies without a word to its child. So a process that
 * npm started takes the death of its parent for the signal; one that was started by hand may outlive its terminal.
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
