/** A mistake of the person at the keyboard or a dependency that is down: told in words, never as a stack trace. */
export class UserError extends Error {
  override readonly name: string = 'UserError'
  /** 1 failed, 2 wrong usage, 3 checked and found wanting, 69 a dependency is down, 78 bad configuration */
  readonly exitCode: number
  constructor(message: string, exitCode = 1, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
