/** TypeScript runs without a build from Node 24.12. */
export function runsTypeScript(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 12)
}
